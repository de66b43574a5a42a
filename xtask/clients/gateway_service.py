"""An HTTP API of somebody else's, on MiniStack, guarded as the example's template has it: by the gateway's JWT authorizer
with a scope, and by the Lambda authorizer."""

import io
import json
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile

import boto3

from stack import PASSWORD, fetch, sign_in, sign_in_with_second_factor

SCOPE = "users:read"


def client(service, url):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def function(cloud, name, binary, variables):
    """Deploys a binary as a Lambda function: its ARN."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as code:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        with open(binary, "rb") as file:
            code.writestr(entry, file.read())
    made = client("lambda", cloud).create_function(
        FunctionName=name,
        Runtime="provided.al2023",
        Handler="bootstrap",
        Role="arn:aws:iam::000000000000:role/local",
        Code={"ZipFile": archive.getvalue()},
        Timeout=9,
        Environment={"Variables": variables},
    )
    return made["FunctionArn"]


def api(cloud, issuer, target, authorizer):
    gateway = client("apigatewayv2", cloud)
    api_id = gateway.create_api(Name="guarded", ProtocolType="HTTP")["ApiId"]
    token = gateway.create_authorizer(
        ApiId=api_id,
        Name="Token",
        AuthorizerType="JWT",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Issuer": issuer, "Audience": ["latchkey"]},
    )["AuthorizerId"]
    session = gateway.create_authorizer(
        ApiId=api_id,
        Name="Session",
        AuthorizerType="REQUEST",
        AuthorizerUri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{authorizer}/invocations",
        AuthorizerPayloadFormatVersion="2.0",
        EnableSimpleResponses=True,
        IdentitySource=["$request.header.Authorization"],
        AuthorizerResultTtlInSeconds=0,
    )["AuthorizerId"]
    integration = gateway.create_integration(
        ApiId=api_id, IntegrationType="AWS_PROXY", IntegrationUri=target, PayloadFormatVersion="2.0"
    )["IntegrationId"]
    target = f"integrations/{integration}"
    gateway.create_route(
        ApiId=api_id,
        RouteKey="GET /reports",
        Target=target,
        AuthorizationType="JWT",
        AuthorizerId=token,
        AuthorizationScopes=[SCOPE],
    )
    gateway.create_route(
        ApiId=api_id, RouteKey="GET /orders", Target=target, AuthorizationType="CUSTOM", AuthorizerId=session
    )
    gateway.create_stage(ApiId=api_id, StageName="$default", AutoDeploy=True)
    return f"{cloud}/_aws/execute-api/{api_id}/$default"


def get(url, token):
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, None


def main(issuer, cloud, binaries, data):
    with open(f"{data}/stack.json") as file:
        stack = json.load(file)
    variables = {
        "USERS_TABLE": "UsersTable",
        "SESSIONS_TABLE": "SessionsTable",
        "KEYS_TABLE": "KeysTable",
        "ISSUER_URL": issuer,
        "API_URL": issuer,
        "AUDIENCE": "latchkey",
        "ROLES": stack["parameters"]["Roles"],
        "MFA_REQUIRED": stack["parameters"]["MfaRequired"],
        "AWS_ENDPOINT_URL_DYNAMODB": stack["dynamodb"],
    }
    authorizer = function(cloud, "authorizer", f"{binaries}/authorizer", variables)
    target = function(cloud, "guarded-api", f"{binaries}/guarded-api", {})
    url = api(cloud, issuer, target, authorizer)

    def expect(path, token, status, seen=None):
        answer = get(url + path, token)
        if answer[0] != status or (seen and answer[1] != seen):
            sys.exit(f"{path} answered {answer}, not {status} {seen or ''}")

    def forged(token):
        header, payload, signature = token.split(".")
        return f"{header}.{payload}.{signature[::-1]}"

    admin, _ = sign_in(issuer)
    latchkey = [f"{binaries}/latchkey", "--local", data, "users", "grant", admin["username"], "admin"]
    subprocess.run(latchkey, check=True)
    person = {"username": admin["username"], "password": PASSWORD}
    admin_token = fetch(f"{issuer}/login", person)["access_token"]
    user, tokens = sign_in(issuer)
    token = tokens["access_token"]

    scopes = fetch(f"{issuer}/.well-known/openid-configuration")["scopes_supported"]
    expect("/reports", admin_token, 200, {"user_id": admin["id"], "scope": " ".join(scopes)})
    expect("/reports", token, 403)
    expect("/reports", forged(admin_token), 401)
    expect("/reports", None, 401)
    print(f"the JWT authorizer admitted a token, refused a forged one and wanted the scope {SCOPE}")

    expect("/orders", token, 200, {"user_id": user["id"], "scope": ""})
    expect("/orders", forged(token), 403)
    other, with_second_factor = sign_in_with_second_factor(issuer)
    expect("/orders", with_second_factor["access_token"], 200, {"user_id": other["id"], "scope": ""})
    expect("/reports", with_second_factor["access_token"], 403)
    expect("/orders", None, 401)
    fetch_nothing(f"{issuer}/logout", {"refresh_token": tokens["refresh_token"]})
    expect("/orders", token, 403)
    expect("/orders", admin_token, 200)
    print("the Lambda authorizer admitted a token, refused a forged one, and refused it once logged out")


def fetch_nothing(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=30).close()


if __name__ == "__main__":
    main(*sys.argv[1:])
