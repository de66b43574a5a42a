// The inbox of the local stack, and requests as a stranger may make them.

import assert from "node:assert/strict";
import { request } from "node:http";

/** The newest mail to an address, with a link to a page or without; it may have yet to come. */
export async function newest(inbox, to, page) {
  const query = new URLSearchParams(page ? { to, page } : { to });
  const answer = await fetch(`${inbox}/newest?${query}`);
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

/** The headers by which a stranger might pass for another host or another page. */
export const forged = {
  Host: "evil.example",
  "X-Forwarded-Host": "evil.example",
  "X-Forwarded-Proto": "http",
  "X-Forwarded-For": "192.0.2.66",
  Forwarded: "for=192.0.2.66;host=evil.example;proto=http",
  Origin: "https://evil.example",
  Referer: "https://evil.example/page",
};

/** An answer, to a request whose headers are these and no others. */
export function ask(method, url, headers = {}, body = "") {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...headers, "Content-Length": Buffer.byteLength(body) } }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString() });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** An answer without what differs from request to request. */
export function lasting({ status, headers, body }) {
  const { date, "apigw-requestid": id, ...others } = headers;
  assert(date && id, JSON.stringify(headers));
  return { status, headers: others, body };
}
