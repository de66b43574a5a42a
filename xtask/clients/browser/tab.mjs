// A tab with the page in it, its requests, and what a person does there.

import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** More than the slowest answer takes, in milliseconds. */
const patience = 30_000;

/** Runs in the page, before it: lets a test spoil a token, keep a refresh waiting or lose its answer, and count offers. */
function meddle() {
  const send = window.fetch;
  window.meddling = { spoil: false, hold: null, lose: false, offers: 0 };
  const get = navigator.credentials.get.bind(navigator.credentials);
  navigator.credentials.get = (options) => {
    window.meddling.offers += options.mediation === "conditional" ? 1 : 0;
    return get(options);
  };
  window.fetch = async (url, options) => {
    const { meddling } = window;
    if (meddling.spoil && url.endsWith("/protected")) {
      meddling.spoil = false;
      options.headers.set("Authorization", "Bearer spoilt");
    }
    if (url.endsWith("/refresh")) {
      await meddling.hold?.promise;
    }
    const answer = await send(url, options);
    if (meddling.lose && url.endsWith("/refresh")) {
      meddling.lose = false;
      throw new TypeError("the answer was lost");
    }
    return answer;
  };
}

/** Waits until something is so, and gives it back. */
export async function until(what, look) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) {
      return found;
    }
    assert(Date.now() < end, `in vain: ${what}`);
    await pause(20);
  }
}

export class Tab {
  /** All requests of the page, preflights included: method, path, status or null, what failed, headers, body. */
  requests = [];
  complaints = [];

  static async open(context, origin, api) {
    const tab = new Tab();
    tab.api = api;
    tab.origin = origin;
    tab.page = await context.newPage();
    tab.page.setDefaultTimeout(patience);
    await tab.page.addInitScript(meddle);
    tab.page.on("pageerror", (error) => tab.complaints.push(String(error)));
    tab.page.on("console", (message) => {
      if (/Content Security Policy|Trusted/.test(message.text())) {
        tab.complaints.push(message.text());
      }
    });
    // Playwright's own events leave preflights out, and its interception would answer them.
    await tab.#listen(await context.newCDPSession(tab.page));
    await tab.page.goto(origin);
    return tab;
  }

  async #listen(session) {
    const open = new Map();
    session.on("Network.requestWillBeSent", ({ requestId, request }) => {
      if (request.url.startsWith(this.api)) {
        const { method, headers, postData } = request;
        const path = request.url.slice(this.api.length);
        const body = postData && JSON.parse(postData);
        const sent = { method, path, headers, body, status: null, failed: null };
        open.set(requestId, sent);
        this.requests.push(sent);
      }
    });
    session.on("Network.responseReceived", ({ requestId, response }) => {
      if (open.has(requestId)) {
        open.get(requestId).status = response.status;
      }
    });
    session.on("Network.loadingFailed", ({ requestId, corsErrorStatus, errorText }) => {
      if (open.has(requestId)) {
        open.get(requestId).failed = corsErrorStatus?.corsError ?? errorText;
      }
    });
    await session.send("Network.enable");
  }

  /** The requests to a route, from one on by its number, when none of them is under way. */
  async sent(method, path, from = 0) {
    const sent = () => this.requests.slice(from).filter((one) => one.method === method && one.path === path);
    return until(`answers to ${method} ${path}`, () => sent().every((one) => one.status || one.failed) && sent());
  }

  /** The same, of which there is one at least. */
  answered(method, path, from = 0) {
    return until(`${method} ${path}`, async () => {
      const sent = await this.sent(method, path, from);
      return sent.length > 0 && sent;
    });
  }

  at(id) {
    return this.page.locator(`#${id}`);
  }

  async fill(form, fields) {
    for (const [name, text] of Object.entries(fields)) {
      await this.page.locator(`#${form} [name=${name}]`).fill(text);
    }
    await this.page.locator(`#${form} button:not([type=button])`).click();
  }

  async register(username, password) {
    await this.page.getByRole("button", { name: "Create an account" }).click();
    await this.fill("register", { username, password });
  }

  async press(name) {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  async shows(id, text) {
    await this.at(id).filter({ hasText: text }).waitFor();
  }

  async isSignedInAs(name) {
    await this.shows("account-name", name);
    await this.page.locator("#sessions li").first().waitFor();
  }

  async isSignedOut() {
    await this.at("login").waitFor();
  }

  async meddle(changes) {
    await this.page.evaluate((changes) => Object.assign(window.meddling, changes), changes);
  }

  /** How often the browser was asked to offer passkeys in a field. */
  offers() {
    return this.page.evaluate(() => window.meddling.offers);
  }

  async holdRefreshes() {
    await this.page.evaluate(() => {
      window.meddling.hold = Promise.withResolvers();
    });
  }

  async releaseRefreshes() {
    await this.page.evaluate(() => {
      window.meddling.hold.resolve();
      window.meddling.hold = null;
    });
  }

  /** How many calls have the lock of all tabs, and how many wait for it. */
  locks() {
    return this.page.evaluate(async () => {
      const { held, pending } = await navigator.locks.query();
      return `${held.length} ${pending.length}`;
    });
  }

  stored() {
    return this.page.evaluate(() => [...Object.entries(localStorage), ...Object.entries(sessionStorage)]);
  }

  /** Writes pictures of the state that the page is in: light and dark, narrow and wide. */
  async picture(directory, state) {
    if (!directory) {
      return;
    }
    for (const colorScheme of ["light", "dark"]) {
      await this.page.emulateMedia({ colorScheme });
      for (const width of [360, 1280]) {
        await this.page.setViewportSize({ width, height: 720 });
        await this.page.screenshot({ path: join(directory, `${state}-${colorScheme}-${width}.png`), fullPage: true });
      }
    }
  }
}
