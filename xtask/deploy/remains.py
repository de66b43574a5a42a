"""Shows what a deleted stack leaves behind: what cannot be made again, and nothing else."""

import sys

import boto3

KEPT = ["FactorsTable", "KeysTable", "LoginsTable", "SessionsTable", "UsersTable"]


def main(stack):
    tables = sorted(boto3.client("dynamodb").list_tables()["TableNames"])
    if [name.split("-")[1] for name in tables if name.startswith(f"{stack}-")] != KEPT:
        sys.exit(f"these tables remain: {tables}")
    unprotected = [
        name
        for name in tables
        if not boto3.client("dynamodb").describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled")
    ]
    if unprotected:
        sys.exit(f"these could be deleted: {unprotected}")
    keys = boto3.client("kms").list_keys()["Keys"]
    states = [boto3.client("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] for key in keys]
    if states != ["Enabled"]:
        sys.exit(f"the keys that remain are {states}")
    gone = {
        "functions": boto3.client("lambda").list_functions()["Functions"],
        "domain names": boto3.client("apigatewayv2").get_domain_names()["Items"],
        "APIs": boto3.client("apigatewayv2").get_apis()["Items"],
        "roles": [role for role in boto3.client("iam").list_roles()["Roles"] if role["RoleName"].startswith(stack)],
        "alarms": boto3.client("cloudwatch").describe_alarms()["MetricAlarms"],
        "topics": boto3.client("sns").list_topics()["Topics"],
        "dashboards": boto3.client("cloudwatch").list_dashboards()["DashboardEntries"],
        "schedules": boto3.client("events").list_rules()["Rules"],
        "mappings": boto3.client("lambda").list_event_source_mappings()["EventSourceMappings"],
        "queues": boto3.client("sqs").list_queues().get("QueueUrls", []),
        "configuration sets": boto3.client("sesv2").list_configuration_sets()["ConfigurationSets"],
        "log groups": boto3.client("logs").describe_log_groups()["logGroups"],
    }
    for what, found in gone.items():
        if found:
            sys.exit(f"there are {what} still: {found}")
    print(f"what remains: {', '.join(KEPT)}, protected from deletion, and the KMS key")


if __name__ == "__main__":
    main(*sys.argv[1:])
