// A person's way to an account and back to it, with script on and off, at a service that registers nobody whose address is not
// proven; and a stranger's headers and pages, which change nothing on that way.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { chromium } from "playwright-core";
import { ask, forged, lasting, newest } from "./mailed.mjs";
import { Visitor } from "./visitor.mjs";

const [executablePath, api, inbox, pictures] = process.argv.slice(2);

/** The scanners that open a link before the visitor does. */
const scans = 20;

/** The link is of use after all that scanners do, and a stranger's headers change no byte of its page. */
async function outlives(link) {
  const before = lasting(await ask("GET", link));
  assert.equal(before.status, 200);
  for (let scan = 0; scan < scans; scan += 1) {
    assert.deepEqual(lasting(await ask("GET", link)), before);
    const head = await ask("HEAD", link);
    assert.deepEqual([head.status, head.body], [200, ""]);
  }
  assert.deepEqual(lasting(await ask("GET", link, forged)), before);
}

/** A mail without what differs from mail to mail. */
function words({ text, ticket, code }) {
  const spaced = `${code.slice(0, 4)} ${code.slice(4)}`;
  return text
    .replaceAll(ticket, "TICKET")
    .replaceAll(spaced, "CODE")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "TIME");
}

/** A stranger's headers change no byte of a mail. */
async function mailsAlike(visitor) {
  const body = JSON.stringify({ email: visitor.email });
  const mails = [];
  for (const headers of [{}, forged]) {
    const json = { "Content-Type": "application/json", ...headers };
    const { status } = await ask("POST", `${api}/forgot-password`, json, body);
    assert.equal(status, 202);
    mails.push(await visitor.mail("/reset-password"));
  }
  assert.equal(words(mails[1]), words(mails[0]));
  assert(mails[1].link.startsWith(`${api}/reset-password?ticket=`), mails[1].link);
}

/** A page from elsewhere that posts a form to a page of ours, as if its visitor had. */
async function isRefusedFromElsewhere(context, visitor) {
  const form = `<form method="post" action="${api}/forgot-password"><input name="email" value="${visitor.email}"><button>Win</button></form>`;
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(form);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const page = await context.newPage();
  // Of another site, and of the same one at another port.
  for (const host of ["127.0.0.1", "localhost"]) {
    await page.goto(`http://${host}:${server.address().port}/`);
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.locator("button").click();
    assert.equal((await answered).status(), 403, host);
    await page.waitForLoadState();
    assert.equal(await page.locator("h1").innerText(), "This is not allowed");
  }
  const { ticket } = await newest(inbox, visitor.email, "/reset-password");
  assert(visitor.seen.has(ticket), "a mail was sent");
  await page.close();
  server.close();
}

const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: ["--disable-gpu"] });
try {
  for (const hasScript of [true, false]) {
    const context = await browser.newContext({ javaScriptEnabled: hasScript, locale: "en-GB" });
    const visitor = new Visitor(await context.newPage(), hasScript, { api, inbox, pictures });
    await visitor.open(`${api}/`, "walk-welcome");
    await visitor.signsUp();
    await visitor.resetsByTheLink(outlives);
    await visitor.resetsByTheCode();
    await isRefusedFromElsewhere(context, visitor);
    await mailsAlike(visitor);
    await visitor.changesTheAddress();
    console.log(`script ${hasScript ? "on" : "off"}: signed up, reset by link and by code, changed the address; the link outlived ${scans} scans`);
    await context.close();
  }
} finally {
  await browser.close();
}
