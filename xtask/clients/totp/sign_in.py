"""Somebody with an authenticator app: enrols it by the QR code on the screen, and signs in with its codes."""

import json
import sys
import time
import urllib.error
import urllib.request
import uuid

from qr import read

PASSWORD = "a nanosecond is 11.8 inches"
STEP = 30


def call(method, url, body=None, token=None):
    """The status and the JSON of an answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def expect(expected, answer):
    status, body = answer
    if status != expected:
        sys.exit(f"{expected} was expected: {status} {body.get('detail')}")
    return body


def main(issuer):
    person = {"username": f"grace-{uuid.uuid4().hex[:12]}", "password": PASSWORD}
    tokens = expect(201, call("POST", f"{issuer}/register", person))
    offer = expect(201, call("POST", f"{issuer}/me/totp", token=tokens["access_token"]))
    uri, authenticator = read(offer["qr_code"])
    if (uri, authenticator.secret) != (offer["otpauth_uri"], offer["secret"]):
        sys.exit("the three forms of the secret differ")
    if (authenticator.issuer, authenticator.name) != ("localhost", person["username"]):
        sys.exit(f"the app shows {authenticator.issuer} and {authenticator.name}")
    # The present one and the one after, so that nobody waits: both count, each once.
    now = time.time()
    first, second = authenticator.at(now), authenticator.at(now + STEP)
    expect(200, call("PUT", f"{issuer}/me/totp", {"code": first}, tokens["access_token"]))

    asked = expect(403, call("POST", f"{issuer}/login", person))
    if asked["error"] != "mfa_required" or "totp" not in asked["methods"]:
        sys.exit(f"a code is not asked for: {asked}")
    shown = {"mfa_token": asked["mfa_token"], "code": first}
    expect(400, call("POST", f"{issuer}/login/mfa", shown))
    signed_in = expect(200, call("POST", f"{issuer}/login/mfa", shown | {"code": second}))
    expect(200, call("GET", f"{issuer}/protected", token=signed_in["access_token"]))
    print("an authenticator was enrolled by its QR code, and its code signed in")


if __name__ == "__main__":
    main(*sys.argv[1:])
