"""Compares what the functions may do with what they did: every action and table, and every purpose of keys."""

import json
import sys

import boto3

from routes import processed, resources

# What the emulator gives no occasion for, and which test of the workspace shows the call.
NOT_PROVOKED = {
    ("RegisterFunction", "dynamodb:GetItem", "LoginsTable"): "after a TransactionConflict (policies.rs)",
}


def as_list(value):
    return value if isinstance(value, list) else [value]


def targets(statement):
    """What a statement allows its actions on: logical ids, and for keys their purposes."""
    ids = [resource["Fn::GetAtt"][0] for resource in as_list(statement["Resource"])]
    purposes = statement.get("Condition", {}).get("StringEquals", {}).get("kms:EncryptionContext:purpose")
    return as_list(purposes) if purposes else ids


def roles(template):
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
    }


def granted(template):
    for role, properties in roles(template).items():
        for policy in properties["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                for action in as_list(statement["Action"]):
                    for target in targets(statement):
                        yield role.removesuffix("Role"), action, target


def used(decisions, ids):
    """What was allowed, and what was refused."""
    names = {physical: logical for logical, physical in ids.items()}
    for line in decisions:
        decision = json.loads(line)
        function = names.get(decision["role"], decision["role"]).removesuffix("Role")
        resource = decision["resource"].rpartition("/")[2]
        target = decision["purpose"] or names.get(resource, resource)
        yield decision["allowed"], (function, decision["action"], target)


def main(stack, file):
    template = processed(stack)
    may = set(granted(template))
    with open(file) as decisions:
        made = list(used(decisions, resources(stack)))
    did = {use for allowed, use in made if allowed}
    refused = sorted({use for allowed, use in made if not allowed})

    print(f"{'function':20} {'action':40} {'table, or purpose of keys':26} {'granted':8} used")
    for function, action, target in sorted(may | did):
        use = (function, action, target)
        says = "yes" if use in did else NOT_PROVOKED.get(use, "NO")
        print(f"{function:20} {action:40} {target:26} {'yes' if use in may else 'NO':8} {says}")
    attached = {arn["Fn::Sub"] if isinstance(arn, dict) else arn for role in roles(template).values()
                for arn in role["ManagedPolicyArns"]}
    print(f"{len(may)} permissions in all. Each role also has, for its log and its traces: {', '.join(sorted(attached))}")

    wrong = [f"{use} was refused" for use in refused]
    wrong += [f"{use} is granted, and was not used" for use in sorted(may - did - set(NOT_PROVOKED))]
    wrong += [f"{use} was used, and is not granted" for use in sorted(did - may)]
    wrong += [f"{use} was used after all" for use in sorted(did & set(NOT_PROVOKED))]
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
