"""Shows that the API answers nobody who does not come through the edge, and tells apart those who do.

The edge is a proxy that stands in front as CloudFront does: whatever its viewer sends, the API gets the secret of the edge
and the viewer's address with a port.
"""

import http.client
import http.server
import json
import sys
import threading
import urllib.parse
from contextlib import contextmanager

SECRET = "x-latchkey-edge"
ADDRESS = "x-latchkey-client-address"
# https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
HOP_BY_HOP = {"connection", "host", "content-length", "keep-alive", "transfer-encoding", "date", "server"}

# As CloudFront writes them: an IPv6 address without brackets.
VIEWERS = ["198.51.100.10:46532", "2001:db8:1:2:3:4:5:6:46532"]
# The deployment has this LoginBurst.
BURST = 2
PASSWORD = "correct horse battery staple"


def send(base, method, path, headers, body=None):
    """Sends a request to a base URL, and returns status, headers and body of the answer."""
    url = urllib.parse.urlsplit(base)
    connection = http.client.HTTPConnection(url.netloc, timeout=60)
    try:
        connection.request(method, url.path + path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()


def before(api, secret, viewer):
    """The handler of an edge whose only viewer has this address."""

    class Edge(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            dropped = HOP_BY_HOP | {SECRET, ADDRESS}
            headers = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
            headers |= {SECRET: secret, ADDRESS: viewer}
            status, answered, body = send(api, self.command, self.path, headers, body)
            self.send_response(status)
            for name, value in answered:
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = forward

        def log_message(self, *_):
            pass

    return Edge


@contextmanager
def edge(api, secret, viewer):
    """The base URL of an edge, while it stands."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), before(api, secret, viewer))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def post(base, path, body, headers=()):
    return send(base, "POST", path, {"content-type": "application/json", **dict(headers)}, json.dumps(body))


def expect(what, found, expected):
    print(f"{what}: {found}")
    if found != expected:
        sys.exit(f"{what}: {found}, and not {expected}")


def guess(base, headers=()):
    return post(base, "/login", {"username": "nobody", "password": "wrong"}, headers)[0]


def direct(api):
    for what, headers in {
        "with nothing": {},
        "with an address": {ADDRESS: "198.51.100.10"},
        "with a wrong secret": {SECRET: "guessed", ADDRESS: "198.51.100.10"},
    }.items():
        status, answered, body = send(api, "GET", "/", headers)
        kind = dict((name.lower(), value) for name, value in answered).get("content-type")
        found = status, kind, json.loads(body).get("status")
        expect(f"GET / directly, {what}", found, (403, "application/problem+json", 403))
        expect(f"POST /login directly, {what}", guess(api, headers), 403)


def through(front, address):
    for path in ["/", "/.well-known/jwks.json", "/openapi.json"]:
        expect(f"GET {path} through the edge", send(front, "GET", path, {})[0], 200)
    status, _, body = post(front, "/register", {"username": "viewer", "password": PASSWORD})
    expect("POST /register through the edge", status, 201)
    token = {"authorization": f"Bearer {json.loads(body)['access_token']}"}
    expect("GET /protected through the edge", send(front, "GET", "/protected", token)[0], 200)
    sessions = json.loads(send(front, "GET", "/me/sessions", token)[2])["sessions"]
    expect("the address of the session", [session["address"] for session in sessions], [address])


def main(api, secret):
    direct(api)
    first, second = VIEWERS
    with edge(api, secret, first) as front, edge(api, secret, second) as other:
        through(front, first.rsplit(":", 1)[0])
        expected = [401] * BURST + [429]
        expect("guesses of the first viewer", [guess(front) for _ in expected], expected)
        forged = {SECRET: secret, ADDRESS: "192.0.2.99"}
        expect("the first viewer, with a forged address", guess(front, forged), 429)
        expect("guesses of the second viewer", [guess(other) for _ in expected], expected)


if __name__ == "__main__":
    main(*sys.argv[1:])
