// Somebody with more than a password, on the page of examples/browser: enrols an app and a passkey, signs in by each of them, and
// proves anew who it is where that takes a fresh sign-in. Every state of the page is judged.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { App } from "./app.mjs";
import { Authenticator } from "./authenticator.mjs";
import { launch } from "./chromium.mjs";
import { findings, judgeKeyboard, judgeLook } from "./judge.mjs";
import { serve } from "./pages.mjs";
import { Tab, until } from "./tab.mjs";

const [executablePath, pages, api, origin, freshFor, pictures] = process.argv.slice(2);

const name = `hedy-${randomUUID().slice(0, 8)}`;
const password = "nine purple elephants dance";

/** An evaluator has one doubt about the policy of the page, where its API is deployed: whether users put scripts beside it. */
async function judgePolicy(tab) {
  const policy = await tab.page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
  const doubts = findings(policy.replace(new URL(api).origin, "https://auth.example.com"));
  assert(doubts.length === 1 && /^script-src: 'self' can be problematic if you host/.test(doubts[0]), doubts.join(" "));
}

const looks = async (tab, state) => {
  await judgeLook(tab.page, `example-${state}`, { pictures });
  return state;
};

const statuses = async (tab, method, path, from) => (await tab.answered(method, path, from)).map(({ status }) => status);

/** Nobody is there until the browser offers passkeys, or they would be taken up at once. */
async function signsOut(tab) {
  await tab.authenticator.isAttended(false);
  const before = await tab.offers();
  await tab.press("Sign out");
  await tab.isSignedOut();
  await until("an offer of passkeys", async () => (await tab.offers()) > before);
}

/** Signs in with the password, after which a proof is asked for. */
async function showsThePassword(tab) {
  const from = tab.requests.length;
  await tab.fill("login", { username: name, password });
  await tab.at("proof").waitFor();
  assert.deepEqual(await statuses(tab, "POST", "/login", from), [403]);
}

async function registers(tab) {
  await tab.isSignedOut();
  await looks(tab, "signed-out");
  await judgeKeyboard(tab.page, "signed out");
  await judgePolicy(tab);
  await tab.register(name, password);
  await tab.isSignedInAs(name);
  await looks(tab, "password-only");
  await judgeKeyboard(tab.page, "signed in");
  return "201, with a password alone";
}

/** Reads the key below the QR code, as whoever cannot scan it, and confirms it. */
async function enrolsAnApp(tab) {
  const from = tab.requests.length;
  await tab.page.getByRole("button", { name: "Set up an authenticator app" }).click();
  await tab.at("setup").waitFor();
  const scanned = await tab.at("qr-code").evaluate((image) => image.decode().then(() => image.naturalWidth));
  assert(scanned > 0, "the QR code is no picture");
  await looks(tab, "setup");
  const app = new App(await tab.at("secret").innerText());
  const uri = new URL(await tab.at("otpauth").getAttribute("href"));
  assert.deepEqual(new App(uri.searchParams.get("secret")).secret, app.secret);
  await tab.fill("confirm-totp", { code: app.wrong() });
  await tab.shows("error", "HTTP 400 · invalid_code");
  await tab.fill("confirm-totp", { code: await app.code() });
  await tab.at("codes").waitFor();
  assert.deepEqual(await statuses(tab, "PUT", "/me/totp", from), [400, 200]);
  await looks(tab, "recovery-codes");
  const codes = await keepsTheCodes(tab);
  await tab.shows("factors", "10 are left.");
  await looks(tab, "enrolled");
  return [app, codes, "a wrong code 400, then 200 with ten recovery codes"];
}

/** The codes are shown once: afterwards the page has none of them. */
async function keepsTheCodes(tab) {
  const codes = await tab.page.locator("#recovery-codes li").allInnerTexts();
  assert.equal(new Set(codes).size, 10);
  await tab.press("I have kept them");
  await tab.at("codes").waitFor({ state: "hidden" });
  const text = await tab.page.evaluate(() => document.documentElement.outerHTML);
  assert(codes.every((code) => !text.includes(code)), "a recovery code is still in the page");
  return codes;
}

async function signsInByACode(tab, app) {
  await signsOut(tab);
  await showsThePassword(tab);
  const offers = await tab.offers();
  await tab.press("Cancel");
  await until("another offer of passkeys", async () => (await tab.offers()) > offers);
  const from = tab.requests.length;
  await showsThePassword(tab);
  await looks(tab, "second-step");
  // The code that has confirmed the app has counted.
  await tab.fill("prove-totp", { code: app.shown });
  await tab.shows("proof-error", "invalid_code");
  await looks(tab, "wrong-code");
  const code = await app.code();
  await tab.fill("prove-totp", { code: `${code.slice(0, 3)} ${code.slice(3)}` });
  await tab.isSignedInAs(name);
  assert.deepEqual(await statuses(tab, "POST", "/login/mfa", from), [400, 200]);
  return "403, the code that was used 400, the next one 200";
}

