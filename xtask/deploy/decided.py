"""A processed template as the parameters of its stack decide it: without what a condition leaves out."""

from cors import resolved, values

NOTHING = {"Ref": "AWS::NoValue"}


def decided(template, given):
    """The template without conditions. What they leave out is not in it."""
    parameters, conditions = values(template, given), template.get("Conditions", {})

    def holds(name):
        return resolved(conditions[name], conditions, parameters)

    def decide(value):
        if isinstance(value, list):
            return [one for one in map(decide, value) if one != NOTHING]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Fn::If"}:
            condition, then, otherwise = value["Fn::If"]
            return decide(then if holds(condition) else otherwise)
        members = {name: decide(member) for name, member in value.items()}
        return {name: member for name, member in members.items() if member != NOTHING}

    resources = {
        name: decide(resource)
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or holds(resource["Condition"])
    }
    return {**template, "Resources": resources}
