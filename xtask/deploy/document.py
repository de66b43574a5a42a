"""Runs the commands of docs/first-deployment.md against a real account, and compares what they print.

A block that begins with the mark is a check of its own, and the block of text after it is what it has to print. One that
is marked as set-up runs before each. One that is marked as the start runs by itself before anything is made, and fails
where nothing may be made. One that is marked as the end runs by itself, whatever the checks have found.

    document.py FILE [start | end]
"""

import subprocess
import sys

CHECK = "```sh account"
SETUP = f"{CHECK} setup"
ALONE = {name: f"{CHECK} {name}" for name in ("start", "end")}
EXPECTED = "```text"


def blocks(document):
    """Each fenced block: the title above it, its first line, and what is in it."""
    title, fence, inside = "", None, []
    for line in document.splitlines():
        if fence is None and line.startswith("#"):
            title = line.lstrip("# ")
        elif fence is None and line.startswith("```"):
            fence, inside = line.rstrip(), []
        elif fence is not None and line.rstrip() == "```":
            yield title, fence, "\n".join(inside)
            fence = None
        elif fence is not None:
            inside.append(line)
    if fence is not None:
        raise ValueError(f"a block of {title!r} does not end")


def parts(document):
    """The set-up, the checks, and the blocks that run by themselves."""
    found = list(blocks(document))
    setup = "\n".join(inside for _, fence, inside in found if fence == SETUP)
    alone = {name: "\n".join(inside for _, fence, inside in found if fence == mark) for name, mark in ALONE.items()}
    checks = []
    for (title, fence, script), following in zip(found, found[1:] + [("", "", "")]):
        if fence != CHECK:
            continue
        if following[1] != EXPECTED or following[0] != title:
            raise ValueError(f"nothing says what the commands of {title!r} print")
        checks.append((title, script, following[2]))
    if not (setup and checks and all(alone.values())):
        raise ValueError("a part is missing")
    return setup, checks, alone


def run(script):
    """What it prints, and whether all went well. Its errors are shown as they come."""
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], stdout=subprocess.PIPE, text=True)
    return done.stdout.strip(), done.returncode == 0


def check(setup, checks):
    """The titles of those that print something else, or fail."""
    for title, script, expected in checks:
        printed, well = run(f"{setup}\n{script}")
        print(f"## {title}\n{printed}", flush=True)
        if not well or printed != expected.strip():
            print(f"expected:\n{expected}", flush=True)
            yield title


def main(file, only=None):
    with open(file) as text:
        setup, checks, alone = parts(text.read())
    if only is not None:
        printed, well = run(f"{setup}\n{alone[only]}")
        sys.exit(printed if not well else None)
    failed = list(check(setup, checks))
    if failed:
        sys.exit("\n".join(["otherwise than the document says:", *failed]))


if __name__ == "__main__":
    main(*sys.argv[1:])
