// Signs people in with Latchkey from a page. Needs nothing but api.js and passkeys.js; copy all three.
//
// The tokens are in memory and nowhere else. All tabs of this origin that are open share one session: a new tab gets the
// tokens from the others, one tab at a time refreshes, and what it gets it hands to the rest.

import { ApiError, send } from "./api.js";
import { choosePasskey, forgetPasskey, isVisible, makePasskey, showPasskey, startAutofill } from "./passkeys.js";

/** Of the API's `RefreshGrace` of 10 s, in which a refresh may be sent again: two tries of this fit into it. */
const REFRESH_TIMEOUT = 4_000;

/** How long the other tabs may take to answer, in milliseconds. */
const TABS_TIMEOUT = 200;

/** An access token that ends within this time is not sent any more, in milliseconds. */
const EXPIRES_SOON = 10_000;

/** How long the browser may offer passkeys with one challenge, in milliseconds. The API's challenges end after five minutes. */
const CHALLENGE_LASTS = 240_000;

/** Where the device token is kept, see `keepDeviceToken`. */
const DEVICE_TOKEN = "latchkey.device_token";

/**
 * Events: `change`, when somebody has signed in or out or the tokens are new, in this tab or another; `answer`, after
 * each request, with its `method`, `path` and `status` as `detail`.
 */
export class Latchkey extends EventTarget {
  #api;
  #tabs;
  /** `at` orders the states of all tabs: the newest counts. */
  #state = { at: 0, since: null, tokens: null };

  /** Signed in already, if another tab is. `api` is the URL of the API, without a slash at its end. */
  static async open(api) {
    const latchkey = new Latchkey(api);
    await latchkey.#askTabs();
    return latchkey;
  }

