"""What ELF files say about themselves, by binutils' objdump, and what must not be left in them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Linked:
    """What one file asks of the loader: names of libraries, folders to look in, and versions of these libraries.

    A version is a pair such as ``("libc.so.6", "GLIBC_2.34")``.
    """

    needed: frozenset[str]
    run_path: str
    versions: frozenset[tuple[str, str]]


@cache
def linked(file: Path) -> Linked:
    """Read one ELF file; raises CalledProcessError where it is none."""
    told = subprocess.run(["objdump", "-p", str(file)], check=True, capture_output=True, text=True).stdout
    run_path = re.search(r"^\s+(?:RUNPATH|RPATH)\s+(.*)$", told, re.MULTILINE)
    # Only what is required stands behind a hash and flags; a library's own versions are listed otherwise.
    return Linked(
        frozenset(re.findall(r"^\s+NEEDED\s+(\S+)$", told, re.MULTILINE)),
        run_path.group(1) if run_path else "",
        frozenset(_versions(told)),
    )


def _versions(told: str) -> Iterator[tuple[str, str]]:
    library = ""
    for line in told.splitlines():
        if found := re.fullmatch(r"\s+required from (\S+):", line):
            library = found[1]
        elif found := re.fullmatch(r"\s+0x[0-9a-f]+ 0x[0-9a-f]+ \d+ (\S+)", line):
            yield library, found[1]


def is_elf(file: Path) -> bool:
    """Whether a file is one that the loader reads."""
    if file.is_symlink() or not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"


def strip(files: Iterable[Path]) -> None:
    """Take the symbols for debuggers out of shared libraries."""
    subprocess.run(["strip", "--strip-unneeded", *map(str, files)], check=True)


def forget_build_machine(file: Path) -> None:
    """Remove folders of the machine it was built on from where the loader looks for libraries."""
    folders = linked(file).run_path.split(":")
    if any(folder and not folder.startswith("$ORIGIN") for folder in folders):
        subprocess.run(["patchelf", "--remove-rpath", str(file)], check=True)


def link_instead(file: Path, others: dict[str, str]) -> None:
    """Let a file be linked against other libraries: old name -> new name."""
    for old, new in sorted(others.items()):
        subprocess.run(["patchelf", "--replace-needed", old, new, str(file)], check=True)
    linked.cache_clear()
