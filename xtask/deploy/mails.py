"""Shows who may send mails, as whom, and who may touch which rows of the table of mails.

    mails.py STACK    asks IAM for each function of a deployed stack, by the calls themselves
    mails.py          makes the identity of the sender

A function's rights are those of its role, which a user gets here: the emulator lets nobody but Lambda have the role itself.
"""

import itertools
import json
import sys

from grants import IDENTITY, granted, statements

DOMAIN = "example.com"
TABLE = "MailsTable"
SENDER = "MailerFunction"
# What is put on a condition that no item meets changes nothing.
NEVER = "attribute_exists(id) AND attribute_not_exists(id)"


def purposes(template):
    """The actions and purposes that each function has on the table, and all purposes that there are."""
    found = {}
    for (function, action, target), _ in granted(template):
        table, _, purpose = target.partition(" for ")
        if table == TABLE:
            found.setdefault(function, set()).add((action, purpose))
    return found, sorted({purpose for rights in found.values() for _, purpose in rights})


def item(table, action, purpose):
    """A part of a transaction that makes this call of a row of that purpose."""
    key = {"id": {"S": f"{purpose}#{action}"}}
    kinds = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete", "ConditionCheckItem": "ConditionCheck"}
    part = {"TableName": table, "ConditionExpression": NEVER}
    if action == "dynamodb:PutItem":
        return {"Put": {**part, "Item": key}}
    change = {"UpdateExpression": "SET probe = :p", "ExpressionAttributeValues": {":p": {"S": ""}}}
    return {kinds[action.partition(":")[2]]: {**part, "Key": key, **(change if action.endswith(":UpdateItem") else {})}}


def questions(rights, known):
    """Transactions, as lists of action and purpose, and whether they are allowed: one of each, and each behind one that is."""
    wanted = sorted(one for one in rights if one[0] != "dynamodb:GetItem")
    for action, purpose in itertools.product(sorted({action for action, _ in wanted}), known):
        yield [(action, purpose)], (action, purpose) in rights
        if first := next((one for one in wanted if one != (action, purpose)), None):
            yield [first, (action, purpose)], (action, purpose) in rights


def wrong(function, rights, known, transact, read, every):
    """What the function may do against its grants."""
    for parts, expected in questions(rights, known):
        if transact(parts) != expected:
            yield f"{function} {'may not' if expected else 'may'} {parts}"
    for purpose in known:
        expected = ("dynamodb:GetItem", purpose) in rights
        if read(purpose) != expected:
            yield f"{function} {'may not' if expected else 'may'} read {purpose}"
    if every():
        yield f"{function} may read every row"


def unsent(function, settings, sender, send):
    """What the function may or may not send against the rule that the sender alone sends, and as MailFrom alone."""
    may = function == SENDER
    for expected, who, by in [
        (may, sender, settings),
        (False, f"other@{DOMAIN}", settings),
        (False, f"{sender.partition('@')[0]}@other.example", settings),
        (False, sender, "other"),
    ]:
        if send(who, by) != expected:
            yield f"{function} {'may not' if expected else 'may'} send as {who} by {by}"


def main(stack):
    # Here, so that the tests need no boto3.
    import boto3
    from botocore.exceptions import ClientError

    from routes import deployed, resources

    template, ids = deployed(stack), resources(stack)
    iam = boto3.client("iam")
    (described,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    given = {one["ParameterKey"]: one["ParameterValue"] for one in described["Parameters"]}
    sender = given["MailFrom"].rpartition("<")[2].rstrip(">")
    settings_of_others = {"ConfigurationSetName": "other"}
    boto3.client("sesv2").create_configuration_set(**settings_of_others)
    (settings,) = [on for use, _ in granted(template) if use[0] == SENDER and (on := use[2]) in ids and "ses:" in use[1]]

    def allowed(call, **arguments):
        try:
            call(**arguments)
        except ClientError as error:
            return "AccessDenied" not in error.response["Error"]["Code"]
        return True

    def asked(function, role, rights, known):
        name = f"{stack}-{function}"
        iam.create_user(UserName=name)
        policies = iam.list_role_policies(RoleName=ids[role])["PolicyNames"]
        for policy in policies:
            document = iam.get_role_policy(RoleName=ids[role], PolicyName=policy)["PolicyDocument"]
            iam.put_user_policy(UserName=name, PolicyName=policy, PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        caller = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"])
        tables, ses, table = caller.client("dynamodb"), caller.client("sesv2"), ids[TABLE]

        def transact(parts):
            return allowed(tables.transact_write_items, TransactItems=[item(table, *part) for part in parts])

        def read(purpose):
            return allowed(tables.get_item, TableName=table, Key={"id": {"S": f"{purpose}#probe"}})

        def send(who, by):
            text = {"Data": "probe"}
            content = {"Simple": {"Subject": text, "Body": {"Text": text}}}
            to = {"ToAddresses": [f"probe@{DOMAIN}"]}
            return allowed(
                ses.send_email, FromEmailAddress=who, Destination=to, Content=content, ConfigurationSetName=by
            )

        yield from wrong(function, rights, known, transact, read, lambda: allowed(tables.scan, TableName=table))
        yield from unsent(function, ids[settings], sender, send)
        iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
        for policy in policies:
            iam.delete_user_policy(UserName=name, PolicyName=policy)
        iam.delete_user(UserName=name)

    rights, known = purposes(template)
    found = [
        one
        for function, role in sorted({(function, role) for function, role, *_ in statements(template)})
        for one in asked(function, role, rights.get(function, set()), known)
    ]
    boto3.client("sesv2").delete_configuration_set(**settings_of_others)
    if found or not known:
        sys.exit("\n".join(found) or "nobody has rights on mails")
    for function, has in sorted(rights.items()):
        print(f"{function}: {', '.join(sorted({purpose for _, purpose in has}))}, and no other row, alone or in a transaction")
    print(f"{SENDER} may send as {sender} by {settings} and {IDENTITY}, and nobody else may send")


def prepare():
    import boto3

    boto3.client("sesv2").create_email_identity(EmailIdentity=DOMAIN)
    print(f"mails may be sent from {DOMAIN}")


if __name__ == "__main__":
    main(*sys.argv[1:]) if sys.argv[1:] else prepare()
