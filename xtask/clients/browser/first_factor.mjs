// Somebody who signs up on the page of examples/browser where everybody must have a second factor: by an app, and by a passkey.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { App } from "./app.mjs";
import { Authenticator } from "./authenticator.mjs";
import { launch } from "./chromium.mjs";
import { judgeLook } from "./judge.mjs";
import { serve } from "./pages.mjs";
import { Tab } from "./tab.mjs";

const [executablePath, pages, api, origin, pictures] = process.argv.slice(2);

const password = "nine purple elephants dance";

const looks = (tab, state) => judgeLook(tab.page, `example-first-${state}`, { pictures });

/** Registers, and has neither tokens nor a factor afterwards. */
async function registers(tab) {
  const name = `kay-${randomUUID().slice(0, 8)}`;
  await tab.isSignedOut();
  await tab.register(name, password);
  await tab.at("first-factor").waitFor();
  assert.equal((await tab.answered("POST", "/register"))[0].status, 201);
  assert(await tab.at("signed-in").isHidden());
  return name;
}

async function keepsTheCodes(tab) {
  await tab.at("codes").waitFor();
  assert.equal(await tab.page.locator("#recovery-codes li").count(), 10);
  await tab.press("I have kept them");
  await tab.at("proof").waitFor();
}

async function byAnApp(tab) {
  const name = await registers(tab);
  await looks(tab, "choice");
  await tab.press("Authenticator app");
  await tab.at("setup").waitFor();
  const app = new App(await tab.at("secret").innerText());
  await tab.fill("confirm-totp", { code: app.wrong() });
  await tab.shows("error", "invalid_code");
  await tab.fill("confirm-totp", { code: await app.code() });
  await keepsTheCodes(tab);
  await tab.fill("prove-totp", { code: await app.code() });
  await tab.isSignedInAs(name);
  return "201 without tokens, an app, its next code, signed in";
}

async function byAPasskey(tab) {
  const name = await registers(tab);
  await tab.authenticator.isAttended(true);
  await tab.press("Passkey");
  await keepsTheCodes(tab);
  await tab.page.getByRole("button", { name: "Use a passkey" }).click();
  await tab.isSignedInAs(name);
  return "201 without tokens, a passkey, signed in by it";
}

const browser = await launch(executablePath);
const server = await serve(pages, origin, api);
try {
  for (const [title, signsUp] of Object.entries({ "by an app": byAnApp, "by a passkey": byAPasskey })) {
    const tab = await Tab.open(await browser.newContext(), origin, api);
    tab.authenticator = await Authenticator.plugIn(tab.page);
    await tab.authenticator.isAttended(false);
    console.log(`${title}: ${await signsUp(tab)}`);
    assert.deepEqual(tab.complaints, []);
  }
} finally {
  await browser.close();
  server.close();
}
