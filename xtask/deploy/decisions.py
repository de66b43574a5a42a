"""Reads the emulator's record of what IAM decided, in the terms of the template."""

import json

from grants import IDENTITY, KEYED, target


def on(resource, names):
    """The name in the template of what an ARN names."""
    if ":dynamodb:" in resource and "/stream/" in resource:
        table = resource.split("/")[1]
        return f"{names.get(table, table)} stream"
    if ":ses:" in resource and ":identity/" in resource:
        return IDENTITY
    last = resource.rpartition("/")[2]
    return names.get(last, last)


def purposes(decision, name):
    """Those of a key's encryption context, or of the items of a table, by which a statement may tell what it allows."""
    keys, purpose = decision["keys"], decision["purpose"]
    return sorted({key.partition("#")[0] for key in keys}) if name in KEYED and keys else [purpose]


def decisions(lines, ids):
    """Whether each was allowed, and what: function, action and target."""
    names = {physical: logical for logical, physical in ids.items()}
    for line in lines:
        decision = json.loads(line)
        allowed = decision["allowed"]
        # Anything else would count as one of the two.
        if not isinstance(allowed, bool):
            raise ValueError(f"the decision {decision} is neither")
        function = names.get(decision["role"], decision["role"]).removesuffix("Role")
        name = on(decision["resource"], names)
        for purpose in purposes(decision, name):
            yield allowed, (function, decision["action"], target(name, purpose))
