import contextlib
import io
import os
import runpy
import sys
import tempfile
import types
import unittest
from unittest import mock

import permissions

from tests.stack import IDS, allow, decision, login, purpose, role, template

GET = allow("dynamodb:GetItem", "LoginsTable")
GOT = decision("dynamodb:GetItem", "LoginsTable")
DECRYPT = allow("kms:Decrypt", "RingKey", Condition=purpose(["sign", "mac"]))
DECRYPTED = [decision("kms:Decrypt", "RingKey", purpose) for purpose in ("sign", "mac")]


class Judging(unittest.TestCase):
    def judged(self, document, *record, not_provoked=None, conditions=None):
        """What it says against a stack, and what it prints."""
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                permissions.main(document, IDS, record, not_provoked or {}, conditions or {})
            wrong = []
        except SystemExit as exit:
            wrong = exit.code.splitlines()
        self.printed = printed.getvalue()
        return wrong


class Permissions(Judging):
    def test_what_is_granted_and_used_is_right(self):
        self.assertEqual(self.judged(login(GET, DECRYPT), GOT, *DECRYPTED), [])
        self.assertRegex(self.printed, r"LoginFunction +dynamodb:GetItem +LoginsTable +yes +yes\n")
        self.assertIn("3 permissions in all", self.printed)

    def test_a_statement_that_nobody_uses_is_superfluous(self):
        wrong = self.judged(login(GET, DECRYPT), *DECRYPTED)
        self.assertEqual(wrong, ["('LoginFunction', 'dynamodb:GetItem', 'LoginsTable') is granted, and was not used"])
        self.assertRegex(self.printed, r"LoginFunction +dynamodb:GetItem +LoginsTable +yes +NO\n")

    def test_an_action_that_nobody_uses_is_superfluous(self):
        wrong = self.judged(login(allow(["dynamodb:GetItem", "dynamodb:Scan"], "LoginsTable")), GOT)
        self.assertEqual(wrong, ["('LoginFunction', 'dynamodb:Scan', 'LoginsTable') is granted, and was not used"])

    def test_a_table_that_nobody_uses_is_superfluous(self):
        wrong = self.judged(login(allow("dynamodb:GetItem", "LoginsTable", "UsersTable")), GOT)
        self.assertEqual(wrong, ["('LoginFunction', 'dynamodb:GetItem', 'UsersTable') is granted, and was not used"])

    def test_a_purpose_that_nobody_uses_is_superfluous(self):
        wrong = self.judged(login(DECRYPT), DECRYPTED[0])
        self.assertEqual(wrong, ["('LoginFunction', 'kms:Decrypt', 'RingKey for mac') is granted, and was not used"])

    def test_a_key_that_nobody_uses_is_superfluous(self):
        statement = allow("kms:Decrypt", "RingKey", "OtherKey", Condition=purpose("mac"))
        wrong = self.judged(login(statement), DECRYPTED[1])
        self.assertEqual(wrong, ["('LoginFunction', 'kms:Decrypt', 'OtherKey for mac') is granted, and was not used"])

    def test_one_function_does_not_use_what_another_is_granted(self):
        document = template(LoginFunctionRole=role(GET), AdminFunctionRole=role(GET))
        wrong = self.judged(document, GOT)
        self.assertEqual(wrong, ["('AdminFunction', 'dynamodb:GetItem', 'LoginsTable') is granted, and was not used"])

    def test_a_call_that_was_refused_is_wrong_even_if_it_was_allowed_at_another_time(self):
        refused = decision("dynamodb:GetItem", "LoginsTable", allowed=False)
        for record in ([GOT, refused], [refused, GOT]):
            wrong = self.judged(login(GET), *record)
            self.assertEqual(wrong, ["('LoginFunction', 'dynamodb:GetItem', 'LoginsTable') was refused"])

    def test_a_call_that_was_refused_has_not_used_its_permission(self):
        wrong = self.judged(login(GET), decision("dynamodb:GetItem", "LoginsTable", allowed=False))
        use = "('LoginFunction', 'dynamodb:GetItem', 'LoginsTable')"
        self.assertEqual(wrong, [f"{use} was refused", f"{use} is granted, and was not used"])

    def test_a_call_that_is_not_granted_is_wrong_though_it_was_allowed(self):
        wrong = self.judged(login(GET), GOT, decision("dynamodb:PutItem", "LoginsTable"))
        self.assertEqual(wrong, ["('LoginFunction', 'dynamodb:PutItem', 'LoginsTable') was used, and is not granted"])
        self.assertRegex(self.printed, r"LoginFunction +dynamodb:PutItem +LoginsTable +NO +yes\n")

    def test_a_key_without_its_purpose_grants_too_much(self):
        wrong = self.judged(login(allow("kms:Decrypt", "RingKey")), DECRYPTED[0])
        expected = [
            "('LoginFunction', 'kms:Decrypt', 'RingKey') is granted, and was not used",
            "('LoginFunction', 'kms:Decrypt', 'RingKey for sign') was used, and is not granted",
        ]
        self.assertEqual(wrong, expected)

    def test_a_wildcard_is_no_grant_of_what_it_matches(self):
        for action in ("*", "dynamodb:*", "dynamodb:Get*", "dynamodb:GetIte?", "dynamodb:getitem"):
            wrong = self.judged(login(allow(action, "LoginsTable")), GOT)
            expected = [
                f"('LoginFunction', '{action}', 'LoginsTable') is granted, and was not used",
                "('LoginFunction', 'dynamodb:GetItem', 'LoginsTable') was used, and is not granted",
            ]
            self.assertEqual(wrong, expected)

    def test_a_wildcard_beside_what_is_used_is_superfluous(self):
        wrong = self.judged(login(allow(["dynamodb:GetItem", "dynamodb:*"], "LoginsTable")), GOT)
        self.assertEqual(wrong, ["('LoginFunction', 'dynamodb:*', 'LoginsTable') is granted, and was not used"])

    def test_an_empty_record_makes_every_grant_superfluous(self):
        wrong = self.judged(login(GET, DECRYPT))
        self.assertEqual(len(wrong), 3)
        self.assertTrue(all(line.endswith("is granted, and was not used") for line in wrong))

    def test_a_template_without_grants_is_wrong_and_not_compared_with_an_empty_record(self):
        for document in (template(), login()):
            self.assertEqual(self.judged(document), ["nothing is granted"])

    def test_a_malformed_record_is_an_error(self):
        with self.assertRaises(ValueError):
            self.judged(login(GET), GOT, GOT[:-9])

    def test_what_is_granted_twice_is_superfluous_once(self):
        use = "('LoginFunction', 'dynamodb:GetItem', 'LoginsTable')"
        for document in (login(GET, GET), login(allow(["dynamodb:GetItem"] * 2, "LoginsTable"))):
            self.assertEqual(self.judged(document, GOT), [f"{use} is granted 2 times"])

    def test_a_managed_policy_is_wrong(self):
        for arns in (["arn:aws:iam::aws:policy/AdministratorAccess"], [{"Ref": "LogPolicy"}]):
            document = template(LoginFunctionRole=role(GET, ManagedPolicyArns=arns))
            wrong = self.judged(document, GOT)
            self.assertEqual(wrong, [f"LoginFunction has the managed policies {arns}"])


