// People who sign up, forget their passwords, move to other addresses and are invited, by the links that they are mailed: in a
// browser without script, and in one with it.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { stand } from "./front.mjs";
import { Inbox } from "./inbox.mjs";
import { Person } from "./person.mjs";

const [executablePath, api, origin, inboxUrl, mode, certificate, administrator, pictures] = process.argv.slice(2);

const password = "nine purple elephants dance";
const newPassword = "eleven green herons sleep";
const thirdPassword = "seven tall glasses of tea";

const inbox = new Inbox(inboxUrl);
const addressOf = (name) => `${name}-${randomUUID()}@example.com`;
let calls = 0;

/** What an app does for somebody who is signed in, or not. */
async function call(method, path, { token, body, status }) {
  calls += 1;
  const headers = { "Content-Type": "application/json" };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  const answer = await fetch(api + path, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  assert.equal(answer.status, status, `${method} ${path}: ${text}`);
  return text && JSON.parse(text);
}

async function signIn(who, password, status = 200) {
  const answer = await call("POST", "/login", { body: { ...who, password }, status });
  return answer.access_token;
}

const meOf = async (token) => (await call("GET", "/me", { token, status: 200 })).email;

/** Registers as an app does, and proves the address by the code on the page that the mail leads to. */
async function registers(person) {
  const email = addressOf("hedy");
  const account = await call("POST", "/register", { body: { email, password }, status: 201 });
  const { link, code } = await inbox.mail(email, "/account/email", "email");
  await person.open(link);
  await person.sees("Confirm your address");
  assert.equal(await person.code(), code);
  await person.picture(pictures, "confirm-address");
  const body = { ticket: account.email_ticket, code };
  const user = await call("POST", "/me/email/confirm", { token: account.access_token, body, status: 200 });
  assert.equal(user.email_verified, true);
  return email;
}

/** Forgets the password twice: sets it by the link, and then by the code. */
async function forgets(person, email) {
  const ask = async () => {
    await person.open("/forgot-password");
    await person.send({ email }, 202);
    await person.sees("Check your mail");
  };
  await ask();
  await person.picture(pictures, "check-mail");
  const first = await inbox.mail(email, "/reset-password", "reset");
  await person.open(first.link);
  await person.send({ password: "short" }, 400);
  await person.picture(pictures, "reset-refused");
  await person.send({ password: newPassword }, 200);
  await person.sees("Your password is set");
  await person.picture(pictures, "reset-done");
  await signIn({ email }, password, 401);
  await signIn({ email }, newPassword);
  await person.open(first.link, 410);
  await person.sees("This link has been used");

  await ask();
  await person.follow("Type the code");
  const { code } = await inbox.mail(email, "/reset-password", "reset", [first.link]);
  await person.send({ code, password: thirdPassword }, 200);
  await person.sees("Your password is set");
  await signIn({ email }, thirdPassword);
}

/** Moves to another address: at once, or when the old one has agreed. */
async function moves(person, email, password, waits) {
  const token = await signIn({ email }, password);
  const other = addressOf("lamarr");
  const asked = await call("PUT", "/me/email", { token, body: { email: other }, status: 202 });
  const proof = await inbox.mail(other, "/account/email", "email");
  await person.open(proof.link);
  assert.equal(await person.code(), proof.code);
  const body = { ticket: asked.ticket, code: proof.code };
  const confirm = (body, status) => call("POST", "/me/email/confirm", { token, body, status });
  if (waits) {
    assert.equal((await confirm(body, 409)).error, "email_change_pending");
    const consent = await inbox.mail(email, "/account/email", "agree");
    await person.open(consent.link);
    await person.sees("Agree to the new address");
    assert.equal(await person.code(), consent.code);
    await person.picture(pictures, "agree");
    await confirm({ ticket: asked.ticket, code: consent.code }, 204);
  }
  assert.equal((await confirm(body, 200)).email, other);
  await signIn({ email }, password, 401);
  assert.equal(await meOf(await signIn({ email: other }, password)), other);
}

/** Finishes what a mail began, with a username. */
async function finishes(person, email) {
  const { link } = await inbox.mail(email, "/signup/confirm", "signup");
  await person.open(link);
  await person.sees("Finish signing up");
  await person.picture(pictures, "finish");
  const username = `hedy-${randomUUID().slice(0, 8)}`;
  await person.send({ username, password }, 201);
  await person.sees("Your account is ready");
  assert.equal(await meOf(await signIn({ username }, password)), email);
  await person.open(link, 410);
}

async function isInvited(person) {
  const [username, secret] = administrator.split(":");
  const token = await signIn({ username }, secret);
  const email = addressOf("kay");
  await call("POST", "/admin/users", { token, body: { email }, status: 202 });
  await finishes(person, email);
}

async function signsUp(person) {
  const email = addressOf("ingrid");
  await person.open("/signup");
  await person.send({ email }, 202);
  await person.sees("Check your mail");
  await finishes(person, email);
  return email;
}

const modes = {
  async open(person, step) {
    const email = await registers(person);
    step("proves an address", "the page shows the code of the mail");
    await forgets(person, email);
    step("forgets a password", "sets it by the link, and by the code; the old one 401, the link 410 afterwards");
    await moves(person, email, thirdPassword, true);
    step("moves to another address", "409 until the old one agrees, then 200");
    await isInvited(person);
    step("is invited", "201, signs in");
  },
  async confirmed(person, step) {
    const email = await signsUp(person);
    step("signs up", "201 by the link, signs in");
    await moves(person, email, password, false);
    step("moves to another address", "200 at once, where a change does not wait");
  },
};

const read = (name) => readFileSync(join(certificate, name));
const front = await stand(api, { key: read("key.pem"), cert: read("cert.pem") });
const browser = await chromium.launch({
  executablePath,
  // As in chromium.mjs.
  chromiumSandbox: false,
  args: [
    "--disable-quic",
    "--disable-sync",
    "--disable-gpu",
    `--host-resolver-rules=MAP ${new URL(origin).host} 127.0.0.1:${front.port}`,
  ],
});
try {
  let visits = 0;
  for (const script of [false, true]) {
    const person = await Person.meet(browser, origin, script);
    await modes[mode](person, (title, outcome) => console.log(`${script ? "with" : "without"} script, ${title}: ${outcome}`));
    assert.deepEqual(person.complaints, []);
    visits += person.visits;
  }
  assert.equal(front.requests, visits, "a page is one request");
} finally {
  await browser.close();
  front.server.closeAllConnections();
  front.server.close();
}
console.log(`the journey took ${front.requests + calls} requests`);
