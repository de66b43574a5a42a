import base64
import json
import os
import re
import unittest

from rights import LONGEST, ROLE, actions, findings, importing, token, too_long, without_provider

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")

REGISTRY = {"AWS::A::B": "a:Make Delete b:Read", "AWS::C::D": "c:Make"}


def policy(*names):
    return {"Statement": [{"Action": name} for name in names]}


class Rights(unittest.TestCase):
    def test_a_service_counts_until_the_next(self):
        self.assertEqual(list(actions("a:Make Delete b:Read")), ["a:Make", "a:Delete", "b:Read"])

    def test_every_action_of_a_type_is_wanted(self):
        enough = [policy("a:Make", ["a:Delete", "s:Call"]), policy("b:Read")]
        self.assertEqual(list(findings({"AWS::A::B"}, enough, REGISTRY, "s:Call")), [])
        missing = [policy("a:Make")]
        self.assertEqual(
            list(findings({"AWS::A::B"}, missing, REGISTRY, "")), ["AWS::A::B takes a:Delete", "AWS::A::B takes b:Read"]
        )

    def test_an_action_that_nothing_takes_is_told(self):
        more = [policy("a:Make", ["a:Delete", "c:Make", "s:Call"]), policy("b:Read")]
        found = list(findings({"AWS::A::B"}, more, REGISTRY, "s:Call"))
        self.assertEqual(found, ["nothing takes c:Make"])

    def test_a_change_set_that_may_import_is_told(self):
        def statement(arn, condition):
            return {"Sid": "S", "Action": ["a:B", "cloudformation:CreateChangeSet"], "Resource": arn, "Condition": condition}

        stack, refused = "arn:aws:cloudformation:::stack/a/*", {"Null": {"cloudformation:ImportResourceTypes": "true"}}
        for arn, condition, found in [
            (stack, refused, []),
            ("arn:aws:cloudformation:::aws:transform/Serverless-2016-10-31", {}, []),
            ([stack], {}, ["S allows an import"]),
            (stack, {"Null": {"cloudformation:ImportResourceTypes": "false"}}, ["S allows an import"]),
        ]:
            self.assertEqual(list(importing([{"Statement": [statement(arn, condition)]}])), found)

    def test_policies_longer_than_iam_takes_are_told(self):
        def long(spaces, letters):
            return [{**policy("c:Make"), "Id": " " * spaces + "x" * letters}]

        most = LONGEST - len(json.dumps(*long(0, 0), separators=(",", ":")))
        self.assertEqual(list(too_long(long(100, most), "latchkey")), [])
        told = [f"the policies have {LONGEST + 1} characters, and IAM takes {LONGEST}"]
        self.assertEqual(list(too_long(long(0, most + 1), "latchkey")), told)

    def test_the_stack_may_have_the_longest_name(self):
        for written, more in ((":latchkey-*", 20), ("/latchkey/*", 20), ("latchkey", 20), ("latchkey:stack", 0)):
            def policies(length):
                return [{"Statement": [], "Id": written, "More": "y" * length}]

            most = LONGEST - more - len(json.dumps(*policies(0), separators=(",", ":")))
            self.assertEqual(list(too_long(policies(most), "latchkey")), [])
            self.assertEqual(len(list(too_long(policies(most + 1), "latchkey"))), 1)

    def test_a_pattern_is_a_right_to_what_it_matches(self):
        self.assertEqual(list(findings({"AWS::A::B"}, [policy("a:*e*", "b:Read")], REGISTRY, "")), [])
        found = list(findings({"AWS::A::B"}, [policy("a:Mak*", "b:*", "c:*")], REGISTRY, ""))
        self.assertEqual(found, ["AWS::A::B takes a:Delete", "nothing takes c:*"])

    def test_the_name_of_every_role_is_whole(self):
        with open(os.path.join(ROOT, ROLE)) as file:
            (more,) = re.findall(r"AllowedPattern: \^\[a-zA-Z\]\[a-zA-Z0-9-\]\{0,(\d+)\}\$", file.read())
        with open(os.path.join(ROOT, "template.yaml")) as file:
            roles = re.findall(r"^  (\w+):\n    Type: AWS::IAM::Role$", file.read(), re.MULTILINE)
        self.assertIn("LoginFunctionRole", roles)
        longest = max(map(len, roles))
        self.assertLessEqual(1 + int(more) + len("-") + longest + len("-ABCDEFGHIJKL"), 64)

    def test_a_type_that_nobody_looked_up_is_told(self):
        found = list(findings({"AWS::E::F"}, [policy()], REGISTRY))
        self.assertEqual(found, ["the registry's actions of AWS::E::F are not in rights.py"])

    def test_the_role_is_the_published_one_but_for_the_provider(self):
        with open(os.path.join(ROOT, ROLE)) as file:
            template = file.read()
        rest = without_provider(template)
        self.assertNotIn("AWS::IAM::OIDCProvider", rest)
        self.assertNotIn("!Ref Provider\n", rest)
        self.assertIn("Federated: !Ref ProviderArn", rest)
        self.assertGreater(len(rest), len(template) - 1000)

    def test_a_token_names_its_subject(self):
        claims = token("repo:owner/repo:environment:production").split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        self.assertEqual(claims["sub"], "repo:owner/repo:environment:production")
        self.assertEqual(claims["aud"], "sts.amazonaws.com")
