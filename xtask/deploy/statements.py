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
    def failure_of_journey():
        account.start_over()
        return next(filter(None, map(output_of_failure, commands)), None)

    if output := failure_of_journey():
        sys.exit(f"the journey fails with all statements in place:\n{output}")
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
            output = failure_of_journey()
            if not output:
                sys.exit(f"{says}: nobody misses it")
            if not uses & refused(record, before, account.ids):
                sys.exit(f"{says}: it fails, and not for that:\n{output}")
            missed += 1
            print(f"{says}: fails", flush=True)
        put(account, role, name, document, deployed)
    if output := failure_of_journey():
        sys.exit(f"the journey fails with all statements back in place:\n{output}")
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


def output_of_failure(command):
    """The output of a command that fails; nothing where it succeeds."""
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return ended.stdout.strip() or f"exit status {ended.returncode}" if ended.returncode else None


if __name__ == "__main__":
    # Here, so that the tests need no boto3.
    from account import Account

    stack, url, administrator, record_file, *journey = sys.argv[1:]
    script = os.path.join(os.path.dirname(__file__), "invoke.py")
    invoke = [sys.executable, script, stack, url, administrator]
    main(Account(stack), [invoke, journey], record_file)
