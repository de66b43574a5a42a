"""A Flask-JWT-Extended app that was told the algorithm and the public key, and nothing else."""

import sys
from importlib.metadata import version

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask, jsonify
from flask_jwt_extended import JWTManager, get_jwt_identity, jwt_required

from stack import configuration, fetch, sign_in


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

    return flask.test_client()


def main(issuer, algorithm):
    user, login = sign_in(issuer)
    keys = jwt.PyJWKClient(configuration(issuer)["jwks_uri"])
    key = keys.get_signing_key_from_jwt(login["access_token"]).key
    client = app(algorithm, key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))

    def expect(path, token, status, *, identity=None):
        answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
        if answer.status_code != status or (identity and answer.json != identity):
            sys.exit(f"{path} answered {answer.status_code} {answer.json}, not {status}")

    token = login["access_token"]
    expect("/protected", token, 200, identity=user["id"])
    expect("/fresh", token, 200, identity=user["id"])
    header, payload, signature = token.split(".")
    expect("/protected", f"{header}.{payload}.{signature[::-1]}", 422)
    refreshed = fetch(f"{issuer}/refresh", {"refresh_token": login["refresh_token"]})["access_token"]
    expect("/protected", refreshed, 200, identity=user["id"])
    expect("/fresh", refreshed, 401)
    print(f"Flask-JWT-Extended {version('flask-jwt-extended')} admitted an {algorithm} token, and no refreshed one as fresh")


if __name__ == "__main__":
    main(*sys.argv[1:])
