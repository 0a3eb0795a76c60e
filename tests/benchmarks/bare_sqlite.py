"""The peer that knows no domain: sqlite3, the same file, the same rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whowas.store.file import schema
from whowas.store.file.database import BUSY_TIMEOUT_MS

Rows = list[tuple[Any, ...]]

INSERT_EMAIL = "INSERT INTO email_owner VALUES (?,?)"
INSERT_EXTERNAL_ID = "INSERT INTO external_id_owner VALUES (?,?)"
DELETE_EMAIL = "DELETE FROM email_owner WHERE email = ?"


@dataclass(frozen=True, slots=True)
class LogRows:
    """All rows that a log's events brought into its file."""

    events: Rows
    payloads: Rows
    emails: Rows
    external_ids: Rows


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a directory file with the pragmas under which the event log writes to it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA synchronous = full")
        connection.execute("PRAGMA foreign_keys = 1")
        connection.execute("PRAGMA secure_delete = 1")
        connection.execute("PRAGMA trusted_schema = 0")
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        yield connection


def rows_of(path: Path) -> LogRows:
    """Return what lies in a directory file, each table in the order in which its rows were written."""
    with connected(path) as connection:
        return LogRows(
            connection.execute("SELECT * FROM event ORDER BY position").fetchall(),
            connection.execute("SELECT * FROM payload ORDER BY position").fetchall(),
            connection.execute("SELECT * FROM email_owner ORDER BY user_id").fetchall(),
            connection.execute("SELECT * FROM external_id_owner ORDER BY user_id").fetchall(),
        )


def write(connection: sqlite3.Connection, rows: LogRows) -> None:
    """Write all rows in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(schema.INSERT_EVENT, rows.events)
    connection.executemany(schema.INSERT_PAYLOAD, rows.payloads)
    connection.executemany(INSERT_EMAIL, rows.emails)
    connection.executemany(INSERT_EXTERNAL_ID, rows.external_ids)
    connection.execute("COMMIT")
