"""Takes each statement out of its policy, one at a time, and sees that somebody then misses it.

    statements.py STACK URL ADMINISTRATOR DECISIONS JOURNEY...

DECISIONS is the emulator's record, in which the function must then be refused what the statement allows. JOURNEY is the command that uses the API. Before each attempt every function starts anew, without anything in memory that
the statement let it have, and the key ring is gone."""

import json
import os
import subprocess
import sys

import boto3

from permissions import as_list, targets
from routes import processed, resources


def policies(template, ids):
    """The inline policies: function, role, name, the document that is deployed and the statements of the template."""
    for logical, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"]["Policies"]:
                role, name = ids[logical], policy["PolicyName"]
                document = boto3.client("iam").get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
                yield logical.removesuffix("Role"), role, name, document, policy["PolicyDocument"]["Statement"]


def start_over(template, ids):
    client = boto3.client("lambda")
    for logical, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Function":
            code = resource["Properties"]["Code"]
            client.update_function_code(FunctionName=ids[logical], S3Bucket=code["S3Bucket"], S3Key=code["S3Key"])
    empty(ids["KeysTable"], "id")
    # Or the attempts of one journey would be too many for the next.
    empty(ids["ThrottlesTable"], "key")


def empty(table, key):
    client = boto3.client("dynamodb")
    for item in client.scan(TableName=table)["Items"]:
        client.delete_item(TableName=table, Key={key: item[key]})


def succeeds(command):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def main(stack, url, administrator, decisions, *journey):
    template, ids = processed(stack), resources(stack)
    invoke = [sys.executable, __file__.replace("statements", "invoke"), stack, url, administrator]

    def journey_succeeds():
        start_over(template, ids)
        return succeeds(invoke) and succeeds(journey)

    if not journey_succeeds():
        sys.exit("the journey fails with all statements in place")
    missed = 0
    for function, role, name, document, written in policies(template, ids):
        for index, statement in enumerate(document["Statement"]):
            rest = document["Statement"][:index] + document["Statement"][index + 1 :]
            if rest:
                put(role, name, {**document, "Statement": rest})
            else:
                boto3.client("iam").delete_role_policy(RoleName=role, PolicyName=name)
            actions = ", ".join(as_list(statement["Action"]))
            says = f"{function} without {actions} on {', '.join(targets(written[index]))}"
            before = os.path.getsize(decisions)
            if journey_succeeds():
                sys.exit(f"{says}: nobody misses it")
            if not refused(decisions, before, role, as_list(statement["Action"])):
                sys.exit(f"{says}: it fails, and not for that")
            missed += 1
            print(f"{says}: fails", flush=True)
        put(role, name, document)
    if not journey_succeeds():
        sys.exit("the journey fails with all statements back in place")
    print(f"each of {missed} statements is missed, and with all of them back the journey succeeds")


def refused(decisions, before, role, actions):
    """Whether the role was refused one of the actions since."""
    with open(decisions) as file:
        file.seek(before)
        since = [json.loads(line) for line in file]
    return any(made["role"] == role and made["action"] in actions and not made["allowed"] for made in since)


def put(role, name, document):
    boto3.client("iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))


if __name__ == "__main__":
    main(*sys.argv[1:])
