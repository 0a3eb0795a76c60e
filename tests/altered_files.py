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


def loosely(file: Path, *statements: str) -> None:
    """Carry out statements while the tables take anything; afterwards they say again that they are STRICT."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        tables = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    _say(file, {name: text.replace("STRICT, ", "").replace(" STRICT", "") for name, text in tables.items()})
    alter(file, *statements)
    _say(file, tables)


def _say(file: Path, tables: dict[str, str]) -> None:
    """Have a file say of its tables what they are."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        for name, text in tables.items():
            lax = text if "STRICT" in text else text.replace(" NOT NULL", "")
            connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (lax, name))
