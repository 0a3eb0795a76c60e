"""Copying a directory file by SQLite's own means, while it is in use; the copies that migrations leave beside it."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from glob import escape
from itertools import count
from pathlib import Path
from typing import TypeVar

from whowas.domain.errors import StoreError
from whowas.store.file import database
from whowas.store.file.publish import publish, require_free
from whowas.store.file.schema_check import difference

_BEFORE = " before migration"


T = TypeVar("T")


def copy_file(source: Path, target: Path, checked: Callable[[Path], T]) -> T:
    """Copy the directory file ``source``, as it was committed last, to ``target``, see ``make_copy``."""
    return make_copy(target, lambda unfinished: _copy(source, unfinished), checked)


def make_copy(target: Path, fill: Callable[[Path], None], checked: Callable[[Path], T]) -> T:
    """Make a copy of a directory at ``target`` with mode 0600: ``fill`` writes it into an empty file.

    ``checked`` looks at the copy before it gets its name; what it returns is returned. Raises StoreError, and what
    ``fill`` or ``checked`` raises; then there is nothing at ``target`` that was not there before.
    """
    require_free(target)
    # Not the number of the process: another one, in a container or on another computer, may have the same.
    unfinished = _unfinished(target, os.urandom(4).hex())
    with database.sentences_for(target):
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        try:
            fill(unfinished)
            result = checked(unfinished)
            publish(unfinished, target)
        finally:
            for suffix in ("", "-wal", "-shm", "-journal"):
                with suppress(OSError):  # what the copy itself came to is told
                    unfinished.with_name(unfinished.name + suffix).unlink(missing_ok=True)
    return result


def migration_copy(path: Path) -> Path:
    """Return a name that nothing has yet, beside the file at ``path``, for the copy made before it is migrated."""
    numbers = ("" if number == 1 else f" {number}" for number in count(1))
    names = (path.with_name(f"{path.stem}{_BEFORE}{number}{path.suffix}") for number in numbers)
    return next(name for name in names if not name.exists() and not name.is_symlink())


def migration_copies(path: Path, is_earlier: Callable[[int, bytes], bool]) -> list[Path]:
    """Return the copies that migrations made beside the file at ``path``, the unfinished ones as well.

    ``is_earlier`` says whether the file once ended at a position with that chain value: a copy that somebody went on
    working in is theirs, as is one that has any other name.
    """
    name = Path(f"{escape(path.stem + _BEFORE)}*{escape(path.suffix)}")
    made = re.compile(rf"{re.escape(path.stem + _BEFORE)}( \d+)?{re.escape(path.suffix)}")
    finished = [copy for copy in path.parent.glob(str(name)) if made.fullmatch(copy.name) and _ends(copy, is_earlier)]
    return [*finished, *path.parent.glob(_unfinished(name, "*").name + "*")]


def _copy(source: Path, target: Path) -> None:
    timeout = database.BUSY_TIMEOUT_MS / 1000
    with closing(sqlite3.connect(source, timeout=timeout)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)


def _unfinished(target: Path, who: str) -> Path:
    return target.with_name(f".{target.name}.{who}.new")


def _ends(path: Path, where: Callable[[int, bytes], bool]) -> bool:
    """Say whether the file at ``path`` is a directory that ends where ``where`` says, and nobody is working in."""
    if path.with_name(f"{path.name}-wal").exists():
        return False
    try:
        end = _end(path)
    except (sqlite3.DatabaseError, StoreError):
        # To SQLite a disk that cannot read is a file that is damaged, so that one look is not enough.
        try:
            end = _end(path)
        except (sqlite3.DatabaseError, StoreError) as again:
            if database.primary_code(again) == sqlite3.SQLITE_IOERR:
                raise
            return False
    return end is not None and where(*end)


def _end(path: Path) -> tuple[int, bytes] | None:
    """Return the last position and its chain value; None of what is no directory, or is empty."""
    if difference(path) is not None:  # somebody made it, and has it answer what they like, for ever if they like
        return None
    with closing(database.reader(path, "mode=ro&immutable=1")) as connection:
        row = connection.execute("SELECT position, chain FROM event ORDER BY position DESC LIMIT 1").fetchone()
    return None if row is None else (row[0], bytes(row[1]))
