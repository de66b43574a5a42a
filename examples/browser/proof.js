// The dialog of this page that asks for a proof: the second step of a sign-in, or for what takes a fresh one.

import { at, forgetMessages, run } from "./forms.js";

/** How a proof is made of each form. */
const forms = {
  "prove-totp": ({ code }) => ({ code: code.value }),
  "prove-recovery-code": ({ recovery_code }) => ({ recovery_code: recovery_code.value }),
  "prove-password": ({ password }) => ({ password: password.value }),
  "prove-passkey": null,
};

const dialog = at("proof");

/** What is asked for: `send` takes a proof, `passkey` makes one. */
let asked;

/**
 * Asks for a proof of one of the `methods`, until `send` takes one. False if it was cancelled.
 *
 * An error for which `isOver` is true ends the dialog, and is thrown.
 */
export function prove({ title, why, methods, name = "", passkey, send, isOver = () => false }) {
  at("proof-title").textContent = title;
  at("proof-why").textContent = why;
  at("prove-password").elements.username.value = name;
  for (const part of dialog.querySelectorAll("[data-method]")) {
    part.hidden = !methods.includes(part.dataset.method);
  }
  at("prove-recovery").open = methods.every((method) => method === "recovery_code");
  dialog.showModal();
  dialog.querySelector("[data-method]:not([hidden]) :is(input:not([hidden]), button)")?.focus();
  return new Promise((resolve, reject) => {
    asked = { passkey, send, isOver, resolve, reject };
  });
}

function close(settle, outcome) {
  forgetMessages();
  for (const form of dialog.querySelectorAll("form")) {
    form.reset();
  }
  const settled = asked;
  asked = null;
  dialog.close();
  settled?.[settle](outcome);
}

for (const [id, proofOf] of Object.entries(forms)) {
  run(at(id), "submit", async ({ elements }) => {
    const { passkey, send, isOver } = asked;
    try {
      await send(proofOf ? proofOf(elements) : { passkey: await passkey() });
    } catch (error) {
      if (!isOver(error)) {
        throw error;
      }
      close("reject", error);
      return;
    }
    close("resolve", true);
  });
}

at("proof-cancel").addEventListener("click", () => close("resolve", false));
// The Escape key, and the gesture of a telephone.
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  close("resolve", false);
});
