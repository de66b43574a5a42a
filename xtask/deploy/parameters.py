"""Shows that a parameter outside its bounds, or against a rule, is refused before anything is created."""

import re
import sys

import boto3
from botocore.exceptions import ClientError

BUCKET = "templates"

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/a-b"

WRONG = {
    "DomainName": ["Auth.example.com", "auth", "auth.example.com.", "https://auth.example.com", "a" * 64 + ".example.com"],
    "CertificateArn": ["auth.example.com", "arn:aws:iam::123456789012:server-certificate/a"],
    "HostedZoneId": ["example.com", "/hostedzone/Z1234"],
    "DisableDefaultEndpoint": ["yes", ""],
    "IssuerUrl": ["http://auth.example.com", "https://auth.example.com/", "auth.example.com"],
    "Audience": ["", "two words"],
    "ClientId": ["", "a" * 129],
    "Roles": ["", "admin", "admin=", "admin=users:read, editor=a", "a=b,c=d,a=e", "a=b+", "a b=c", "a=" + "+".join(["b"] * 512)],
    "AccessTokenLifetime": ["59", "3601", "never"],
    "SessionLifetime": ["3599", "31536001"],
    "SessionIdleLifetime": ["3599", "31536001"],
    "RefreshGrace": ["-1", "61"],
    "FreshFor": ["29", "3601"],
    "MfaRequired": ["on", "true", ""],
    "MfaBurst": ["0", "21"],
    "PasskeyRpId": ["com", "Example.com", "example.com.", "https://example.com", "127.0.0.1", "abc.execute-api.eu-west-1.amazonaws.com", "abc.lambda-url.eu-west-1.on.aws"],
    "PasskeyOrigins": ["example.com", "http://example.com", "https://Example.com", "https://example.com/", "https://example.com,", "https://example.com, https://example.net", ",".join(["https://app.example.com"] * 22)],
    "MailReplyTo": ["support", "a..b@example.com", "a@example.com,b@example.com", "Example <a@example.com>"],
    "AppUrl": ["http://example.com", "https://example.com/", "https://example.com/?a=b", "https://example.com/#a"],
    "MailFrom": ["noreply", "noreply.@example.com", "noreply@-example.com", "a@example.com,b@example.com", "Example <noreply>", "a@example.com>", '"Example" <a@example.com>', "A" * 41 + " <a@example.com>", "a" * 64 + "@" + "b.example." * 7 + "com"],
    "MailBurst": ["0", "21"],
    "MailRouteRate": ["0", "101"],
    "EmailChangeDelay": ["-1", "169"],
    "LoginBurst": ["0", "21"],
    "AddressFailures": ["0", "10001"],
    "ThrottleWindow": ["9", "601"],
    "SigningAlgorithm": ["HS256", "none", "rs256"],
    "KeyRotationDays": ["0", "366"],
    "MinPasswordLength": ["7", "65"],
    "PasswordWords": ["ab", "acme,ab", "acme,,corp", " acme", "a" * 65, "acme," * 51 + "acme", "\u00e1cme"],
    "Argon2MemoryKib": ["7167", "1048577"],
    "Argon2Iterations": ["0", "17"],
    "RegistrationMode": ["opened", "confirm", ""],
    "CorsAllowOrigins": ["*", "https://App.example.com", "https://app.example.com/", "https://a.example.com,null"],
    "StageRate": ["0", "5001"],
    "PasswordRouteRate": ["0", "5001"],
    "PasswordConcurrency": ["-1", "1001"],
    "EdgeSecretHashes": ["secret", "A" * 64, "0" * 63, f"{'0' * 64},", ",".join(["0" * 64] * 3)],
    "EdgeAddressHeader": ["", "X-Client", "x-latchkey-edge", "a" * 65],
    "EdgeRequired": ["yes", "True"],
    "MultiRegionKey": ["yes", "True"],
    "Architecture": ["amd64", ""],
    "TracingMode": ["active", "On"],
    "PermissionsBoundary": ["PowerUserAccess", "arn:aws:iam::123456789012:role/admin"],
    "LogRetentionDays": ["0", "31"],
    "AlarmAddress": ["ops", "ops@example", "a@example.com,b@example.com"],
}

