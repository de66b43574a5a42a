// Somebody who knows nothing but the pages and the mails of a service, and the app that uses it.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { judge, requestsOf } from "./judge.mjs";
import { newest } from "./mailed.mjs";
import { until } from "./tab.mjs";

const passwords = [
  "nine purple elephants dance",
  "eleven green herons sleep",
  "seven orange walruses sing",
];

export class Visitor {
  /** The tickets that have been mailed. */
  seen = new Set();
  email = address();

  /** With a browser, where script runs or does not. */
  constructor(page, hasScript, { api, inbox, pictures }) {
    Object.assign(this, { page, hasScript, api, inbox, pictures });
  }

  /** Opens a page, which is then judged where a judge can run. */
  async open(url, name, status = 200) {
    const requests = requestsOf(this.page);
    const response = await this.page.goto(url);
    assert.equal(response.status(), status, `${name}: ${await this.page.content()}`);
    await this.judge(response, requests, name);
  }

  async judge(response, requests, name) {
    if (this.hasScript) {
      await judge(this.page, response, requests, name, this.pictures);
    }
  }

  /** Fills in the form and sends it, and gives back the answer's status. */
  async send(fields, name) {
    for (const [field, text] of Object.entries(fields)) {
      await this.page.locator(`[name=${field}]`).fill(text);
    }
    const requests = requestsOf(this.page);
    const answered = this.page.waitForResponse((response) => response.request().method() === "POST");
    await this.page.locator("main form button").click();
    const response = await answered;
    await this.page.waitForLoadState();
    assert(!this.page.url().includes("ticket="), `the ticket is in the address bar: ${this.page.url()}`);
    await this.judge(response, requests, name);
    return response.status();
  }

  heading() {
    return this.page.locator("h1").innerText();
  }

  /** The mail that comes next, with a link to a page. */
  async mail(path, to = this.email) {
    const mail = await until(`a mail that leads to ${path}`, async () => {
      const mail = await newest(this.inbox, to, path);
      return !this.seen.has(mail.ticket) && mail;
    });
    this.seen.add(mail.ticket);
    return mail;
  }

  /** A request of the app: its status, and what it answers. */
  async asks(method, path, body, token) {
    const headers = { "Content-Type": "application/json" };
    if (token) {
      headers.Authorization = `Bearer ${token}`;
    }
    const answer = await fetch(this.api + path, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    return [answer.status, text && JSON.parse(text)];
  }

  async signsIn(password) {
    const [status, tokens] = await this.asks("POST", "/login", { email: this.email, password });
    return [status, tokens.access_token];
  }

  /** The new password is good, and the old one is not any more. */
  async hasPassword(password, old) {
    const statuses = [];
    for (const one of [old, password]) {
      statuses.push((await this.signsIn(one))[0]);
    }
    assert.deepEqual(statuses, [401, 200]);
  }

  async signsUp() {
    await this.open(`${this.api}/signup`, "walk-signup");
    assert.equal(await this.send({ email: this.email }, "walk-signup-mailed"), 202);
    assert.equal(await this.heading(), "Check your mail");
    const { link } = await this.mail("/signup/confirm");
    await this.open(link, "walk-confirm");
    assert.equal(await this.send({ password: "too short" }, "walk-confirm-short"), 400);
    assert.match(await this.page.locator("[role=alert]").innerText(), /at least \d+ characters/);
    assert.equal(await this.send({ password: passwords[0] }, "walk-confirmed"), 201);
    assert.equal(await this.heading(), "Your account is ready");
    assert.equal((await this.signsIn(passwords[0]))[0], 200);
  }

  async forgets() {
    await this.open(`${this.api}/forgot-password`, "walk-forgot");
    assert.equal(await this.send({ email: this.email }, "walk-forgot-mailed"), 202);
    assert.equal(await this.heading(), "Check your mail");
  }

  /** Sets a new password by a link, on which `scan` may do something before. */
  async resetsByTheLink(scan) {
    await this.forgets();
    const { link } = await this.mail("/reset-password");
    await scan(link);
    await this.open(link, "walk-reset");
    assert.equal(await this.send({ password: passwords[1] }, "walk-reset-done"), 200);
    assert.equal(await this.heading(), "Your password is set");
    await this.hasPassword(passwords[1], passwords[0]);
    const isNotice = ({ subject }) => /^Your password for .* was reset$/.test(subject);
    await until("the notice", async () => isNotice(await newest(this.inbox, this.email)));
    await this.open(link, "walk-reset-again", 410);
    assert.equal(await this.heading(), "This link has been used");
  }

  async resetsByTheCode() {
    await this.forgets();
    const { code } = await this.mail("/reset-password");
    await this.page.getByRole("link", { name: "Type the code" }).click();
    const wrong = String((Number(code) + 1) % 1e8).padStart(8, "0");
    assert.equal(await this.send({ code: wrong, password: passwords[2] }, "walk-code-wrong"), 400);
    const typed = ` ${code.slice(0, 3)} ${code.slice(3)} `;
    assert.equal(await this.send({ code: typed, password: passwords[2] }, "walk-code-done"), 200);
    await this.hasPassword(passwords[2], passwords[1]);
  }

  /** Changes the address in the app, by the codes that the pages of both mails show. */
  async changesTheAddress() {
    const [next, path] = [address(), "/account/email"];
    const [, token] = await this.signsIn(passwords[2]);
    const [status, { ticket }] = await this.asks("PUT", "/me/email", { email: next }, token);
    assert.equal(status, 202);
    const consent = await this.mail(path);
    const proof = await this.mail(path, next);
    const confirm = (code) => this.asks("POST", `/me/email/confirm`, { ticket, code }, token);
    const code = await this.#shown(proof, "Confirm your address", "walk-address");
    assert.deepEqual((await confirm(code))[0], 409, "the change waits");
    const agreed = { ticket: consent.ticket };
    await this.#shown(consent, "Agree to the new address", "walk-agree");
    assert.equal((await this.asks("POST", "/me/email/confirm", agreed, token))[0], 204);
    const [changed, user] = await confirm(code);
    assert.deepEqual([changed, user.email, user.email_verified], [200, next, true]);
    assert.equal((await this.signsIn(passwords[2]))[0], 401);
    this.email = next;
    assert.equal((await this.signsIn(passwords[2]))[0], 200);
  }

  /** The code that the page of a mail's link shows. */
  async #shown({ link, code }, heading, name) {
    await this.open(link, name);
    assert.equal(await this.heading(), heading);
    const shown = await this.page.locator(".code").innerText();
    assert.equal(shown.replaceAll(/\D/g, ""), code);
    return shown;
  }
}

function address() {
  return `mary-${randomUUID().slice(0, 8)}@example.com`;
}
