import contextlib
import io
import os
import tempfile
import unittest

from document import main, parts

DOCUMENT = """# Title

```sh account setup
name=ada
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

    def test_a_check_without_its_output_is_an_error(self):
        for wrong in [
            DOCUMENT.replace("```text\nhello ada\n```\n", ""),
            DOCUMENT.replace("sh account end", "sh"),
            DOCUMENT.replace("sh account setup", "sh"),
            DOCUMENT.rstrip().removesuffix("```"),
        ]:
            with self.assertRaises(ValueError):
                parts(wrong)

    def test_the_page_has_its_parts(self):
        root = os.path.dirname(os.path.abspath(__file__))
        with open(os.path.join(root, "../../../docs/first-deployment.md")) as text:
            setup, checks, end = parts(text.read())
        self.assertIn("physical()", setup)
        self.assertIn("delete-stack", end)
        titles = [title for title, _, _ in checks]
        self.assertEqual(len(titles), len(set(titles)), "each check has a heading of its own")
