"""A Python service that verifies with PyJWT, and knows the issuer's URL, the audience and the algorithm."""

import sys

import jwt

from stack import configuration, sign_in

AUDIENCE = "latchkey"


def main(issuer, algorithm):
    user, tokens = sign_in(issuer)
    token = tokens["access_token"]
    found = configuration(issuer)
    key = jwt.PyJWKClient(found["jwks_uri"]).get_signing_key_from_jwt(token)

    def refused(reason, **expected):
        try:
            jwt.decode(token, key, algorithms=[algorithm], **expected)
        except reason:
            return
        sys.exit(f"{reason.__name__} was expected of {expected}")

    claims = jwt.decode(
        token,
        key,
        algorithms=[algorithm],
        audience=AUDIENCE,
        issuer=found["issuer"],
        options={"require": ["exp", "iat", "nbf", "iss", "aud", "sub", "jti"]},
    )
    if claims["sub"] != user["id"] or claims["preferred_username"] != user["username"]:
        sys.exit(f"the token is somebody else's: {claims}")
    refused(jwt.InvalidAudienceError, audience="another", issuer=issuer)
    refused(jwt.InvalidIssuerError, audience=AUDIENCE, issuer="https://another.example")
    print(f"PyJWT {jwt.__version__} verified an {algorithm} token")


if __name__ == "__main__":
    main(*sys.argv[1:])
