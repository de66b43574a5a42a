"""Reads the emulator's record of what IAM decided, in the terms of the template."""

import json

from grants import target


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
        resource = decision["resource"].rpartition("/")[2]
        yield allowed, (function, decision["action"], target(names.get(resource, resource), decision["purpose"]))
