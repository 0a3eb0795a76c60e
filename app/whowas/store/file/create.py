"""Making a new directory file, whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import uuid_utils

from whowas.store.file import database, schema
from whowas.store.file.publish import publish, require_free
from whowas.system.unfinished import HiddenFolder


def create_file(path: Path, directory_id: str | None = None, besides: Sequence[str] = ()) -> Path | None:
    """Write an empty directory to ``path`` with mode 0600, with a new id unless given; return what ``publish`` does.

    It is built in a hidden folder beside ``path`` and then published, so that no crash leaves half a file under the
    final name, and no existing file is replaced. Raises TakenError when ``path`` exists, or StoreError.
    """
    with unpublished(path) as unfinished, database.sentences_for(path):
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _create_tables(unfinished, directory_id or str(uuid_utils.uuid7()), besides)
        return publish(unfinished, path)


@contextmanager
def unpublished(path: Path) -> Iterator[Path]:
    """Yield a path at which to build a directory that will be published at ``path``.

    It has the same file name, so that messages name it correctly. Anything not published by the end of the block is
    removed. Raises TakenError when ``path`` exists already, or StoreError.
    """
    require_free(path)
    with database.sentences_for(path):
        folder = HiddenFolder.made_in(path.parent)
    try:
        yield folder.path / path.name
    finally:
        folder.remove()


def _create_tables(path: Path, directory_id: str, besides: Sequence[str]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        tables = "; ".join(schema.STATEMENTS[schema.SCHEMA_VERSION])
        connection.executescript(
            f"BEGIN; PRAGMA application_id = {schema.APPLICATION_ID}; "
            f"PRAGMA user_version = {schema.SCHEMA_VERSION}; {tables}; COMMIT;"
        )
        connection.execute("INSERT INTO directory VALUES ('id', ?)", (directory_id,))
        for statement in besides:
            connection.execute(statement)
        connection.execute("PRAGMA journal_mode = WAL")
