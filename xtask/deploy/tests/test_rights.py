import base64
import json
import os
import unittest

from rights import ROLE, actions, findings, token, without_provider

REGISTRY = {"AWS::A::B": "a:Make Delete b:Read", "AWS::C::D": "c:Make"}


def policy(*names):
    return {"Statement": [{"Action": name} for name in names]}


class Rights(unittest.TestCase):
    def test_a_service_counts_until_the_next(self):
        self.assertEqual(list(actions("a:Make Delete b:Read")), ["a:Make", "a:Delete", "b:Read"])

    def test_every_action_of_a_type_is_wanted(self):
        enough = [policy("a:Make", ["a:Delete", "z:More"]), policy("b:Read")]
        self.assertEqual(list(findings({"AWS::A::B"}, enough, REGISTRY)), [])
        missing = [policy("a:Make", "a:Read")]
        self.assertEqual(
            list(findings({"AWS::A::B"}, missing, REGISTRY)), ["AWS::A::B takes a:Delete", "AWS::A::B takes b:Read"]
        )

    def test_a_type_that_nobody_looked_up_is_told(self):
        found = list(findings({"AWS::E::F"}, [policy()], REGISTRY))
        self.assertEqual(found, ["the registry's actions of AWS::E::F are not in rights.py"])

    def test_the_role_is_the_published_one_but_for_the_provider(self):
        root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
        with open(os.path.join(root, ROLE)) as file:
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
