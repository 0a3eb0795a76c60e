"""Making a new directory file, whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import uuid_utils

from whowas.domain.errors import StoreError
from whowas.store import database, schema


def create_file(path: Path) -> None:
    """Write an empty directory to ``path`` with mode 0600.

    It is built beside ``path`` and then renamed, so that no crash leaves half a file under the final name.
    Raises StoreError.
    """
    if path.exists() or path.is_symlink():
        raise StoreError(f"“{path.name}” exists already; nothing was written.")
    if not path.parent.is_dir():
        raise StoreError(f"The folder “{path.parent}” does not exist.")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    with database.sentences_for(path):
        try:
            os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            _lay_tables(unfinished)
            unfinished.rename(path)
        finally:
            unfinished.unlink(missing_ok=True)


def _lay_tables(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(
            f"BEGIN; PRAGMA application_id = {schema.APPLICATION_ID}; "
            f"PRAGMA user_version = {schema.SCHEMA_VERSION}; {schema.TABLES} {schema.ERASURES} COMMIT;"
        )
        connection.execute("INSERT INTO directory VALUES ('id', ?)", (str(uuid_utils.uuid7()),))
        connection.execute("PRAGMA journal_mode = WAL")
