"""Asks the KMS key what each role may have it open, and make: with the credentials of a role like it, and a text that is
sealed for each purpose. The policies say the same; here whoever enforces them is asked."""

import json
import sys

from grants import roles

DECRYPT = "kms:Decrypt"
MAKE = "kms:GenerateDataKeyWithoutPlaintext"
PURPOSES = ["sign", "mac", "factor"]

# What the roles are there for. Any other opens and makes nothing.
ISSUES = {(DECRYPT, "sign"), (DECRYPT, "mac")}
CHECKS = {(DECRYPT, "mac")}
SEALS = {(DECRYPT, "factor")}
EXPECTED = {
    "AccountFunctionRole": ISSUES,
    "FactorsFunctionRole": CHECKS | SEALS,
    "IntrospectFunctionRole": CHECKS,
    "LoginFunctionRole": ISSUES,
    "LogoutFunctionRole": CHECKS,
    "MailerFunctionRole": CHECKS,
    "MfaFunctionRole": ISSUES | SEALS,
    "PasskeyFunctionRole": ISSUES,
    "RecoverFunctionRole": CHECKS,
    "RefreshFunctionRole": ISSUES,
    "RegisterFunctionRole": ISSUES,
    "RevokeFunctionRole": CHECKS,
    # A signing key is a pair, which another action makes.
    "RotateKeysFunctionRole": {(MAKE, "mac"), (MAKE, "factor")},
}


def findings(found, expected=EXPECTED):
    """What a role may beyond what is expected, or may not. `found` has what each role may."""
    yield from (f"there is no {role}" for role in sorted(expected.keys() - found.keys()))
    for role, may in sorted(found.items()):
        should = expected.get(role, set())
        yield from (f"{role} may {action} for {purpose}" for action, purpose in sorted(may - should))
        yield from (f"{role} may not {action} for {purpose}" for action, purpose in sorted(should - may))


def table(found):
    yield f"{'role':26} {' '.join(f'{purpose:7}' for purpose in PURPOSES)} makes"
    for role, may in sorted(found.items()):
        opens = " ".join(f"{'opens' if (DECRYPT, purpose) in may else '-':7}" for purpose in PURPOSES)
        yield f"{role:26} {opens} {', '.join(purpose for purpose in PURPOSES if (MAKE, purpose) in may) or '-'}"


def main(stack):
    # Here, so that the tests need no boto3.
    import boto3

    from routes import deployed, resources

    template, ids, kms = deployed(stack), resources(stack), boto3.client("kms")
    key = ids["RingKey"]

    def sealed(purpose):
        made = kms.generate_data_key_without_plaintext(
            KeyId=key, NumberOfBytes=32, EncryptionContext={"purpose": purpose}
        )
        return made["CiphertextBlob"]

    def may(client, action, purpose, blob):
        context = {"purpose": purpose}
        try:
            if action == DECRYPT:
                client.decrypt(KeyId=key, CiphertextBlob=blob, EncryptionContext=context)
            else:
                client.generate_data_key_without_plaintext(KeyId=key, NumberOfBytes=32, EncryptionContext=context)
        except client.exceptions.ClientError as error:
            if not error.response["Error"]["Code"].startswith("AccessDenied"):
                raise
            return False
        return True

    blobs = {purpose: sealed(purpose) for purpose in PURPOSES}
    asked = [(action, purpose) for action in (DECRYPT, MAKE) for purpose in PURPOSES]
    found = {}
    for role, _ in roles(template):
        with Probe(boto3, stack, ids[role]) as client:
            found[role] = {(action, purpose) for action, purpose in asked if may(client, action, purpose, blobs[purpose])}
    print("\n".join(table(found)))
    if wrong := list(findings(found)):
        sys.exit("\n".join(wrong))


class Probe:
    """A role with the policies of another one, which somebody may assume; a client of KMS with its credentials."""

    def __init__(self, boto3, stack, like):
        self.boto3, self.iam, self.like = boto3, boto3.client("iam"), like
        self.name = f"{stack}-probe"

    def __enter__(self):
        sts = self.boto3.client("sts")
        principal = {"AWS": f"arn:aws:iam::{sts.get_caller_identity()['Account']}:root"}
        trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        made = self.iam.create_role(RoleName=self.name, AssumeRolePolicyDocument=trust)
        self.policies = self.iam.list_role_policies(RoleName=self.like)["PolicyNames"]
        for policy in self.policies:
            document = self.iam.get_role_policy(RoleName=self.like, PolicyName=policy)["PolicyDocument"]
            self.iam.put_role_policy(RoleName=self.name, PolicyName=policy, PolicyDocument=json.dumps(document))
        given = sts.assume_role(RoleArn=made["Role"]["Arn"], RoleSessionName="probe")["Credentials"]
        return self.boto3.client(
            "kms",
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )

    def __exit__(self, *_):
        for policy in self.policies:
            self.iam.delete_role_policy(RoleName=self.name, PolicyName=policy)
        self.iam.delete_role(RoleName=self.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
