"""The rows of a log that may be damaged, read by position alone, as far as each of them can be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, get_args

from whowas.domain.errors import DamagedError
from whowas.domain.events import DirectoryEvent
from whowas.store import codec
from whowas.store.chain import ChainedRow, digest_of, linked
from whowas.store.soundness import require_stored_types

_ROWS_AT_ONCE = 256
_BYTES_A_ROW = 64
"""No event with its payload takes less in the file, so there are at most as many as it has room for."""

# By position and never by an index, which may be damaged while the rows are not.
_ROW = (
    "SELECT position, event_id, stream, version, type, schema, recorded_at, occurred_at, actor, change_id, "
    "command_id, causation, digest, chain, salt, body FROM event NOT INDEXED "
    "LEFT JOIN payload NOT INDEXED USING (position)"
)
_FOLLOWING = f"{_ROW} WHERE position > ? ORDER BY position"
_BETWEEN = f"{_ROW} WHERE position BETWEEN ? AND ? ORDER BY position"
_ERASURES = (
    "SELECT position, stream FROM event NOT INDEXED WHERE position BETWEEN ? AND ? AND type = 'UserErased' "
    "ORDER BY position"
)
_OWN_TYPES = tuple(codec.name_of(kind) for kind in get_args(DirectoryEvent))
_OWN_STREAM = (
    f"SELECT stream FROM event NOT INDEXED WHERE type IN ({','.join('?' * len(_OWN_TYPES))}) "  # noqa: S608 (of ?)
    "ORDER BY position LIMIT 1"
)
_BEFORE_CHANGE = (
    "SELECT position FROM event NOT INDEXED WHERE position < ? AND change_id != ? ORDER BY position DESC LIMIT 1"
)
_LAST = "SELECT position FROM event NOT INDEXED ORDER BY position DESC LIMIT 1"
_NEXT = "SELECT position FROM event NOT INDEXED WHERE position > ? ORDER BY position LIMIT 1"


class LostRowError(DamagedError):
    """SQLite, or the disk, does not give the row away."""


class ReadableRows:
    """Reads the log through a connection to a file that may be damaged anywhere; writes nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def directory_id(self) -> bytes | str | None:
        """Return the directory's id: the stream of its own events where there is one, else what the file says it is.

        None where neither can be read.
        """
        for question, values in ((_OWN_STREAM, _OWN_TYPES), ("SELECT value FROM directory WHERE key = 'id'", ())):
            with suppress(sqlite3.DatabaseError):
                row = self._connection.execute(question, values).fetchone()
                if row is not None:
                    found: bytes | str = row[0]
                    return found
        return None

    def schema_version(self) -> int:
        """Return the schema version that the file says it has."""
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        return int(version)

    def following(self, position: int) -> Iterator[ChainedRow]:
        """Yield the rows behind a position. Raises DamagedError where one cannot be; LostRowError if it is lost."""
        try:
            for row in self._connection.execute(_FOLLOWING, (position,)):
                require_stored_types(row)
                yield row[:-4], *row[-4:]
        except sqlite3.DatabaseError as error:
            raise LostRowError("The event, or the disk that it is on, cannot be read.") from error

    def row(self, position: int) -> ChainedRow | None:
        """Return the row at a position, None where there is none that can be read."""
        return next(self._sound(position, position), None)

    def each_after(self, position: int) -> Iterator[ChainedRow]:
        """Yield every row behind a position that can be read, whatever is wrong with those between."""
        for first, last in self._ranges(position + 1):
            yield from self._sound(first, last)

    def end_of_change_before(self, damaged: int) -> int:
        """Return the last position before ``damaged``, the first that is not sound, at which a change ends.

        No change is cut in half. Where the event that is damaged may have been the last of the change before it, that
        change counts as whole only if nothing speaks against that.
        """
        before = self.row(damaged - 1)
        if before is None or not self._goes_on(before, damaged):
            return damaged - 1
        change = before[0][9]
        row = self._connection.execute(_BEFORE_CHANGE, (damaged, change)).fetchone()
        return 0 if row is None else int(row[0])

    def _goes_on(self, before: ChainedRow, damaged: int) -> bool:
        """Return whether the change that the sound row ``before`` belongs to may not end with it."""
        (*_, change, _, _), _, chain, _, _ = before
        at, after = self.row(damaged), next(self.each_after(damaged), None)
        if after is not None and after[0][9] == change:
            return True
        if at is None:  # nobody can tell what it was: of a change that has several events it may well be one more
            several = self.row(damaged - 2)
            return several is not None and several[0][9] == change
        columns, digest, *_ = at
        if columns[9] == change:
            return True
        # Its change may be what was altered.
        return linked(chain, (*columns[:9], change, *columns[10:]), digest) == at[2]

    def agrees_with_itself(self, row: ChainedRow) -> bool:
        """Return whether a row's payload is the one that its digest is of."""
        _, digest, _, salt, body = row
        return salt is not None and body is not None and digest_of(salt, body) == digest

    def erasures(self) -> dict[bytes, int]:
        """Return {stream: position} of every erasure of a user that can be read."""
        return {
            stream: position
            for first, last in self._ranges(1)
            for position, stream in self._read(_ERASURES, first, last)
            if type(stream) is bytes
        }

    def last_position(self) -> int | None:
        """Return the highest position, None where that cannot be read or there is none that could be."""
        with suppress(sqlite3.DatabaseError):
            row = self._connection.execute(_LAST).fetchone()
            last = 0 if row is None else row[0]
            return last if 0 <= last <= self._most() else None
        return None

    def _ranges(self, first: int) -> Iterator[tuple[int, int]]:
        """Yield ranges of positions, ends included, that hold all rows from ``first`` on."""
        beyond = (self.last_position() or self._most()) + 1
        while first < beyond:
            # A long gap is stepped over at once.
            with suppress(sqlite3.DatabaseError):
                row = self._connection.execute(_NEXT, (first - 1,)).fetchone()
                first = beyond if row is None else max(first, row[0])
            if first < beyond:
                yield first, min(first + _ROWS_AT_ONCE, beyond) - 1
            first += _ROWS_AT_ONCE

    def _most(self) -> int:
        """Return how many rows the file has room for."""
        (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
        (page_bytes,) = self._connection.execute("PRAGMA page_size").fetchone()
        return int(pages) * int(page_bytes) // _BYTES_A_ROW

    def _sound(self, first: int, last: int) -> Iterator[ChainedRow]:
        for row in self._read(_BETWEEN, first, last):
            with suppress(DamagedError):
                require_stored_types(row)
                yield row[:-4], *row[-4:]

    def _read(self, select: str, first: int, last: int) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a range; where one cannot be read, the halves are tried, so that only that is left out."""
        try:
            rows = self._connection.execute(select, (first, last)).fetchall()
        except sqlite3.DatabaseError:
            if first == last:
                return
            middle = (first + last) // 2
            yield from self._read(select, first, middle)
            yield from self._read(select, middle + 1, last)
        else:
            yield from rows
