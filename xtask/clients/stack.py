"""What every client here begins with: somebody who has signed in, and what the issuer says of itself."""

import json
import urllib.request
import uuid


def fetch(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def sign_in(issuer):
    """Registers somebody and logs them in: the account and the tokens."""
    person = {"username": f"grace-{uuid.uuid4().hex[:12]}", "password": "a nanosecond is 11.8 inches"}
    user = fetch(f"{issuer}/register", person)["user"]
    return user, fetch(f"{issuer}/login", person)


def configuration(issuer):
    return fetch(f"{issuer}/.well-known/openid-configuration")
