"""Copying a directory file by SQLite's own means, while it is in use; the copies that migrations leave beside it."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from glob import escape
from itertools import count
from pathlib import Path
from typing import TypeVar

from whowas.domain.errors import StoreError
from whowas.store import database
from whowas.store.schema_check import difference

_BEFORE = " before migration"


T = TypeVar("T")


def copy_file(source: Path, target: Path, checked: Callable[[Path], T]) -> T:
    """Copy the directory file ``source``, as it was committed last, to ``target`` with mode 0600.

    ``checked`` looks at the copy before it gets its name; what it returns is returned. Raises StoreError, and what
    ``checked`` raises; then there is nothing at ``target`` that was not there before.
    """
    if target.exists() or target.is_symlink():
        raise StoreError(f"“{target.name}” exists already; nothing was written.")
    if not target.parent.is_dir():
        raise StoreError(f"The folder “{target.parent}” does not exist.")
    unfinished = _unfinished(target, str(os.getpid()))
    with database.sentences_for(target):
        try:
            os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            _copy(source, unfinished)
            result = checked(unfinished)
            _publish(unfinished, target)
        finally:
            for suffix in ("", "-wal", "-shm", "-journal"):
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


def _publish(unfinished: Path, target: Path) -> None:
    """Give a copy its name, unless something has got that meanwhile, which renaming would replace."""
    try:
        os.link(unfinished, target)
    except FileExistsError:
        raise
    except OSError:  # not every file system has links
        if target.exists():
            raise FileExistsError(17, "it exists already") from None
        unfinished.rename(target)


def _unfinished(target: Path, who: str) -> Path:
    return target.with_name(f".{target.name}.{who}.new")


def _ends(path: Path, where: Callable[[int, bytes], bool]) -> bool:
    """Say whether the file at ``path`` is a directory that ends where ``where`` says, and nobody is working in."""
    if path.with_name(f"{path.name}-wal").exists():
        return False
    try:
        if difference(path) is not None:  # somebody made it, and has it answer what they like, for ever if they like
            return False
        with closing(database.reader(path, "mode=ro&immutable=1")) as connection:
            row = connection.execute("SELECT position, chain FROM event ORDER BY position DESC LIMIT 1").fetchone()
    except (sqlite3.DatabaseError, StoreError):
        return False
    return row is not None and where(row[0], bytes(row[1]))
