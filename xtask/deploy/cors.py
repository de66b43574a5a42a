"""Gives the deployed API its CORS configuration. The emulator leaves the API's OpenAPI document unread, so that it is taken
from there, as the parameters of the stack have it. Prints it."""

import re
import sys


def values(template, given):
    """The values of a stack's parameters, lists as lists."""
    types = {name: parameter["Type"] for name, parameter in template["Parameters"].items()}
    return {name: value.split(",") if types[name] == "CommaDelimitedList" else value for name, value in given.items()}


def resolved(value, conditions, parameters):
    """What a value of a processed template becomes. Only the functions are read that CORS and the domain depend on."""

    def resolve(value):
        if isinstance(value, list):
            return [resolve(one) for one in value]
        if not isinstance(value, dict):
            return value
        name, argument = next(iter(value.items()), (None, None))
        if name == "Ref":
            return None if argument == "AWS::NoValue" else parameters[argument]
        if name == "Fn::If":
            condition, then, otherwise = argument
            return resolve(then if resolve(conditions[condition]) else otherwise)
        if name == "Fn::Not":
            return not resolve(argument[0])
        if name == "Condition":
            return resolve(conditions[argument])
        if name == "Fn::And":
            return all(resolve(argument))
        if name == "Fn::Equals":
            left, right = resolve(argument)
            return left == right
        if name == "Fn::Join":
            separator, parts = resolve(argument)
            return separator.join(parts)
        if name == "Fn::Sub":
            return re.sub(r"\$\{(\w+)\}", lambda reference: parameters[reference[1]], argument)
        if name and name.startswith("Fn::"):
            raise ValueError(f"{name} is not understood")
        return {name: resolve(member) for name, member in value.items()}

    return resolve(value)


def configuration(template, given):
    """The configuration in the terms of the API's own operations, or nothing."""
    (body,) = [
        resource["Properties"]["Body"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Api"
    ]
    written = body.get("x-amazon-apigateway-cors")
    cors = resolved(written, template.get("Conditions", {}), values(template, given))
    return cors and {name[0].upper() + name[1:]: value for name, value in cors.items()}


def main(stack):
    # Here, so that the tests need no boto3.
    import boto3

    from routes import processed, resources

    (described,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    given = {one["ParameterKey"]: one["ParameterValue"] for one in described["Parameters"]}
    cors = configuration(processed(stack), given)
    gateway, api = boto3.client("apigatewayv2"), resources(stack)["Api"]
    if cors:
        gateway.update_api(ApiId=api, CorsConfiguration=cors)
    else:
        gateway.delete_cors_configuration(ApiId=api)
    print(f"CORS: {cors}")


if __name__ == "__main__":
    main(*sys.argv[1:])
