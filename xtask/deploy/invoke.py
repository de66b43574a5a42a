"""Calls the two functions that have no route: rotate-keys as the schedule does, and the authorizer with a token."""

import json
import sys
import urllib.parse
import urllib.request

import boto3

from routes import resources


def invoke(function, event):
    answer = boto3.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    payload = json.load(answer["Payload"])
    if "FunctionError" in answer:
        sys.exit(f"{function} failed: {payload}")
    return payload


def event(name):
    with open(f"events/{name}.json") as file:
        return json.load(file)


def main(stack, url, administrator):
    ids = resources(stack)
    ring = invoke(ids["RotateKeysFunction"], event("rotate-keys"))
    print(f"rotate-keys: the ring has {ring['signing_keys']} signing keys, {ring['mac_keys']} MAC keys and {ring['factor_keys']} factor keys")

    username, password = administrator.split(":")
    form = urllib.parse.urlencode({"username": username, "password": password}).encode()
    with urllib.request.urlopen(f"{url}/login", form, timeout=30) as answer:
        token = json.load(answer)["access_token"]
    question = event("authorizer")
    question["headers"]["authorization"] = f"Bearer {token}"
    answer = invoke(ids["AuthorizerFunction"], question)
    if not answer["isAuthorized"] or answer["context"]["username"] != username:
        sys.exit(f"the authorizer answered {answer}")
    question["headers"]["authorization"] = f"Bearer {token[:-8]}AAAAAAAA"
    if invoke(ids["AuthorizerFunction"], question)["isAuthorized"]:
        sys.exit("the authorizer admits a forged token")
    print("authorizer: admits a token, and no forged one")


if __name__ == "__main__":
    main(*sys.argv[1:])
