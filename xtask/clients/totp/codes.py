"""Codes that oathtool and PyOTP compute, for a program of the product that says whether they are right."""

import base64
import random
import secrets
import subprocess
import sys

import pyotp

COUNT = 10_000
STEP = 30
# Up to the year 2603, where a step needs more than 29 bits.
LATEST = 20_000_000_000


def by_oathtool(oathtool, secret, at):
    command = [oathtool, "--totp", "--now", f"@{at}", secret.hex()]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def step_of(totp, code, now):
    """The last step around a time that has the code."""
    present = now // STEP
    steps = range(max(present - 1, 0), present + 2)
    return max((step for step in steps if totp.at(step * STEP) == code), default="-")


def main(oathtool, checker):
    seed = secrets.randbits(64)
    print(f"seed {seed}")
    chosen = random.Random(seed)
    lines = []
    for _ in range(COUNT):
        secret = chosen.randbytes(20)
        base32 = base64.b32encode(secret).decode()
        totp = pyotp.TOTP(base32)
        at = chosen.randrange(LATEST)
        code = by_oathtool(oathtool, secret, at)
        if totp.at(at) != code:
            sys.exit(f"PyOTP and oathtool differ: {secret.hex()} at {at}")
        # Clocks differ: too much for a fifth of the codes.
        now = max(at + chosen.randrange(-75, 76), 0)
        lines.append(f"{secret.hex()} {base32} {now} {code} {step_of(totp, code, now)}\n")
    checked = subprocess.run([checker], input="".join(lines), check=True, capture_output=True, text=True)
    print(f"of {COUNT} by oathtool and PyOTP: {checked.stdout.strip()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
