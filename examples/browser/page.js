// This page: what is shown when. The signing in is in latchkey.js.

import { ApiError, Latchkey } from "./latchkey.js";

const at = (id) => document.getElementById(id);
const api = document.querySelector("meta[name=latchkey-api]").content;
const latchkey = await Latchkey.open(api);

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
  at("since").textContent = time(shown);
  await showAccount();
}

async function showAccount() {
  account = await latchkey.request("GET", "/me");
  const name = account.username ?? account.email;
  at("account-name").textContent = name;
  at("account-id").textContent = account.id;
  at("password").elements.username.value = name;
  at("account-name").focus();
  await showSessions();
}

async function showSessions() {
  const { sessions } = await latchkey.request("GET", "/me/sessions");
  at("sessions").replaceChildren(...sessions.map(row));
}

function row(session) {
  const item = document.createElement("li");
  const text = document.createElement("div");
  text.append(paragraph(agent(session.agent), "agent"));
  text.append(paragraph(`${session.address ?? "unknown address"}, last used ${time(session.last_used_at * 1000)}`, "hint"));
  item.append(text);
  if (session.current) {
    item.append(paragraph("this one", "badge"));
  } else {
    item.append(endButton(session));
  }
  return item;
}

function endButton(session) {
  const button = document.createElement("button");
  button.className = "quiet";
  button.textContent = "End";
  button.setAttribute("aria-label", `End the session of ${agent(session.agent)}, ${time(session.last_used_at * 1000)}`);
  run(button, "click", async () => {
    await latchkey.request("DELETE", `/me/sessions/${session.id}`);
    await showSessions();
    say("The session has ended.");
  });
  return button;
}

/** The name of the browser, the last one that an agent calls itself by. */
function agent(text) {
  const names = text?.match(/(Edg|OPR|Firefox|HeadlessChrome|Chrome|Safari)(?=\/)/g) ?? [];
  return { Edg: "Edge", OPR: "Opera", HeadlessChrome: "Chrome" }[names[0]] ?? names[0] ?? text ?? "unknown";
}

function paragraph(text, kind) {
  const element = document.createElement("p");
  element.className = kind;
  element.textContent = text;
  return element;
}

function time(milliseconds) {
  return new Date(milliseconds).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

function showForm(name) {
  for (const form of ["login", "register"]) {
    at(form).hidden = form !== name;
  }
  at(name).elements.username.focus();
}

function say(text) {
  at("status").textContent = text;
}

function showError(error, form) {
  if (!(error instanceof ApiError)) {
    throw error;
  }
  say("");
  at("error").replaceChildren(paragraph(error.message, "what"));
  if (error.status > 0) {
    const request = error.requestId && `request ${error.requestId}`;
    at("error").append(paragraph([`HTTP ${error.status}`, error.code, request].filter(Boolean).join(" · "), "hint"));
  }
  for (const [field, detail] of Object.entries(error.fields)) {
    const input = form?.elements[field];
    if (input) {
      showFieldError(input, detail);
    }
  }
  form?.querySelector("[aria-invalid]")?.focus();
}

function showFieldError(input, detail) {
  const text = paragraph(`${input.labels[0].textContent} ${detail}.`, "field-error");
  text.id = `${input.id}-error`;
  input.after(text);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-errormessage", text.id);
}

function forgetMessages() {
  say("");
  at("error").replaceChildren();
  for (const text of document.querySelectorAll(".field-error")) {
    text.remove();
  }
  for (const input of document.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  }
}

/** Does something when asked to, one at a time, and shows how it fails. */
function run(element, event, work) {
  element.addEventListener(event, async (asked) => {
    asked.preventDefault();
    if (element.ariaBusy === "true") {
      return;
    }
    element.ariaBusy = "true";
    forgetMessages();
    try {
      await work(element);
    } catch (error) {
      showError(error, element.elements && element);
    } finally {
      element.ariaBusy = null;
    }
  });
}

run(at("login"), "submit", async ({ elements }) => {
  await latchkey.login({ username: elements.username.value, password: elements.password.value });
  say("You are signed in.");
});

run(at("register"), "submit", async ({ elements }) => {
  await latchkey.register({ username: elements.username.value, password: elements.password.value });
  say("Your account is there, and you are signed in.");
});

run(at("password"), "submit", async (form) => {
  await latchkey.changePassword(form.elements.current_password.value, form.elements.password.value);
  form.reset();
  form.elements.username.value = account.username ?? account.email;
  await showSessions();
  say("The password is changed. Every other session has ended.");
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
await show().catch(showError);
