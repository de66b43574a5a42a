import io
import re
import tarfile
import tempfile
import unittest
from pathlib import Path

from take import COPIED, TEMPLATE, foreign, take

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = re.compile(r"    Metadata:\n      BuildMethod: .*\n      BuildProperties:\n        Binary: (.*)\n    Properties:\n")


def packed(source):
    """The template as `cargo xtask package` writes it for x86_64."""
    text = BUILD.sub(r"    Properties:\n      CodeUri: \1.zip\n", source)
    text = re.sub(r"    # Every function is .*\n    CodeUri: \.\n", "", text)
    return text.replace("    Default: arm64\n    AllowedValues: [arm64, x86_64]", "    Default: x86_64\n    AllowedValues: [x86_64]")


class Take(unittest.TestCase):
    def setUp(self):
        self.source = (CHECKOUT / TEMPLATE).read_text()
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = Path(temporary.name) / "artefact"

    def archive(self, files, links=()):
        path = self.directory.with_name("archive.tar.gz")
        with tarfile.open(path, "w:gz") as tar:
            for name, text in files.items():
                entry = tarfile.TarInfo(f"latchkey-1.0.0-arm64/{name}")
                entry.size = len(text)
                tar.addfile(entry, io.BytesIO(text.encode()))
            for name in links:
                entry = tarfile.TarInfo(f"latchkey-1.0.0-arm64/{name}")
                entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
                tar.addfile(entry)
        return path

    def test_the_functions_are_taken_and_the_rest_is_of_the_checkout(self):
        template = packed(self.source)
        self.assertNotEqual(template, self.source)
        files = {TEMPLATE: template, "login.zip": "code", "smoke.sh": "exit", "sub/a.zip": "", "../b.zip": ""}
        files |= dict.fromkeys(COPIED, "foreign")
        self.assertEqual(take(self.archive(files, ["logout.zip"]), self.directory, CHECKOUT), [])
        self.assertEqual({path.name for path in self.directory.iterdir()}, {TEMPLATE, "login.zip", *COPIED})
        self.assertEqual((self.directory / TEMPLATE).read_text(), template)
        self.assertEqual((self.directory / "login.zip").read_text(), "code")
        for name in COPIED:
            self.assertEqual((self.directory / name).read_bytes(), (CHECKOUT / name).read_bytes())

    def test_a_template_that_packing_does_not_explain_is_refused(self):
        template = packed(self.source)
        for wrong in [
            template.replace("dynamodb:GetItem", "dynamodb:*", 1),
            template.replace("      PermissionsBoundary:", "      Boundary:", 1),
            template.replace("    Condition: DomainIsGiven\n", "", 1),
            template.replace("      PermissionsBoundary:", "    Metadata:\n      PermissionsBoundary:", 1),
            template + "++ a line that looks like a diff\n",
            template + "  More:\n    Type: AWS::IAM::Role\n",
            template.replace("CodeUri: login.zip", "CodeUri: s3://bucket/login.zip"),
        ]:
            self.assertNotEqual(wrong, template)
            self.assertNotEqual(foreign(self.source, wrong), [])
        found = take(self.archive({TEMPLATE: wrong, "login.zip": ""}), self.directory, CHECKOUT)
        self.assertEqual(found, ["+      CodeUri: s3://bucket/login.zip"])
        self.assertFalse((self.directory / TEMPLATE).exists())

    def test_an_archive_without_functions_or_a_template_is_refused(self):
        for files in {"login.zip": ""}, {TEMPLATE: packed(self.source)}:
            self.directory = self.directory.with_name(f"of-{len(files)}-{next(iter(files))}")
            self.assertEqual(len(take(self.archive(files), self.directory, CHECKOUT)), 1)


if __name__ == "__main__":
    unittest.main()
