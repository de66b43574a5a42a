"""What smoke.sh does beside a deployment that works: what stands in front refuses, and who looks at the process list."""

import json
import os
import shutil
import subprocess
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SCRIPT = Path(__file__).with_name("smoke.sh")
ORIGIN = "https://app.example.com"
PREFLIGHT = {
    "Access-Control-Allow-Origin": ORIGIN,
    "Access-Control-Allow-Methods": "GET,POST,DELETE",
    "Access-Control-Allow-Headers": "authorization,content-type",
}
CLOSED = {"detail": "Registration is closed"}
CONFIRMED = {"errors": [{"field": "email", "detail": "is missing"}, {"field": "password", "detail": "is chosen at /register/confirm"}]}


class Front(BaseHTTPRequestHandler):
    """Answers until somebody registers or logs in, and then as it is told."""

    preflight = PREFLIGHT
    registered = (403, CLOSED)
    refresh_token = "refresh-token-of-the-probe"

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self):
        issuer = f"http://127.0.0.1:{self.server.server_port}"
        body = {
            "/": {"name": "Latchkey"},
            "/.well-known/openid-configuration": {"issuer": issuer},
            "/.well-known/jwks.json": {"keys": [{}]},
            "/protected": {"user": {"username": "another"}},
        }
        self.answer(200, body[self.path])

    def do_OPTIONS(self):
        self.answer(204, None, self.preflight)

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.sent.append((self.path, sent))
        if self.path == "/register":
            self.answer(*self.registered)
        else:
            self.answer(200, {"access_token": "access-token-of-the-probe", "refresh_token": self.refresh_token})

    def do_DELETE(self):
        self.answer(204, None)

    def log_message(self, *_):
        pass


class Smoke(unittest.TestCase):
    def run_against(self, *arguments, **members):
        """Runs the script; the arguments of its programs are kept."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Told", (Front,), members))
        server.sent = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        with tempfile.TemporaryDirectory() as directory:
            seen = Path(directory) / "seen"
            for program in ["curl", "jq"]:
                wrapper = Path(directory) / program
                wrapper.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {seen}\nexec {shutil.which(program)} "$@"\n')
                wrapper.chmod(0o755)
            path = f"{directory}:{os.environ['PATH']}"
            issuer = f"http://127.0.0.1:{server.server_port}"
            ended = subprocess.run(
                ["sh", SCRIPT, issuer, *arguments],
                env={**os.environ, "PATH": path},
                capture_output=True,
                text=True,
                timeout=60,
            )
            return ended, server.sent, seen.read_text()

    def test_no_program_has_a_secret_among_its_arguments(self):
        _, sent, seen = self.run_against(registered=(201, {}))
        bodies = dict(sent)
        self.assertEqual(bodies["/refresh"], {"refresh_token": Front.refresh_token})
        self.assertIn("/refresh", seen)
        for secret in [bodies["/register"]["password"], Front.refresh_token, "access-token-of-the-probe"]:
            self.assertNotIn(secret, seen)

    def test_the_password_is_as_long_as_a_deployment_may_ask_for(self):
        _, sent, _ = self.run_against()
        self.assertRegex(dict(sent)["/register"]["password"], "^[0-9a-f]{64}$")

    def test_a_refusal_of_what_stands_in_front_is_no_closed_registration(self):
        ended, _, _ = self.run_against()
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        ended, _, _ = self.run_against(registered=(403, {"message": "Forbidden"}))
        self.assertEqual(ended.returncode, 1)
        self.assertIn("POST /register was answered with 403", ended.stderr)

    def test_where_accounts_are_made_by_mail_nobody_logs_in(self):
        ended, sent, _ = self.run_against(registered=(400, CONFIRMED))
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        self.assertEqual([path for path, _ in sent], ["/register"])
        ended, _, _ = self.run_against(registered=(400, {"errors": CONFIRMED["errors"][:1]}))
        self.assertEqual(ended.returncode, 1)
        self.assertIn("POST /register was answered with 400", ended.stderr)

    def test_a_preflight_allows_the_method_and_the_header_too(self):
        ended, _, _ = self.run_against(ORIGIN)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        for name, value in {"Methods": "GET,POST", "Headers": "content-type"}.items():
            wrong = PREFLIGHT | {f"Access-Control-Allow-{name}": value}
            ended, sent, _ = self.run_against(ORIGIN, preflight=wrong)
            self.assertEqual((ended.returncode, sent), (1, []))
            self.assertIn("but not with DELETE and Authorization", ended.stderr)


if __name__ == "__main__":
    unittest.main()
