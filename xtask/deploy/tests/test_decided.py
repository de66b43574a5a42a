import unittest

from decided import decided

GIVEN = {"MailFrom": "a@example.com", "Origins": "a,b"}
TEMPLATE = {
    "Parameters": {"MailFrom": {"Type": "String"}, "Origins": {"Type": "CommaDelimitedList"}},
    "Conditions": {
        "MailIsSent": {"Fn::Not": [{"Fn::Equals": [{"Ref": "MailFrom"}, ""]}]},
        "Both": {"Fn::And": [{"Condition": "MailIsSent"}, {"Fn::Equals": [{"Ref": "MailFrom"}, "a@example.com"]}]},
    },
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "Boundary": {"Fn::If": ["MailIsSent", {"Ref": "AWS::NoValue"}, "none"]},
                "Statement": [{"Action": "a"}, {"Fn::If": ["MailIsSent", {"Action": "b"}, {"Ref": "AWS::NoValue"}]}],
                "Value": {"Fn::If": ["Both", {"Fn::GetAtt": ["Mails", "Arn"]}, ""]},
            },
        },
        "Mails": {"Type": "AWS::DynamoDB::Table", "Condition": "MailIsSent"},
    },
}


def properties(given):
    return decided(TEMPLATE, given)["Resources"]["Role"]["Properties"]


class Decided(unittest.TestCase):
    def test_what_holds_is_there(self):
        expected = {"Statement": [{"Action": "a"}, {"Action": "b"}], "Value": {"Fn::GetAtt": ["Mails", "Arn"]}}
        self.assertEqual(properties(GIVEN), expected)
        self.assertIn("Mails", decided(TEMPLATE, GIVEN)["Resources"])

    def test_what_does_not_hold_is_left_out(self):
        given = {**GIVEN, "MailFrom": ""}
        self.assertEqual(properties(given), {"Boundary": "none", "Statement": [{"Action": "a"}], "Value": ""})
        self.assertNotIn("Mails", decided(TEMPLATE, given)["Resources"])

    def test_the_rest_stays(self):
        self.assertEqual(decided(TEMPLATE, GIVEN)["Parameters"], TEMPLATE["Parameters"])