class Exceptions(Judging):
    """Uses that are excused, and conditions that are expected."""

    USE = ("LoginFunction", "dynamodb:GetItem", "LoginsTable")
    EXCUSED = {USE: "another test shows it"}

    def test_what_is_excused_need_not_be_used(self):
        self.assertEqual(self.judged(login(GET, DECRYPT), *DECRYPTED, not_provoked=self.EXCUSED), [])
        self.assertRegex(self.printed, r"LoginsTable +yes +another test shows it\n")

    def test_what_is_excused_and_used_needs_no_excuse(self):
        wrong = self.judged(login(GET), GOT, not_provoked=self.EXCUSED)
        self.assertEqual(wrong, [f"{self.USE} was used after all"])

    def test_what_is_excused_must_still_be_granted(self):
        wrong = self.judged(login(DECRYPT), *DECRYPTED, not_provoked=self.EXCUSED)
        self.assertEqual(wrong, [f"{self.USE} need not be used, and is not granted"])

    def test_an_excuse_covers_no_other_table(self):
        document = login(allow("dynamodb:GetItem", "LoginsTable", "UsersTable"))
        wrong = self.judged(document, not_provoked=self.EXCUSED)
        self.assertEqual(wrong, ["('LoginFunction', 'dynamodb:GetItem', 'UsersTable') is granted, and was not used"])

    def test_an_excuse_does_not_cover_a_refusal(self):
        refused = decision("dynamodb:GetItem", "LoginsTable", allowed=False)
        wrong = self.judged(login(GET), refused, not_provoked=self.EXCUSED)
        self.assertEqual(wrong, [f"{self.USE} was refused"])

    def test_a_condition_that_is_expected_is_not_missed(self):
        def judged(condition):
            document = login(allow("dynamodb:GetItem", "LoginsTable", Condition=condition))
            return self.judged(document, GOT, conditions={self.USE: names})

        names = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["name"]}}
        more = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["name", "hash"]}}
        self.assertEqual(judged(names), [])
        for found in ({}, more):
            self.assertEqual(judged(found), [f"{self.USE} is granted on the condition {found}, and not {names}"])

    def test_a_condition_that_is_not_expected_is_named(self):
        condition = {"Bool": {"aws:SecureTransport": "true"}}
        wrong = self.judged(login(allow("dynamodb:GetItem", "LoginsTable", Condition=condition)), GOT)
        self.assertEqual(wrong, [f"{self.USE} is granted on the condition {condition}, and not {{}}"])


class Script(unittest.TestCase):
    def run_script(self, document, record):
        routes = types.ModuleType("routes")
        routes.deployed = lambda stack: {"latchkey": document}[stack]
        routes.resources = lambda stack: {"latchkey": IDS}[stack]
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "decisions.jsonl")
            if record is not None:
                with open(path, "w") as file:
                    file.write(record)
            arguments = mock.patch.object(sys, "argv", ["permissions.py", "latchkey", path])
            with arguments, mock.patch.dict(sys.modules, routes=routes), contextlib.redirect_stdout(io.StringIO()):
                runpy.run_path(permissions.__file__, run_name="__main__")

    def test_it_fails_with_what_is_wrong(self):
        with self.assertRaisesRegex(SystemExit, "dynamodb:GetItem.* is granted, and was not used"):
            self.run_script(login(GET), "")

    def test_it_judges_with_its_own_excuses_and_conditions(self):
        with self.assertRaisesRegex(SystemExit, "MailerFunction.* need not be used, and is not granted"):
            self.run_script(login(GET), GOT)
        admin = template(AdminFunctionRole=role(GET))
        with self.assertRaisesRegex(SystemExit, r"AdminFunction.* is granted on the condition {}, and not {.*name"):
            self.run_script(admin, decision("dynamodb:GetItem", "LoginsTable", function="AdminFunction"))

    def test_a_record_that_is_missing_is_an_error(self):
        with self.assertRaises(FileNotFoundError):
            self.run_script(login(GET), None)
