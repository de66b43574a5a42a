"""A small stack: its template as CloudFormation processed it, and the record of what its functions called."""

import json

IDS = {
    "LoginFunctionRole": "latchkey-LoginFunctionRole-1A",
    "AdminFunctionRole": "latchkey-AdminFunctionRole-2B",
    "LoginsTable": "latchkey-LoginsTable-3C",
    "UsersTable": "latchkey-UsersTable-4D",
    "MailsTable": "latchkey-MailsTable-5E",
    "MailSettings": "latchkey-MailSettings-6F",
    "RingKey": "e2f3e903-5305-460c-9911-8f9da8c2436c",
}


def arn(logical):
    where = "kms:us-east-1:000000000000:key" if logical.endswith("Key") else "dynamodb:us-east-1:000000000000:table"
    return f"arn:aws:{where}/{IDS[logical]}"


def allow(action, *names, **other):
    resources = [{"Fn::GetAtt": [name, "Arn"]} for name in names]
    return {"Effect": "Allow", "Action": action, "Resource": resources, **other}


def purpose(value, operator="StringEquals"):
    return {operator: {"kms:EncryptionContext:purpose": value}}


def keys(*patterns):
    return {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(patterns)},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }


def role(*statements, **properties):
    policy = {"PolicyName": "Policy0", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {"Policies": [policy], **properties},
    }


def template(**resources):
    return {"Resources": {"LoginsTable": {"Type": "AWS::DynamoDB::Table"}, **resources}}


def login(*statements):
    return template(LoginFunctionRole=role(*statements))


def decision(action, on, purpose=None, allowed=True, function="LoginFunction", keys=None):
    """A line of the record."""
    made = {
        "role": IDS[f"{function}Role"],
        "action": action,
        "resource": arn(on),
        "purpose": purpose,
        "keys": keys,
        "allowed": allowed,
    }
    return json.dumps(made) + "\n"
