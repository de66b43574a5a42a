"""The same work with Flask and Flask-JWT-Extended, as its documentation has it.

Without AWS_ENDPOINT_URL_DYNAMODB its one account is in memory and it reads no table at all.
"""

import os
import time
import uuid

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from flask import Flask, jsonify, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jwt_identity,
    jwt_required,
)

# OWASP's minimum, which is Latchkey's default.
hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = os.environ["JWT_SECRET_KEY"]
jwt = JWTManager(app)

if "AWS_ENDPOINT_URL_DYNAMODB" in os.environ:
    import boto3

    dynamodb = boto3.client("dynamodb")
    LOGINS, SESSIONS = os.environ["LOGINS_TABLE"], os.environ["SESSIONS_TABLE"]

    def find(username):
        found = dynamodb.get_item(
            TableName=LOGINS, Key={"name": {"S": username}}, ConsistentRead=True
        )
        item = found.get("Item")
        return item and (item["user_id"]["S"], item["password_hash"]["S"])

    def begin(user):
        session = str(uuid.uuid4())
        ttl = str(int(time.time()) + 2592000)
        dynamodb.put_item(
            TableName=SESSIONS,
            Item={"user_id": {"S": user}, "id": {"S": session}, "ttl": {"N": ttl}},
        )
        return session

    @jwt.token_in_blocklist_loader
    def has_ended(header, payload):
        found = dynamodb.get_item(
            TableName=SESSIONS,
            Key={"user_id": {"S": payload["sub"]}, "id": {"S": payload["sid"]}},
            ConsistentRead=True,
        )
        return "Item" not in found

else:
    accounts = {os.environ["USERNAME"]: ("1", os.environ["PASSWORD_HASH"])}

    def find(username):
        return accounts.get(username)

    def begin(user):
        return str(uuid.uuid4())


@app.post("/login")
def login():
    credentials = request.get_json()
    account = find(credentials["username"])
    if account is None:
        return jsonify(msg="Bad username or password"), 401
    user, password_hash = account
    try:
        hasher.verify(password_hash, credentials["password"])
    except VerifyMismatchError:
        return jsonify(msg="Bad username or password"), 401
    claims = {"sid": begin(user)}
    return jsonify(
        access_token=create_access_token(user, additional_claims=claims),
        refresh_token=create_refresh_token(user, additional_claims=claims),
    )


@app.get("/protected")
@jwt_required()
def protected():
    return jsonify(logged_in_as=get_jwt_identity())
