import hashlib
import os
import subprocess
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

import archive


class Archives(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def artefact(self, name, time):
        directory = self.directory / name / "latchkey"
        (directory / "licences").mkdir(parents=True)
        for file, mode in [("latchkey", 0o700), ("template.yaml", 0o640), ("licences/words.txt", 0o600)]:
            path = directory / file
            path.write_text(file)
            path.chmod(mode)
            os.utime(path, (time, time))
        return directory

    def test_a_function_is_one_file_that_lambda_may_start(self):
        binary = self.directory / "binary"
        binary.write_bytes(b"\x7fELF")
        binary.chmod(0o600)
        packed = self.directory / "login.zip"
        archive.function(packed, binary)
        with zipfile.ZipFile(packed) as files:
            (entry,) = files.infolist()
            self.assertEqual((entry.filename, entry.external_attr >> 16, entry.create_system), ("bootstrap", 0o100755, 3))
            self.assertEqual(files.read(entry), b"\x7fELF")

    def test_the_same_function_gives_the_same_bytes_at_any_time(self):
        binary = self.directory / "binary"
        packed = []
        for time in (1_000_000_000, 1_700_000_000):
            binary.write_bytes(b"the same")
            os.utime(binary, (time, time))
            archive.function(self.directory / f"{time}.zip", binary)
            packed.append((self.directory / f"{time}.zip").read_bytes())
        self.assertEqual(*packed)

    def test_the_same_artefact_gives_the_same_bytes_at_any_time_and_place(self):
        first, second = (archive.seal(self.artefact(name, time)) for name, time in [("a", 1_000_000_000), ("b", 1_700_000_000)])
        self.assertEqual(first.read_bytes(), second.read_bytes())

    def test_an_archive_has_all_files_with_their_checksums_and_nobodys_name(self):
        packed = archive.seal(self.artefact("a", 1_000_000_000))
        with tarfile.open(packed) as tar:
            entries = {entry.name: entry for entry in tar}
            sums = tar.extractfile("latchkey/SHA256SUMS").read().decode().splitlines()
        self.assertEqual({entry.uid for entry in entries.values()} | {entry.uname for entry in entries.values()}, {0, ""})
        modes = {name: entry.mode for name, entry in entries.items()}
        self.assertEqual(
            modes,
            {"latchkey/SHA256SUMS": 0o644, "latchkey/latchkey": 0o755, "latchkey/licences/words.txt": 0o644, "latchkey/template.yaml": 0o644},
        )
        self.assertIn(f"{hashlib.sha256(b'template.yaml').hexdigest()}  template.yaml", sums)
        self.assertEqual(len(sums), 3)

    def test_the_checksums_are_such_as_sha256sum_checks(self):
        directory = self.artefact("a", 1_000_000_000)
        archive.seal(directory)
        check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
        self.assertEqual(subprocess.run(check, cwd=directory, check=False).returncode, 0)
        (directory / "template.yaml").write_text("another")
        told = subprocess.run(check, cwd=directory, check=False, capture_output=True)
        self.assertEqual(told.returncode, 1)

    def test_a_second_seal_is_as_the_first(self):
        directory = self.artefact("a", 1_000_000_000)
        first = archive.seal(directory).read_bytes()
        self.assertEqual(archive.seal(directory).read_bytes(), first)


if __name__ == "__main__":
    unittest.main()
