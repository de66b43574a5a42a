import contextlib
import copy
import io
import os
import runpy
import subprocess
import sys
import tempfile
import types
import unittest
from unittest import mock

import statements

from tests.account import Account, deployed
from tests.stack import IDS, allow, login, purpose, role, template

GET = allow("dynamodb:GetItem", "LoginsTable")
PUT = allow("dynamodb:PutItem", "UsersTable")
DECRYPT = allow("kms:Decrypt", "RingKey", Condition=purpose("mac"))
GETS = ("LoginFunction", "dynamodb:GetItem", "LoginsTable", None)
PUTS = ("LoginFunction", "dynamodb:PutItem", "UsersTable", None)
DECRYPTS = ("LoginFunction", "kms:Decrypt", "RingKey", "mac")

NOT_FOR_THAT = "LoginFunction without dynamodb:GetItem on LoginsTable: it fails, and not for that:\nit failed"


class LeavingOut(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.record = os.path.join(directory.name, "decisions.jsonl")

    def account(self, document, *calls):
        return Account(document, calls, self.record)

    def proven(self, account, *commands):
        """What the script prints. A command is a function here."""
        printed = io.StringIO()
        fails = mock.patch.object(statements, "output_of_failure", lambda command: None if command() else "it failed")
        with fails, contextlib.redirect_stdout(printed):
            statements.main(account, commands or [account.journey], self.record)
        return printed.getvalue()

    def fails(self, reason, account, *commands):
        with self.assertRaises(SystemExit) as exit:
            self.proven(account, *commands)
        self.assertEqual(exit.exception.code, reason)

    def test_each_statement_of_each_policy_is_left_out_and_missed(self):
        document = template(LoginFunctionRole=role(GET, DECRYPT), AdminFunctionRole=role(PUT))
        account = self.account(document, GETS, DECRYPTS, ("AdminFunction", "dynamodb:PutItem", "UsersTable", None))
        before = copy.deepcopy(account.policies)
        expected = (
            "LoginFunction without dynamodb:GetItem on LoginsTable: fails\n"
            "LoginFunction without kms:Decrypt on RingKey for mac: fails\n"
            "AdminFunction without dynamodb:PutItem on UsersTable: fails\n"
            "each of 3 statements is missed, and with all of them back the journey succeeds\n"
        )
        self.assertEqual(self.proven(account), expected)
        self.assertEqual(account.policies, before)
        self.assertEqual(account.changes, [1, 1, 2, 0, 1])

    def test_functions_start_over_before_each_attempt(self):
        account = self.account(login(GET, PUT), GETS, PUTS)
        self.proven(account)
        self.assertEqual(account.starts, 4)

    def test_a_statement_that_nobody_misses_is_superfluous(self):
        account = self.account(login(GET, PUT), GETS)
        self.fails("LoginFunction without dynamodb:PutItem on UsersTable: nobody misses it", account)

    def test_a_statement_that_another_repeats_is_superfluous(self):
        account = self.account(login(GET, GET), GETS)
        self.fails("LoginFunction without dynamodb:GetItem on LoginsTable: nobody misses it", account)

    def test_a_statement_that_nothing_provokes_stays(self):
        account = self.account(login(GET, PUT), GETS)
        before = copy.deepcopy(account.policies)
        printed = io.StringIO()
        excused = {("LoginFunction", "dynamodb:PutItem", "UsersTable"): "another day"}
        fails = mock.patch.object(statements, "output_of_failure", lambda command: None if command() else "it failed")
        with fails, contextlib.redirect_stdout(printed):
            statements.main(account, [account.journey], self.record, excused)
        self.assertIn("LoginFunction needs dynamodb:PutItem another day\n", printed.getvalue())
        self.assertIn("each of 1 statements is missed", printed.getvalue())
        self.assertEqual((account.policies, account.changes), (before, [1, 2]))

    def test_a_refusal_that_the_journey_survives_is_not_enough(self):
        account = self.account(login(GET), GETS)
        self.fails(
            "LoginFunction without dynamodb:GetItem on LoginsTable: nobody misses it",
            account,
            lambda: account.journey() or True,
        )

    def attempts(self, account, *outcomes):
        """A journey that makes its calls, and ends as told."""
        told = iter(outcomes)

        def journey():
            account.journey()
            return next(told)

        return journey

    def test_a_journey_that_fails_without_a_refusal_proves_nothing(self):
        account = self.account(login(GET))
        journey = self.attempts(account, True, False)
        self.fails(NOT_FOR_THAT, account, journey)

    def other_refusal(self, call):
        """The second attempt fails, and all that it was refused is this call."""
        account = self.account(template(LoginFunctionRole=role(GET), AdminFunctionRole=role(PUT)), call)
        journey = self.attempts(account, True, False)
        self.fails(NOT_FOR_THAT, account, journey)

    def test_a_refusal_on_another_table_proves_nothing(self):
        self.other_refusal(("LoginFunction", "dynamodb:GetItem", "UsersTable", None))

    def test_a_refusal_of_another_action_proves_nothing(self):
        self.other_refusal(("LoginFunction", "dynamodb:PutItem", "LoginsTable", None))

    def test_a_refusal_of_another_function_proves_nothing(self):
        self.other_refusal(("AdminFunction", "dynamodb:GetItem", "LoginsTable", None))

    def test_a_refusal_for_another_purpose_proves_nothing(self):
        account = self.account(login(DECRYPT), ("LoginFunction", "kms:Decrypt", "RingKey", "sign"))
        journey = self.attempts(account, True, False)
        self.fails("LoginFunction without kms:Decrypt on RingKey for mac: it fails, and not for that:\nit failed", account, journey)

    def test_a_refusal_of_an_earlier_attempt_proves_nothing(self):
        account = self.account(login(GET), GETS)
        policies, account.policies = account.policies, {}
        account.journey()
        account.policies, account.calls = policies, []
        journey = self.attempts(account, True, False)
        self.fails(NOT_FOR_THAT, account, journey)

    def test_the_same_call_where_it_was_allowed_proves_nothing(self):
        account = self.account(login(GET), GETS)
        account.delete = lambda role, name: None
        journey = self.attempts(account, True, False)
        self.fails(NOT_FOR_THAT, account, journey)

    def test_a_refusal_of_one_of_several_uses_is_enough(self):
        statement = allow("dynamodb:GetItem", "LoginsTable", "UsersTable")
        account = self.account(login(statement), ("LoginFunction", "dynamodb:GetItem", "UsersTable", None))
        self.assertIn("without dynamodb:GetItem on LoginsTable, UsersTable: fails", self.proven(account))

    def test_a_journey_that_fails_from_the_start_proves_nothing(self):
        self.fails("the journey fails with all statements in place:\nit failed", self.account(login(GET), PUTS))

    def test_a_policy_that_is_not_put_back_is_noticed(self):
        account = self.account(login(GET, PUT), GETS, PUTS)
        put = account.put
        account.put = lambda role, name, document: len(document["Statement"]) < 2 and put(role, name, document)
        self.fails("the journey fails with all statements back in place:\nit failed", account)

    def test_a_deleted_policy_that_is_not_put_back_is_noticed(self):
        account = self.account(login(GET), GETS)
        account.put = lambda role, name, document: None
        self.fails("the journey fails with all statements back in place:\nit failed", account)

    def test_a_policy_that_is_not_put_back_does_not_pass_for_the_next_one(self):
        document = template(LoginFunctionRole=role(GET), AdminFunctionRole=role(PUT))
        account = self.account(document, GETS)
        account.put = lambda role, name, document: None
        self.fails("AdminFunction without dynamodb:PutItem on UsersTable: it fails, and not for that:\nit failed", account)

    def test_a_stack_without_statements_proves_nothing(self):
        for document in (template(), login()):
            self.fails("there is no statement", self.account(document))

    def test_a_deployed_policy_of_other_statements_is_an_error(self):
        for found in ([PUT, GET], [GET], [GET, PUT, PUT]):
            account = self.account(login(GET, PUT), GETS, PUTS)
            account.policies["LoginFunctionRole", "Policy0"] = deployed(found)
            with self.subTest(found), self.assertRaisesRegex(SystemExit, "these statements are deployed"):
                self.proven(account, lambda: True)

    def test_an_error_in_the_record_is_not_taken_for_a_refusal(self):
        account = self.account(login(GET))
        journey = self.attempts(account, True, False)

        def spoil():
            with open(self.record, "a") as file:
                file.write("refused\n")
            return journey()

        with self.assertRaises(ValueError):
            self.proven(account, spoil)

    def test_all_commands_must_succeed(self):
        account = self.account(login(GET, PUT), GETS, PUTS)
        commands = [lambda: account.call(*GETS), lambda: account.call(*PUTS)]
        self.assertIn("each of 2 statements is missed", self.proven(account, *commands))


class Script(unittest.TestCase):
    def test_a_command_fails_by_its_status_and_its_output_is_kept(self):
        output = lambda code: statements.output_of_failure([sys.executable, "-c", code])
        self.assertIsNone(output("print('well')"))
        self.assertEqual(output("import sys; print('so'); sys.exit('bad')"), "so\nbad")
        self.assertEqual(output("import sys; sys.exit(3)"), "exit status 3")

    def test_a_command_that_kills_itself_has_not_succeeded(self):
        self.assertTrue(statements.output_of_failure([sys.executable, "-c", "import os; os.abort()"]))

    def test_the_functions_without_route_are_called_before_the_journey(self):
        commands = []

        def run(command, **_):
            commands.append(command)
            return types.SimpleNamespace(returncode=len(commands) - 1, stdout="")

        account = types.ModuleType("account")
        account.Account = lambda stack: mock.Mock(template=login(GET), ids=IDS)
        words = ["statements.py", "latchkey", "URL", "root:secret", "decisions.jsonl", "cargo", "test", "--", "-q"]
        patches = [
            mock.patch.object(sys, "argv", words),
            mock.patch.dict(sys.modules, account=account),
            mock.patch.object(subprocess, "run", run),
        ]
        with contextlib.ExitStack() as stack, self.assertRaisesRegex(SystemExit, "all statements in place"):
            for patch in patches:
                stack.enter_context(patch)
            runpy.run_path(statements.__file__, run_name="__main__")
        (python, script, *arguments), journey = commands
        self.assertEqual(python, sys.executable)
        self.assertTrue(os.path.samefile(script, os.path.join(os.path.dirname(statements.__file__), "invoke.py")))
        self.assertEqual(arguments, ["latchkey", "URL", "root:secret"])
        self.assertEqual(journey, ["cargo", "test", "--", "-q"])
