// Signs people in with Latchkey from a page. Needs nothing else; copy it.
//
// The tokens are in memory and nowhere else. All tabs of this origin that are open share one session: a new tab gets the
// tokens from the others, one tab at a time refreshes, and what it gets it hands to the rest.

/** Of the API's `RefreshGrace` of 10 s, in which a refresh may be sent again: two tries of this fit into it. */
const REFRESH_TIMEOUT = 4_000;

/** The API itself gives up after 10 s. */
const TIMEOUT = 15_000;

/** How long the other tabs may take to answer, in milliseconds. */
const TABS_TIMEOUT = 200;

/** An access token that ends within this time is not sent any more, in milliseconds. */
const EXPIRES_SOON = 10_000;

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

  /** Creates an account of `username`, `email` or both, and `password`, and signs it in. */
  async register(account) {
    this.#begin(await this.#send("POST", "/register", account));
  }

  /** Signs in, with `username` or `email`, and `password`. */
  async login(credentials) {
    const device_token = deviceToken();
    this.#begin(await this.#send("POST", "/login", { ...credentials, device_token }));
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

  /** Sends a request with the access token, and gives back the JSON of the answer. */
  request(method, path, body) {
    return this.#withToken((token) => this.#send(method, path, body, token));
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
    const send = () => this.#send("POST", "/refresh", { refresh_token }, null, REFRESH_TIMEOUT);
    try {
      return await send();
    } catch (error) {
      if (error.status > 0 && error.status < 500) {
        throw error;
      }
      return send();
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

  async #send(method, path, body, token, timeout = TIMEOUT) {
    const headers = new Headers();
    if (token) {
      headers.set("Authorization", `Bearer ${token}`);
    }
    if (body) {
      headers.set("Content-Type", "application/json");
    }
    let answer;
    let text;
    try {
      answer = await fetch(this.#api + path, {
        method,
        headers,
        body: body && JSON.stringify(body),
        // The API knows no cookies.
        credentials: "omit",
        signal: AbortSignal.timeout(timeout),
      });
      text = await answer.text();
    } catch (error) {
      this.#report(method, path, 0);
      throw ApiError.unanswered(this.#api, error);
    }
    this.#report(method, path, answer.status);
    if (!answer.ok) {
      throw ApiError.answered(answer, text);
    }
    return text ? JSON.parse(text) : null;
  }

  #report(method, path, status) {
    this.dispatchEvent(new CustomEvent("answer", { detail: { method, path, status } }));
  }

  #begin(answer) {
    this.#set(tokens(answer), Date.now());
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

/** Why a request has failed. The message is for people. */
export class ApiError extends Error {
  /** The HTTP status, or 0 where there was no answer that the browser lets the page see. */
  status;
  /** The code of OAuth, such as `invalid_token`. */
  code;
  /** What is wrong with each field, by its name. */
  fields = {};
  /** How many seconds to wait before the next try. */
  retryAfter = null;
  /** The id of the request, as the API's log has it. */
  requestId = null;

  constructor(status, message) {
    super(message);
    this.status = status;
  }

  static answered(answer, text) {
    const body = parsed(text);
    // Problems (RFC 9457) are the functions', `message` is API Gateway's own.
    const error = new ApiError(answer.status, body.detail ?? body.message ?? `The API answered ${answer.status}.`);
    error.code = body.error;
    error.fields = Object.fromEntries((body.errors ?? []).map(({ field, detail }) => [field, detail]));
    error.retryAfter = Number(answer.headers.get("Retry-After")) || null;
    if (answer.status === 429 && error.retryAfter) {
      error.message = `Too many attempts. Try again in ${error.retryAfter} s.`;
    }
    error.requestId = body.instance ?? null;
    return error;
  }

  static unanswered(api, cause) {
    const why =
      cause.name === "TimeoutError"
        ? "It took too long."
        : `It cannot be reached, or it does not allow pages of ${location.origin}.`;
    return new ApiError(0, `No answer from ${new URL(api).origin}. ${why}`);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function tokens({ access_token, refresh_token, expires_in }) {
  return { access: access_token, refresh: refresh_token, expires: Date.now() + expires_in * 1000 };
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