async function signsInByARecoveryCode(tab, codes) {
  for (const [typed, status] of [
    [codes[0].toLowerCase().replaceAll("-", " "), 200],
    [codes[0], 400],
  ]) {
    await signsOut(tab);
    const from = tab.requests.length;
    await showsThePassword(tab);
    await tab.page.locator("summary").click();
    await looks(tab, `recovery-code-${status}`);
    await tab.fill("prove-recovery-code", { recovery_code: typed });
    assert.deepEqual(await statuses(tab, "POST", "/login/mfa", from), [status]);
    if (status === 400) {
      await tab.shows("proof-error", "invalid_code");
      await tab.fill("prove-recovery-code", { recovery_code: codes[1] });
    }
    await tab.isSignedInAs(name);
  }
  await tab.shows("factors", "8 are left.");
  return "200 in other letters and without hyphens, 400 the second time";
}

async function addsAPasskey(tab) {
  const from = tab.requests.length;
  await tab.authenticator.isAttended(true);
  await tab.fill("add-passkey", { name: "Work laptop" });
  await tab.shows("factors", "Work laptop");
  assert.deepEqual(await statuses(tab, "POST", "/me/passkeys", from), [201]);
  await looks(tab, "passkey");
  // Every device has one of an account.
  await tab.fill("add-passkey", { name: "Again" });
  await tab.shows("error", "This device has a passkey of the account already.");
  assert.deepEqual(await statuses(tab, "POST", "/me/passkeys", from), [201]);
  return "201; a second one on the same device is none";
}

async function signsInByAutofill(tab) {
  const from = tab.requests.length;
  // The virtual authenticator chooses by itself, so that the form to sign in may be gone before anybody sees it.
  await tab.authenticator.isAttended(true);
  await tab.press("Sign out");
  assert.deepEqual(await statuses(tab, "POST", "/login/passkey", from), [200]);
  await tab.isSignedInAs(name);
  assert.deepEqual(await tab.sent("POST", "/login", from), []);
  return "200, and nothing was pressed";
}

async function signsInByTheButton(tab) {
  await signsOut(tab);
  const from = tab.requests.length;
  await tab.authenticator.isAttended(true);
  await tab.press("Sign in with a passkey");
  await tab.isSignedInAs(name);
  assert.deepEqual(await statuses(tab, "POST", "/login/passkey", from), [200]);
  assert.deepEqual(await tab.sent("POST", "/login", from), []);
  return "200, without a password and a code";
}

async function signsInByPasswordAndPasskey(tab) {
  await signsOut(tab);
  const from = tab.requests.length;
  await showsThePassword(tab);
  await tab.authenticator.isAttended(true);
  await tab.page.getByRole("button", { name: "Use a passkey" }).click();
  await tab.isSignedInAs(name);
  assert.deepEqual(await statuses(tab, "POST", "/login/mfa", from), [200]);
  // The 403 had its options.
  assert.deepEqual(await tab.sent("POST", "/login/passkey/options", from), []);
  return "403, then 200 with the options of the 403";
}

/** Cancels once, and then proves it: by a passkey, without a password. */
async function stepsUp(tab) {
  await pause((Number(freshFor) + 1) * 1000);
  const from = tab.requests.length;
  const remove = tab.page.getByRole("button", { name: "Remove the authenticator app" });
  await remove.click();
  await tab.shows("proof-title", "Is it still you?");
  await looks(tab, "step-up");
  await tab.page.keyboard.press("Escape");
  await tab.at("proof").waitFor({ state: "hidden" });
  await remove.click();
  await tab.page.getByRole("button", { name: "Use a passkey" }).click();
  await tab.shows("status", "The authenticator app is removed.");
  assert.deepEqual(await statuses(tab, "POST", "/step-up", from), [200]);
  assert.deepEqual(await statuses(tab, "DELETE", "/me/totp", from), [401, 401, 204]);
  assert.deepEqual(await tab.sent("POST", "/refresh", from), []);
  return "401, then 200 by a passkey, and the same request 204";
}

/** A passkey that remains is asked for after the password, until its owner does not want that. */
async function letsThePasswordAlone(tab) {
  await tab.page.getByRole("button", { name: "Ask no more" }).click();
  await tab.shows("status", "The password signs in alone.");
  await looks(tab, "password-alone");
  await signsOut(tab);
  await tab.fill("login", { username: name, password });
  await tab.isSignedInAs(name);
  assert(await tab.at("proof").isHidden());
  await tab.page.getByRole("button", { name: "Remove the passkey Work laptop" }).click();
  await tab.shows("status", "The passkey is removed.");
  await until("a page without passkeys", async () => !(await tab.at("factors").innerText()).includes("Work laptop"));
  return "200 by the password alone; the passkey is removed";
}

const browser = await launch(executablePath);
const server = await serve(pages, origin, api);
const step = (title, outcome) => console.log(`${title}: ${outcome}`);
try {
  const tab = await Tab.open(await browser.newContext(), origin, api);
  tab.authenticator = await Authenticator.plugIn(tab.page);
  step("registers", await registers(tab));
  const [app, codes, enrolled] = await enrolsAnApp(tab);
  step("enrols an app", enrolled);
  step("signs in by a code", await signsInByACode(tab, app));
  step("signs in by a recovery code", await signsInByARecoveryCode(tab, codes));
  step("adds a passkey", await addsAPasskey(tab));
  step("signs in by autofill", await signsInByAutofill(tab));
  step("signs in by the button", await signsInByTheButton(tab));
  step("signs in by password and passkey", await signsInByPasswordAndPasskey(tab));
  step("steps up", await stepsUp(tab));
  step("goes back to a password", await letsThePasswordAlone(tab));
  assert.deepEqual(tab.complaints, []);
} finally {
  await browser.close();
  server.close();
}