  constructor(api) {
    super();
    this.#api = api;
    this.#tabs = new BroadcastChannel(this.#name);
    this.#tabs.addEventListener("message", ({ data }) => {
      if (!data.ask) {
        this.#adopt(data);
      } else if (this.#state.at > 0) {
        this.#tabs.postMessage(this.#state);
      }
    });
  }

  /** When the session began, in milliseconds; null when nobody is signed in. */
  get since() {
    return this.#state.since;
  }

  /** When the access token ends, in milliseconds; null when nobody is signed in. */
  get expires() {
    return this.#state.tokens?.expires ?? null;
  }

  /**
   * Creates an account of `username`, `email` or both, and `password`, and signs it in. Gives back null, or the sign-in that
   * waits, as `login` does.
   */
  register(account) {
    return this.#beginOrWait("/register", account);
  }

  /**
   * Signs in, with `username` or `email`, and `password`. Gives back null, or, where a password is not enough, the sign-in that
   * waits: for a proof of its `methods`, see `finish`, or, where there are none, for the account to get its first.
   */
  login(credentials) {
    return this.#beginOrWait("/login", { ...credentials, device_token: deviceToken() });
  }

  /** Ends the wait of a sign-in by a proof: `code` of an app, `recovery_code`, or `passkey` as `passkeyFor` gives it. */
  async finish({ mfa_token }, proof) {
    this.#begin(await this.#send("POST", "/login/mfa", { mfa_token, ...proof }));
  }

  /** Signs in with a passkey alone. */
  async loginWithPasskey() {
    const options = await this.#passkeyOptions();
    await this.#loginWith(options, await showPasskey(options));
  }

  /** Signs in with the passkey that somebody chooses in a field with `autocomplete="username webauthn"`, until `stopAutofill`. */
  async loginByAutofill() {
    const stopped = startAutofill();
    while (!stopped.aborted) {
      await isVisible();
      const options = await this.#passkeyOptions();
      const signal = AbortSignal.any([stopped, AbortSignal.timeout(CHALLENGE_LASTS)]);
      const credential = await choosePasskey(options, signal);
      if (credential) {
        return this.#loginWith(options, credential);
      }
    }
  }

  /** Proves anew whose session it is, by a proof as in `finish`, for what takes a fresh sign-in. */
  stepUp(proof) {
    return this.#withToken(async (token) => {
      const { access_token, expires_in } = await this.#send("POST", "/step-up", proof, token);
      // The refresh token stays as it is, and another tab may have got the next one meanwhile.
      await this.#alone(() => this.#set({ ...this.#tokens(), ...access(access_token, expires_in) }, this.#state.since));
    });
  }

  /** A passkey as the proof of a sign-in that waits, or without one, of the session. */
  async passkeyFor(waiting) {
    return showPasskey(waiting?.passkey ?? (await this.#passkeyOptions()));
  }

  /** Adds a passkey to the account. */
  async addPasskey(name, waiting) {
    const options = await this.request("POST", "/me/passkeys/options", undefined, waiting);
    const credential = await makePasskey(options);
    return this.request("POST", "/me/passkeys", { credential, name }, waiting);
  }

  /** Ends the session. Where the API cannot be told, the tokens are forgotten all the same. */
  async logout() {
    await this.#alone(async () => {
      const refresh_token = this.#state.tokens?.refresh;
      if (!refresh_token) {
        return;
      }
      try {
        await this.#send("POST", "/logout", { refresh_token });
        keepDeviceToken(refresh_token);
      } finally {
        this.#set(null, null);
      }
    });
  }

  /** Sets a new password, which ends every other session and brings this one new tokens. */
  async changePassword(current_password, password) {
    const body = { current_password, password };
    // Alone, since the refresh token that another tab might send meanwhile is dead afterwards.
    await this.#withToken((token) =>
      this.#alone(async () => this.#continue(await this.#send("PUT", "/me/password", body, token))),
    );
  }

  /** Sends a request with the access token, or with that of a sign-in that waits, and gives back the JSON of the answer. */
  request(method, path, body, waiting) {
    return waiting
      ? this.#send(method, path, body, waiting.mfa_token)
      : this.#withToken((token) => this.#send(method, path, body, token));
  }

  /** An access token that lasts for a while, for an API of your own: `Authorization: Bearer` and this. */
  async token() {
    const { access, expires } = this.#tokens();
    if (Date.now() > expires - EXPIRES_SOON) {
      await this.refresh(access);
    }
    return this.#tokens().access;
  }

  /** Gets new tokens, unless another call or tab has got them since `used` was the access token. */
  refresh(used = this.#tokens().access) {
    return this.#alone(async () => {
      if (this.#state.tokens?.access === used) {
        // The others may know newer ones: this tab may have slept, and a refresh token that was used before ends the
        // session.
        await this.#askTabs();
      }
      if (this.#state.tokens?.access === used) {
        await this.#exchange(this.#state.tokens.refresh);
      }
    });
  }

  async #beginOrWait(path, body) {
    try {
      const answer = await this.#send("POST", path, body);
      if (answer.mfa_token) {
        return answer;
      }
      this.#begin(answer);
      return null;
    } catch (error) {
      if (error.code !== "mfa_required") {
        throw error;
      }
      return error.problem;
    }
  }

  #passkeyOptions() {
    return this.#send("POST", "/login/passkey/options");
  }

  async #loginWith(options, credential) {
    try {
      this.#begin(await this.#send("POST", "/login/passkey", { credential }));
    } catch (error) {
      if (error.code === "unknown_credential") {
        await forgetPasskey(options, credential.id);
      }
      throw error;
    }
  }

  async #exchange(refresh_token) {
    try {
      this.#continue(await this.#sendRefresh(refresh_token));
    } catch (error) {
      if (error.status === 401) {
        this.#set(null, null);
        error.message = "The session has ended. Sign in again.";
      }
      throw error;
    }
  }

  /** The second try gets what the first one got, if only the answer was lost. */
  async #sendRefresh(refresh_token) {
    const refresh = () => this.#send("POST", "/refresh", { refresh_token }, null, REFRESH_TIMEOUT);
    try {
      return await refresh();
    } catch (error) {
      if (error.status > 0 && error.status < 500) {
        throw error;
      }
      return refresh();
    }
  }

  /** Once more with the next access token, where the first is refused. */
  async #withToken(use) {
    const token = await this.token();
    try {
      return await use(token);
    } catch (error) {
      // Another 401 asks for the password, and no new token helps.
      if (error.code !== "invalid_token") {
        throw error;
      }
    }
    await this.refresh(token);
    return use(await this.token());
  }

  #send(method, path, body, token, timeout) {
    const report = (status) => this.dispatchEvent(new CustomEvent("answer", { detail: { method, path, status } }));
    return send(this.#api, { method, path, body, token, timeout }, report);
  }

  #begin(answer) {
    const before = this.#state.tokens?.refresh;
    this.#set(tokens(answer), Date.now());
    if (before) {
      // The session that this one replaces. Where the API cannot be told, it ends by itself.
      this.#send("POST", "/logout", { refresh_token: before }).catch(() => {});
    }
  }

  #continue(answer) {
    this.#set(tokens(answer), this.#state.since);
  }

  #set(tokens, since) {
    const at = Math.max(Date.now(), this.#state.at + 1);
    this.#adopt({ at, since, tokens });
    this.#tabs.postMessage(this.#state);
  }

  #adopt(state) {
    if (state.at > this.#state.at) {
      this.#state = state;
      this.dispatchEvent(new Event("change"));
    }
  }

  #tokens() {
    if (!this.#state.tokens) {
      throw new ApiError(401, "Nobody is signed in.");
    }
    return this.#state.tokens;
  }

  /** Comes back with the first news, or without any. */
  #askTabs() {
    return new Promise((resolve) => {
      this.addEventListener("change", resolve, { once: true });
      setTimeout(resolve, TABS_TIMEOUT);
      this.#tabs.postMessage({ ask: true });
    });
  }

  /** One call at a time, in all tabs. */
  #alone(work) {
    return navigator.locks.request(this.#name, work);
  }

  get #name() {
    return `latchkey ${this.#api}`;
  }
}

function tokens({ access_token, refresh_token, expires_in }) {
  return { refresh: refresh_token, ...access(access_token, expires_in) };
}

function access(token, lifetime) {
  return { access: token, expires: Date.now() + lifetime * 1000 };
}

/**
 * A refresh token of a session that is over opens nothing. Sent with the next login of the same account it shows that
 * this device is known, so that strangers who guess at the password cannot use up its attempts.
 */
function keepDeviceToken(token) {
  try {
    localStorage.setItem(DEVICE_TOKEN, token);
  } catch {
    // Where storage is blocked, the next login goes without.
  }
}

function deviceToken() {
  try {
    return localStorage.getItem(DEVICE_TOKEN);
  } catch {
    return null;
  }
}
