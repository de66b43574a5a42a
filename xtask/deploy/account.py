"""What statements.py changes in the account of a deployed stack: policies of roles, and what functions remember."""

import json

import boto3

from routes import deployed, resources


class Account:
    def __init__(self, stack):
        self.template, self.ids = deployed(stack), resources(stack)

    def policy(self, role, name):
        return boto3.client("iam").get_role_policy(RoleName=self.ids[role], PolicyName=name)["PolicyDocument"]

    def put(self, role, name, document):
        boto3.client("iam").put_role_policy(
            RoleName=self.ids[role], PolicyName=name, PolicyDocument=json.dumps(document)
        )

    def delete(self, role, name):
        boto3.client("iam").delete_role_policy(RoleName=self.ids[role], PolicyName=name)

    def start_over(self):
        """Starts every function anew, without anything in memory that a statement let it have, and without key ring."""
        client = boto3.client("lambda")
        for logical, resource in self.template["Resources"].items():
            if resource["Type"] == "AWS::Lambda::Function":
                code, name = resource["Properties"]["Code"], self.ids[logical]
                client.update_function_code(FunctionName=name, S3Bucket=code["S3Bucket"], S3Key=code["S3Key"])
        empty(self.ids["KeysTable"], "id")
        # Or the attempts of one journey would be too many for the next.
        empty(self.ids["ThrottlesTable"], "key")


def empty(table, key):
    client = boto3.client("dynamodb")
    for item in client.scan(TableName=table)["Items"]:
        client.delete_item(TableName=table, Key={key: item[key]})
