// Runs the functions of a guide in Chromium: all of them, against an API.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { App } from "./app.mjs";
import { Authenticator } from "./authenticator.mjs";
import { launch } from "./chromium.mjs";
import { serve } from "./pages.mjs";

const [executablePath, pages, api, origin, document, freshFor] = process.argv.slice(2);

const password = "nine purple elephants dance";

/** The API that the guide is written for. */
const shown = 'const API = "http://localhost:9000";';

/** The blocks of the guide as one module, whose functions can be called from elsewhere. */
function moduleOf(guide) {
  const blocks = [...guide.matchAll(/^```js guide\n(.*?)^```$/gms)].map(([, code]) => code);
  const code = blocks.join("\n");
  const functions = [...code.matchAll(/^(?:async )?function (\w+)/gm)].map(([, name]) => name);
  assert(code.includes(shown) && functions.length > 0, "the guide has no functions");
  const text = code.replace(shown, `const API = ${JSON.stringify(api)};`);
  return [`${text}\nexport { ${functions.join(", ")} };\n`, functions];
}

/** What a page of the guide's reader does, in the page. `app` and `tell` are the person in front of it. */
const journeys = {
  async optional({ username, password }) {
    const guide = await import("/guide.js");
    const { access_token: token } = await guide.signIn(username, password, () => Promise.reject(new Error("asked")));
    const claims = (token) => JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    const refused = guide.refusal(claims(token));
    const codes = await guide.enrolApp(token, ({ secret }) => window.app(secret));
    const asked = [];
    const proofs = [{ code: "000000" }, { code: await window.app() }];
    const session = await guide.signIn(username, password, (offered) => {
      asked.push(offered);
      return proofs.shift();
    });
    const passkey = await guide.addPasskey(session.access_token, "Laptop");
    const byPasskey = await guide.signInWithPasskey();
    const offered = await guide.offerPasskeys(new AbortController().signal);
    const together = await guide.signIn(username, password, async ({ passkey }) => ({
      passkey: await guide.showPasskey(passkey),
    }));
    return {
      codes,
      methods: asked.map(({ methods, wrong = false }) => [...methods, wrong].join(" ")),
      refused: [refused.status, guide.refusal(claims(session.access_token))],
      name: passkey.name,
      amr: [session, byPasskey, offered, together].map(({ access_token }) => claims(access_token).amr.join(" ")),
      session,
    };
  },

  async stepUp({ session, code }) {
    const guide = await import("/guide.js");
    const work = (token) => guide.call("POST", "/me/recovery-codes", { token });
    const { recovery_codes } = await guide.fresh(session, work, () => ({ recovery_code: code }));
    return recovery_codes;
  },

  async all({ username, password }) {
    const guide = await import("/guide.js");
    const waiting = await guide.call("POST", "/register", { body: { username, password } });
    const kept = [];
    const tokens = await guide.enrolFirst(
      waiting.mfa_token,
      ({ secret }) => window.app(secret),
      (codes) => kept.push(...codes),
      async () => ({ code: await window.app() }),
    );
    await guide.call("GET", "/me", { token: tokens.access_token });
    return { methods: waiting.methods, tokens: Object.keys(waiting).filter((name) => name.endsWith("_token")), kept };
  },
};

/** The functions that ran, by what the engine has counted. */
async function ran(page) {
  const coverage = await page.coverage.stopJSCoverage();
  const { functions } = coverage.find(({ url }) => url.endsWith("/guide.js"));
  return functions.filter(({ ranges }) => ranges[0].count > 0).map(({ functionName }) => functionName);
}

const [module, functions] = moduleOf(readFileSync(document, "utf8"));
const server = await serve(pages, origin, api, { "guide.js": module });
const browser = await launch(executablePath);
try {
  const page = await (await browser.newContext()).newPage();
  await Authenticator.plugIn(page);
  let app;
  await page.exposeFunction("app", (secret) => {
    app = secret ? new App(secret) : app;
    return app.code();
  });
  // A document on which nothing happens by itself.
  await page.goto(`${origin}/style.css`);
  await page.coverage.startJSCoverage();
  const username = `grace-${randomUUID().slice(0, 8)}`;
  const wanted = new Set(functions);
  if (!freshFor) {
    const { methods, tokens, kept } = await page.evaluate(journeys.all, { username, password });
    assert.deepEqual([methods, tokens, kept.length], [[], ["mfa_token"], 10]);
    assert((await ran(page)).includes("enrolFirst"));
    console.log("enrolFirst: nobody is signed in before the first factor");
  } else {
    const body = JSON.stringify({ username, password });
    const registered = await fetch(`${api}/register`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    assert.equal(registered.status, 201);
    const seen = await page.evaluate(journeys.optional, { username, password });
    assert.deepEqual(seen.methods, ["totp recovery_code false", "totp recovery_code true"]);
    assert.deepEqual(seen.refused, [401, null]);
    assert.equal(seen.name, "Laptop");
    assert.deepEqual(seen.amr, ["pwd otp mfa", "pop user mfa", "pop user mfa", "pwd pop user mfa"]);
    await pause((Number(freshFor) + 1) * 1000);
    const codes = await page.evaluate(journeys.stepUp, { session: seen.session, code: seen.codes[0] });
    assert(codes.length === 10 && codes.every((code) => !seen.codes.includes(code)));
    wanted.delete("enrolFirst");
    const missing = [...wanted.difference(new Set(await ran(page)))];
    assert.deepEqual(missing, [], "functions of the guide that nothing runs");
    console.log(`${[...wanted].join(", ")}: as the guide says`);
  }
} finally {
  await browser.close();
  server.close();
}
