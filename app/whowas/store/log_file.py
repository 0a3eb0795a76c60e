"""The file of a directory, whatever is in it: its connections, where it is, its write-ahead log, and copies of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Literal

from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress, unwatched
from whowas.store.file import database
from whowas.store.file.identity import (
    FileIdentity,
    Whereabouts,
    has_pages,
    identity_of,
    log_of,
    whereabouts,
)

_PAGES_AT_ONCE = 1_000
_ROWS_AT_ONCE = 100

FORGET_UNSWEPT = "DELETE FROM directory WHERE key = 'unswept'"

Synchronous = Literal["full", "normal"]


class LogFile:
    """One open file. May be used from several threads at once: each gets its own connection, see ``Connections``.

    Every method raises StoreError when the file or its disk fails.
    """

    def __init__(self, path: Path, *, synchronous: Synchronous = "full") -> None:
        self.path = path
        self._path_text = str(path)
        with database.sentences_for(path):
            self.identity = _identity(path)
            self._database = database.connected(path, synchronous=synchronous, identity=self.identity)

    def close(self) -> None:
        """Close the connections of all threads; the log may be used again and then opens new ones."""
        with suppress(StoreError):  # if this fails, the next file of that name is still protected from this log
            if not self._database.is_closed() and self.whereabouts() != "in place":
                # SQLite would leave the log of a moved file behind, at the old path.
                self.settle_if_unused()
        with database.sentences_for(self.path), self._database.closed():
            pass

    def whereabouts(self) -> Whereabouts:
        """Return where the open file is; commits made while it is not in place would be lost to everybody else."""
        with database.sentences_for(self.path):
            return whereabouts(self.path, self.identity)

    def settle(self) -> None:
        """Move everything from the write-ahead log into the file, and truncate the log.

        To be called outside of any transaction. Raises StoreError while another connection uses the log.
        """
        with database.sentences_for(self.path), self._database.in_use:
            database.truncate_log(self.path, self._connection())

    def settle_if_unused(self) -> bool:
        """Do what ``settle`` does unless another connection uses the log; return whether it was done."""
        with database.sentences_for(self.path), self._database.in_use:
            return database.truncate_unused_log(self._connection())

    @property
    def is_settled(self) -> bool:
        """Whether the write-ahead log is empty; to be asked only while the file is in place."""
        with database.sentences_for(self.path):
            return not has_pages(log_of(self.path))

    def activity(self) -> tuple[int, int]:
        """Return two numbers, at least one of which changes with every commit of any connection."""
        with database.sentences_for(self.path), self._database.in_use:
            return self.changed_elsewhere(), self._connection().total_changes

    def changed_elsewhere(self) -> int:
        """Return a number that changes when another connection commits (SQLite's data_version)."""
        row = self._one("PRAGMA data_version")
        return int(row[0]) if row else 0

    @property
    def schema_version(self) -> int:
        """The schema of the file's tables."""
        row = self._one("PRAGMA user_version")
        return int(row[0]) if row else 0

    def copy_into(self, empty: Path, progress: Progress = unwatched) -> None:
        """Copy everything that this thread's connection sees into an empty file, even if the open file was moved.

        Raises CancelledError and the driver's own errors: see ``copies.make_copy``.
        """

        def report(_status: int, remaining: int, total: int) -> None:
            progress(total - remaining, total)

        with closing(sqlite3.connect(empty)) as target, self._database.in_use:
            self._connection().backup(target, pages=_PAGES_AT_ONCE, progress=report)

    def copy_clean_into(self, empty: Path) -> None:
        """Copy the directory into an empty file, written anew: what was deleted from it is nowhere in the copy.

        So the copy is not ``unswept``. Raises as ``copy_into`` does.
        """
        with self._database.in_use:
            self._connection().execute("VACUUM INTO ?", (str(empty),))
        with closing(sqlite3.connect(empty, isolation_level=None)) as target:
            target.execute(FORGET_UNSWEPT)

    def _connection(self) -> sqlite3.Connection:
        """Return the calling thread's connection, only to be used while it holds ``in_use``."""
        return self._database.connection()

    def _rows(self, sql: str, *parameters: object) -> Generator[tuple[Any, ...]]:
        """Yield the rows that a query finds, some at a time: the log may be closed in between, which raises StoreError.

        Not within one block of ``in_use``: whoever closes the log would wait for whoever forgot about the rest.
        """
        in_use = self._database.in_use
        with in_use:
            connection = self._connection()
            cursor = connection.execute(sql, parameters)
        while True:
            with in_use:
                if not self._database.holds(connection):
                    raise StoreError(f"“{self.path.name}” was closed while it was being read.")
                rows = cursor.fetchmany(_ROWS_AT_ONCE)
            if not rows:
                return
            yield from rows

    def _one(self, sql: str, *parameters: object) -> tuple[Any, ...] | None:
        with (
            database.sentences_for(self.path),
            self._database.in_use,
            closing(self._connection().execute(sql, parameters)) as cursor,
        ):
            row: tuple[Any, ...] | None = cursor.fetchone()
            return row


def _identity(path: Path) -> FileIdentity:
    identity = identity_of(path)
    if identity is None:
        raise StoreError(f"There is no directory at “{path}”.")
    return identity
