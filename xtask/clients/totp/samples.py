"""Reads the QR codes that a program of the product has written into a directory."""

import json
import pathlib
import sys

from qr import read


def main(directory):
    samples = sorted(pathlib.Path(directory).glob("*.svg"))
    for sample in samples:
        expected = json.loads(sample.with_suffix(".json").read_text())
        uri, authenticator = read(sample.read_text())
        if uri != expected["uri"]:
            sys.exit(f"{sample}: {uri} is not {expected['uri']}")
        taken = authenticator.secret, authenticator.issuer, authenticator.name
        if taken != (expected["secret"], expected["issuer"], expected["account"]):
            sys.exit(f"{sample}: PyOTP takes {taken} of {expected}")
        usual = authenticator.interval, authenticator.digits, authenticator.digest().name
        if usual != (30, 6, "sha1"):
            sys.exit(f"{sample}: an authenticator counts by {usual}")
    if not samples:
        sys.exit("there is no QR code")
    print(f"zxing-cpp read {len(samples)} QR codes, and PyOTP took what was in them")


if __name__ == "__main__":
    main(*sys.argv[1:])
