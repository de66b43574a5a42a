"""Compares what the functions may do with what they did: every action and table, and every key and purpose."""

import collections
import sys

from decisions import decisions
from grants import IDENTITY, attached, granted

# What the emulator gives no occasion for, and who makes the call.
NOT_PROVOKED = {
    ("MailerFunction", "sqs:SendMessage", "MailFailuresQueue"): "by Lambda, after twelve hours of failures",
    # A passkey at an address that nobody has proved: it was added before the stack sent mail.
    ("RecoverFunction", "dynamodb:Query", "FactorsTable"): "where a passkey is older than MailFrom",
    ("RecoverFunction", "dynamodb:DeleteItem", "FactorsTable"): "where a passkey is older than MailFrom",
}


def reading(*attributes):
    """That these attributes are read and no others. No record shows that a condition is missing: the calls that it
    forbids are not made."""
    of = {"dynamodb:Attributes": list(attributes)}
    return {"ForAllValues:StringEquals": of, "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}}


def writing(*attributes, returns):
    of = {"dynamodb:Attributes": list(attributes)}
    return {"ForAllValues:StringEquals": of, "StringEqualsIfExists": {"dynamodb:ReturnValues": returns}}


NAMES = ["name", "user_id", "epoch"]
# Of a name, and never its hash.
NAMED = writing(*NAMES, "factors", "ways", returns=["NONE", "UPDATED_OLD", "UPDATED_NEW"])
# The ids of factors, and never what is in them.
LISTED = reading("user_id", "id")
REMOVED = writing("user_id", "id", returns=["NONE"])
# The address of MailFrom alone.
ADDRESS = {"Fn::Select": [1, {"Fn::Split": ["<", {"Fn::Sub": "${MailFrom}<${MailFrom}>"}]}]}
SENDER = {"StringEquals": {"ses:FromAddress": {"Fn::Select": [0, {"Fn::Split": [">", ADDRESS]}]}}}
CONDITIONS = {
    ("MailerFunction", "ses:SendEmail", IDENTITY): SENDER,
    ("MailerFunction", "ses:SendEmail", "MailConfigurationSet"): SENDER,
    ("AdminFunction", "dynamodb:GetItem", "LoginsTable"): reading(*NAMES),
    ("AdminFunction", "dynamodb:UpdateItem", "LoginsTable"): NAMED,
    ("AdminFunction", "dynamodb:DeleteItem", "LoginsTable"): NAMED,
    ("FactorsFunction", "dynamodb:UpdateItem", "LoginsTable"): NAMED,
    **{
        (f"{name}Function", f"dynamodb:{action}", "FactorsTable"): condition
        for name in ("Account", "Admin", "Recover")
        for action, condition in (("Query", LISTED), ("DeleteItem", REMOVED))
    },
}


def table(may, did, not_provoked):
    yield f"{'function':20} {'action':40} {'table, or key and purpose':26} {'granted':8} used"
    for use in sorted(may | did):
        function, action, target = use
        says = "yes" if use in did else not_provoked.get(use, "NO")
        yield f"{function:20} {action:40} {target:26} {'yes' if use in may else 'NO':8} {says}"


def findings(grants, did, refused, not_provoked, conditions):
    """What is wrong: with permissions that are missing, or too many, or too wide."""
    times = collections.Counter(use for use, _ in grants)
    may, excused = set(times), set(not_provoked)
    if not may:
        yield "nothing is granted"
    yield from (f"{use} was refused" for use in sorted(refused))
    yield from (f"{use} is granted, and was not used" for use in sorted(may - did - excused))
    yield from (f"{use} was used, and is not granted" for use in sorted(did - may))
    yield from (f"{use} was used after all" for use in sorted(did & excused))
    yield from (f"{use} need not be used, and is not granted" for use in sorted(excused - may))
    # One of the two is superfluous, and a condition of one would be undone by the other.
    yield from (f"{use} is granted {count} times" for use, count in sorted(times.items()) if count > 1)
    for use, found in grants:
        expected = conditions.get(use, {})
        if found != expected:
            yield f"{use} is granted on the condition {found}, and not {expected}"


def main(template, ids, record, not_provoked=NOT_PROVOKED, conditions=CONDITIONS):
    grants = list(granted(template))
    may = {use for use, _ in grants}
    made = list(decisions(record, ids))
    did = {use for allowed, use in made if allowed}
    refused = {use for allowed, use in made if not allowed}

    print("\n".join(table(may, did, not_provoked)))
    print(f"{len(may)} permissions in all, beside those of shared_policies.py")

    wrong = list(findings(grants, did, refused, not_provoked, conditions))
    wrong += [f"{function} has the managed policies {arns}" for function, arns in attached(template) if arns]
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    # Here, so that the tests need no boto3.
    from routes import deployed, resources

    stack, file = sys.argv[1:]
    with open(file) as record:
        main(deployed(stack), resources(stack), record)
