"""Holds examples/deploy-role.yaml to what a deployment does.

- Its trust: a token of GitHub's for the repository and the environment assumes the role, and no other does.
- Its rights: they are those that CloudFormation's registry declares for the types of the template, as far as the
  template uses them, and those of BESIDE. IAM takes policies of that length.
- What SAM itself calls, with IAM enforced: the role changes a parameter of the stack by a change set.

The emulator checks no right of the caller for what CloudFormation does for it, so that only the comparison with the
registry speaks of that. https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

import base64
import fnmatch
import json
import re
import sys
import time

ROLE = "examples/deploy-role.yaml"
NESTED = "operations.yaml"
PROVIDER = "token.actions.githubusercontent.com"

# `handlers` of `aws cloudformation describe-type`, without what a feature that the template does not use takes: code in
# a network or signed, streams of Kinesis, replicas, imports and exports of tables, roles of topics, keys of one's own for
# filters.
REGISTRY = {
    "AWS::ApiGatewayV2::Api": "apigateway:DELETE GET PATCH POST PUT",
    "AWS::ApiGatewayV2::ApiMapping": "apigateway:DELETE GET PATCH POST PUT",
    "AWS::ApiGatewayV2::DomainName": "apigateway:DELETE GET PATCH POST PUT",
    "AWS::ApiGatewayV2::Stage": "apigateway:DELETE GET PATCH POST",
    "AWS::CloudFormation::Stack": "cloudformation:CreateStack DeleteStack DescribeStacks GetStackPolicy GetTemplate UpdateStack",
    "AWS::CloudWatch::Alarm": "cloudwatch:DeleteAlarms DescribeAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource",
    "AWS::CloudWatch::Dashboard": "cloudwatch:DeleteDashboards GetDashboard ListTagsForResource PutDashboard TagResource UntagResource",
    "AWS::DynamoDB::Table": "dynamodb:CreateTable DeleteTable DescribeContinuousBackups DescribeContributorInsights"
    " DescribeKinesisStreamingDestination DescribeTable DescribeTimeToLive GetResourcePolicy ListTagsOfResource TagResource"
    " UntagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive",
    "AWS::Events::Rule": "events:DeleteRule DescribeRule ListTagsForResource ListTargetsByRule PutRule PutTargets RemoveTargets"
    " TagResource UntagResource",
    "AWS::IAM::Policy": "iam:DeleteRolePolicy GetRolePolicy PutRolePolicy",
    "AWS::IAM::Role": "iam:AttachRolePolicy CreateRole DeleteRole DeleteRolePolicy DetachRolePolicy GetRole GetRolePolicy"
    " ListAttachedRolePolicies ListRolePolicies PutRolePermissionsBoundary PutRolePolicy TagRole UntagRole"
    " UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription",
    "AWS::KMS::Key": "kms:CreateKey DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation GetKeyPolicy"
    " GetKeyRotationStatus ListResourceTags PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource UpdateKeyDescription",
    "AWS::Lambda::EventInvokeConfig": "lambda:DeleteFunctionEventInvokeConfig GetFunctionEventInvokeConfig"
    " PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig",
    "AWS::Lambda::EventSourceMapping": "lambda:CreateEventSourceMapping DeleteEventSourceMapping GetEventSourceMapping ListTags"
    " TagResource UntagResource UpdateEventSourceMapping",
    "AWS::Lambda::Function": "lambda:CreateFunction DeleteFunction DeleteFunctionConcurrency GetFunction"
    " GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetFunctionScalingConfig GetRuntimeManagementConfig"
    " PutFunctionConcurrency TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration"
    " iam:PassRole s3:GetObject GetObjectVersion",
    "AWS::Lambda::Permission": "lambda:AddPermission GetPolicy RemovePermission",
    "AWS::Logs::LogGroup": "logs:CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DescribeIndexPolicies DescribeLogGroups"
    " DescribeResourcePolicies GetDataProtectionPolicy ListTagsForResource PutRetentionPolicy TagResource UntagResource",
    "AWS::Route53::RecordSet": "route53:ChangeResourceRecordSets GetChange GetHostedZone ListResourceRecordSets",
    "AWS::SES::ConfigurationSet": "ses:CreateConfigurationSet DeleteConfigurationSet DescribeConfigurationSet GetConfigurationSet"
    " ListTagsForResource PutConfigurationSetArchivingOptions PutConfigurationSetDeliveryOptions"
    " PutConfigurationSetReputationOptions PutConfigurationSetSendingOptions PutConfigurationSetSuppressionOptions"
    " PutConfigurationSetTrackingOptions PutConfigurationSetVdmOptions TagResource UntagResource",
    "AWS::SNS::Topic": "sns:CreateTopic DeleteTopic GetDataProtectionPolicy GetTopicAttributes ListSubscriptionsByTopic"
    " ListTagsForResource SetTopicAttributes Subscribe TagResource Unsubscribe UntagResource",
    "AWS::SQS::Queue": "sqs:CreateQueue DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags SetQueueAttributes TagQueue"
    " UntagQueue",
    # Its function is called in the name of who deploys.
    "Custom::KeyRing": "lambda:InvokeFunction",
}


# What is no resource's: SAM's own calls and its bucket, roles of services, and what handlers read beyond what they declare.
BESIDE = (
    "cloudformation:CancelUpdateStack ContinueUpdateRollback CreateChangeSet DeleteChangeSet DescribeChangeSet"
    " DescribeStackEvents DescribeStackResource DescribeStackResources ExecuteChangeSet GetTemplateSummary"
    " ListStackResources RollbackStack TagResource UntagResource iam:CreateServiceLinkedRole ListRoleTags"
    " lambda:GetFunctionConfiguration ListTags s3:CreateBucket GetBucketLocation GetBucketPolicy GetObjectTagging ListBucket"
    " PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging PutBucketVersioning PutEncryptionConfiguration PutObject"
)

# Characters of the inline policies of a role together, without white space.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LONGEST = 10240
# As the role's template has it.
LONGEST_NAME = 28


def actions(declared):
    """A service counts until the next is named."""
    service = ""
    for name in declared.split():
        before, colon, after = name.rpartition(":")
        service = before if colon else service
        yield f"{service}:{after}"


def listed(one_or_more):
    return [one_or_more] if isinstance(one_or_more, str) else one_or_more


def granted(policies):
    for policy in policies:
        for statement in policy["Statement"]:
            yield from listed(statement["Action"])


def findings(types, policies, registry=REGISTRY, beside=BESIDE):
    """The rights that are missing, and those that nothing takes. A pattern is a right to all that it matches."""
    unknown = sorted(types - set(registry))
    yield from (f"the registry's actions of {name} are not in rights.py" for name in unknown)
    has = set(granted(policies))
    for name in sorted(types & set(registry)):
        for action in sorted(set(actions(registry[name]))):
            if not any(fnmatch.fnmatchcase(action, pattern) for pattern in has):
                yield f"{name} takes {action}"
    taken = set(actions(beside)).union(*(actions(registry[name]) for name in types & set(registry)))
    yield from (f"nothing takes {pattern}" for pattern in sorted(has) if not fnmatch.filter(taken, pattern))


def too_long(policies, stack):
    """Whether IAM would not take them for the stack with the longest name that the role takes."""
    texts = ["".join(json.dumps(policy).split()) for policy in policies]
    length = sum(len(re.sub(rf'\b{stack}(?=[-/"])', "x" * LONGEST_NAME, text)) for text in texts)
    if length > LONGEST:
        yield f"the policies have {length} characters, and IAM takes {LONGEST}"


def importing(policies):
    """The statements by which a stack could take over what is not of it, a key of others among it."""
    for policy in policies:
        for statement in policy["Statement"]:
            stacks = [arn for arn in listed(statement["Resource"]) if ":transform/" not in arn]
            null = statement.get("Condition", {}).get("Null", {})
            if stacks and "cloudformation:CreateChangeSet" in listed(statement["Action"]):
                if null.get("cloudformation:ImportResourceTypes") != "true":
                    yield f"{statement['Sid']} allows an import"


def without_provider(template):
    """The emulator knows no identity provider as a resource. The role is given its ARN."""
    start, end = template.index("  Provider:\n"), template.index("  DeployRole:\n")
    rest = template[:start] + template[end:]
    return rest.replace("!If [ProviderIsMade, !Ref Provider, !Ref ProviderArn]", "!Ref ProviderArn")


def token(subject, audience="sts.amazonaws.com"):
    """A token of GitHub's, as far as the emulator looks: it checks no signature."""

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    claims = {"iss": f"https://{PROVIDER}", "aud": audience, "sub": subject}
    return f"{part({'alg': 'RS256'})}.{part(claims)}.signature"


