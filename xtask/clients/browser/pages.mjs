// The files of a directory, as a web server hands them out: the page's own API replaced by the one that is tested.

import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const types = { html: "text/html", js: "text/javascript", css: "text/css" };

/** The API that the page is written for. */
const shown = "http://localhost:9000";

function read(directory, name, api) {
  const text = readFileSync(join(directory, name), "utf8");
  if (name !== "index.html") {
    return text;
  }
  const policy = `connect-src ${shown};`;
  const url = `name="latchkey-api" content="${shown}"`;
  assert(text.includes(policy) && text.includes(url), "the page does not name its API as expected");
  return text
    .replace(policy, `connect-src ${new URL(api).origin};`)
    .replace(url, `name="latchkey-api" content="${api.replaceAll("$", "$$$$")}"`);
}

/** Serves the pages at an origin of this machine, until the server is closed, and `more` files by their names. */
export async function serve(directory, origin, api, more = {}) {
  const server = createServer((request, response) => {
    const name = request.url === "/" ? "index.html" : request.url.slice(1);
    const type = types[name.split(".").at(-1)];
    if (!type || name.includes("/")) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("Content-Type", `${type}; charset=utf-8`);
    response.end(more[name] ?? read(directory, name, api));
  });
  server.listen(Number(new URL(origin).port), "127.0.0.1");
  await once(server, "listening");
  return server;
}
