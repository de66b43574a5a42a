import unittest

from mails import item, purposes, questions, unsent, wrong

from tests.stack import allow, keys, role, template

RESET = allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], "MailsTable", Condition=keys("reset#*"))
NOTICE = allow("dynamodb:PutItem", "MailsTable", Condition=keys("notice#*"))
RIGHTS = {("dynamodb:GetItem", "reset"), ("dynamodb:UpdateItem", "reset"), ("dynamodb:PutItem", "notice")}
KNOWN = ["email", "notice", "reset"]


class Rights(unittest.TestCase):
    def test_those_on_mails_are_read_and_no_others(self):
        other = allow("dynamodb:GetItem", "LoginsTable")
        document = template(LoginFunctionRole=role(RESET, NOTICE, other), AdminFunctionRole=role(other))
        self.assertEqual(purposes(document), ({"LoginFunction": RIGHTS}, ["notice", "reset"]))

    def test_each_purpose_is_asked_for_alone_and_behind_one_that_is_allowed(self):
        put, update = "dynamodb:PutItem", "dynamodb:UpdateItem"
        expected = [
            ([(put, "email")], False),
            ([(put, "notice"), (put, "email")], False),
            ([(put, "notice")], True),
            ([(update, "reset"), (put, "notice")], True),
            ([(put, "reset")], False),
            ([(put, "notice"), (put, "reset")], False),
            ([(update, "email")], False),
            ([(put, "notice"), (update, "email")], False),
            ([(update, "notice")], False),
            ([(put, "notice"), (update, "notice")], False),
            ([(update, "reset")], True),
            ([(put, "notice"), (update, "reset")], True),
        ]
        self.assertEqual(list(questions(RIGHTS, KNOWN)), expected)

    def test_a_function_without_rights_is_asked_for_rows_alone(self):
        self.assertEqual(list(questions(set(), KNOWN)), [])

    def test_a_part_changes_nothing(self):
        for action, kind in (("PutItem", "Put"), ("UpdateItem", "Update"), ("DeleteItem", "Delete"), ("ConditionCheckItem", "ConditionCheck")):
            ((found, part),) = item("table", f"dynamodb:{action}", "reset").items()
            self.assertEqual((found, part["TableName"]), (kind, "table"))
            self.assertIn("attribute_exists(id) AND attribute_not_exists(id)", part["ConditionExpression"])

    def judged(self, reads=("reset",), every=False, widened=()):
        granted = RIGHTS | set(widened)
        transact = lambda parts: all(part in granted for part in parts)
        return list(wrong("F", RIGHTS, KNOWN, transact, lambda purpose: purpose in reads, lambda: every))

    def test_what_is_as_granted_is_right(self):
        self.assertEqual(self.judged(), [])

    def test_what_is_wider_or_narrower_is_told(self):
        self.assertEqual(self.judged(widened=[("dynamodb:PutItem", "email")])[0], "F may [('dynamodb:PutItem', 'email')]")
        self.assertEqual(self.judged(reads=("reset", "email")), ["F may read email"])
        self.assertEqual(self.judged(reads=()), ["F may not read reset"])
        self.assertEqual(self.judged(every=True), ["F may read every row"])


class Sending(unittest.TestCase):
    def told(self, function, allowed):
        return list(unsent(function, "settings", "noreply@example.com", lambda who, by: (who, by) in allowed))

    def test_the_sender_sends_as_one_address_by_one_configuration_set(self):
        right = ("noreply@example.com", "settings")
        self.assertEqual(self.told("MailerFunction", [right]), [])
        self.assertEqual(self.told("MailerFunction", []), ["MailerFunction may not send as noreply@example.com by settings"])
        for wide in (("other@example.com", "settings"), ("noreply@other.example", "settings"), ("noreply@example.com", "other")):
            self.assertEqual(self.told("MailerFunction", [right, wide]), [f"MailerFunction may send as {wide[0]} by {wide[1]}"])

    def test_nobody_else_sends(self):
        self.assertEqual(self.told("LoginFunction", []), [])
        self.assertEqual(len(self.told("LoginFunction", [("noreply@example.com", "settings")])), 1)
