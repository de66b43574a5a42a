"""Lambda reads a stream by the rights of the function's role. MiniStack asks nobody.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html
"""

import json

READING = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"]


def readable(mappings, role_of, allows, path):
    """Leaves out each mapping whose role may not read its stream, and writes down what was decided whenever that changes."""
    known = {}

    def decide(role, action, stream):
        allowed = allows(role, action, stream)
        if known.get((role, action, stream)) != allowed:
            known[role, action, stream] = allowed
            decision = {"role": role, "action": action, "resource": stream, "purpose": None, "keys": None, "allowed": allowed}
            with open(path, "a") as file:
                file.write(json.dumps(decision) + "\n")
        return allowed

    def found():
        for account, region, mapping in mappings():
            stream = mapping["EventSourceArn"]
            role = role_of(account, region, mapping["FunctionName"])
            # All are asked for, so that the record has each.
            if ":dynamodb:" not in stream or all([decide(role, action, stream) for action in READING]):
                yield account, region, mapping

    return found
