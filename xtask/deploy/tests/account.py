"""Stands in for account.py: a stack whose policies are enforced, as the emulator does and records it, and changed."""

import copy

from emulator import recorded
from grants import statements

from tests.stack import IDS, arn


class Account:
    """An account whose policies are enforced and recorded, and functions that make these calls."""

    def __init__(self, document, calls, record):
        self.template, self.ids, self.calls, self.starts = document, IDS, calls, 0
        self.policies = {(role, name): deployed(written) for _, role, name, written in statements(document)}
        self.changes, self.memory = [], set()
        self.evaluator = recorded(self.enforce, self.identify, record)
        open(record, "w").close()

    def policy(self, role, name):
        return copy.deepcopy(self.policies[role, name])

    def put(self, role, name, document):
        assert document["Statement"], "AWS refuses a policy without a statement"
        self.changes.append(len(document["Statement"]))
        self.policies[role, name] = document

    def delete(self, role, name):
        self.changes.append(0)
        del self.policies[role, name]

    def start_over(self):
        self.starts += 1
        self.memory.clear()

    def identify(self, key):
        return {"userArn": f"arn:aws:sts::000000000000:assumed-role/{IDS[key[4:] + 'Role']}/{key[4:]}"}

    def enforce(self, key, action, service, region, resource_arn, service_context):
        for (role, _), document in self.policies.items():
            for statement in document["Statement"]:
                condition = statement.get("Condition", {}).get("StringEquals", {})
                if (
                    role == f"{key[4:]}Role"
                    and statement["Action"] == action
                    and resource_arn in statement["Resource"]
                    and all(service_context.get(name) == value for name, value in condition.items())
                ):
                    return None
        return "denied"

    def call(self, function, action, on, key_purpose):
        """Whether a function gets what it asks for. What it got before it remembers."""
        call = (function, action, on, key_purpose)
        context = {"kms:EncryptionContext:purpose": key_purpose} if key_purpose else {}
        if call not in self.memory:
            denied = self.evaluator(
                f"ASIA{function}", action, "service", "r", resource_arn=arn(on), service_context=context
            )
            if denied:
                return False
            self.memory.add(call)
        return True

    def journey(self):
        return all([self.call(*call) for call in self.calls])


def deployed(written):
    """The document that CloudFormation makes of these statements."""
    found = [
        {**statement, "Resource": [arn(resource["Fn::GetAtt"][0]) for resource in statement["Resource"]]}
        for statement in written
    ]
    return {"Version": "2012-10-17", "Statement": found}
