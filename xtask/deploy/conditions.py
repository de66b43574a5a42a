"""The values that IAM decides by beside action and resource, as far as MiniStack leaves it out of its requests.

- `dynamodb:LeadingKeys`: the partition keys that a request names, which for a part of a transaction are its own. A query or
  a scan has none here, so that `Null` refuses it.
  https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
  https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
- Whom a mail is from, and the identity and the configuration set that it goes by, both of which IAM is asked for.
  https://docs.aws.amazon.com/service-authorization/latest/reference/list_sesv2.html
  https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html

MiniStack computes one context for a request, and asks about an ARN at a time. So what differs travels with the ARN.
"""

import json
from email.utils import parseaddr

MAILS = "/v2/email/outbound-emails"


class Named(str):
    """An ARN with the condition keys of a request for it, and the further ARNs that the same request takes."""

    def __new__(cls, arn, context, beside=()):
        named = super().__new__(cls, arn)
        named.context, named.beside = context, list(beside)
        return named


def with_named(enforce):
    """Decides by what an ARN carries, and about the further ones as well."""

    def enforce_named(access_key, action, service, region, resource_arn="*", service_context=None):
        context = service_context
        if isinstance(resource_arn, Named):
            context = {**(service_context or {}), **resource_arn.context}
        for resource in [resource_arn, *getattr(resource_arn, "beside", [])]:
            denied = enforce(access_key, action, service, region, resource_arn=resource, service_context=context)
            if denied is not None:
                return denied
        return None

    return enforce_named


def leading(items, partition):
    """The context of a request for these items: their values of the attribute `partition`, as text."""
    found = [value for item in items if partition in item for value in item[partition].values()]
    return {"dynamodb:LeadingKeys": found} if found else {}


def items_of(request, table):
    """The keys, or whole items, that a request for one item or a batch names in a table."""
    batch = request.get("RequestItems", {}).get(table, [])
    if isinstance(batch, dict):
        return batch.get("Keys", [])
    writes = [write for one in batch for write in one.values()]
    return [one[member] for one in [request, *writes] for member in ("Key", "Item") if member in one]


def with_keys(resource_arns, partition):
    """Gives each table of a request the keys that the request names there. `partition` knows a table's first key attribute."""

    def named(body, region, account):
        arns = resource_arns(body, region, account)
        request = json.loads(body) if arns else {}
        tables = list(request.get("RequestItems", {})) or [request.get("TableName")]
        return [Named(arn, leading(items_of(request, table), partition(table))) for arn, table in zip(arns, tables)]

    return named


def with_keys_of_parts(transaction_checks, partition):
    """Gives each part of a transaction its own key."""

    def named(action, body, region, account):
        if not transaction_checks(action, body, region, account):
            return []
        checks = []
        for part in json.loads(body)["TransactItems"]:
            alone = json.dumps({"TransactItems": [part]})
            # There is one member. IAM is asked for each, so that none of several goes along unchecked.
            context = {}
            for request in part.values():
                items = items_of(request, request["TableName"])
                for name, keys in leading(items, partition(request["TableName"])).items():
                    context.setdefault(name, []).extend(keys)
            checks += [(one, Named(arn, context)) for one, arn in transaction_checks(action, alone, region, account)]
        return checks

    return named


def with_sender(resource_arn, is_identity):
    """Gives a mail its sender, its identity and its configuration set. `is_identity` knows whether an address is one itself."""

    def named(service, method, path, headers, body, params, region, account):
        if (service, method, path.rstrip("/")) != ("ses", "POST", MAILS):
            return resource_arn(service, method, path, headers, body, params, region, account)
        request = json.loads(body)
        name, address = parseaddr(request.get("FromEmailAddress", ""))
        context = {"ses:FromAddress": address, "ses:FromDisplayName": name}
        prefix = f"arn:aws:ses:{region}:{account}"
        identity = address if is_identity(address) else address.rpartition("@")[2]
        settings = request.get("ConfigurationSetName")
        beside = [f"{prefix}:configuration-set/{settings}"] if settings else []
        return Named(f"{prefix}:identity/{identity}", {key: value for key, value in context.items() if value}, beside)

    return named
