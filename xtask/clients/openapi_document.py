"""Checks that the issuer describes itself by a document that is OpenAPI 3.1."""

import sys

from openapi_spec_validator import OpenAPIV31SpecValidator

from stack import fetch


def main(issuer):
    document = fetch(f"{issuer}/openapi.json")
    OpenAPIV31SpecValidator(document).validate()
    if document["servers"] != [{"url": issuer}]:
        sys.exit(f"it is of another issuer: {document['servers']}")
    operations = sum(len(path) for path in document["paths"].values())
    print(f"the document is OpenAPI {document['openapi']} and has {operations} operations")


if __name__ == "__main__":
    main(*sys.argv[1:])