def nested():
    """The types of the nested template."""
    with open(NESTED) as file:
        return set(re.findall(r"^    Type: (AWS::\S+)$", file.read(), re.MULTILINE))


def main(stack):
    # Here, so that the tests need no boto3.
    import boto3
    from botocore.exceptions import ClientError

    from routes import processed

    with open(ROLE) as file:
        template = without_provider(file.read())
    cloudformation, iam, sts = (boto3.client(name) for name in ("cloudformation", "iam", "sts"))
    account = sts.get_caller_identity()["Account"]
    values = {
        "StackName": stack,
        "Repository": "owner/repo",
        "HostedZoneId": "Z1",
        "ProviderArn": f"arn:aws:iam::{account}:oidc-provider/{PROVIDER}",
    }
    mine = f"deploys-{stack}"
    cloudformation.create_stack(
        StackName=mine,
        TemplateBody=template,
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=mine, WaiterConfig={"Delay": 1})
    arn = cloudformation.describe_stacks(StackName=mine)["Stacks"][0]["Outputs"][0]["OutputValue"]
    role = arn.rpartition("/")[2]

    types = {resource["Type"] for resource in processed(stack)["Resources"].values()} | nested()
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policies = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]
    wrong = [*findings(types, policies), *too_long(policies, stack), *importing(policies)]

    def assume(subject, audience="sts.amazonaws.com"):
        return sts.assume_role_with_web_identity(
            RoleArn=arn, RoleSessionName="actions", WebIdentityToken=token(subject, audience)
        )["Credentials"]

    def refused(what, call):
        try:
            call()
        except ClientError as error:
            if error.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException"):
                return
            raise
        wrong.append(f"{what} was allowed")

    refused("another environment", lambda: assume("repo:owner/repo:environment:staging"))
    refused("another repository", lambda: assume("repo:other/repo:environment:production"))
    refused("a pull request", lambda: assume("repo:owner/repo:pull_request"))
    refused("another audience", lambda: assume("repo:owner/repo:environment:production", "other"))

    session = assume("repo:owner/repo:environment:production")
    deployer = boto3.Session(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    update(deployer.client("cloudformation"), stack)
    tables = deployer.client("dynamodb")
    items = boto3.client("dynamodb").list_tables()["TableNames"]
    refused("deleting the stack", lambda: deployer.client("cloudformation").delete_stack(StackName=stack))
    refused("a look at another stack", lambda: deployer.client("cloudformation").describe_stacks(StackName=mine))
    refused("reading a table", lambda: tables.scan(TableName=items[0]))
    logins = next(name for name in items if name.startswith(f"{stack}-LoginsTable"))
    refused("deleting a table that is retained", lambda: tables.delete_table(TableName=logins))
    refused("a change of itself", lambda: deployer.client("iam").delete_role_policy(RoleName=role, PolicyName=names[0]))

    cloudformation.delete_stack(StackName=mine)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=mine, WaiterConfig={"Delay": 1})
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"the role deploys, and has what the registry declares for {len(types)} types of resource")


def update(cloudformation, stack):
    """Changes a parameter with the calls of `sam deploy`."""
    before = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Parameters"]
    values = {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in before}
    parameters = [{"ParameterKey": key, "UsePreviousValue": True} for key in values if key != "LogRetentionDays"]
    other = "14" if values["LogRetentionDays"] == "7" else "7"
    parameters.append({"ParameterKey": "LogRetentionDays", "ParameterValue": other})
    names = {"StackName": stack, "ChangeSetName": f"by-the-role-{int(time.time())}"}
    cloudformation.create_change_set(
        **names,
        UsePreviousTemplate=True,
        Parameters=parameters,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    cloudformation.get_waiter("change_set_create_complete").wait(**names, WaiterConfig={"Delay": 1})
    cloudformation.execute_change_set(**names)
    cloudformation.get_waiter("stack_update_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})


if __name__ == "__main__":
    main(*sys.argv[1:])
