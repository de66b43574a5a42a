// Requests to the API, and how they fail.

/** The API itself gives up after 10 s. */
const TIMEOUT = 15_000;

/** Sends a request, and gives back the JSON of the answer. `report` gets the status, or 0 where there was no answer. */
export async function send(api, { method, path, body, token, timeout = TIMEOUT }, report) {
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
    answer = await fetch(api + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      // The API knows no cookies.
      credentials: "omit",
      signal: AbortSignal.timeout(timeout),
    });
    text = await answer.text();
  } catch (error) {
    report(0);
    throw ApiError.unanswered(api, path, error);
  }
  report(answer.status);
  if (!answer.ok) {
    throw ApiError.answered(path, answer, text);
  }
  return text ? JSON.parse(text) : null;
}

/** Why a request has failed. The message is for people. */
export class ApiError extends Error {
  /** The HTTP status, or 0 where there was no answer that the browser lets the page see. */
  status;
  /** The code of OAuth, such as `invalid_token`. */
  code;
  /** The path of the request. */
  path;
  /** All that the API said (RFC 9457). */
  problem = {};
  /** What is wrong with each field, by its name. */
  fields = {};
  /** How many seconds to wait before the next try. */
  retryAfter = null;
  /** The id of the request, as the API's log has it. */
  requestId = null;

  constructor(status, message, path = null) {
    super(message);
    this.status = status;
    this.path = path;
  }

  static answered(path, answer, text) {
    const body = parsed(text);
    // Problems (RFC 9457) are the functions', `message` is API Gateway's own.
    const detail = body.detail ?? body.message ?? `The API answered ${answer.status}.`;
    const error = new ApiError(answer.status, detail, path);
    error.problem = body;
    error.code = body.error;
    error.fields = Object.fromEntries((body.errors ?? []).map(({ field, detail }) => [field, detail]));
    error.retryAfter = Number(answer.headers.get("Retry-After")) || null;
    if (answer.status === 429 && error.retryAfter) {
      error.message = `Too many attempts. Try again in ${error.retryAfter} s.`;
    }
    error.requestId = body.instance ?? null;
    return error;
  }

  static unanswered(api, path, cause) {
    const why =
      cause.name === "TimeoutError"
        ? "It took too long."
        : `It cannot be reached, or it does not allow pages of ${location.origin}.`;
    return new ApiError(0, `No answer from ${new URL(api).origin}. ${why}`, path);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
