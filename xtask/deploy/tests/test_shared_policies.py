import copy
import unittest

from shared_policies import BOUNDARY, LOG, NEVER, TRACES, decided, questions, written

from tests.stack import role, template

GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/latchkey:*"
STREAM = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/latchkey:log-stream:a"


def policy(actions, resource, *names, **attributes):
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    properties = {
        "PolicyName": "policy",
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "Roles": [{"Ref": name} for name in names],
    }
    return {"Type": "AWS::IAM::Policy", "Properties": properties, **attributes}


ROLES = ["LoginFunctionRole", "AdminFunctionRole"]
LOGS = {"Fn::GetAtt": ["Logs", "Arn"]}
GOOD = template(
    LoginFunctionRole=role(PermissionsBoundary=BOUNDARY),
    AdminFunctionRole=role(PermissionsBoundary=BOUNDARY),
    LogPolicy=policy(LOG, LOGS, *ROLES),
    TracePolicy=policy(TRACES, "*", *ROLES, Condition="FunctionsAreTraced"),
)


def changed(name, **properties):
    document = copy.deepcopy(GOOD)
    document["Resources"][name]["Properties"].update(properties)
    return document


class Written(unittest.TestCase):
    def wrong(self, document):
        return list(written(document))

    def test_one_policy_for_the_log_and_one_for_traces_are_right(self):
        self.assertEqual(self.wrong(GOOD), [])

    def test_a_log_group_other_than_that_of_the_stack_is_wrong(self):
        for resource in ("*", "arn:aws:logs:*:*:log-group:/aws/lambda/*", {"Fn::GetAtt": ["Other", "Arn"]}, [LOGS, "*"]):
            document = copy.deepcopy(GOOD)
            document["Resources"]["LogPolicy"] = policy(LOG, resource, *ROLES)
            (says,) = self.wrong(document)
            self.assertIn("LogPolicy has the statements", says)

    def test_an_action_more_or_less_is_wrong(self):
        for actions in (["logs:*"], [*LOG, "logs:CreateLogGroup"], LOG[:1]):
            document = copy.deepcopy(GOOD)
            document["Resources"]["LogPolicy"] = policy(actions, LOGS, *ROLES)
            self.assertEqual(len(self.wrong(document)), 1)

    def test_traces_without_their_condition_are_wrong(self):
        document = copy.deepcopy(GOOD)
        del document["Resources"]["TracePolicy"]["Condition"]
        self.assertEqual(self.wrong(document), ["TracePolicy has the condition None, and not FunctionsAreTraced"])

    def test_a_role_that_is_left_out_is_named(self):
        document = changed("LogPolicy", Roles=[{"Ref": "LoginFunctionRole"}])
        (says,) = self.wrong(document)
        self.assertIn("LogPolicy is of", says)

    def test_a_role_that_may_be_left_out_is_listed_on_its_own_condition(self):
        def listed(*listing, **attributes):
            document = copy.deepcopy(GOOD)
            document["Resources"]["MailerFunctionRole"] = {**role(PermissionsBoundary=BOUNDARY), **attributes}
            for name in ("LogPolicy", "TracePolicy"):
                document["Resources"][name]["Properties"]["Roles"] += listing
            return self.wrong(document)

        def on(condition, otherwise={"Ref": "AWS::NoValue"}):
            return {"Fn::If": [condition, {"Ref": "MailerFunctionRole"}, otherwise]}

        self.assertEqual(listed(on("MailIsSent"), Condition="MailIsSent"), [])
        for listing, attributes in [
            ([on("MailIsSent")], {}),
            ([on("Other")], {"Condition": "MailIsSent"}),
            ([on("MailIsSent", {"Ref": "LoginFunctionRole"})], {"Condition": "MailIsSent"}),
            ([{"Ref": "MailerFunctionRole"}], {"Condition": "MailIsSent"}),
            ([], {"Condition": "MailIsSent"}),
        ]:
            self.assertEqual(len(listed(*listing, **attributes)), 2)

    def test_a_role_without_the_boundary_is_named(self):
        (says,) = self.wrong(changed("AdminFunctionRole", PermissionsBoundary={"Ref": "AWS::NoValue"}))
        self.assertIn("AdminFunctionRole has the boundary", says)

    def test_a_policy_more_or_less_is_wrong(self):
        document = copy.deepcopy(GOOD)
        document["Resources"]["MorePolicy"] = document["Resources"].pop("LogPolicy")
        self.assertEqual(self.wrong(document), ["LogPolicy is missing", "MorePolicy is not known"])


class Decided(unittest.TestCase):
    """What IAM decides of a role that has these rights."""

    def wrong(self, rights, traced=False):
        def simulate(name, actions, resource):
            self.assertEqual(name, "LoginFunctionRole")
            return [(action, any(resource == on or on == "*" for on in rights.get(action, []))) for action in actions]

        return list(decided(simulate, ["LoginFunctionRole"], GROUP, traced))

    def test_the_log_of_the_stack_alone_is_right(self):
        self.assertEqual(self.wrong({action: [STREAM] for action in LOG}), [])

    def test_a_role_that_may_not_write_its_log_is_wrong(self):
        self.assertEqual(len(self.wrong({})), 2)

    def test_another_group_is_wrong(self):
        for other in ("latchkey-2", "other"):
            arn = STREAM.replace("latchkey", other)
            wrong = self.wrong({LOG[0]: [STREAM], LOG[1]: [STREAM, arn]})
            self.assertEqual(wrong, [f"LoginFunctionRole may {LOG[1]} on {arn}"])

    def test_every_group_is_wrong(self):
        self.assertTrue(self.wrong({action: ["*"] for action in LOG}))

    def test_a_group_that_can_be_made_again_is_wrong(self):
        wrong = self.wrong({**{action: [STREAM] for action in LOG}, NEVER[0]: [GROUP]})
        self.assertEqual(wrong, [f"LoginFunctionRole may logs:CreateLogGroup on {GROUP}"])

    def test_traces_are_sent_where_functions_are_traced_and_nowhere_else(self):
        rights = {action: [STREAM] for action in LOG}
        traces = {action: ["*"] for action in TRACES}
        self.assertEqual(self.wrong({**rights, **traces}, traced=True), [])
        self.assertEqual(len(self.wrong({**rights, **traces})), 2)
        self.assertEqual(len(self.wrong(rights, traced=True)), 2)

    def test_no_question_is_of_the_group_by_another_name(self):
        self.assertEqual([on for expected, _, on in questions(GROUP, False) if expected], [STREAM])
