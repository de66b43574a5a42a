"""A Flask-JWT-Extended app that was told the algorithm and the public key, and nothing else."""

import sys
from importlib.metadata import version

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask, jsonify
from flask_jwt_extended import JWTManager, get_jwt, get_jwt_identity, jwt_required

from stack import configuration, fetch, sign_in, sign_in_with_second_factor

# What two tokens differ in, whoever they are for.
OF_A_TOKEN = {"sub", "sid", "jti", "exp", "iat", "nbf", "auth_time", "preferred_username"}


def app(algorithm, public_key):
    flask = Flask(__name__)
    flask.config["JWT_ALGORITHM"] = algorithm
    flask.config["JWT_PUBLIC_KEY"] = public_key
    JWTManager(flask)

    @flask.get("/protected")
    @jwt_required()
    def protected():
        return jsonify(get_jwt_identity())

    @flask.get("/fresh")
    @jwt_required(fresh=True)
    def fresh():
        return jsonify(get_jwt_identity())

    @flask.get("/claims")
    @jwt_required()
    def claims():
        return jsonify(get_jwt())

    return flask.test_client()


def get(client, path, token):
    answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.json


def expect(client, path, token, status, identity=None):
    found = get(client, path, token)
    if found[0] != status or (identity and found[1] != identity):
        sys.exit(f"{path} answered {found}, not {status}")


def admits(client, issuer, user, login):
    """Holds the app to what it does with somebody's tokens: their claims."""
    token = login["access_token"]
    expect(client, "/protected", token, 200, identity=user["id"])
    expect(client, "/fresh", token, 200, identity=user["id"])
    header, payload, signature = token.split(".")
    expect(client, "/protected", f"{header}.{payload}.{signature[::-1]}", 422)
    refreshed = fetch(f"{issuer}/refresh", {"refresh_token": login["refresh_token"]})["access_token"]
    expect(client, "/protected", refreshed, 200, identity=user["id"])
    expect(client, "/fresh", refreshed, 401)
    return get(client, "/claims", token)[1]


def main(issuer, algorithm):
    user, login = sign_in(issuer)
    keys = jwt.PyJWKClient(configuration(issuer)["jwks_uri"])
    key = keys.get_signing_key_from_jwt(login["access_token"]).key
    client = app(algorithm, key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    with_one = admits(client, issuer, user, login)
    print(f"Flask-JWT-Extended {version('flask-jwt-extended')} admitted an {algorithm} token, and no refreshed one as fresh")

    with_two = admits(client, issuer, *sign_in_with_second_factor(issuer))
    names = with_one.keys() | with_two.keys()
    differ = {name for name in names - OF_A_TOKEN if with_one.get(name) != with_two.get(name)}
    if differ != {"acr", "amr"} or (with_one["acr"], with_two["acr"]) != ("aal1", "aal2"):
        sys.exit(f"the tokens differ in {differ}: {with_one} {with_two}")
    print(f"it did the same with the tokens of a second factor, whose claims differ in {sorted(differ)} alone")


if __name__ == "__main__":
    main(*sys.argv[1:])
