import json
import os
import runpy
import sys
import tempfile
import types
import unittest
from unittest import mock

import emulator
from decisions import decisions
from emulator import recorded, with_encryption_context, with_expressions, with_s3_addresses

from tests.stack import IDS, arn

FUNCTION = "ASIAFUNCTION"
LOGIN = {"userArn": f"arn:aws:sts::000000000000:assumed-role/{IDS['LoginFunctionRole']}/latchkey-LoginFunction"}


class Denied:
    """As the evaluator's results, of which only refusals come out."""


class Recording(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = os.path.join(directory.name, "decisions.jsonl")

    def enforce(self, answer, key=FUNCTION, action="dynamodb:GetItem", on="LoginsTable", context=None, path=None):
        """What the emulator gets for a request that the evaluator gives this answer to."""
        evaluator = mock.Mock(**(answer if isinstance(answer, dict) else {"return_value": answer}))
        wrapped = recorded(evaluator, {FUNCTION: LOGIN}.get, path or self.path)
        try:
            return wrapped(key, action, "dynamodb", "us-east-1", resource_arn=arn(on), service_context=context)
        finally:
            self.evaluator = evaluator

    def record(self):
        if not os.path.exists(self.path):
            return []
        with open(self.path) as file:
            return list(decisions(file, IDS))

    def test_what_is_allowed_is_allowed_and_recorded_so(self):
        self.assertIsNone(self.enforce(None))
        self.assertEqual(self.record(), [(True, ("LoginFunction", "dynamodb:GetItem", "LoginsTable"))])

    def test_what_is_refused_is_refused_and_recorded_so(self):
        denied = Denied()
        self.assertIs(self.enforce(denied), denied)
        self.assertEqual(self.record(), [(False, ("LoginFunction", "dynamodb:GetItem", "LoginsTable"))])

    def test_the_purpose_of_a_key_is_recorded(self):
        self.enforce(None, action="kms:Decrypt", on="RingKey", context={"kms:EncryptionContext:purpose": "mac"})
        self.enforce(None, action="kms:Decrypt", on="RingKey", context={"kms:EncryptionContext:other": "mac"})
        self.assertEqual([use[2] for _, use in self.record()], ["RingKey for mac", "RingKey"])

    def test_the_keys_of_items_are_recorded(self):
        self.enforce(None, on="MailsTable", context={"dynamodb:LeadingKeys": ["reset#1"]})
        self.assertEqual([use[2] for _, use in self.record()], ["MailsTable for reset"])

    def test_every_decision_has_a_line_in_the_order_they_were_made(self):
        answers = [None, Denied(), None, None, Denied()]
        for answer in answers:
            self.enforce(answer)
        self.assertEqual([allowed for allowed, _ in self.record()], [answer is None for answer in answers])

    def test_an_earlier_record_is_kept(self):
        self.enforce(Denied())
        self.enforce(None)
        self.assertEqual([allowed for allowed, _ in self.record()], [False, True])

    def test_the_evaluator_sees_the_request_as_it_is(self):
        context = {"dynamodb:Select": "ALL_ATTRIBUTES"}
        self.enforce(None, context=context)
        request = (FUNCTION, "dynamodb:GetItem", "dynamodb", "us-east-1")
        self.evaluator.assert_called_once_with(*request, resource_arn=arn("LoginsTable"), service_context=context)

    def test_a_request_without_resource_is_recorded_as_one_for_all(self):
        wrapped = recorded(lambda *_, **__: None, {FUNCTION: LOGIN}.get, self.path)
        wrapped(FUNCTION, "dynamodb:ListTables", "dynamodb", "us-east-1")
        self.assertEqual(self.record(), [(True, ("LoginFunction", "dynamodb:ListTables", "*"))])

    def test_a_function_whose_role_is_unknown_is_recorded_by_its_key(self):
        self.enforce(None, key="ASIAUNKNOWN")
        self.assertEqual(self.record(), [(True, ("ASIAUNKNOWN", "dynamodb:GetItem", "LoginsTable"))])

    def test_whoever_deploys_is_not_recorded(self):
        denied = Denied()
        self.assertIsNone(self.enforce(None, key="test"))
        self.assertIs(self.enforce(denied, key="test"), denied)
        self.assertEqual(self.record(), [])

    def test_an_evaluator_that_fails_has_allowed_nothing(self):
        with self.assertRaises(ZeroDivisionError):
            self.enforce({"side_effect": ZeroDivisionError})
        self.assertEqual(self.record(), [])

    def test_what_cannot_be_recorded_is_not_allowed(self):
        with self.assertRaises(OSError):
            self.enforce(None, path=os.path.join(self.path, "missing"))


class EncryptionContext(unittest.TestCase):
    def context(self, service, body):
        tags = mock.Mock(return_value={"aws:TagKeys": ["a"]})
        found = with_encryption_context(tags)(service, "kms:Decrypt", body, {"a": "b"})
        tags.assert_called_once_with(service, "kms:Decrypt", body, {"a": "b"})
        return found

    def test_it_becomes_condition_keys_beside_those_that_are_there(self):
        body = json.dumps({"EncryptionContext": {"purpose": "mac", "other": "x"}}).encode()
        expected = {
            "aws:TagKeys": ["a"],
            "kms:EncryptionContext:purpose": "mac",
            "kms:EncryptionContext:other": "x",
        }
        self.assertEqual(self.context("kms", body), expected)

    def test_a_request_without_one_has_no_purpose(self):
        for body in (b"", None, b"{}", b'{"purpose": "mac"}'):
            self.assertEqual(self.context("kms", body), {"aws:TagKeys": ["a"]})

    def test_other_services_have_none(self):
        body = b'{"EncryptionContext": {"purpose": "mac"}}'
        self.assertEqual(self.context("dynamodb", body), {"aws:TagKeys": ["a"]})

    def test_a_request_that_cannot_be_read_is_not_let_through(self):
        with self.assertRaises(ValueError):
            self.context("kms", b"purpose=mac")


class Expressions(unittest.TestCase):
    METRIC = {"Namespace": "AWS/ApiGateway", "MetricName": "4xx", "Dimensions": [{"Name": "ApiId", "Value": "a"}]}

    def made(self, properties):
        return with_expressions(lambda name, properties: (name, properties))("alarm", properties)

    def test_an_alarm_on_an_expression_is_one_on_its_first_metric(self):
        stat = {"Metric": self.METRIC, "Period": 300, "Stat": "Sum"}
        metrics = [{"Id": "a", "Expression": "b - c"}, {"Id": "b", "MetricStat": stat}, {"Id": "c", "MetricStat": {}}]
        expected = {"Threshold": 100, **self.METRIC, "Period": 300, "Statistic": "Sum"}
        self.assertEqual(self.made({"Threshold": 100, "Metrics": metrics}), ("alarm", expected))

    def test_an_alarm_on_a_metric_stays_as_it_is(self):
        properties = {**self.METRIC, "Threshold": 1}
        self.assertEqual(self.made(properties), ("alarm", properties))


class Addresses(unittest.TestCase):
    def test_what_was_uploaded_has_the_address_that_it_has_on_aws(self):
        def get_template(params):
            return 200, {"a": "b"}, f'"{params["at"]}/bucket/1.template" and text'.encode()

        answer = with_s3_addresses(get_template, "http://127.0.0.1:4566", "eu-west-1")
        expected = b'"https://s3.eu-west-1.amazonaws.com/bucket/1.template" and text'
        self.assertEqual(answer({"at": "http://127.0.0.1:4566"}), (200, {"a": "b"}, expected))
        self.assertEqual(answer({"at": "http://127.0.0.1:45"})[2], b'"http://127.0.0.1:45/bucket/1.template" and text')


class Start(unittest.TestCase):
    """The script itself, with a MiniStack that has the names it takes."""

    questions = 0

    def modules(self, main):
        actions, evaluator = types.ModuleType("iam_actions"), types.ModuleType("iam_evaluator")
        actions.request_tag_context = lambda *_: {}
        actions.dynamodb_resource_arns = lambda *_: [arn("MailsTable")]
        actions.dynamodb_transaction_checks = lambda *_: [("dynamodb:PutItem", arn("MailsTable"))]
        actions.extract_resource_arn = lambda *_: "*"
        evaluator.enforce = lambda *_, **__: Denied()
        evaluator.resolve_caller_identity = lambda _: LOGIN
        evaluator.EvalContext = lambda *parts: parts
        evaluator._gather_role_policies = lambda *role: role
        evaluator.evaluate = lambda *asked: types.SimpleNamespace(decision=self.evaluated(*asked))
        app, core = types.ModuleType("ministack.app"), types.ModuleType("ministack.core")
        core.iam_actions, core.iam_evaluator = actions, evaluator
        services, formation = types.ModuleType("ministack.services"), types.ModuleType("formation")
        services.apigateway = types.SimpleNamespace(handle_execute=None)
        services.dynamodb = types.SimpleNamespace(_tables={IDS["MailsTable"]: {"pk_name": "id"}})
        services.ses_v2 = types.SimpleNamespace(_identities={})
        functions = mock.Mock()
        functions.get_scoped.return_value = {"config": {"Role": f"arn:aws:iam::0:role/{IDS['LoginFunctionRole']}"}}
        mapping = {"EventSourceArn": f"{arn('MailsTable')}/stream/now", "FunctionName": "login"}
        services.lambda_svc = types.SimpleNamespace(
            _functions=functions, _iter_all_esms=lambda: iter([("000000000000", "us-east-1", mapping)])
        )
        formation.provisioners = types.SimpleNamespace(_cw_metric_alarm_record=lambda *_: None)
        formation.handlers = types.SimpleNamespace(_ACTION_HANDLERS={"GetTemplate": lambda _: None})
        app.main = lambda: main(actions, evaluator, services, formation)
        return {
            "ministack": types.ModuleType("ministack"),
            "ministack.app": app,
            "ministack.core": core,
            "ministack.services": services,
            "ministack.services.cloudformation": formation,
        }

    def evaluated(self, context, policies):
        """The fifth question is answered otherwise."""
        self.questions += 1
        role, account = IDS["LoginFunctionRole"], "000000000000"
        self.assertEqual(policies, (role, account))
        principal = f"arn:aws:sts::{account}:assumed-role/{role}/lambda"
        self.assertEqual(context[:3], (principal, "AssumedRole", account))
        self.assertEqual(context[4:], (f"{arn('MailsTable')}/stream/now", "us-east-1"))
        return "Allow" if self.questions != 5 else "ImplicitDeny"

    def start(self, main, environment):
        environment = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_REGION": "us-east-1", **environment}
        with mock.patch.dict(sys.modules, self.modules(main)), mock.patch.dict(os.environ, environment):
            runpy.run_path(emulator.__file__, run_name="__main__")

    def test_the_additions_are_in_place_when_it_starts(self):
        seen = []

        def main(actions, evaluator, services, formation):
            self.assertEqual(services.apigateway.handle_execute.__qualname__, "by_route.<locals>.handle_execute")
            alarms = formation.provisioners._cw_metric_alarm_record
            answer = formation.handlers._ACTION_HANDLERS["GetTemplate"]
            self.assertEqual(answer.__qualname__, "with_s3_addresses.<locals>.answered")
            self.assertEqual(alarms.__qualname__, "with_expressions.<locals>.alarm_record")
            body = b'{"EncryptionContext": {"purpose": "mac"}}'
            context = actions.request_tag_context("kms", "kms:Decrypt", body, {})
            evaluator.enforce(FUNCTION, "kms:Decrypt", "kms", "r", resource_arn=arn("RingKey"), service_context=context)
            item = {"TableName": IDS["MailsTable"], "Item": {"id": {"S": "reset#1"}}}
            (of_one,) = actions.dynamodb_resource_arns(json.dumps(item), "r", "0")
            transaction = json.dumps({"TransactItems": [{"Put": item}]})
            ((_, of_part),) = actions.dynamodb_transaction_checks("dynamodb:TransactWriteItems", transaction, "r", "0")
            mail = json.dumps({"FromEmailAddress": "a@example.com"})
            of_mail = actions.extract_resource_arn("ses", "POST", "/v2/email/outbound-emails", {}, mail, {}, "r", "0")
            for resource in of_one, of_part, of_mail:
                evaluator.enforce(FUNCTION, "a:B", "a", "r", resource_arn=resource)
            self.assertEqual([len(list(services.lambda_svc._iter_all_esms())) for _ in range(2)], [1, 0])
            with open(os.environ["LATCHKEY_DECISIONS"]) as file:
                seen.extend(decisions(file, IDS))

        with tempfile.TemporaryDirectory() as directory:
            self.start(main, {"LATCHKEY_DECISIONS": os.path.join(directory, "decisions.jsonl")})
        self.assertEqual(seen[0], (False, ("LoginFunction", "kms:Decrypt", "RingKey for mac")))
        self.assertEqual([use[2] for _, use in seen[1:4]], ["MailsTable for reset"] * 2 + ["any identity"])
        self.assertEqual([allowed for allowed, _ in seen[4:]], [True] * 4 + [False])

    def test_it_does_not_start_without_a_place_for_the_record(self):
        main = mock.Mock()
        environment = {name: value for name, value in os.environ.items() if name != "LATCHKEY_DECISIONS"}
        with mock.patch.dict(os.environ, environment, clear=True), self.assertRaises(KeyError):
            self.start(main, {})
        main.assert_not_called()
