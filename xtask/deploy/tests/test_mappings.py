import os
import tempfile
import unittest

from decisions import decisions
from mappings import READING, readable

from tests.stack import IDS, arn

STREAM = f"{arn('MailsTable')}/stream/2026-11-27T12:00:00.000"
ROLE = IDS["LoginFunctionRole"]


class Mappings(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = os.path.join(directory.name, "decisions.jsonl")
        self.refused = set()

    def found(self, *streams):
        """Looks again at each call."""
        mappings = [("0", "r", {"EventSourceArn": stream, "FunctionName": "login"}) for stream in streams]
        roles = {("0", "r", "login"): ROLE}
        found = readable(
            lambda: iter(mappings),
            lambda *function: roles[function],
            lambda role, action, stream: (role, stream) == (ROLE, STREAM) and action not in self.refused,
            self.path,
        )
        return lambda: [mapping["EventSourceArn"] for *_, mapping in found()]

    def record(self):
        with open(self.path) as file:
            return list(decisions(file, IDS))

    def test_a_stream_is_read_that_its_role_may_read(self):
        look = self.found(STREAM)
        self.assertEqual((look(), look()), ([STREAM], [STREAM]))
        expected = [(True, ("LoginFunction", action, "MailsTable stream")) for action in READING]
        self.assertEqual(self.record(), expected)

    def test_each_of_the_four_rights_is_needed(self):
        for action in READING:
            self.refused = {action}
            self.assertEqual(self.found(STREAM)(), [])
            self.assertIn((False, ("LoginFunction", action, "MailsTable stream")), self.record())

    def test_what_is_taken_and_given_back_is_written_down(self):
        look = self.found(STREAM)
        for self.refused, expected in (set(), [STREAM]), ({READING[1]}, []), (set(), [STREAM]):
            self.assertEqual(look(), expected)
        self.assertEqual([allowed for allowed, use in self.record() if use[1] == READING[1]], [True, False, True])

    def test_a_queue_is_not_a_stream(self):
        queue = "arn:aws:sqs:r:0:queue"
        self.assertEqual(self.found(queue)(), [queue])
        self.assertFalse(os.path.exists(self.path))
