import contextlib
import io
import json
import os
import re
import tempfile
import unittest
import unittest.mock

from document import main, parts, run

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")

DOCUMENT = """# Title

```sh account setup
name=ada
```

## Before

```sh account start
[ "$name" = ada ]
```

## Greets

```sh account
echo "hello $name"
```

```text
hello ada
```

## Not run

```sh
exit 1
```

## Clean up

```sh account end
echo gone > "$LEFT"
```
"""


def ran(document, *arguments):
    """What it printed, and what it ended with."""
    with tempfile.TemporaryDirectory() as directory:
        file = os.path.join(directory, "document.md")
        with open(file, "w") as text:
            text.write(document)
        os.environ["LEFT"] = left = os.path.join(directory, "left")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            try:
                main(file, *arguments)
                ended = None
            except SystemExit as exit:
                ended = exit.code
        return printed.getvalue(), ended, os.path.exists(left)


class Document(unittest.TestCase):
    def test_marked_blocks_run_after_the_set_up(self):
        printed, ended, cleaned = ran(DOCUMENT)
        self.assertIn("## Greets\nhello ada", printed)
        self.assertIsNone(ended)
        self.assertFalse(cleaned)

    def test_other_output_is_told_and_the_next_check_runs(self):
        second = DOCUMENT.replace("## Not run", "## Again\n\n```sh account\nfalse\n```\n\n```text\n```\n\n## Not run")
        _, ended, _ = ran(second.replace("hello ada\n", "hello eve\n"))
        self.assertEqual(ended.splitlines()[1:], ["Greets", "Again"])

    def test_the_end_runs_alone(self):
        printed, ended, cleaned = ran(DOCUMENT, "end")
        self.assertEqual((printed, ended, cleaned), ("", None, True))
        _, ended, _ = ran(DOCUMENT.replace('echo gone > "$LEFT"', "echo left; false"), "end")
        self.assertEqual(ended, "left")

    def test_the_start_runs_alone_and_may_refuse(self):
        printed, ended, cleaned = ran(DOCUMENT, "start")
        self.assertEqual((printed, ended, cleaned), ("", None, False))
        _, ended, cleaned = ran(DOCUMENT.replace("name=ada", "name=eve"), "start")
        self.assertIsNotNone(ended)
        self.assertFalse(cleaned)

    def test_a_check_without_its_output_is_an_error(self):
        for wrong in [
            DOCUMENT.replace("```text\nhello ada\n```\n", ""),
            DOCUMENT.replace("sh account start", "sh"),
            DOCUMENT.replace("sh account end", "sh"),
            DOCUMENT.replace("sh account setup", "sh"),
            DOCUMENT.rstrip().removesuffix("```"),
        ]:
            with self.assertRaises(ValueError):
                parts(wrong)

    def test_the_page_has_its_parts(self):
        setup, checks, alone = page()
        self.assertIn("physical()", setup)
        self.assertIn("delete-stack", alone["end"])
        titles = [title for title, _, _ in checks]
        self.assertEqual(len(titles), len(set(titles)), "each check has a heading of its own")


class Page(unittest.TestCase):
    """The page itself, with a command `aws` that answers from the test, and notes what it is asked."""

    def ask(self, name, answers="", **given):
        setup, _, alone = page()
        with tempfile.TemporaryDirectory() as directory:
            asked = os.path.join(directory, "asked")
            stub = f"""aws() {{
              echo "$*" >> {asked}
              case "$*" in
                *get-caller-identity*) echo arn:aws:iam::123456789012:user/ada ;;
                {answers}
              esac
            }}"""
            environment = {"TRIAL": "c0ffee", "TRIAL_ACCOUNT": "123456789012", "TRIAL_MAIL": "a@b.example", "ARTEFACT": ".", "AWS_REGION": "eu-west-1"}
            with unittest.mock.patch.dict(os.environ, {**environment, "STACK": "latchkey-production", **given}):
                _, well = run(f"{stub}\n{setup}\n{alone[name]}")
            with contextlib.suppress(FileNotFoundError), open(asked) as text:
                return well, text.read()
            return well, ""

    def test_no_stack_but_that_of_the_trial_is_touched(self):
        well, asked = self.ask("end", "*list-tables*LoginsTable*) echo latchkey-trial-c0ffee-LoginsTable-1 ;;")
        self.assertTrue(well)
        self.assertIn("delete-table --table-name latchkey-trial-c0ffee-LoginsTable-1", asked)
        for line in asked.splitlines():
            self.assertNotIn("latchkey-production", line)
            if not line.startswith("sts get-caller-identity"):
                self.assertIn("latchkey-trial-c0ffee", line)

    def test_the_limits_of_routes_are_those_of_the_template(self):
        with open(os.path.join(ROOT, "template.yaml")) as file:
            settings = file.read().partition("\n      RouteSettings:\n")[2].partition("\n\n")[0]
        written = re.findall(r"^        ([A-Z]+ /\S+):$", settings, re.MULTILINE)
        (expected,) = [printed for title, _, printed in page()[1] if title == "A number inside RouteSettings"]
        self.assertEqual([json.loads(line)[0] for line in expected.splitlines()], sorted(written))

    def test_the_start_refuses_where_latchkey_is(self):
        self.assertTrue(self.ask("start")[0])
        for answer in ["*describe-stacks*", "*list-tables*", "*list-roles*"]:
            self.assertFalse(self.ask("start", f"{answer}) echo found ;;")[0], answer)

    def test_another_account_and_a_wrong_name_end_it_before_it_asks_for_more(self):
        for wrong in [{"TRIAL_ACCOUNT": "210987654321"}, {"TRIAL_ACCOUNT": ""}, {"TRIAL": ""}, {"TRIAL": "a-b-c"}, {"TRIAL": "a"}]:
            for name in ["start", "end"]:
                well, asked = self.ask(name, **wrong)
                self.assertFalse(well)
                self.assertLessEqual(len(asked.splitlines()), 1, wrong)


def page():
    with open(os.path.join(ROOT, "docs/first-deployment.md")) as text:
        return parts(text.read())
