"""Judges what all roles have: the boundary of the parameter, and the right to write to the log of the stack and to no
other, and to send traces where the functions are traced.

IAM itself is asked as well, since it counts every policy that a role has by any way.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
"""

import sys

from decided import NOTHING
from grants import as_list, roles, shared

LOG = ["logs:CreateLogStream", "logs:PutLogEvents"]
TRACES = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
# The condition of each policy, and what it allows on what.
EXPECTED = {
    "LogPolicy": (None, LOG, {"Fn::GetAtt": ["Logs", "Arn"]}),
    "TracePolicy": ("FunctionsAreTraced", TRACES, "*"),
}
# As the processed template has it. The emulator gives no role a boundary.
BOUNDARY = {"Fn::If": ["RolesAreBounded", {"Ref": "PermissionsBoundary"}, {"Ref": "AWS::NoValue"}]}
# With the right to create a group, a function that still runs would make the group of a deleted stack again.
NEVER = ["logs:CreateLogGroup", "logs:DeleteLogStream", "logs:DeleteLogGroup"]


def written(template):
    """What is wrong with the policies in the template."""
    found = dict(shared(template))
    everybody = sorted(name for name, _ in roles(template))
    for name in sorted(found.keys() | EXPECTED.keys()):
        if name not in found or name not in EXPECTED:
            yield f"{name} is {'missing' if name in EXPECTED else 'not known'}"
            continue
        condition, actions, resource = EXPECTED[name]
        policy = found[name]
        properties = policy["Properties"]
        statement = [{"Effect": "Allow", "Action": actions, "Resource": resource}]
        if as_list(properties["PolicyDocument"]["Statement"]) != statement:
            yield f"{name} has the statements {properties['PolicyDocument']['Statement']}, and not {statement}"
        if policy.get("Condition") != condition:
            yield f"{name} has the condition {policy.get('Condition')}, and not {condition}"
        if sorted(listed(properties["Roles"], template)) != everybody:
            yield f"{name} is of {properties['Roles']}, and not of each role"
    for name, properties in roles(template):
        if properties.get("PermissionsBoundary") != BOUNDARY:
            yield f"{name} has the boundary {properties.get('PermissionsBoundary')}, and not {BOUNDARY}"


def listed(roles, template):
    """The roles that a policy is of. One that a condition may leave out has that condition itself, or it would be none."""
    for role in roles:
        if "Fn::If" in role:
            condition, role, otherwise = role["Fn::If"]
            if otherwise != NOTHING or template["Resources"][role["Ref"]].get("Condition") != condition:
                continue
        elif "Condition" in template["Resources"][role["Ref"]]:
            continue
        yield role["Ref"]


def questions(group, traced):
    """Whether a role may do what on what."""
    prefix, _, name = group.removesuffix(":*").rpartition(":")
    others = [f"{prefix}:{other}:log-stream:a" for other in (f"{name}-2", "/aws/lambda/other", "/other")]
    yield True, LOG, f"{prefix}:{name}:log-stream:a"
    for other in [*others, "*"]:
        yield False, LOG, other
    for one in [group, *others, "*"]:
        yield False, NEVER, one
    yield traced, TRACES, "*"


def decided(simulate, names, group, traced):
    """What IAM decides otherwise. `simulate` says what it decides of a role, actions and a resource."""
    for name in names:
        for expected, actions, resource in questions(group, traced):
            for action, allowed in simulate(name, actions, resource):
                if allowed != expected:
                    yield f"{name} {'may' if allowed else 'may not'} {action} on {resource}"


def main(stack):
    # Here, so that the tests need no boto3.
    import boto3

    from routes import deployed, processed, resources

    template, ids, iam = processed(stack), resources(stack), boto3.client("iam")
    (described,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    given = {one["ParameterKey"]: one["ParameterValue"] for one in described["Parameters"]}
    groups = boto3.client("logs").describe_log_groups(logGroupNamePrefix=ids["Logs"])["logGroups"]
    (group,) = [one["arn"] for one in groups if one["logGroupName"] == ids["Logs"]]

    def simulate(role, actions, resource):
        arn = iam.get_role(RoleName=ids[role])["Role"]["Arn"]
        answer = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=actions, ResourceArns=[resource])
        for result in answer["EvaluationResults"]:
            yield result["EvalActionName"], result["EvalDecision"] == "allowed"

    names = [name for name, _ in roles(deployed(stack))]
    traced = given["TracingMode"] == "Active"
    wrong = [*written(template), *decided(simulate, names, group, traced)]
    if wrong or not names:
        sys.exit("\n".join(wrong) or "there is no role")
    print(f"{len(names)} roles may write to {ids['Logs']}, to no other log group, and {'' if traced else 'no '}traces")


if __name__ == "__main__":
    main(*sys.argv[1:])
