// The part of this page about second factors: enrolling, recovery codes, passkeys, and the proofs that they are for.

import { at, button, row, run, say, time } from "./forms.js";
import { hasPasskeys, keepPasskeys } from "./passkeys.js";
import { prove } from "./proof.js";

export class Factors {
  #latchkey;
  /** The name of the account that is signed in. */
  name = "";
  /** The sign-in that waits for the first factor of its account; null where somebody is signed in. */
  #waiting = null;
  #startOver;

  /** `startOver` shows the form to sign in. */
  constructor(latchkey, startOver) {
    this.#latchkey = latchkey;
    this.#startOver = startOver;
    run(at("confirm-totp"), "submit", (form) => this.#confirmTotp(form));
    run(at("cancel-setup"), "click", () => this.#hideSetup());
    run(at("add-passkey"), "submit", (form) => this.#addPasskey(form));
    run(at("first-totp"), "click", () => this.#setUpTotp());
    run(at("first-passkey"), "click", () => this.#enrolPasskey("First passkey"));
    run(at("copy"), "click", async () => {
      await navigator.clipboard.writeText(at("recovery-codes").innerText);
      say("The recovery codes are copied.");
    });
    run(at("kept"), "click", () => this.#codesAreKept());
  }

  /** Goes on with a sign-in that waits: by a second factor, or by enrolling the first. */
  async goOn(waiting) {
    if (waiting.methods.length === 0) {
      this.#waiting = waiting;
      at("login").hidden = at("register").hidden = true;
      at("first-factor").hidden = false;
      at("first-passkey").hidden = !hasPasskeys;
      at("first-factor").querySelector("h2").focus();
      return;
    }
    let isSignedIn = false;
    try {
      isSignedIn = await prove({
        title: "One more step",
        why: "The password is right. This account asks for a second factor.",
        methods: waiting.methods.filter((method) => method !== "passkey" || hasPasskeys),
        passkey: () => this.#latchkey.passkeyFor(waiting),
        send: (proof) => this.#latchkey.finish(waiting, proof),
        // The wait is over. Only the password begins another.
        isOver: ({ code }) => code === "invalid_grant",
      });
    } finally {
      if (!isSignedIn) {
        this.#startOver();
      }
    }
    if (isSignedIn) {
      say("You are signed in.");
    }
  }

  /** Does something, after a new proof where the API asks for a fresh sign-in. */
  async fresh(work) {
    try {
      return await work();
    } catch (error) {
      if (error.code !== "insufficient_user_authentication") {
        throw error;
      }
    }
    return (await this.#stepUp()) ? work() : undefined;
  }

  async #stepUp() {
    const { totp, passkeys, recovery_codes_left } = await this.#latchkey.request("GET", "/me/factors");
    const methods = {
      totp: Boolean(totp),
      passkey: hasPasskeys && passkeys.length > 0,
      recovery_code: recovery_codes_left > 0,
      password: !totp && passkeys.length === 0,
    };
    return prove({
      title: "Is it still you?",
      why: "This takes a fresh proof of who you are.",
      methods: Object.keys(methods).filter((method) => methods[method]),
      name: this.name,
      passkey: () => this.#latchkey.passkeyFor(),
      send: (proof) => (proof.password ? this.#logInAnew(proof.password) : this.#latchkey.stepUp(proof)),
    });
  }

  /** `POST /step-up` takes no password: who has nothing else signs in again. */
  async #logInAnew(password) {
    const name = this.name.includes("@") ? { email: this.name } : { username: this.name };
    await this.#latchkey.login({ ...name, password });
  }

  /** Shows what the account has. */
  async show() {
    const factors = await this.#latchkey.request("GET", "/me/factors");
    const rows = [this.#totpRow(factors)];
    if (factors.totp || factors.passkeys.length > 0) {
      rows.push(this.#codesRow(factors));
    }
    rows.push(...factors.passkeys.map((passkey) => this.#passkeyRow(passkey)));
    if (factors.passkeys.length > 0 && !factors.totp) {
      rows.push(this.#ruleRow(factors));
    }
    at("factors").replaceChildren(...rows);
    at("add-passkey").hidden = !(hasPasskeys && factors.rp_id);
    return factors;
  }

  #totpRow({ totp }) {
    const title = "Authenticator app";
    if (!totp) {
      const setUp = button("Set up", "Set up an authenticator app", () => this.#setUpTotp());
      return row(title, "Off. A code from an app, after the password.", setUp);
    }
    const remove = button("Remove", "Remove the authenticator app", () =>
      this.#change("DELETE", "/me/totp", "The authenticator app is removed."),
    );
    const state = totp.locked ? "Locked, after too many wrong codes." : `On since ${time(totp.added_at * 1000)}.`;
    return row(title, state, remove);
  }

  #codesRow({ recovery_codes_left }) {
    const left = recovery_codes_left === 1 ? "1 is left." : `${recovery_codes_left} are left.`;
    const renew = button("Make new", "Make new recovery codes", async () => {
      const { recovery_codes } = (await this.#ask("POST", "/me/recovery-codes")) ?? {};
      this.#showCodes(recovery_codes);
    });
    return row("Recovery codes", left, renew);
  }

  #passkeyRow({ id, name, added_at, last_used_at }) {
    const used = last_used_at ? `last used ${time(last_used_at * 1000)}` : "not used yet";
    const remove = button("Remove", `Remove the passkey ${name}`, async () => {
      const factors = await this.#change("DELETE", `/me/passkeys/${id}`, "The passkey is removed.");
      if (factors) {
        await keepPasskeys(factors);
      }
    });
    return row(name, `Passkey, added ${time(added_at * 1000)}, ${used}.`, remove);
  }

  #ruleRow({ second_factor }) {
    const [alone, together] = ["signs in alone", "asks for a passkey as well"];
    const rules = {
      optional: [alone, "Ask for a passkey", "Ask for a passkey after the password", "required", together],
      required: [together, "Ask no more", "Ask no more for a passkey after the password", "optional", alone],
    };
    const [rule, action, label, next, nextRule] = rules[second_factor];
    const change = () => this.#change("PATCH", "/me", `The password ${nextRule}.`, { second_factor: next });
    return row("Password", `It ${rule}.`, button(action, label, change));
  }

  /** Gives back what the account has afterwards, or nothing if the proof was cancelled. */
  async #change(method, path, done, body) {
    if ((await this.#ask(method, path, body)) === undefined) {
      return undefined;
    }
    const factors = await this.show();
    // The button that was pressed is gone.
    at("factors-title").focus();
    say(done);
    return factors;
  }

  /** A request that takes a fresh sign-in, or that of a sign-in which waits. Undefined if the proof was cancelled. */
  #ask(method, path, body) {
    const send = () => this.#latchkey.request(method, path, body, this.#waiting);
    return this.#waiting ? send() : this.fresh(send);
  }

  async #setUpTotp() {
    const totp = await this.#ask("POST", "/me/totp");
    if (!totp) {
      return;
    }
    at("qr-code").src = `data:image/svg+xml,${encodeURIComponent(totp.qr_code)}`;
    at("otpauth").href = totp.otpauth_uri;
    at("secret").textContent = totp.secret.match(/.{1,4}/g).join(" ");
    at("confirm-totp").reset();
    at("setup").hidden = false;
    at("setup-title").focus();
  }

  #hideSetup() {
    at("setup").hidden = true;
    at("qr-code").removeAttribute("src");
    at("otpauth").removeAttribute("href");
    at("secret").textContent = "";
  }

  async #confirmTotp({ elements }) {
    const answer = await this.#ask("PUT", "/me/totp", { code: elements.code.value });
    if (answer) {
      this.#hideSetup();
      await this.#isEnrolled(answer, "The authenticator app is on. Every other session has ended.");
    }
  }

  async #addPasskey(form) {
    if (await this.#enrolPasskey(form.elements.name.value)) {
      form.reset();
    }
  }

  async #enrolPasskey(name) {
    const add = () => this.#latchkey.addPasskey(name, this.#waiting);
    const answer = await (this.#waiting ? add() : this.fresh(add));
    if (answer) {
      await this.#isEnrolled(answer, "The passkey is added.");
    }
    return answer;
  }

  async #isEnrolled(answer, done) {
    // Before anything can fail: they are never shown again.
    this.#showCodes(answer.recovery_codes);
    if (this.#waiting) {
      this.#waiting = answer;
    } else {
      // So that other APIs, too, see in the next access token what this session has shown.
      await this.#latchkey.refresh();
      await this.show();
    }
    say(done);
  }

  #showCodes(codes) {
    if (!codes) {
      return;
    }
    at("recovery-codes").replaceChildren(
      ...codes.map((code) => {
        const item = document.createElement("li");
        item.textContent = code;
        return item;
      }),
    );
    at("first-factor").hidden = true;
    at("codes").hidden = false;
    at("codes-title").focus();
  }

  async #codesAreKept() {
    at("codes").hidden = true;
    at("recovery-codes").replaceChildren();
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) {
      await this.goOn(waiting);
    } else {
      await this.show();
      at("factors-title").focus();
    }
  }

  /** Leaves nothing of one account for the next. */
  forget() {
    this.#waiting = null;
    this.#hideSetup();
    at("codes").hidden = true;
    at("first-factor").hidden = true;
    at("recovery-codes").replaceChildren();
    at("factors").replaceChildren();
  }
}