# Values that are good by themselves, and the rule that refuses them together.
TOGETHER = {
    "DomainNeedsCertificate": {"DomainName": "auth.example.com"},
    "CertificateNeedsDomain": {"CertificateArn": CERTIFICATE},
    "RecordNeedsDomain": {"HostedZoneId": "Z1234"},
    "DefaultEndpointOrDomain": {"DisableDefaultEndpoint": "true"},
    "EdgeHasAnIssuer": {"EdgeSecretHashes": "0" * 64},
    "RequiredEdgeHasASecret": {"EdgeRequired": "true", "IssuerUrl": "https://auth.example.com"},
    "RequiredEdgeIsTheIssuer": {
        "EdgeRequired": "true",
        "EdgeSecretHashes": "0" * 64,
        "DomainName": "auth.example.com",
        "CertificateArn": CERTIFICATE,
    },
    "PasskeysNeedOrigins": {"PasskeyRpId": "example.com"},
    "OriginsNeedPasskeys": {"PasskeyOrigins": "https://example.com"},
    "ConfirmedNeedsMail": {"RegistrationMode": "confirmed"},
    "OpenRegistrationCanEnrol": {"MfaRequired": "all", "MailFrom": "noreply@example.com"},
}


def uploaded(template):
    """The URL of a template that is too long to be sent by itself."""
    with open(template) as file:
        # The code comes after the parameters, and is not looked for.
        body = file.read().replace("CodeUri: .", "CodeUri: s3://bucket/key")
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_object(Bucket=BUCKET, Key="template.yaml", Body=body)
    return f"https://s3.amazonaws.com/{BUCKET}/template.yaml"


def written(template):
    """The names of the rules."""
    with open(template) as file:
        rules = file.read().partition("\nRules:\n")[2].partition("\nConditions:\n")[0]
    return set(re.findall(r"^  (\w+):$", rules, re.MULTILINE))


def refusal(client, url, **values):
    """What CloudFormation says against these values."""
    try:
        client.create_change_set(
            StackName="refused",
            ChangeSetName="refused",
            ChangeSetType="CREATE",
            TemplateURL=url,
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
    except ClientError as error:
        return error.response["Error"]["Message"]
    sys.exit(f"these may be: {values}")


def main(template):
    url = uploaded(template)
    client = boto3.client("cloudformation")
    described = client.validate_template(TemplateURL=url)["Parameters"]
    names = {parameter["ParameterKey"] for parameter in described}
    if names != set(WRONG):
        sys.exit(f"no wrong value is known of {names ^ set(WRONG)}")
    for name, values in WRONG.items():
        for value in values:
            reason = refusal(client, url, **{name: value})
            if not re.search(rf"\b{name}\b", reason):
                sys.exit(f"{name}={value} was refused for another reason: {reason}")
            print(f"{name}={value}: {reason}")
    rules = written(template)
    if rules != set(TOGETHER):
        sys.exit(f"no wrong values are known of {rules ^ set(TOGETHER)}")
    for rule, values in TOGETHER.items():
        reason = refusal(client, url, **values)
        if rule not in reason:
            sys.exit(f"{values} was refused for another reason: {reason}")
        print(f"{values}: {reason}")
    stacks = [stack["StackName"] for stack in client.describe_stacks()["Stacks"]]
    tables = boto3.client("dynamodb").list_tables()["TableNames"]
    if stacks or tables:
        sys.exit(f"something was created: {stacks} {tables}")
    refused = f"{sum(map(len, WRONG.values()))} values of {len(WRONG)} parameters, and by {len(TOGETHER)} rules"
    print(f"{refused}, were refused, and nothing was created")


if __name__ == "__main__":
    main(*sys.argv[1:])
