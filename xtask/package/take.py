"""Takes from an artefact what may be deployed with rights: `take.py ARCHIVE DIRECTORY`, at the root of a checkout.

The build scripts of all dependencies have run where the artefact was made. So the functions' zips alone are believed, which
run with the rights of the functions. The template has to be that of the checkout but for the lines that packing changes, and
the nested template and the configuration are those of the checkout.
"""

import difflib
import re
import sys
import tarfile
from pathlib import Path

TEMPLATE = "template.yaml"
COPIED = ["operations.yaml", "samconfig.toml"]
ZIP = re.compile(r"[a-z][a-z-]*\.zip")

# What packing takes out of the source: how a function is built, where its code is, and the other architecture.
REMOVED = [
    re.compile(r"      BuildMethod: .*\n      BuildProperties:\n        Binary: .*\n"),
    re.compile(r"    Metadata:\n(?!     )"),
    re.compile(r"(    #.*\n)*    CodeUri: \.\n"),
    re.compile(r"    Default: arm64\n    AllowedValues: \[arm64, x86_64\]\n"),
]
# Lines that it puts in.
ADDED = re.compile(r"      CodeUri: [a-z-]+\.zip|    Default: (arm64|x86_64)|    AllowedValues: \[(arm64|x86_64)\]")


def foreign(ours, theirs):
    """The lines in which a packed template differs from the source, but for those that packing changes."""
    for pattern in REMOVED:
        ours = pattern.sub("", ours)
    theirs = [line for line in theirs.split("\n") if not ADDED.fullmatch(line)]
    differing = list(difflib.unified_diff(ours.split("\n"), theirs, lineterm="", n=0))
    # The first two name the files.
    return [line for line in differing[2:] if not line.startswith("@@")]


def take(archive, directory, checkout):
    """Fills a new directory, or says what is wrong with the archive."""
    directory.mkdir()
    zips, template = 0, None
    with tarfile.open(archive) as tar:
        for member in tar:
            _, _, name = member.name.partition("/")
            if not member.isfile():
                continue
            if name == TEMPLATE:
                template = tar.extractfile(member).read().decode()
            elif ZIP.fullmatch(name):
                (directory / name).write_bytes(tar.extractfile(member).read())
                zips += 1
    if not zips or template is None:
        return ["there are no functions, or no template"]
    wrong = foreign((checkout / TEMPLATE).read_text(), template)
    if not wrong:
        (directory / TEMPLATE).write_text(template)
        for name in COPIED:
            (directory / name).write_bytes((checkout / name).read_bytes())
    return wrong


if __name__ == "__main__":
    archive, directory = map(Path, sys.argv[1:])
    if wrong := take(archive, directory, Path.cwd()):
        sys.exit("\n".join(wrong))
