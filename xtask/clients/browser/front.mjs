// The server in front of the API where a browser looks for its issuer: it has TLS, and forwards every request.

import { once } from "node:events";
import { request } from "node:http";
import { createServer } from "node:https";

/** Serves the API at a port of its own, until the server is closed. `requests` counts what came. */
export async function stand(api, { key, cert }) {
  const target = new URL(api);
  const front = { requests: 0 };
  front.server = createServer({ key, cert }, (incoming, outgoing) => {
    front.requests += 1;
    const forwarded = request(
      {
        host: target.hostname,
        port: target.port,
        path: target.pathname + incoming.url,
        method: incoming.method,
        headers: { ...incoming.headers, host: target.host },
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.on("error", (error) => outgoing.destroy(error));
    incoming.pipe(forwarded);
  });
  front.server.listen(0, "127.0.0.1");
  await once(front.server, "listening");
  front.port = front.server.address().port;
  return front;
}
