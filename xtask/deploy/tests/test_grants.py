import unittest

from grants import attached, granted, other_conditions, pairs, shared, statements

from tests.stack import allow, keys, login, purpose, role, template


def uses(document):
    return [use for use, _ in granted(document)]


class Grants(unittest.TestCase):
    def test_every_action_of_a_statement_is_granted_on_every_resource(self):
        statement = allow(["dynamodb:GetItem", "dynamodb:PutItem"], "LoginsTable", "UsersTable")
        expected = [
            ("LoginFunction", "dynamodb:GetItem", "LoginsTable"),
            ("LoginFunction", "dynamodb:GetItem", "UsersTable"),
            ("LoginFunction", "dynamodb:PutItem", "LoginsTable"),
            ("LoginFunction", "dynamodb:PutItem", "UsersTable"),
        ]
        self.assertEqual(uses(login(statement)), expected)

    def test_one_action_and_one_resource_need_no_list(self):
        statement = {"Effect": "Allow", "Action": "dynamodb:Scan", "Resource": {"Fn::GetAtt": ["UsersTable", "Arn"]}}
        self.assertEqual(pairs(statement), [("dynamodb:Scan", "UsersTable")])

    def test_every_policy_and_every_role_counts(self):
        first, second = (role(allow(action, "LoginsTable")) for action in ("a", "b"))
        first["Properties"]["Policies"] += role(allow("c", "LoginsTable"))["Properties"]["Policies"]
        document = template(LoginFunctionRole=first, AdminFunctionRole=second)
        expected = [("LoginFunction", "a"), ("LoginFunction", "c"), ("AdminFunction", "b")]
        self.assertEqual([use[:2] for use in uses(document)], expected)

    def test_a_policy_of_one_statement_need_not_be_a_list(self):
        document = login()
        (policy,) = document["Resources"]["LoginFunctionRole"]["Properties"]["Policies"]
        policy["PolicyDocument"]["Statement"] = allow("dynamodb:GetItem", "LoginsTable")
        self.assertEqual(uses(document), [("LoginFunction", "dynamodb:GetItem", "LoginsTable")])

    def test_a_role_without_a_policy_of_its_own_grants_nothing(self):
        document = template(LoginFunctionRole={"Type": "AWS::IAM::Role", "Properties": {}})
        self.assertEqual(uses(document), [])
        self.assertEqual(list(attached(document)), [("LoginFunction", [])])

    def test_a_key_is_granted_for_each_purpose(self):
        statement = allow("kms:Decrypt", "RingKey", Condition=purpose(["sign", "mac"]))
        self.assertEqual(pairs(statement), [("kms:Decrypt", "RingKey for sign"), ("kms:Decrypt", "RingKey for mac")])

    def test_the_purpose_does_not_hide_which_key_is_meant(self):
        statement = allow("kms:Decrypt", "RingKey", "OtherKey", Condition=purpose("mac"))
        self.assertEqual(pairs(statement), [("kms:Decrypt", "RingKey for mac"), ("kms:Decrypt", "OtherKey for mac")])

    def test_a_key_without_a_condition_is_not_granted_for_a_purpose(self):
        for other in ({}, {"Condition": purpose("mac", "StringLike")}, {"Condition": purpose([])}):
            self.assertEqual(pairs(allow("kms:Decrypt", "RingKey", **other)), [("kms:Decrypt", "RingKey")])

    def test_items_are_granted_for_each_purpose_that_their_keys_begin_with(self):
        statement = allow("dynamodb:PutItem", "MailsTable", Condition=keys("reset#*", "notice#*"))
        expected = [("dynamodb:PutItem", "MailsTable for reset"), ("dynamodb:PutItem", "MailsTable for notice")]
        self.assertEqual(pairs(statement), expected)
        self.assertEqual(other_conditions(statement), {})

    def test_keys_that_need_not_be_there_grant_no_purpose(self):
        for condition in (
            {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["reset#*"]}},
            {**keys("reset#*"), "Null": {"dynamodb:LeadingKeys": "true"}},
            keys("reset#*", "*"),
            keys("r*#*"),
        ):
            statement = allow("dynamodb:PutItem", "MailsTable", Condition=condition)
            self.assertEqual(pairs(statement), [("dynamodb:PutItem", "MailsTable")])
            self.assertEqual(other_conditions(statement), condition)

    def test_a_stream_is_not_its_table(self):
        statement = {"Effect": "Allow", "Action": "dynamodb:GetRecords", "Resource": {"Fn::GetAtt": ["MailsTable", "StreamArn"]}}
        self.assertEqual(pairs(statement), [("dynamodb:GetRecords", "MailsTable stream")])

    def test_a_mail_is_granted_by_every_identity_and_one_configuration_set(self):
        prefix = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}"
        resources = [{"Fn::Sub": f"{prefix}:identity/*"}, {"Fn::Sub": f"{prefix}:configuration-set/${{MailSettings}}"}]
        statement = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": resources}
        self.assertEqual(pairs(statement), [("ses:SendEmail", "any identity"), ("ses:SendEmail", "MailSettings")])

    def test_wildcards_of_actions_are_taken_literally(self):
        self.assertEqual(pairs(allow("dynamodb:*", "UsersTable")), [("dynamodb:*", "UsersTable")])

    def test_a_statement_of_another_form_is_an_error(self):
        whole = allow("dynamodb:GetItem", "LoginsTable")
        without_action = {key: value for key, value in whole.items() if key != "Action"}
        forms = [
            {**whole, "Effect": "Deny"},
            {**whole, "NotResource": "*"},
            {**without_action, "NotAction": "dynamodb:DeleteItem"},
            {**whole, "Principal": "*"},
        ]
        for form in forms:
            with self.subTest(form), self.assertRaisesRegex(ValueError, "statement .* is not understood"):
                pairs(form)

    def test_a_resource_of_another_form_is_an_error(self):
        resources = [
            "*",
            "arn:aws:dynamodb:*:*:table/*",
            {"Fn::Sub": "${LoginsTable.Arn}/index/*"},
            {"Fn::GetAtt": ["LoginsTable", "TableId"]},
            {"Fn::Sub": "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/example.com"},
            {"Fn::Sub": "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:configuration-set/*"},
            {"Fn::Sub": "arn:${AWS::Partition}:ses:*:${AWS::AccountId}:identity/*"},
            {"Fn::Sub": ["arn:${X}", {}]},
            {"Fn::GetAtt": "LoginsTable.Arn"},
            {"Ref": "LoginsTable"},
        ]
        for resource in resources:
            for given in (resource, [{"Fn::GetAtt": ["LoginsTable", "Arn"]}, resource]):
                with self.subTest(given), self.assertRaisesRegex(ValueError, "resource .* is not understood"):
                    pairs({"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": given})

    def test_permissions_outside_of_roles_are_an_error(self):
        for kind in ("AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::IAM::User"):
            document = template(LoginFunctionRole=role(), More={"Type": kind, "Properties": {}})
            with self.subTest(kind), self.assertRaisesRegex(ValueError, f"More is an {kind}"):
                uses(document)

    def test_conditions_but_for_the_purpose_go_with_each_grant(self):
        condition = {**purpose("mac"), "Null": {"aws:TokenIssueTime": "true"}}
        document = login(allow("kms:Decrypt", "RingKey", Condition=condition))
        use = ("LoginFunction", "kms:Decrypt", "RingKey for mac")
        self.assertEqual(list(granted(document)), [(use, {"Null": {"aws:TokenIssueTime": "true"}})])

    def test_a_purpose_that_is_compared_otherwise_is_a_condition_like_others(self):
        condition = purpose("*", "StringLike")
        self.assertEqual(other_conditions(allow("kms:Decrypt", "RingKey", Condition=condition)), condition)

    def test_statements_come_with_the_names_of_their_policy(self):
        statement = allow("dynamodb:GetItem", "LoginsTable")
        expected = ("LoginFunction", "LoginFunctionRole", "Policy0", [statement])
        self.assertEqual(list(statements(login(statement))), [expected])

    def test_managed_policies_are_those_of_each_role(self):
        document = template(LoginFunctionRole=role(), AdminFunctionRole=role(ManagedPolicyArns=["other"]))
        self.assertEqual(list(attached(document)), [("LoginFunction", []), ("AdminFunction", ["other"])])

    def test_a_policy_of_several_roles_is_kept_apart(self):
        policy = {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": "LoginFunctionRole"}]}}
        document = template(LoginFunctionRole=role(allow("a", "LoginsTable")), LogPolicy=policy)
        self.assertEqual(uses(document), [("LoginFunction", "a", "LoginsTable")])
        self.assertEqual(list(shared(document)), [("LogPolicy", policy)])
