"""Reads what the deployed functions have logged: one line of JSON a request, the metrics in it, and nothing secret."""

import collections
import json
import re
import sys

import boto3

ALWAYS = {"level", "timestamp", "message", "service", "status", "cold_start", "events", "function_request_id", "Stack", "_aws"}
# What Lambda itself says of each invocation.
LAMBDA = ("INIT_START ", "START ", "END ", "REPORT ")
# Tokens and tickets of any kind, e-mail addresses, the passwords of the journey, recovery codes and the secrets of apps.
SECRET = re.compile(
    r"eyJ[\w-]{20}|latchkey_[a-z]+_|@example\.com|correct horse|purple elephants|(?-i:\b[0-9A-Z]{6}(-[0-9A-Z]{6}){3}\b|\b[A-Z2-7]{32}\b)",
    re.IGNORECASE,
)


def lines(group):
    client = boto3.client("logs")
    streams = client.get_paginator("describe_log_streams").paginate(logGroupName=group)
    for stream in (stream for page in streams for stream in page["logStreams"]):
        events = client.get_paginator("filter_log_events").paginate(
            logGroupName=group, logStreamNames=[stream["logStreamName"]]
        )
        for event in (event for page in events for event in page["events"]):
            yield from event["message"].splitlines()


def main(stack, requests):
    # Beside the journeys somebody has logged in for the authorizer, and has asked twice for the issuer under the domain name.
    requests = int(requests) + 3
    services, events, metrics = collections.Counter(), collections.Counter(), collections.Counter()
    routed = 0
    for line in lines(f"/aws/lambda/{stack}"):
        if SECRET.search(line):
            sys.exit("a line of the log has a secret in it")
        if line.startswith(LAMBDA):
            continue
        if not line.startswith("{") or "_aws" not in line:
            sys.exit(f"a line is of no request: {line}")
        entry = json.loads(line)
        if missing := ALWAYS - set(entry):
            sys.exit(f"{missing} is missing in {line}")
        if entry["status"] >= 500 or entry["level"] != "INFO":
            sys.exit(f"a request failed: {line}")
        (directive,) = entry["_aws"]["CloudWatchMetrics"]
        if directive["Namespace"] != "Latchkey" or directive["Dimensions"] != [["Stack"]] or entry["Stack"] != stack:
            sys.exit(f"the metrics of {line} go elsewhere")
        # Rows are changed as well, by those who use what was mailed.
        if entry["service"] == "mailer" and "mail.sent" not in entry["events"]:
            sys.exit(f"the filter of the stream let through what is no mail: {line}")
        services[entry["service"]] += 1
        routed += "route" in entry
        events.update(entry["events"])
        metrics.update({metric["Name"]: entry[metric["Name"]] for metric in directive["Metrics"]})
    print("lines by function:", ", ".join(f"{name} {count}" for name, count in sorted(services.items())))
    print("events:", ", ".join(f"{name} {count}" for name, count in sorted(events.items())))
    print("metrics:", ", ".join(f"{name} {value:g}" for name, value in sorted(metrics.items())))
    if not events["mail.sent"]:
        sys.exit("no mail was sent")
    if routed != requests:
        sys.exit(f"{requests} requests were sent, and {routed} lines are in the log")
    print(f"each of {requests} requests has its line")


if __name__ == "__main__":
    main(*sys.argv[1:])
