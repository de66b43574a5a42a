import json
import unittest
from unittest import mock

from conditions import Named, with_keys, with_keys_of_parts, with_named, with_sender

TABLE = "arn:aws:dynamodb:r:0:table/"
KEYS = "dynamodb:LeadingKeys"


def partition(table):
    return {"Mails": "id", "Users": "user_id"}.get(table)


def arns(body, region, account):
    """As the emulator: one of the request, or all of its batch."""
    request = json.loads(body or b"{}")
    return [TABLE + name for name in ([request["TableName"]] if "TableName" in request else request.get("RequestItems", {}))]


def named(**request):
    found = with_keys(arns, partition)(json.dumps(request), "r", "0")
    return [(str(arn), arn.context) for arn in found]


def text(value):
    return {"S": value}


class Keys(unittest.TestCase):
    def test_a_request_for_an_item_names_its_partition_key(self):
        for member in ("Key", "Item"):
            request = {"TableName": "Mails", member: {"id": text("reset#1"), "sort": text("b")}}
            self.assertEqual(named(**request), [(f"{TABLE}Mails", {KEYS: ["reset#1"]})])

    def test_a_number_is_compared_as_text(self):
        self.assertEqual(named(TableName="Mails", Key={"id": {"N": "7"}}), [(f"{TABLE}Mails", {KEYS: ["7"]})])

    def test_a_batch_names_the_keys_of_each_table(self):
        reads = {
            "Mails": {"Keys": [{"id": text("reset#1")}, {"id": text("notice#2")}]},
            "Users": {"Keys": [{"user_id": text("ada"), "id": text("no")}]},
        }
        expected = [(f"{TABLE}Mails", {KEYS: ["reset#1", "notice#2"]}), (f"{TABLE}Users", {KEYS: ["ada"]})]
        self.assertEqual(named(RequestItems=reads), expected)
        writes = {
            "Mails": [{"PutRequest": {"Item": {"id": text("reset#1")}}}, {"DeleteRequest": {"Key": {"id": text("notice#2")}}}],
            "Users": [{"PutRequest": {"Item": {"user_id": text("ada")}}}],
        }
        self.assertEqual(named(RequestItems=writes), expected)

    def test_a_request_without_a_key_has_no_context(self):
        for request in ({"TableName": "Mails"}, {"TableName": "Mails", "Key": {"other": text("reset#1")}}):
            self.assertEqual(named(**request), [(f"{TABLE}Mails", {})])
        self.assertEqual(named(TableName="Unknown", Key={"id": text("reset#1")}), [(f"{TABLE}Unknown", {})])

    def test_a_request_without_a_table_names_none(self):
        self.assertEqual(with_keys(arns, partition)(b"", "r", "0"), [])


class Transactions(unittest.TestCase):
    ACTIONS = {"Put": "dynamodb:PutItem", "Update": "dynamodb:UpdateItem", "ConditionCheck": "dynamodb:ConditionCheckItem"}

    def checks(self, action, body, region, account):
        if not action.startswith("dynamodb:Transact"):
            return []
        parts = json.loads(body)["TransactItems"]
        return [(self.ACTIONS[name], TABLE + one["TableName"]) for part in parts for name, one in part.items()]

    def named(self, *parts, action="dynamodb:TransactWriteItems"):
        found = with_keys_of_parts(self.checks, partition)(action, json.dumps({"TransactItems": parts}), "r", "0")
        return [(one, str(arn), getattr(arn, "context", None)) for one, arn in found]

    def test_each_part_has_its_own_key(self):
        parts = [
            {"Update": {"TableName": "Mails", "Key": {"id": text("reset#1")}}},
            {"Put": {"TableName": "Mails", "Item": {"id": text("notice#2")}}},
            {"ConditionCheck": {"TableName": "Users", "Key": {"user_id": text("ada")}}},
        ]
        expected = [
            ("dynamodb:UpdateItem", f"{TABLE}Mails", {KEYS: ["reset#1"]}),
            ("dynamodb:PutItem", f"{TABLE}Mails", {KEYS: ["notice#2"]}),
            ("dynamodb:ConditionCheckItem", f"{TABLE}Users", {KEYS: ["ada"]}),
        ]
        self.assertEqual(self.named(*parts), expected)

    def test_a_part_of_several_members_is_asked_for_with_the_keys_of_all(self):
        part = {
            "Update": {"TableName": "Mails", "Key": {"id": text("reset#1")}},
            "Put": {"TableName": "Mails", "Item": {"id": text("notice#2")}},
        }
        found = [context for _, _, context in self.named(part)]
        self.assertEqual(found, [{KEYS: ["reset#1", "notice#2"]}] * 2)

    def test_other_actions_have_no_parts(self):
        checks = with_keys_of_parts(self.checks, partition)
        self.assertEqual(checks("dynamodb:PutItem", '{"TableName": "Mails"}', "r", "0"), [])


