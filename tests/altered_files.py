"""Altering a directory file behind its own back, as somebody who knows SQLite can."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from whowas.store.chain import GENESIS, digest_of, linked

_ROWS = (
    "SELECT position, event_id, stream, version, type, schema, recorded_at, occurred_at, actor, change_id, "
    "command_id, causation, digest, salt, body FROM event LEFT JOIN payload USING (position) ORDER BY position"
)
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


def rechained(file: Path) -> None:
    """Make the hash chain of an altered file fit its rows again, as somebody who has read this program can."""
    with unguarded(file) as connection:
        chain = GENESIS
        for *columns, kept, salt, body in connection.execute(_ROWS).fetchall():
            digest = kept if salt is None else digest_of(salt, body)
            chain = linked(chain, tuple(columns), digest)  # type: ignore[arg-type]  # the columns are as selected
            connection.execute("UPDATE event SET digest = ?, chain = ? WHERE position = ?", (digest, chain, columns[0]))
