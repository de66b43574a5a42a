"""Packs an artefact so that the same files give the same bytes: `archive.py function ZIP BINARY`, `archive.py seal DIRECTORY`."""

import gzip
import hashlib
import sys
import tarfile
import zipfile
from pathlib import Path

SUMS = "SHA256SUMS"

# The earliest that a zip can hold.
EPOCH = (1980, 1, 1, 0, 0, 0)


def function(archive, binary):
    """A function as Lambda takes it: one file, which its runtime may start."""
    entry = zipfile.ZipInfo("bootstrap", EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    # Unix, whatever the machine: Lambda reads the mode from there.
    entry.create_system = 3
    entry.external_attr = 0o100755 << 16
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr(entry, binary.read_bytes())


def seal(directory):
    """Writes the checksums of all files, as `sha256sum --check` reads them, and an archive of the directory beside it."""
    sums = directory / SUMS
    sums.unlink(missing_ok=True)
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(directory).as_posix()}\n" for path in files]
    sums.write_text("".join(lines))
    archive = directory.with_name(directory.name + ".tar.gz")
    with archive.open("wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar:
            for path in sorted([*files, sums]):
                tar.add(path, f"{directory.name}/{path.relative_to(directory).as_posix()}", filter=plain)
    return archive


def plain(entry):
    """Without what differs from machine to machine."""
    entry.mtime = 0
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o755 if entry.mode & 0o100 else 0o644
    return entry


if __name__ == "__main__":
    task, *paths = sys.argv[1:]
    done = {"function": function, "seal": seal}[task](*map(Path, paths))
    if done:
        print(done)
