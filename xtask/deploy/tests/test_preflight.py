import asyncio
import contextlib
import types
import unittest

from preflight import by_route

ORIGIN = "https://app.example.com"
CORS = {"allowOrigins": [ORIGIN]}
ALLOWED = {"Access-Control-Allow-Origin": ORIGIN}
NOT_FOUND = (404, {}, b'{"message":"Not Found"}')
ASKED = {"origin": ORIGIN, "access-control-request-method": "POST"}


class Gateway(types.SimpleNamespace):
    """MiniStack's module for HTTP APIs, as far as the rule uses it: one API with these routes and this CORS."""

    def __init__(self, *routes, cors=CORS):
        self._apis = {"api": {"corsConfiguration": cors} if cors else {}}
        self._integrations = {"api": {"of-login": {"integrationUri": "login"}}}
        self.routes, self.scoped, self.executed, self.invoked = routes, [], [], []

    def find_api_scope(self, api):
        return ("account", "region") if api in self._apis else None

    @contextlib.contextmanager
    def request_scope(self, *scope):
        self.scoped.append(scope)
        yield

    def _match_route(self, api, method, path):
        for key in self.routes:
            if key in ("$default", f"{method} {path}", f"ANY {path}"):
                return {"routeKey": key, "target": "integrations/of-login"}
        return None

    def _extract_path_params(self, pattern, path):
        return {}

    def _http_api_not_found(self):
        return NOT_FOUND

    def _cors_response_headers(self, cors, origin):
        return ALLOWED if cors and origin in cors["allowOrigins"] else {}

    def _cors_preflight_response(self, cors, origin):
        return (204, ALLOWED, b"") if origin in cors["allowOrigins"] else (403, {}, b"CORS origin denied")

    async def _invoke_lambda_proxy(self, integration, api, stage, path, method, *_, **__):
        self.invoked.append((integration["integrationUri"], method, path))
        return 405, {"allow": "POST"}, b"{}"

    async def handle_execute(self, api, stage, path, method, *_, **__):
        self.executed.append((api, method, path))
        return 200, {}, b"executed"

    def answer(self, method="OPTIONS", headers=ASKED, path="/login", api="api"):
        execute = by_route(self)
        return asyncio.run(execute(api, "$default", path, method, headers, b"", {}, raw_query_string=""))


class Preflight(unittest.TestCase):
    def test_the_gateway_answers_where_the_routes_have_other_methods(self):
        gateway = Gateway("POST /login")
        self.assertEqual(gateway.answer(), (204, ALLOWED, b""))
        self.assertEqual(gateway.answer(path="/nothing"), (204, ALLOWED, b""))
        self.assertEqual((gateway.invoked, gateway.executed), ([], []))
        self.assertEqual(gateway.scoped, [("account", "region")] * 2)

    def test_a_route_of_any_method_takes_it_and_the_function_answers(self):
        for key in ("ANY /login", "OPTIONS /login", "$default"):
            gateway = Gateway("POST /login", key)
            self.assertEqual(gateway.answer(), (405, {"allow": "POST", **ALLOWED}, b"{}"))
            self.assertEqual(gateway.invoked, [("login", "OPTIONS", "/login")])

    def test_another_origin_is_told_nothing(self):
        others = ["https://other.example.com", "http://app.example.com", f"{ORIGIN}:8443", "null", ""]
        for origin in others:
            answer = Gateway("POST /login").answer(headers={**ASKED, "origin": origin})
            self.assertEqual(answer, (204, {"Content-Length": "0"}, b""))

    def test_what_is_no_preflight_has_no_headers_of_cors(self):
        for missing in ASKED:
            headers = {name: value for name, value in ASKED.items() if name != missing}
            self.assertEqual(Gateway("POST /login").answer(headers=headers), (204, {"Content-Length": "0"}, b""))

    def test_without_cors_it_is_as_an_unknown_path(self):
        self.assertEqual(Gateway("POST /login", cors=None).answer(), NOT_FOUND)
        self.assertEqual(Gateway("ANY /login", cors=None).answer(), (405, {"allow": "POST"}, b"{}"))

    def test_other_methods_and_unknown_apis_are_for_the_emulator(self):
        gateway = Gateway("POST /login")
        self.assertEqual(gateway.answer(method="POST")[2], b"executed")
        self.assertEqual(gateway.answer(api="other")[2], b"executed")
        self.assertEqual(gateway.executed, [("api", "POST", "/login"), ("other", "OPTIONS", "/login")])
