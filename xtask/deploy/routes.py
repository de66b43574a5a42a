"""Gives the deployed API its routes. The emulator makes an HTTP API and leaves its OpenAPI document unread, so that the
routes are taken from there and made one by one. Prints them and, last, the address of the API."""

import os
import re
import sys

import boto3

from decided import decided

METHODS = {"x-amazon-apigateway-any-method": "ANY"}


def processed(stack):
    return boto3.client("cloudformation").get_template(StackName=stack, TemplateStage="Processed")["TemplateBody"]


def deployed(stack):
    """The processed template as the parameters of the stack decide it."""
    (described,) = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return decided(processed(stack), {one["ParameterKey"]: one["ParameterValue"] for one in described["Parameters"]})


def resources(stack):
    """The physical id of each logical one."""
    pages = boto3.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    found = (resource for page in pages for resource in page["StackResourceSummaries"])
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}


def routes(template):
    """The pairs of route and the logical id of its function."""
    (body,) = [
        resource["Properties"]["Body"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Api"
    ]
    for path, operations in body["paths"].items():
        for method, operation in operations.items():
            uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
            (function,) = re.findall(r"\$\{(\w+)\.Arn\}", uri)
            yield f"{METHODS.get(method, method.upper())} {path}", function


def main(stack):
    gateway = boto3.client("apigatewayv2")
    ids = resources(stack)
    api = ids["Api"]
    integrations = {}
    for route, function in routes(processed(stack)):
        if function not in integrations:
            arn = boto3.client("lambda").get_function(FunctionName=ids[function])["Configuration"]["FunctionArn"]
            integrations[function] = gateway.create_integration(
                ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
            )["IntegrationId"]
        gateway.create_route(ApiId=api, RouteKey=route, Target=f"integrations/{integrations[function]}")
        print(f"{route}: {function}")
    # In this form of the address every path is the API's, also one that the emulator itself would answer.
    print(f"{os.environ['AWS_ENDPOINT_URL']}/_aws/execute-api/{api}/$default")


if __name__ == "__main__":
    main(*sys.argv[1:])
