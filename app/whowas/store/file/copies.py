"""Copying a directory file with SQLite's backup API while it is in use; the copies that migrations leave beside it."""

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
from whowas.store.chain import Head
from whowas.store.file import database, schema
from whowas.store.file.publish import publish, require_free
from whowas.store.file.schema_check import difference
from whowas.store.recorded_event import from_blob
from whowas.system.unfinished import unfinished_at

_BEFORE = " before migration"


T = TypeVar("T")


def copy_file(source: Path, target: Path, checked: Callable[[Path], T]) -> T:
    """Copy the last committed state of the directory file ``source`` to ``target``; see ``make_copy``."""
    return make_copy(target, lambda copy: _copy(source, copy), checked)


def make_copy(target: Path, fill: Callable[[Path], None], checked: Callable[[Path], T]) -> T:
    """Make a copy of a directory at ``target`` with mode 0600: ``fill`` writes it into an empty file.

    ``checked`` examines the copy before it gets its name; its result is returned. Raises StoreError, and what ``fill``
    or ``checked`` raises; ``target`` is then left as it was.
    """
    require_free(target)
    with database.sentences_for(target), unfinished_at(target) as copy:
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        fill(copy)
        result = checked(copy)
        publish(copy, target)
    return result


def migration_copy(path: Path) -> Path:
    """Return a free name beside the file at ``path`` for the copy that is made before it is migrated."""
    numbers = ("" if number == 1 else f" {number}" for number in count(1))
    names = (path.with_name(f"{path.stem}{_BEFORE}{number}{path.suffix}") for number in numbers)
    return next(name for name in names if not name.exists() and not name.is_symlink())


def migration_copies(path: Path, is_earlier: Callable[[int, bytes], bool]) -> list[Path]:
    """Return the copies that migrations made beside the file at ``path``.

    ``is_earlier`` takes (position, chain value) and returns whether the file once ended there. A copy that somebody has
    gone on working in, or has renamed, is theirs and is left out.
    """
    name = Path(f"{escape(path.stem + _BEFORE)}*{escape(path.suffix)}")
    made = re.compile(rf"{re.escape(path.stem + _BEFORE)}( \d+)?{re.escape(path.suffix)}")
    return [copy for copy in path.parent.glob(str(name)) if made.fullmatch(copy.name) and _ends(copy, is_earlier)]


def _copy(source: Path, target: Path) -> None:
    timeout = database.BUSY_TIMEOUT_MS / 1000
    with closing(sqlite3.connect(source, timeout=timeout)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)


def end_of(path: Path) -> Head | None:
    """Return where the directory in a file ends that nobody is using; None if it is no directory, or is damaged.

    Raises StoreError where the disk fails.
    """
    with database.sentences_for(path):
        return _end_if_readable(path)


def erased_in(path: Path) -> frozenset[str] | None:
    """Return who was erased from the directory in a file that nobody is using; None if that cannot be read."""
    try:
        if difference(path) is not None:
            return None
        with closing(database.reader(path, "mode=ro&immutable=1")) as connection:
            return frozenset(from_blob(stream) for stream, _ in connection.execute(schema.SELECT_ERASURES))
    except (sqlite3.DatabaseError, StoreError):
        return None


def _ends(path: Path, where: Callable[[int, bytes], bool]) -> bool:
    """Return whether the file at ``path`` is a directory that nobody is using and whose head ``where`` accepts."""
    if path.with_name(f"{path.name}-wal").exists():
        return False
    end = _end_if_readable(path)
    return end is not None and end.position > 0 and where(*end)


def _end_if_readable(path: Path) -> Head | None:
    try:
        return _end(path)
    except (sqlite3.DatabaseError, StoreError):
        # SQLite reports a disk that fails to read as a damaged file, so try a second time.
        try:
            return _end(path)
        except (sqlite3.DatabaseError, StoreError) as again:
            if database.primary_code(again) == sqlite3.SQLITE_IOERR:
                raise
            return None


def _end(path: Path) -> Head | None:
    """Return the last position and its chain value; None if the file is not a directory."""
    if difference(path) is not None:  # a hostile schema could answer anything, or never finish
        return None
    with closing(database.reader(path, "mode=ro&immutable=1")) as connection:
        return Head.of(
            connection.execute("SELECT position, chain FROM event ORDER BY position DESC LIMIT 1").fetchone()
        )
