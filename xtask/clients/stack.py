"""What every client here begins with: somebody who has signed in, and what the issuer says of itself."""

import json
import urllib.error
import urllib.request
import uuid

import pyotp

PASSWORD = "a nanosecond is 11.8 inches"


def fetch(url, body=None, *, token=None, method=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def register(issuer):
    """Registers somebody: the account, what they log in with, and the tokens."""
    person = {"username": f"grace-{uuid.uuid4().hex[:12]}", "password": PASSWORD}
    registered = fetch(f"{issuer}/register", person)
    return registered["user"], person, registered


def sign_in(issuer):
    """Registers somebody and logs them in: the account and the tokens."""
    user, person, _ = register(issuer)
    return user, fetch(f"{issuer}/login", person)


def sign_in_with_second_factor(issuer):
    """The same for somebody who has an authenticator app, and has lost it: they log in with a recovery code."""
    user, person, registered = register(issuer)
    token = registered["access_token"]
    secret = fetch(f"{issuer}/me/totp", {}, token=token)["secret"]
    code = {"code": pyotp.TOTP(secret).now()}
    recovery_codes = fetch(f"{issuer}/me/totp", code, token=token, method="PUT")["recovery_codes"]
    mfa_token = second_factor_asked(issuer, person)
    return user, fetch(f"{issuer}/login/mfa", {"mfa_token": mfa_token, "recovery_code": recovery_codes[0]})


def second_factor_asked(issuer, person):
    """The token of a login that asks for a second factor."""
    try:
        fetch(f"{issuer}/login", person)
    except urllib.error.HTTPError as refused:
        problem = json.load(refused)
        if (refused.code, problem.get("error")) == (403, "mfa_required"):
            return problem["mfa_token"]
        raise
    raise AssertionError("the password was enough")


def configuration(issuer):
    return fetch(f"{issuer}/.well-known/openid-configuration")
