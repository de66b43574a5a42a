// Answers of passkeys that a browser gives and the API refuses, each beside one of the same passkey that it takes: only what is
// named can be the reason.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { Authenticator } from "./authenticator.mjs";
import { launch } from "./chromium.mjs";
import { serve } from "./pages.mjs";

const [executablePath, pages, api, allowed, denied] = process.argv.slice(2);

const password = "nine purple elephants dance";

async function call(path, { token, body, status }) {
  const headers = { "Content-Type": "application/json" };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  const answer = await fetch(api + path, { method: "POST", headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, status, `POST ${path}: ${text}`);
  return JSON.parse(text);
}

const account = () => call("/register", { body: { username: `ada-${randomUUID().slice(0, 8)}`, password }, status: 201 });
const challenge = () => call("/login/passkey/options", { status: 200 });
const signsIn = (credential) => call("/login/passkey", { body: { credential }, status: 200 });

async function isRefused(credential) {
  const { detail, error } = await call("/login/passkey", { body: { credential }, status: 401 });
  assert.deepEqual([detail, error], ["Invalid credentials", undefined]);
}

/** A page of an origin on which nothing happens by itself, and somebody's authenticator. */
class Page {
  static async open(browser, options) {
    const page = new Page();
    page.tab = await (await browser.newContext()).newPage();
    page.authenticator = await Authenticator.plugIn(page.tab, options);
    await page.goTo(allowed);
    return page;
  }

  goTo(origin) {
    return this.tab.goto(`${origin}/style.css`);
  }

  /** The answer of the authenticator, as this page asks for it. */
  async answer(asked) {
    const options = { ...(await challenge()), ...asked };
    const credential = await this.tab.evaluate(async (options) => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
      return (await navigator.credentials.get({ publicKey })).toJSON();
    }, options);
    return credential;
  }

  async make(token, asked) {
    const options = { ...(await call("/me/passkeys/options", { token, status: 200 })), ...asked };
    return this.tab.evaluate(async (options) => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
      return (await navigator.credentials.create({ publicKey })).toJSON();
    }, options);
  }

  async register(token) {
    const body = { credential: await this.make(token), name: "Telephone" };
    return call("/me/passkeys", { token, body, status: 201 });
  }
}

const client = ({ response }) => JSON.parse(Buffer.from(response.clientDataJSON, "base64url"));

/** User present, user verified, backup eligible and backed up (WebAuthn Level 3, section 6.1). */
const flags = ({ response }) => Buffer.from(response.authenticatorData, "base64url")[32] & 0b11101;

const count = ({ response }) => Buffer.from(response.authenticatorData, "base64url").readUInt32BE(33);

async function anAnswerCountsOnce(page) {
  const answer = await page.answer();
  assert.equal(flags(answer), 0b00101);
  const { access_token } = await signsIn(answer);
  assert.equal(JSON.parse(Buffer.from(access_token.split(".")[1], "base64url")).acr, "aal2");
  await isRefused(answer);
  await signsIn(await page.answer());
  return "200, and the same answer 401";
}

/** A page at another port of the same host: the browser lets it have passkeys of the host, and says where it was. */
async function anotherOriginIsRefused(page) {
  await page.goTo(denied);
  const answer = await page.answer();
  assert.equal(client(answer).origin, denied);
  await isRefused(answer);
  await page.goTo(allowed);
  await signsIn(await page.answer());
  return `from ${denied} 401, from ${allowed} 200`;
}

/** A page that asks for less than the API does: nobody was asked for a finger or a PIN. */
async function anUnverifiedUserIsRefused(page) {
  await page.authenticator.verifies(false);
  const answer = await page.answer({ userVerification: "discouraged" });
  assert.equal(flags(answer), 0b00001);
  await isRefused(answer);
  await page.authenticator.verifies(true);
  await signsIn(await page.answer());
  return "with the flag UV off 401, on 200";
}

async function aCopyIsRefused(page) {
  const original = await page.authenticator.passkey();
  assert(original.signCount > 2 && !original.backupEligibility, JSON.stringify(original.signCount));
  await page.authenticator.copy(original, original.signCount - 2);
  const answer = await page.answer();
  assert(count(answer) < original.signCount);
  await isRefused(answer);
  await page.authenticator.copy(original, original.signCount);
  await signsIn(await page.answer());
  return `bound to its device, count ${count(answer)} after ${original.signCount}: 401, then ${original.signCount + 1}: 200`;
}

/** A service that keeps passkeys on several devices need not keep one count. */
async function aStaleCountOfASyncedOneSignsIn(page) {
  const { access_token } = await account();
  await page.register(access_token);
  await signsIn(await page.answer());
  await signsIn(await page.answer());
  const passkey = await page.authenticator.passkey();
  assert(passkey.backupEligibility && passkey.backupState);
  await page.authenticator.copy(passkey, 0);
  const answer = await page.answer();
  assert.equal(flags(answer), 0b11101);
  assert(count(answer) < passkey.signCount);
  await signsIn(answer);
  return `synced, count ${count(answer)} after ${passkey.signCount}: 200`;
}

/** Nor is a passkey taken that such a page has made, or a key that cannot tell who touches it. */
async function isNotRegistered(page, simple) {
  const { access_token: token } = await account();
  const isRefused = async (credential, rule) => {
    const { errors } = await call("/me/passkeys", { token, body: { credential, name: "Telephone" }, status: 400 });
    assert.deepEqual(errors.map(({ field }) => field), ["credential"]);
    assert.match(errors[0].detail, rule);
  };
  await page.goTo(denied);
  await isRefused(await page.make(token), /origin is not accepted/);
  await page.goTo(allowed);
  // Chromium makes no discoverable one without a verified user.
  const authenticatorSelection = { residentKey: "discouraged", requireResidentKey: false, userVerification: "discouraged" };
  await isRefused(await simple.make(token, { authenticatorSelection }), /user was not verified/);
  await page.register(token);
  return "from another origin and with UV off 400, then 201";
}

const browser = await launch(executablePath);
const servers = await Promise.all([allowed, denied].map((origin) => serve(pages, origin, api)));
const step = (title, outcome) => console.log(`${title}: ${outcome}`);
try {
  const page = await Page.open(browser);
  await page.register((await account()).access_token);
  step("an answer", await anAnswerCountsOnce(page));
  step("another origin", await anotherOriginIsRefused(page));
  step("an unverified user", await anUnverifiedUserIsRefused(page));
  step("a copy", await aCopyIsRefused(page));
  step("a stale count", await aStaleCountOfASyncedOneSignsIn(await Page.open(browser, { synced: true })));
  step("a registration", await isNotRegistered(await Page.open(browser), await Page.open(browser, { locked: false })));
} finally {
  await browser.close();
  for (const server of servers) {
    server.close();
  }
}
