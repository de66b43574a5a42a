import json
import unittest

from decisions import decisions

from tests.stack import IDS, decision


def read(*lines):
    return list(decisions(lines, IDS))


class Decisions(unittest.TestCase):
    def test_physical_names_become_those_of_the_template(self):
        expected = [(True, ("LoginFunction", "dynamodb:GetItem", "LoginsTable"))]
        self.assertEqual(read(decision("dynamodb:GetItem", "LoginsTable")), expected)

    def test_a_key_goes_with_its_purpose(self):
        made = [decision("kms:Decrypt", "RingKey", "mac"), decision("kms:Decrypt", "RingKey")]
        self.assertEqual([use[2] for _, use in read(*made)], ["RingKey for mac", "RingKey"])

    def test_an_item_of_mails_goes_with_what_its_key_begins_with(self):
        made = [
            decision("dynamodb:PutItem", "MailsTable", keys=["reset#ab"]),
            decision("dynamodb:BatchGetItem", "MailsTable", keys=["reset#ab", "email#cd", "reset#ef"]),
            decision("dynamodb:Scan", "MailsTable"),
            decision("dynamodb:GetItem", "LoginsTable", keys=["ada#1"]),
        ]
        expected = ["MailsTable for reset", "MailsTable for email", "MailsTable for reset", "MailsTable", "LoginsTable"]
        self.assertEqual([use[2] for _, use in read(*made)], expected)

    def test_streams_identities_and_configuration_sets_have_the_names_of_grants(self):
        made = json.loads(decision("dynamodb:GetRecords", "MailsTable"))
        for resource, expected in (
            (made["resource"] + "/stream/2026-11-27T12:00:00.000", "MailsTable stream"),
            ("arn:aws:ses:us-east-1:000000000000:identity/example.com", "any identity"),
            ("arn:aws:ses:us-east-1:000000000000:configuration-set/latchkey-MailSettings-6F", "MailSettings"),
        ):
            line = json.dumps({**made, "resource": resource})
            self.assertEqual(read(line)[0][1][2], expected)

    def test_what_was_refused_is_told_from_what_was_allowed(self):
        made = [decision("dynamodb:GetItem", "LoginsTable", allowed=allowed) for allowed in (True, False, True)]
        self.assertEqual([allowed for allowed, _ in read(*made)], [True, False, True])

    def test_unknown_names_stay_as_they_are(self):
        made = json.loads(decision("dynamodb:GetItem", "LoginsTable"))
        line = json.dumps({**made, "role": "ASIAUNKNOWN", "resource": "arn:aws:dynamodb:r:0:table/other"})
        self.assertEqual(read(line), [(True, ("ASIAUNKNOWN", "dynamodb:GetItem", "other"))])

    def test_an_index_is_not_its_table(self):
        made = json.loads(decision("dynamodb:Query", "LoginsTable"))
        line = json.dumps({**made, "resource": made["resource"] + "/index/by-email"})
        self.assertEqual(read(line)[0][1][2], "by-email")

    def test_an_empty_record_has_no_decisions(self):
        self.assertEqual(read(), [])

    def test_a_malformed_line_is_an_error_and_not_skipped(self):
        whole = decision("dynamodb:GetItem", "LoginsTable")
        for line in ("\n", "null\n", whole[:-9], whole.strip() + whole, "MiniStack started\n"):
            with self.subTest(line), self.assertRaises((ValueError, TypeError)):
                read(whole, line)

    def test_a_line_that_lacks_a_part_is_an_error(self):
        made = json.loads(decision("dynamodb:GetItem", "LoginsTable"))
        for part in made:
            line = json.dumps({key: value for key, value in made.items() if key != part})
            with self.subTest(part), self.assertRaises(KeyError):
                read(line)

    def test_allowed_is_yes_or_no(self):
        for allowed in ("false", 0, 1, None, {}):
            with self.subTest(allowed), self.assertRaisesRegex(ValueError, "neither"):
                read(decision("dynamodb:GetItem", "LoginsTable", allowed=allowed))
