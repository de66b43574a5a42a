"""Reads what the deployed functions have logged: one line of JSON a request, the metrics in it, and nothing secret."""

import collections
import json
import re
import sys

import boto3

ALWAYS = {"level", "timestamp", "message", "service", "status", "cold_start", "events", "function_request_id", "Stack", "_aws"}
# Tokens of either kind, e-mail addresses, and the passwords of the journey.
SECRET = re.compile(r"eyJ[\w-]{20}|latchkey_rt_|@example\.com|correct horse|purple elephants", re.IGNORECASE)


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
    services, events, metrics = collections.Counter(), collections.Counter(), collections.Counter()
    for line in lines(f"/aws/lambda/{stack}"):
        if SECRET.search(line):
            sys.exit("a line of the log has a secret in it")
        if not line.startswith("{"):
            continue
        entry = json.loads(line)
        if "_aws" not in entry:
            sys.exit(f"a line is not of a request: {line}")
        if missing := ALWAYS - set(entry):
            sys.exit(f"{missing} is missing in {line}")
        if entry["status"] >= 500 or entry["level"] != "INFO":
            sys.exit(f"a request failed: {line}")
        (directive,) = entry["_aws"]["CloudWatchMetrics"]
        if directive["Namespace"] != "Latchkey" or directive["Dimensions"] != [["Stack"]] or entry["Stack"] != stack:
            sys.exit(f"the metrics of {line} go elsewhere")
        services[entry["service"]] += 1
        events.update(entry["events"])
        metrics.update({metric["Name"]: entry[metric["Name"]] for metric in directive["Metrics"]})
    print("lines by function:", ", ".join(f"{name} {count}" for name, count in sorted(services.items())))
    print("events:", ", ".join(f"{name} {count}" for name, count in sorted(events.items())))
    print("metrics:", ", ".join(f"{name} {value:g}" for name, value in sorted(metrics.items())))
    if sum(services.values()) < int(requests):
        sys.exit(f"{requests} requests were sent, and {sum(services.values())} lines are in the log")


if __name__ == "__main__":
    main(*sys.argv[1:])