class Mails(unittest.TestCase):
    def named(self, request, path="/v2/email/outbound-emails", method="POST", service="ses"):
        extract = with_sender(lambda *_: "*", {"boss@example.com"}.__contains__)
        return extract(service, method, path, {}, json.dumps(request).encode(), {}, "r", "0")

    def test_a_mail_goes_by_the_domain_of_its_sender_or_by_the_sender(self):
        for sender, identity in (("noreply@example.com", "example.com"), ("boss@example.com", "boss@example.com")):
            arn = self.named({"FromEmailAddress": sender})
            self.assertEqual((arn, arn.beside), (f"arn:aws:ses:r:0:identity/{identity}", []))
            self.assertEqual(arn.context, {"ses:FromAddress": sender})

    def test_the_name_of_the_sender_is_no_part_of_its_address(self):
        arn = self.named({"FromEmailAddress": '"Latchkey, Inc." <noreply@example.com>'})
        expected = {"ses:FromAddress": "noreply@example.com", "ses:FromDisplayName": "Latchkey, Inc."}
        self.assertEqual((arn, arn.context), ("arn:aws:ses:r:0:identity/example.com", expected))

    def test_a_configuration_set_is_asked_for_as_well(self):
        arn = self.named({"FromEmailAddress": "a@example.com", "ConfigurationSetName": "settings"})
        self.assertEqual(arn.beside, ["arn:aws:ses:r:0:configuration-set/settings"])

    def test_a_mail_without_sender_has_none(self):
        self.assertEqual(self.named({}).context, {})

    def test_other_requests_are_as_they_were(self):
        request = {"FromEmailAddress": "a@example.com"}
        for other in ({"path": "/v2/email/identities"}, {"method": "GET"}, {"service": "sqs"}):
            self.assertNotIsInstance(self.named(request, **other), Named)


class Deciding(unittest.TestCase):
    def decide(self, arn, *answers, context=None):
        self.evaluator = mock.Mock(side_effect=answers)
        return with_named(self.evaluator)("key", "a:B", "a", "r", resource_arn=arn, service_context=context)

    def asked(self):
        return [(call.kwargs["resource_arn"], call.kwargs["service_context"]) for call in self.evaluator.call_args_list]

    def test_what_the_arn_carries_is_decided_by_beside_the_rest(self):
        self.assertIsNone(self.decide(Named("arn", {"k": "v"}), None, context={"c": 1}))
        self.assertEqual(self.asked(), [("arn", {"c": 1, "k": "v"})])

    def test_further_resources_are_asked_for_until_one_is_refused(self):
        arn = Named("one", {"k": "v"}, ["two", "three"])
        self.assertEqual(self.decide(arn, None, "denied"), "denied")
        self.assertEqual(self.asked(), [("one", {"k": "v"}), ("two", {"k": "v"})])
        self.assertIsNone(self.decide(arn, None, None, None))

    def test_any_other_request_is_as_it_was(self):
        self.assertEqual(self.decide("arn", "denied", context={"c": 1}), "denied")
        self.assertEqual(self.asked(), [("arn", {"c": 1})])
        self.evaluator = mock.Mock(return_value=None)
        self.assertIsNone(with_named(self.evaluator)("key", "a:B", "a", "r"))
        self.evaluator.assert_called_once_with("key", "a:B", "a", "r", resource_arn="*", service_context=None)
