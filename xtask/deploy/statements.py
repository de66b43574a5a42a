"""Takes each statement out of its policy, one at a time, and sees that somebody then misses it.

    statements.py STACK URL ADMINISTRATOR DECISIONS JOURNEY...

DECISIONS is the emulator's record, in which the function must then be refused what the statement allows. JOURNEY is the
command that uses the API."""

import os
import subprocess
import sys

from decisions import decisions
from grants import as_list, pairs, statements
from permissions import NOT_PROVOKED


def main(account, commands, record, not_provoked=NOT_PROVOKED):
    def journey_succeeds():
        account.start_over()
        return all(map(succeeds, commands))

    if not journey_succeeds():
        sys.exit("the journey fails with all statements in place")
    missed = 0
    for function, role, name, written in statements(account.template):
        document = account.policy(role, name)
        deployed = as_list(document["Statement"])
        for index, statement in enumerate(same(written, deployed)):
            uses = {(function, *pair) for pair in pairs(statement)}
            if uses <= set(not_provoked):
                print(f"{function} needs {listed(action for _, action, _ in uses)} {not_provoked[min(uses)]}", flush=True)
                continue
            put(account, role, name, document, deployed[:index] + deployed[index + 1 :])
            says = f"{function} without {listed(action for _, action, _ in uses)} on {listed(on for *_, on in uses)}"
            before = os.path.getsize(record)
            if journey_succeeds():
                sys.exit(f"{says}: nobody misses it")
            if not uses & refused(record, before, account.ids):
                sys.exit(f"{says}: it fails, and not for that")
            missed += 1
            print(f"{says}: fails", flush=True)
        put(account, role, name, document, deployed)
    if not journey_succeeds():
        sys.exit("the journey fails with all statements back in place")
    if not missed:
        sys.exit("there is no statement")
    print(f"each of {missed} statements is missed, and with all of them back the journey succeeds")


def same(written, deployed):
    """The statements of the template, whose indices must be those of the deployed policy."""
    if [as_list(one["Action"]) for one in written] != [as_list(one["Action"]) for one in deployed]:
        sys.exit(f"these statements are deployed: {deployed}, and these in the template: {written}")
    return written


def put(account, role, name, document, left):
    if left:
        account.put(role, name, {**document, "Statement": left})
    else:
        # AWS takes no policy without a statement.
        account.delete(role, name)


def refused(record, before, ids):
    """What has been refused since the record had that size."""
    with open(record, "rb") as file:
        file.seek(before)
        return {use for allowed, use in decisions(file, ids) if not allowed}


def listed(names):
    return ", ".join(sorted(set(names)))


def succeeds(command):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    # Here, so that the tests need no boto3.
    from account import Account

    stack, url, administrator, record_file, *journey = sys.argv[1:]
    script = os.path.join(os.path.dirname(__file__), "invoke.py")
    invoke = [sys.executable, script, stack, url, administrator]
    main(Account(stack), [invoke, journey], record_file)
