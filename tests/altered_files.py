"""Altering a directory file behind its own back, as somebody who knows SQLite can."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


def alter(file: Path, *statements: str) -> None:
    """Carry out statements while the triggers are away; what is in the file afterwards is all in the one file."""
    with unguarded(file) as connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def unguarded(file: Path) -> Iterator[sqlite3.Connection]:
    """Take the triggers of a file away for a while."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        triggers = connection.execute(_TRIGGERS).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, text in triggers:
            connection.execute(text)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
