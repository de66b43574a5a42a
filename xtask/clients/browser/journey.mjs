// Somebody with a browser: signs up and in, refreshes, changes the password and signs out, in one tab and in two, on the page
// of examples/browser. From another origin the same page gets nowhere.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { launch } from "./chromium.mjs";
import { serve } from "./pages.mjs";
import { Tab, until } from "./tab.mjs";

const [executablePath, pages, api, allowed, denied, pictures] = process.argv.slice(2);

const name = `hedy-${randomUUID().slice(0, 8)}`;
const password = "nine purple elephants dance";
const newPassword = "eleven green herons sleep";

const only = (list) => {
  assert.equal(list.length, 1, JSON.stringify(list.map(({ method, path, status }) => [method, path, status])));
  return list[0];
};

const bearer = (sent) => new Headers(sent.headers).get("Authorization").replace("Bearer ", "");

/** What anybody gets who has a token, without a browser's rules. */
async function statusOf(path, { token, body }) {
  const headers = { "Content-Type": "application/json" };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  const answer = await fetch(api + path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
  return answer.status;
}

async function registers(tab) {
  await tab.isSignedOut();
  await tab.picture(pictures, "signed-out");
  await tab.register(name, "correct horse");
  const preflight = (await tab.answered("OPTIONS", "/register"))[0];
  assert(preflight.status < 300, `the preflight is answered with ${preflight.status}`);
  await tab.shows("error", "HTTP 400");
  assert.equal(await tab.at("register-password").getAttribute("aria-invalid"), "true");
  await tab.picture(pictures, "refused");
  await tab.fill("register", { password });
  await tab.isSignedInAs(name);
  assert.equal((await tab.sent("POST", "/register")).at(-1).status, 201);
  return `preflight ${preflight.status}, then 201`;
}

async function logsIn(tab) {
  await tab.press("Sign out");
  await tab.isSignedOut();
  await tab.fill("login", { username: name, password: "nine purple elephants nap" });
  await tab.shows("error", "Invalid credentials");
  await tab.picture(pictures, "error");
  await tab.fill("login", { username: name, password });
  await tab.isSignedInAs(name);
  await tab.picture(pictures, "signed-in");
  const [refused, taken] = await tab.sent("POST", "/login");
  assert.deepEqual([refused.status, taken.status], [401, 200]);
  // The token of the session before, which is over, shows that the device is known.
  const { refresh_token } = only(await tab.sent("POST", "/logout")).body;
  assert.equal(taken.body.device_token, refresh_token);
  assert.equal(await statusOf("/refresh", { body: { refresh_token } }), 401);
  return "wrong password 401, then 200";
}

async function reachesWhatIsGuarded(tab) {
  await tab.press("Call GET /protected");
  await tab.shows("status", "You have accessed a protected endpoint!");
  assert.equal(only(await tab.sent("GET", "/protected")).status, 200);
  assert.equal((await tab.sent("GET", "/me"))[0].status, 200);
  return "GET /protected and GET /me 200";
}

async function refreshes(tab) {
  const from = tab.requests.length;
  await tab.press("Refresh tokens");
  await tab.shows("status", "The tokens are new.");
  await tab.press("Call GET /protected");
  await tab.shows("status", "You have accessed");
  assert.equal(only(await tab.sent("POST", "/refresh", from)).status, 200);
  const before = bearer((await tab.sent("GET", "/protected"))[0]);
  const now = bearer(only(await tab.sent("GET", "/protected", from)));
  assert.notEqual(now, before);
  return "POST /refresh 200, another access token is sent";
}

async function refreshesWhenRefused(tab) {
  const from = tab.requests.length;
  await tab.meddle({ spoil: true });
  await tab.press("Call GET /protected");
  await tab.shows("status", "You have accessed");
  only(await tab.sent("POST", "/refresh", from));
  const statuses = (await tab.sent("GET", "/protected", from)).map(({ status }) => status);
  assert.deepEqual(statuses, [401, 200]);
  return "401, one refresh, 200";
}

async function losesAnAnswer(tab) {
  const from = tab.requests.length;
  await tab.meddle({ lose: true });
  await tab.press("Refresh tokens");
  await tab.shows("status", "The tokens are new.");
  const [lost, again] = await tab.sent("POST", "/refresh", from);
  assert.equal(lost.body.refresh_token, again.body.refresh_token);
  assert.deepEqual([lost.status, again.status], [200, 200]);
  return "the same refresh token again within the grace: 200, signed in still";
}

async function sharesWithATab(tab) {
  const second = await Tab.open(tab.page.context(), allowed, api);
  await second.isSignedInAs(name);
  assert.equal((await second.sent("POST", "/login")).length, 0);
  const tabs = [tab, second];
  const from = tabs.map(({ requests }) => requests.length);
  for (const one of tabs) {
    await one.meddle({ spoil: true });
    await one.holdRefreshes();
    await one.press("Call GET /protected");
  }
  // One is about to refresh, the other waits for it.
  await until("two tabs that want to refresh", async () => (await tab.locks()) === "1 1");
  await Promise.all(tabs.map((one) => one.releaseRefreshes()));
  await Promise.all(tabs.map((one) => one.shows("status", "You have accessed")));
  const all = (method, path) => Promise.all(tabs.map((one, index) => one.sent(method, path, from[index])));
  only((await all("POST", "/refresh")).flat());
  const guarded = await all("GET", "/protected");
  for (const sent of guarded) {
    assert.deepEqual(sent.map(({ status }) => status), [401, 200]);
  }
  assert.equal(bearer(guarded[0][1]), bearer(guarded[1][1]));
  return [second, "one POST /refresh of both, and both go on with the same token"];
}

async function changesThePassword(tab, second) {
  const from = tab.requests.length;
  await tab.fill("password", { current_password: "nine purple elephants nap", password: newPassword });
  await tab.shows("error", "HTTP 400");
  await tab.fill("password", { current_password: password, password: newPassword });
  await tab.shows("status", "The password is changed.");
  await tab.picture(pictures, "password-changed");
  const statuses = (await tab.sent("PUT", "/me/password", from)).map(({ status }) => status);
  assert.deepEqual(statuses, [400, 200]);
  // The refresh token that the other tab had is dead.
  const there = second.requests.length;
  await second.press("Refresh tokens");
  await second.shows("status", "The tokens are new.");
  assert.equal(only(await second.sent("POST", "/refresh", there)).status, 200);
  return "PUT /me/password 200, the other tab refreshes with the new tokens";
}

async function reloads(tab, second) {
  await tab.page.reload();
  await tab.isSignedInAs(name);
  assert.deepEqual(
    (await tab.stored()).map(([key]) => key),
    ["latchkey.device_token"],
  );
  const from = tab.requests.length;
  await tab.press("Call GET /protected");
  await tab.shows("status", "You have accessed");
  const token = bearer(only(await tab.sent("GET", "/protected", from)));
  await second.press("Sign out");
  await Promise.all([tab.isSignedOut(), second.isSignedOut()]);
  assert.equal(await statusOf("/protected", { token }), 401);
  await second.page.close();
  return "a reloaded tab gets the tokens from the other; one signs out, both are, and the token is refused";
}

async function endsAnother(tab, context) {
  await tab.fill("login", { username: name, password });
  await tab.shows("error", "Invalid credentials");
  const other = await Tab.open(context, allowed, api);
  await other.fill("login", { username: name, password: newPassword });
  await other.isSignedInAs(name);
  await tab.fill("login", { username: name, password: newPassword });
  await tab.isSignedInAs(name);
  await tab.picture(pictures, "sessions");
  await tab.page.getByRole("button", { name: "End the session" }).click();
  await tab.shows("status", "The session has ended.");
  assert.equal(await tab.page.locator("#sessions li").count(), 1);
  await other.press("Call GET /protected");
  await other.isSignedOut();
  await other.shows("error", "The session has ended. Sign in again.");
  await other.picture(pictures, "ended");
  assert.equal(only(await other.sent("POST", "/refresh")).status, 401);
  await context.close();
  return "the old password 401, the new one 200; the session of another browser is ended, which has to sign in again";
}

async function forgets(tab) {
  await tab.page.reload();
  await tab.isSignedOut();
  return "a reload without another tab signs out";
}

async function guesses(tab) {
  const limit = 25;
  for (let tries = 1; tries <= limit; tries += 1) {
    const from = tab.requests.length;
    await tab.fill("login", { username: `${name}-nobody`, password });
    const { status } = only(await tab.answered("POST", "/login", from));
    if (status === 429) {
      await tab.shows("error", /Try again in \d+ s\./);
      await tab.picture(pictures, "throttled");
      return `429 after ${tries} tries, with the time to wait`;
    }
    assert.equal(status, 401);
  }
  throw new Error(`no limit in ${limit} tries`);
}

async function isBlocked(context) {
  const stranger = `${name}-2`;
  const tab = await Tab.open(context, denied, api);
  await tab.register(stranger, password);
  await tab.shows("error", `does not allow pages of ${denied}`);
  await tab.picture(pictures, "blocked");
  await tab.page.locator("#register [data-show=login]").click();
  await tab.fill("login", { username: name, password: newPassword });
  await tab.shows("error", `does not allow pages of ${denied}`);
  assert(tab.requests.length > 0 && tab.requests.every(({ method, failed }) => failed || method === "OPTIONS"));
  assert(!(await tab.at("signed-in").isVisible()));
  const simple = await tab.page.evaluate((url) => fetch(url).then(String, String), `${api}/`);
  assert.equal(simple, "TypeError: Failed to fetch");
  const reasons = new Set(tab.requests.map(({ failed }) => failed).filter(Boolean));
  return [stranger, `blocked by ${[...reasons].join(", ")}, and the page says so`];
}

const browser = await launch(executablePath);
const servers = await Promise.all([allowed, denied].map((origin) => serve(pages, origin, api)));
const step = (title, outcome) => console.log(`${title}: ${outcome}`);
try {
  console.log(`Chromium ${browser.version()}, ${allowed} is allowed, ${denied} is not`);
  const context = await browser.newContext();
  const tab = await Tab.open(context, allowed, api);
  step("registers", await registers(tab));
  step("logs in", await logsIn(tab));
  step("is guarded", await reachesWhatIsGuarded(tab));
  step("refreshes", await refreshes(tab));
  step("refreshes when refused", await refreshesWhenRefused(tab));
  step("loses an answer", await losesAnAnswer(tab));
  const [second, shared] = await sharesWithATab(tab);
  step("two tabs at once", shared);
  step("changes the password", await changesThePassword(tab, second));
  step("logs out", await reloads(tab, second));
  step("ends another session", await endsAnother(tab, await browser.newContext()));
  step("reloads", await forgets(tab));
  step("guesses", await guesses(tab));
  const [stranger, blocked] = await isBlocked(await browser.newContext());
  step("from another origin", blocked);
  await tab.register(stranger, password);
  await tab.isSignedInAs(stranger);
  step("from the first again", "the name that the other origin wanted is free: 201");
  assert.deepEqual([...tab.complaints, ...second.complaints], []);
} finally {
  await browser.close();
  for (const server of servers) {
    server.close();
  }
}
