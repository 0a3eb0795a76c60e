"""Building a directory file of the first events of a log, as they were stored: same ids, salts, digests and chain."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.domain.events import UserErased
from whowas.domain.progress import Progress, unwatched, watched
from whowas.store.chain import ChainedRow, Head
from whowas.store.file import database, schema
from whowas.store.file.many_rows import insert_rows
from whowas.store.new_rows import appended_rows
from whowas.store.owner_folding import fill
from whowas.store.recorded_event import NewEvent, from_blob

if TYPE_CHECKING:
    from whowas.store.event_log import EventLog

_ROWS_AT_ONCE = 1_000
_AFTER = ("DELETE FROM payload WHERE position > ?", "DELETE FROM event WHERE position > ?")
_LIST_TYPES = "INSERT INTO event_type SELECT DISTINCT type, schema FROM event"
_HEAD = "SELECT position, chain, recorded_at FROM event ORDER BY position DESC LIMIT 1"
_ERASED_LATER = """
SELECT stream, (SELECT max(version) FROM event AS known WHERE known.stream = gone.stream)
FROM event AS gone LEFT JOIN payload USING (position) WHERE body IS NULL
GROUP BY stream HAVING sum((SELECT count(*) FROM event AS e WHERE e.stream = gone.stream AND type = 'UserErased')) = 0
"""


class LogPrefix:
    """A file that is being built: events first, then what follows from them, and the triggers last.

    Until ``finish`` it is no directory that could be opened. Methods raise the driver's errors.
    """

    def __init__(self, connection: sqlite3.Connection, directory_id: str, version: int) -> None:
        self._connection = connection
        self._directory_id = directory_id
        self._version = version
        self._events: list[tuple[object, ...]] = []
        self._payloads: list[tuple[object, ...]] = []

    def take(self, row: ChainedRow) -> None:
        """Take in the next row."""
        columns, digest, chain, salt, body = row
        self._events.append((*columns, digest, chain))
        if salt is not None and body is not None:
            self._payloads.append((columns[0], salt, body))
        if len(self._events) >= _ROWS_AT_ONCE:
            self._write()

    def end_at(self, position: int) -> None:
        """Let go what was taken behind a position."""
        self._write()
        for statement in _AFTER:
            self._connection.execute(statement, (position,))

    def erase_again(self, actor: str, recorded_at: int, change_id: str) -> int:
        """Record once more that those users were erased whose erasure came later; return how many they are."""
        self._write()
        erased = self._connection.execute(_ERASED_LATER).fetchall()
        if not erased:
            return 0
        position, chain, last_recorded_at = self._connection.execute(_HEAD).fetchone()
        when = max(recorded_at, last_recorded_at)
        events = [
            NewEvent(from_blob(stream), version + 1, UserErased(), when, actor, None) for stream, version in erased
        ]
        rows, payloads, _ = appended_rows(Head(position, chain), events, change_id, None, when)
        insert_rows(self._connection, schema.INSERT_EVENT, rows)
        insert_rows(self._connection, schema.INSERT_PAYLOAD, payloads)
        return len(erased)

    def finish(self) -> Head:
        """Make everything that follows from the events, and return where they end.

        Raises DamagedError where the events contradict each other.
        """
        self._write()
        self._connection.execute(_LIST_TYPES)
        self._connection.execute("INSERT INTO directory VALUES ('id', ?)", (self._directory_id,))
        fill(self._connection, self._directory_id, self._version)
        for statement in schema.STATEMENTS[self._version]:
            if not statement.startswith("CREATE TABLE"):
                self._connection.execute(statement)
        return Head.of(self._connection.execute(_HEAD).fetchone())

    def _write(self) -> None:
        insert_rows(self._connection, schema.INSERT_EVENT, self._events)
        insert_rows(self._connection, schema.INSERT_PAYLOAD, self._payloads)
        self._events.clear()
        self._payloads.clear()


@contextmanager
def prefix_file(path: Path, directory_id: str, version: int) -> Iterator[LogPrefix]:
    """Make a file at ``path`` (mode 0600), where there must be none, that is whole at the end of the block."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in ("synchronous = FULL", "secure_delete = ON", f"application_id = {schema.APPLICATION_ID}"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        connection.execute(f"PRAGMA user_version = {version}")
        for statement in schema.STATEMENTS[version]:
            if statement.startswith("CREATE TABLE"):
                connection.execute(statement)
        yield LogPrefix(connection, directory_id, version)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def copy_renewed(log: EventLog, path: Path, progress: Progress = unwatched) -> Head:
    """Make a file at ``path`` of all that an open log holds, with owners as they are stored now; return its head.

    What was deleted from the log's own file is nowhere in it. Raises CancelledError and StoreError.
    """
    with database.sentences_for(path), prefix_file(path, log.directory_id, schema.SCHEMA_VERSION) as copy:
        for row in watched(log.rows(), log.head().position, progress):
            copy.take(row)
        return copy.finish()
