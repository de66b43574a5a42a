"""What the roles of a processed template may do, in the terms of the emulator's record: function, action and target.

A target is the logical id of a table, or of a key and with it the purpose that the statement's condition names. Only
the forms of a statement that the template uses are read. Any other is an error: what was skipped would not be compared.
"""

SHARED = "AWS::IAM::Policy"
PURPOSE = "kms:EncryptionContext:purpose"
READ = {"Sid", "Effect", "Action", "Resource", "Condition"}


def as_list(value):
    return value if isinstance(value, list) else [value]


def target(name, purpose):
    return f"{name} for {purpose}" if purpose else name


def targets(statement):
    names = [owner(resource) for resource in as_list(statement["Resource"])]
    purposes = statement.get("Condition", {}).get("StringEquals", {}).get(PURPOSE)
    return [target(name, purpose) for name in names for purpose in (as_list(purposes) if purposes else [None])]


def owner(resource):
    """The logical id of a table or key, all of which and nothing else is meant."""
    arn = resource.get("Fn::GetAtt", []) if isinstance(resource, dict) else []
    if len(arn) != 2 or arn[1] != "Arn":
        raise ValueError(f"the resource {resource} is not understood")
    return arn[0]


def pairs(statement):
    """The pairs of action and target that a statement allows."""
    if statement["Effect"] != "Allow" or set(statement) - READ:
        raise ValueError(f"the statement {statement} is not understood")
    return [(action, on) for action in as_list(statement["Action"]) for on in targets(statement)]


def other_conditions(statement):
    """The conditions of a statement but for the purpose of keys, which is a part of the target."""
    conditions = {
        operator: {key: value for key, value in keys.items() if (operator, key) != ("StringEquals", PURPOSE)}
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
