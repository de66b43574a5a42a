import http.server
import threading
import unittest

import edge


class Api(http.server.BaseHTTPRequestHandler):
    seen = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.seen.append((self.path, self.headers, body))
        self.send_response(201)
        self.send_header("x-answer", "yes")
        self.end_headers()
        self.wfile.write(b"answer")

    def log_message(self, *_):
        pass


class Edge(unittest.TestCase):
    def setUp(self):
        Api.seen.clear()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.api = f"http://127.0.0.1:{self.server.server_port}"

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def test_the_api_gets_the_headers_of_the_edge_and_none_of_the_viewers(self):
        forged = {"X-Latchkey-Edge": "forged", "X-Latchkey-Client-Address": "192.0.2.1", "X-Other": "stays"}
        with edge.edge(f"{self.api}/base", "right", "198.51.100.10:1") as front:
            status, headers, body = edge.send(front, "POST", "/login?a=b", forged, b"asked")
        self.assertEqual((status, dict(headers)["x-answer"], body), (201, "yes", b"answer"))
        [(path, headers, body)] = Api.seen
        self.assertEqual((path, body), ("/base/login?a=b", b"asked"))
        self.assertEqual(headers.get_all("x-latchkey-edge"), ["right"])
        self.assertEqual(headers.get_all("x-latchkey-client-address"), ["198.51.100.10:1"])
        self.assertEqual(headers.get_all("x-other"), ["stays"])
        self.assertEqual(headers["host"], self.api.removeprefix("http://"))

    def test_each_edge_has_its_viewer(self):
        for viewer in edge.VIEWERS:
            with edge.edge(self.api, "right", viewer) as front:
                edge.send(front, "POST", "/", {}, b"")
        addresses = [headers["x-latchkey-client-address"] for _, headers, _ in Api.seen]
        self.assertEqual(addresses, edge.VIEWERS)

    def test_another_answer_than_expected_ends_the_script(self):
        with self.assertRaises(SystemExit):
            edge.expect("what", 200, 403)
