"""Signs in and verifies the token as a Python service would: PyJWT, and nothing known but the issuer's URL."""

import json
import sys
import urllib.request
import uuid

import jwt

AUDIENCE = "latchkey"


def post(url, body):
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def refused(reason, token, key, **expected):
    try:
        jwt.decode(token, key, algorithms=["RS256"], **expected)
    except reason:
        return
    sys.exit(f"{reason.__name__} was expected of {expected}")


def main(issuer):
    person = {"username": f"grace-{uuid.uuid4().hex[:12]}", "password": "a nanosecond is 11.8 inches"}
    user = post(f"{issuer}/register", person)["user"]
    token = post(f"{issuer}/login", person)["access_token"]

    with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration", timeout=30) as answer:
        configuration = json.load(answer)
    key = jwt.PyJWKClient(configuration["jwks_uri"]).get_signing_key_from_jwt(token)
    claims = jwt.decode(
        token,
        key,
        algorithms=["RS256"],
        audience=AUDIENCE,
        issuer=configuration["issuer"],
        options={"require": ["exp", "iat", "nbf", "iss", "aud", "sub", "jti"]},
    )
    if claims["sub"] != user["id"] or claims["preferred_username"] != user["username"]:
        sys.exit(f"the token is somebody else's: {claims}")

    refused(jwt.InvalidAudienceError, token, key, audience="another", issuer=issuer)
    refused(jwt.InvalidIssuerError, token, key, audience=AUDIENCE, issuer="https://another.example")
    print(f"PyJWT {jwt.__version__} verified the token of {claims['preferred_username']}")


if __name__ == "__main__":
    main(sys.argv[1])
