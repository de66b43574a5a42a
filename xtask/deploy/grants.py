"""What the roles of a processed template may do, in the terms of the emulator's record: function, action and target.

A target is the logical id of a table, a stream, a queue or what else the template makes, and with it the purpose that the
statement's condition names: of a key by its encryption context, of items by the beginning of their key. Only the forms of a
statement that the template uses are read. Any other is an error: what was skipped would not be compared.
"""

import re

SHARED = "AWS::IAM::Policy"
PURPOSE = "kms:EncryptionContext:purpose"
KEYS = "dynamodb:LeadingKeys"
# The tables whose keys begin with a purpose and a #.
KEYED = {"MailsTable"}
# Every identity of SES, since in its sandbox the recipient's counts as well.
IDENTITY = "any identity"
SES = r"arn:\$\{AWS::Partition\}:ses:\$\{AWS::Region\}:\$\{AWS::AccountId\}:(identity/\*|configuration-set/\$\{(\w+)\})"
READ = {"Sid", "Effect", "Action", "Resource", "Condition"}


def as_list(value):
    return value if isinstance(value, list) else [value]


def target(name, purpose):
    return f"{name} for {purpose}" if purpose else name


def targets(statement):
    names = [owner(resource) for resource in as_list(statement["Resource"])]
    purposes = statement.get("Condition", {}).get("StringEquals", {}).get(PURPOSE)
    purposes = as_list(purposes) if purposes else prefixes(statement) or [None]
    return [target(name, purpose) for name in names for purpose in purposes]


def prefixes(statement):
    """The purposes of items that the condition names, provided that it asks for a key at all: a set operator does not."""
    condition = statement.get("Condition", {})
    patterns = as_list(condition.get("ForAllValues:StringLike", {}).get(KEYS, []))
    if condition.get("Null", {}).get(KEYS) != "false" or not all(re.fullmatch(r"\w+#\*", one) for one in patterns):
        return []
    return [one.removesuffix("#*") for one in patterns]


def owner(resource):
    """The logical id of a table, key or queue, all of which and nothing else is meant, or that of a stream, or of what SES has."""
    arn = resource.get("Fn::GetAtt", []) if isinstance(resource, dict) else []
    if len(arn) == 2 and arn[1] in ("Arn", "StreamArn"):
        return arn[0] if arn[1] == "Arn" else f"{arn[0]} stream"
    text = resource.get("Fn::Sub") if isinstance(resource, dict) else None
    ses = re.fullmatch(SES, text) if isinstance(text, str) else None
    if not ses:
        raise ValueError(f"the resource {resource} is not understood")
    return ses[2] or IDENTITY


def pairs(statement):
    """The pairs of action and target that a statement allows."""
    if statement["Effect"] != "Allow" or set(statement) - READ:
        raise ValueError(f"the statement {statement} is not understood")
    return [(action, on) for action in as_list(statement["Action"]) for on in targets(statement)]


def other_conditions(statement):
    """The conditions of a statement but for the purpose, which is a part of the target."""
    known = {("StringEquals", PURPOSE)}
    if prefixes(statement):
        known |= {("ForAllValues:StringLike", KEYS), ("Null", KEYS)}
    conditions = {
        operator: {key: value for key, value in keys.items() if (operator, key) not in known}
        for operator, keys in statement.get("Condition", {}).items()
    }
    return {operator: keys for operator, keys in conditions.items() if keys}


def roles(template):
    """The logical id and the properties of each role."""
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role":
            yield name, resource["Properties"]
        elif resource["Type"].startswith("AWS::IAM::") and resource["Type"] != SHARED:
            raise ValueError(f"{name} is an {resource['Type']}, and only the policies of roles are read")


def shared(template):
    """The logical id and the resource of each policy that several roles have. shared_policies.py judges them."""
    for name, resource in template["Resources"].items():
        if resource["Type"] == SHARED:
            yield name, resource


def statements(template):
    """The statements of the inline policies: function, role, name of the policy, statements."""
    for role, properties in roles(template):
        for policy in properties.get("Policies", []):
            written = as_list(policy["PolicyDocument"]["Statement"])
            yield role.removesuffix("Role"), role, policy["PolicyName"], written


def granted(template):
    """Each function, action and target, with the conditions of the statement that allows it."""
    for function, _, _, written in statements(template):
        for statement in written:
            for pair in pairs(statement):
                yield (function, *pair), other_conditions(statement)


def attached(template):
    """The managed policies of each role, by its function."""
    for role, properties in roles(template):
        yield role.removesuffix("Role"), properties.get("ManagedPolicyArns", [])
