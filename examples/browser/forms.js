// Forms and messages of this page.

import { ApiError } from "./api.js";
import { PasskeyError } from "./passkeys.js";

export const at = (id) => document.getElementById(id);

export function paragraph(text, kind) {
  const element = document.createElement("p");
  element.className = kind;
  element.textContent = text;
  return element;
}

export function button(text, label, work) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "quiet";
  element.textContent = text;
  element.setAttribute("aria-label", label);
  run(element, "click", work);
  return element;
}

/** An entry of a list: what it is, more about it, and what can be done. */
export function row(title, hint, ...more) {
  const item = document.createElement("li");
  const text = document.createElement("div");
  text.append(paragraph(title, "title"), paragraph(hint, "hint"));
  item.append(text, ...more);
  return item;
}

export function time(milliseconds) {
  return new Date(milliseconds).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

export function say(text) {
  at("status").textContent = text;
}

/** Shows an error where its message belongs: above the page, or in the dialog that is open. */
export function showError(error, form) {
  if (!(error instanceof ApiError || error instanceof PasskeyError)) {
    throw error;
  }
  say("");
  const place = at(at("proof").open ? "proof-error" : "error");
  place.replaceChildren(paragraph(error.message, "what"));
  if (error.status > 0) {
    const request = error.requestId && `request ${error.requestId}`;
    place.append(paragraph([`HTTP ${error.status}`, error.code, request].filter(Boolean).join(" · "), "hint"));
  }
  for (const [field, detail] of Object.entries(error.fields ?? {})) {
    const input = form?.elements[field];
    if (input) {
      showFieldError(input, detail);
    }
  }
  if (error.code === "invalid_code") {
    const input = form?.elements.code ?? form?.elements.recovery_code;
    input?.setAttribute("aria-invalid", "true");
    input?.setAttribute("aria-errormessage", place.id);
    input?.select();
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

export function forgetMessages() {
  say("");
  at("error").replaceChildren();
  at("proof-error").replaceChildren();
  for (const text of document.querySelectorAll(".field-error")) {
    text.remove();
  }
  for (const input of document.querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  }
}

/** Does something when asked to, one at a time, and shows how it fails. */
export function run(element, event, work) {
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
