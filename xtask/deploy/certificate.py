"""Makes a certificate that a browser takes which asks no authority: key.pem and cert.pem.

    certificate.py HOST DIRECTORY
"""

import datetime
import os
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def main(host, directory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(days=1))
    certificate = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False).sign(key, hashes.SHA256())
    os.makedirs(directory, exist_ok=True)
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    for file, text in (
        ("key.pem", key.private_bytes(serialization.Encoding.PEM, *plain)),
        ("cert.pem", certificate.public_bytes(serialization.Encoding.PEM)),
    ):
        with open(os.path.join(directory, file), "wb") as out:
            out.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
