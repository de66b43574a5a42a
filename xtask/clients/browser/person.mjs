// Somebody who opens mailed links in a browser, with script or without.

import assert from "node:assert/strict";
import { join } from "node:path";

/** More than the slowest answer takes, in milliseconds. */
const patience = 30_000;

export class Person {
  static async meet(browser, origin, script) {
    const person = new Person();
    const context = await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: script, locale: "en-GB" });
    person.origin = origin;
    person.script = script;
    person.complaints = [];
    person.visits = 0;
    person.page = await context.newPage();
    person.page.setDefaultTimeout(patience);
    person.page.on("pageerror", (error) => person.complaints.push(String(error)));
    person.page.on("console", (message) => {
      if (/Content Security Policy|Trusted/.test(message.text())) {
        person.complaints.push(message.text());
      }
    });
    person.page.on("request", (request) => {
      if (!request.url().startsWith(`${origin}/`)) {
        person.complaints.push(`a request to ${request.url()}`);
      }
    });
    return person;
  }

  /** Opens a mailed link, or a page by its path. */
  async open(link, status = 200) {
    const url = link.startsWith("/") ? this.origin + link : link;
    assert(url.startsWith(`${this.origin}/`), `the link leads to ${url}`);
    const answer = await this.page.goto(url);
    this.visits += 1;
    assert.equal(answer.status(), status, await this.text());
  }

  /** Fills in the form of the page and sends it. */
  async send(fields, status) {
    for (const [name, text] of Object.entries(fields)) {
      await this.page.locator(`form [name=${name}]`).fill(text);
    }
    await this.presses(() => this.page.locator("form button").click(), status);
  }

  /** Follows a link of the page. */
  async follow(name, status = 200) {
    await this.presses(() => this.page.getByRole("link", { name, exact: true }).click(), status);
  }

  async presses(press, status) {
    const arrival = this.page.waitForNavigation();
    await press();
    this.visits += 1;
    assert.equal((await arrival).status(), status, await this.text());
  }

  text() {
    return this.page.locator("main").innerText();
  }

  async sees(heading) {
    assert.equal(await this.page.locator("h1").innerText(), heading);
  }

  /** The code that the page shows, as it is printed. */
  async code() {
    return (await this.page.locator(".code").innerText()).replace("\u00a0", " ");
  }

  /** Writes a picture of the page. */
  async picture(directory, name) {
    if (directory) {
      const path = join(directory, `mail-${name}-${this.script ? "script" : "plain"}.png`);
      await this.page.screenshot({ path, fullPage: true });
    }
  }
}
