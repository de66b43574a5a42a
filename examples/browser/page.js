// This page: what is shown when. The signing in is in latchkey.js.

import { Factors } from "./factors.js";
import { at, button, forgetMessages, paragraph, row, run, say, showError, time } from "./forms.js";
import { Latchkey } from "./latchkey.js";
import { hasPasskeys, offersAutofill, stopAutofill } from "./passkeys.js";

const api = document.querySelector("meta[name=latchkey-api]").content;
const latchkey = await Latchkey.open(api);
const factors = new Factors(latchkey, () => showForm("login"));

/** The session that is on show, by its beginning; null for none. */
let shown;

/** Whose session that is. */
let account;

async function show() {
  at("expires").textContent = latchkey.expires && time(latchkey.expires);
  if (latchkey.since === shown) {
    return;
  }
  const before = shown;
  shown = latchkey.since;
  at("main").hidden = false;
  at("signed-out").hidden = shown !== null;
  at("signed-in").hidden = shown === null;
  // Nothing of one account is left for the next.
  account = null;
  at("account-name").textContent = "";
  at("account-id").textContent = "";
  at("sessions").replaceChildren();
  factors.forget();
  for (const form of document.forms) {
    form.reset();
  }
  if (shown === null) {
    showForm("login");
    // In another tab, too, somebody may have signed out.
    if (before !== undefined) {
      say("You are signed out.");
    }
    return;
  }
  stopAutofill();
  at("since").textContent = time(shown);
  await showAccount();
  if (!before) {
    at("account-name").focus();
  }
}

async function showAccount() {
  account = await latchkey.request("GET", "/me");
  const name = account.username ?? account.email;
  at("account-name").textContent = name;
  at("account-id").textContent = account.id;
  at("password").elements.username.value = name;
  factors.name = name;
  await Promise.all([factors.show(), showSessions()]);
}

async function showSessions() {
  const { sessions } = await latchkey.request("GET", "/me/sessions");
  at("sessions").replaceChildren(...sessions.map(sessionRow));
}

function sessionRow(session) {
  const used = time(session.last_used_at * 1000);
  const name = agent(session.agent);
  const end = () =>
    button("End", `End the session of ${name}, ${used}`, async () => {
      await latchkey.request("DELETE", `/me/sessions/${session.id}`);
      await showSessions();
      say("The session has ended.");
    });
  const more = session.current ? paragraph("this one", "badge") : end();
  return row(name, `${session.address ?? "unknown address"}, last used ${used}`, more);
}

/** The name of the browser, the last one that an agent calls itself by. */
function agent(text) {
  const names = text?.match(/(Edg|OPR|Firefox|HeadlessChrome|Chrome|Safari)(?=\/)/g) ?? [];
  return { Edg: "Edge", OPR: "Opera", HeadlessChrome: "Chrome" }[names[0]] ?? names[0] ?? text ?? "unknown";
}

function showForm(name) {
  for (const form of ["login", "register"]) {
    at(form).hidden = form !== name;
  }
  factors.forget();
  at(name).elements.username.focus();
  if (name === "login") {
    offerPasskeys();
  } else {
    stopAutofill();
  }
}

/** Lets the browser offer passkeys in the field for the name, while the form to sign in is there. */
async function offerPasskeys() {
  if (!(await offersAutofill())) {
    return;
  }
  try {
    await latchkey.loginByAutofill();
  } catch (error) {
    if (error.code === "feature_disabled") {
      at("or-passkey").hidden = true;
    }
    // Nobody has asked for anything before a passkey is chosen.
    if (error.path === "/login/passkey") {
      showError(error);
    }
  }
}

/** Shows how a sign-in has ended, or goes on with one that waits. */
async function signedIn(waiting, text) {
  if (waiting) {
    stopAutofill();
    await factors.goOn(waiting);
  } else {
    say(text);
  }
}

run(at("login"), "submit", async (form) => {
  const { username, password } = form.elements;
  const waiting = await latchkey.login({ username: username.value, password: password.value });
  form.reset();
  await signedIn(waiting, "You are signed in.");
});

run(at("login-passkey"), "click", async () => {
  await latchkey.loginWithPasskey();
  say("You are signed in.");
});

run(at("register"), "submit", async ({ elements }) => {
  const waiting = await latchkey.register({ username: elements.username.value, password: elements.password.value });
  await signedIn(waiting, "Your account is there, and you are signed in.");
});

run(at("password"), "submit", async (form) => {
  const [current, next] = ["current_password", "password"].map((name) => form.elements[name].value);
  const change = () => latchkey.changePassword(current, next).then(() => true);
  if (await factors.fresh(change)) {
    form.reset();
    form.elements.username.value = account.username ?? account.email;
    await showSessions();
    say("The password is changed. Every other session has ended.");
  }
});

run(at("protected"), "click", async () => {
  const { message } = await latchkey.request("GET", "/protected");
  say(message);
});

run(at("refresh"), "click", async () => {
  await latchkey.refresh();
  say("The tokens are new.");
});

run(at("logout"), "click", () => latchkey.logout());

for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => {
    forgetMessages();
    showForm(button.dataset.show);
  });
}

latchkey.addEventListener("answer", ({ detail: { method, path, status } }) => {
  const item = document.createElement("li");
  const answer = document.createElement("b");
  answer.textContent = status || "no answer";
  answer.className = status >= 200 && status < 300 ? "good" : "bad";
  item.append(`${method} ${path}`, answer);
  at("requests").prepend(item);
});

latchkey.addEventListener("change", () => show().catch(showError));
at("api").textContent = api;
at("or-passkey").hidden = !hasPasskeys;
await show().catch(showError);
