"""MiniStack with seven additions.

- The condition keys of a KMS request's encryption context, which it leaves out, so that it would refuse what AWS allows
  on the condition of `kms:EncryptionContext:purpose`.
- The partition keys of a request to DynamoDB, and sender, identity and configuration set of a mail: conditions.py.
- The rights by which Lambda reads a stream: mappings.py.
- A record of every decision of IAM, a line of JSON each, in the file that LATCHKEY_DECISIONS names: what a function
  really called, and what it was refused.
- AWS's rule for OPTIONS: preflight.py.
- Alarms on an expression, which it refuses to make.
- AWS's address of what was uploaded to S3, in the templates that it hands back. `sam delete` looks for a nested template
  there, and a linter asks for it. https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
"""

import json
import os

from conditions import with_keys, with_keys_of_parts, with_named, with_sender
from mappings import readable
from preflight import by_route


def with_encryption_context(tag_context):
    def request_context(service, action, body, params):
        context = tag_context(service, action, body, params)
        if service == "kms":
            for name, value in json.loads(body or b"{}").get("EncryptionContext", {}).items():
                context[f"kms:EncryptionContext:{name}"] = value
        return context

    return request_context


def recorded(enforce, identify, path):
    """Writes down what `enforce` decides of functions, which have temporary credentials, before anybody acts on it."""

    def enforce_and_record(access_key, action, service, region, resource_arn="*", service_context=None):
        denied = enforce(
            access_key, action, service, region, resource_arn=resource_arn, service_context=service_context
        )
        if access_key.startswith("ASIA"):
            caller = identify(access_key)
            decision = {
                "role": caller["userArn"].split("/")[1] if caller else access_key,
                "action": action,
                "resource": resource_arn,
                "purpose": (service_context or {}).get("kms:EncryptionContext:purpose"),
                "keys": (service_context or {}).get("dynamodb:LeadingKeys"),
                "allowed": denied is None,
            }
            with open(path, "a") as file:
                file.write(json.dumps(decision) + "\n")
        return denied

    return enforce_and_record


def with_expressions(record):
    """Makes an alarm on an expression one on the first metric of it. No alarm rings here."""

    def alarm_record(name, properties):
        metrics = [metric["MetricStat"] for metric in properties.get("Metrics", []) if "MetricStat" in metric]
        if not metrics:
            return record(name, properties)
        first = metrics[0]
        instead = {**first["Metric"], "Period": first["Period"], "Statistic": first["Stat"]}
        others = {key: value for key, value in properties.items() if key != "Metrics"}
        return record(name, {**others, **instead})

    return alarm_record


def with_s3_addresses(get_template, endpoint, region):
    """Puts AWS's address of S3 in the place of this emulator's."""

    def answered(params):
        status, headers, body = get_template(params)
        address = f"https://s3.{region}.amazonaws.com/"
        return status, headers, body.replace(f"{endpoint}/".encode(), address.encode())

    return answered


def mapped(iam_evaluator, lambda_svc, path):
    """The mappings whose role may read their stream."""

    def role_of(account, region, function):
        config = lambda_svc._functions.get_scoped(account, region, function)["config"]
        return config["Role"].rpartition("/")[2]

    def allows(role, action, stream):
        account = stream.split(":")[4]
        principal = f"arn:aws:sts::{account}:assumed-role/{role}/lambda"
        context = iam_evaluator.EvalContext(principal, "AssumedRole", account, action, stream, stream.split(":")[3])
        policies = iam_evaluator._gather_role_policies(role, account)
        return iam_evaluator.evaluate(context, policies).decision == "Allow"

    return readable(lambda_svc._iter_all_esms, role_of, allows, path)


if __name__ == "__main__":
    # Here, so that the tests need no MiniStack.
    from ministack.app import main
    from ministack.core import iam_actions, iam_evaluator
    from ministack.services import apigateway, dynamodb, lambda_svc, ses_v2
    from ministack.services.cloudformation import handlers, provisioners

    def partition(table):
        known = dynamodb._tables.get(table.rpartition("/")[2])
        return known and known["pk_name"]

    record = os.environ["LATCHKEY_DECISIONS"]

    apigateway.handle_execute = by_route(apigateway)
    provisioners._cw_metric_alarm_record = with_expressions(provisioners._cw_metric_alarm_record)
    actions = handlers._ACTION_HANDLERS
    addresses = os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_REGION"]
    actions["GetTemplate"] = with_s3_addresses(actions["GetTemplate"], *addresses)
    iam_actions.request_tag_context = with_encryption_context(iam_actions.request_tag_context)
    iam_actions.dynamodb_resource_arns = with_keys(iam_actions.dynamodb_resource_arns, partition)
    iam_actions.dynamodb_transaction_checks = with_keys_of_parts(iam_actions.dynamodb_transaction_checks, partition)
    iam_actions.extract_resource_arn = with_sender(iam_actions.extract_resource_arn, ses_v2._identities.__contains__)
    decided = recorded(iam_evaluator.enforce, iam_evaluator.resolve_caller_identity, record)
    iam_evaluator.enforce = with_named(decided)
    lambda_svc._iter_all_esms = mapped(iam_evaluator, lambda_svc, record)
    main()
