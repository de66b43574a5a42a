"""Prints the template that CloudFormation made of a SAM template."""

import json
import sys

from routes import processed

if __name__ == "__main__":
    print(json.dumps(processed(sys.argv[1]), indent=1))
