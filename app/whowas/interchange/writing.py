"""Writing an export to a file, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from whowas.domain.errors import StoreError
from whowas.store.file.identity import held, kept_beside
from whowas.store.file.recovery import recovered
from whowas.store.file.schema import APPLICATION_ID
from whowas.system.folders import private_file
from whowas.system.unfinished import unfinished_at

_BESIDE_A_DIRECTORY = ("", "-wal", "-shm", "-journal")


def require_writable(path: Path, *untouchable: Path) -> None:
    """Raise StoreError where ``write_lines`` could not write to ``path``, or would harm one of the others."""
    if any(_are_one(path, other) for other in untouchable):
        raise StoreError(f"“{path.name}” is itself what is read here; choose another file.")
    if path.is_dir():
        raise StoreError(f"“{path.name}” is a folder; name a file in it.")
    if any(_is_directory_file(file) for file in (path, *kept_beside(path))):
        raise StoreError(f"“{path.name}” is a Whowas directory, or part of one; choose another file.")
    if not path.parent.is_dir():
        raise StoreError(f"The folder “{path.parent}” does not exist.")


def _are_one(path: Path, other: Path) -> bool:
    return path.resolve() == other.resolve() or (path.exists() and other.exists() and path.samefile(other))


def _is_directory_file(path: Path) -> bool:
    """Say whether the file at ``path`` is a directory, by its content: an export never replaces one."""
    if held.holds(path):  # to look into it would cost its locks, see HeldFiles
        return True
    try:
        found = recovered(path) if path.is_file() else None
    except OSError:
        return False
    return found is not None and found.application_id == APPLICATION_ID


def write_lines(path: Path, lines: Iterable[str], *directory: Path) -> None:
    """Write lines to ``path`` with mode 0600, never over the file of ``directory`` or another one.

    Surrogates stand for the bytes they were decoded from. Raises StoreError; what was at ``path`` before then still
    stands.
    """
    beside = [each.with_name(each.name + suffix) for each in directory for suffix in _BESIDE_A_DIRECTORY]
    require_writable(path, *beside)
    try:
        if path.exists() and not path.is_file():
            _write(os.open(path, os.O_WRONLY), lines)
        else:
            _replace(path.resolve(), lines)
    except OSError as error:
        raise StoreError(f"“{path.name}” cannot be written: {error.strerror or error}.") from error


@contextmanager
def replacing(path: Path, *untouchable: Path) -> Iterator[Path]:
    """Yield where to make the file that takes the place of ``path`` at the end (mode 0600), never that of the others.

    Raises StoreError, also for an OSError of the block; what was at ``path`` before then still stands.
    """
    beside = [each.with_name(each.name + suffix) for each in untouchable for suffix in _BESIDE_A_DIRECTORY]
    require_writable(path, *beside)
    try:
        with unfinished_at(path.resolve()) as new:
            yield new
            private_file(new)
            with new.open("rb+") as file:
                os.fsync(file.fileno())
            new.replace(path.resolve())
    except OSError as error:
        raise StoreError(f"“{path.name}” cannot be written: {error.strerror or error}.") from error


def _replace(path: Path, lines: Iterable[str]) -> None:
    with unfinished_at(path) as new:
        _write(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), lines, flushed=True)
        new.replace(path)


def _write(descriptor: int, lines: Iterable[str], *, flushed: bool = False) -> None:
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        file.writelines(lines)
        if flushed:
            file.flush()
            os.fsync(file.fileno())
