"""The read model's own database: rows written by the projector, read by everyone else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import numpy as np

from whowas.domain.directory import Directory
from whowas.domain.users import User
from whowas.projections.tables import row_codec, schema
from whowas.projections.tables.arrays import Int64
from whowas.projections.tables.checked_database import CheckedDatabase, commits, count_commit
from whowas.projections.tables.epoch import Epoch
from whowas.projections.tables.schema import CheckpointTable, DirectoryStateTable
from whowas.store.file.identity import Whereabouts
from whowas.store.file.sqlite_only import peewee
from whowas.store.gc_pauses import gc_paused
from whowas.system import folders

_COLUMNS = f"version_row.number, begins, version_row.actor, user_id, {schema.USER_COLUMNS}"
_SELECT_ROWS = f"SELECT {_COLUMNS} FROM version_row JOIN user ON user.number = version_row.user"  # noqa: S608
_SELECT_ASKED = (
    f"SELECT {_COLUMNS} FROM json_each(?) AS asked "  # noqa: S608 (of constants)
    "CROSS JOIN version_row ON version_row.number = asked.value CROSS JOIN user ON user.number = version_row.user"
)
"""SQLite does not reorder a CROSS JOIN, so rows come in the order asked."""
_SELECT_EACH = (
    f"SELECT {_COLUMNS} FROM json_each(?) AS asked "  # noqa: S608 (of constants)
    "LEFT JOIN version_row ON version_row.number = asked.value LEFT JOIN user ON user.number = version_row.user"
)
"""SQLite reads the left table of a join in its own order, so rows come one by one, in the order asked."""
_ASKED_AT_ONCE = 5_000
_new = tuple.__new__  # VersionRow() ends up here too, after one more call
_HEX_DIGITS = 8
"""How many hexadecimal digits ``numbers`` takes for a number."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the read model has followed the log; the fields are those of ``schema.CheckpointTable``."""

    directory_id: str
    position: int
    chain: bytes
    ordering_epoch: int
    erasure_count: int
    latest: int
    searchable: int

    @property
    def epoch(self) -> Epoch:
        """What arrays made at this checkpoint are valid for."""
        return Epoch(self.ordering_epoch, self.erasure_count)


class VersionRow(NamedTuple):
    """One state of one user: the row's number, the step (in recorded order) it begins with, and who made that.

    A named tuple, because everybody with all texts takes one for each: a frozen dataclass takes three times as long.
    """

    number: int
    begins: int
    actor: str
    user: User


class ReadModel:
    """The database file of one directory's read side; every thread that uses it has its own connection.

    Methods raise one of DRIVER_ERRORS if the file is damaged or cannot be used; its owner then deletes it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        folders.private_file(path)
        self._database = CheckedDatabase(path, {"search_text": row_codec.search_text_of})

    @property
    def in_use(self) -> AbstractContextManager[object]:
        """A lock that a thread holds during a query, so that no other thread closes its connection."""
        return self._database.in_use

    @property
    def whereabouts(self) -> Whereabouts:
        """Where the file in use is, as another program may make it anew. Raises OSError."""
        return self._database.whereabouts

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._database.closed():
            pass

    @contextmanager
    def started_anew(self, path: Path) -> Iterator[None]:
        """Replace the file by an empty one at ``path``; within the block no thread is connected to either."""
        with self._database.closed():
            yield
            self.path = path
            folders.private_file(path)
            self._database.init(str(path))

    def prepare(self, directory_id: str, genesis: bytes) -> None:
        """Create the tables in an empty file."""
        if self._has_tables(self.connection()):
            return
        with self.writing() as connection:
            if not self._has_tables(connection):
                schema.lay_tables(self._database)
                self.ask(CheckpointTable.insert(schema=schema.READ_SCHEMA, directory_id=directory_id, chain=genesis))

    def drop_lookup(self) -> None:
        """Do without finding a user's version rows until ``lay_lookup``, within ``writing``."""
        schema.drop_lookup(self._database)

    def lay_lookup(self) -> None:
        """See to it that a user's version rows are found, within ``writing``."""
        schema.lay_lookup(self._database)

    def checkpoint(self) -> Checkpoint | None:
        """Return the checkpoint, or None if the file is empty or of another schema."""
        connection = self.connection()
        if not self._has_tables(connection):
            return None
        row = connection.execute("SELECT * FROM checkpoint").fetchone()
        return Checkpoint(*row[2:]) if row and row[1] == schema.READ_SCHEMA else None

    def commits(self) -> int:
        """Return how many commits have altered the file; made anew, it begins to count again."""
        return commits(self.connection())

    def rows(self, numbers: Sequence[int]) -> list[VersionRow]:
        """Return the version rows with those numbers, in the order asked, without those that no longer exist."""
        found: list[VersionRow] = []
        # Of everybody's texts there are so many new objects that looking among them for cycles takes a third longer.
        with gc_paused() if len(numbers) > _ASKED_AT_ONCE else nullcontext():
            for start in range(0, len(numbers), _ASKED_AT_ONCE):
                asked = str([int(number) for number in numbers[start : start + _ASKED_AT_ONCE]])
                found += map(_version_row, self.connection().execute(_SELECT_ASKED, (asked,)))
        return found

    def each(self, numbers: Sequence[int]) -> Iterator[VersionRow | None]:
        """Yield the version rows with those numbers, in the order asked; None for one that no longer exists.

        No more than one is held in memory at a time.
        """
        for start in range(0, len(numbers), _ASKED_AT_ONCE):
            asked = str([int(number) for number in numbers[start : start + _ASKED_AT_ONCE]])
            for row in self.connection().execute(_SELECT_EACH, (asked,)):
                yield None if row[0] is None else _version_row(row)

    def steps(self) -> int:
        """Return how many steps there are."""
        # They are numbered without gaps.
        ((last,),) = self.select("SELECT coalesce(max(number), 0) FROM step")
        return int(last)

    def versions_of(self, user_id: str, after: int = 0) -> list[VersionRow]:
        """Return the version rows of one user that begin with a step recorded ``after`` one, by their numbers."""
        select = f"{_SELECT_ROWS} WHERE user_id = ? AND begins > ? ORDER BY version_row.number"
        return [_version_row(row) for row in self.connection().execute(select, (user_id, after))]

    def user_number(self, user_id: str) -> int | None:
        """Return the number that stands for a user in the arrays of the index, or None."""
        row = self.connection().execute("SELECT number FROM user WHERE user_id = ?", (user_id,)).fetchone()
        return row[0] if row else None

    def directory_states(self) -> Iterator[tuple[int, Directory]]:
        """Yield (step number, state of the directory after it)."""
        for step, version, state in self.ask(DirectoryStateTable.select().order_by(DirectoryStateTable.step)):
            yield step, row_codec.decode_directory(version, state)

    def ask(self, query: peewee.Query) -> Iterable[tuple[Any, ...]]:
        """Return the rows of a query over the tables of ``schema``, or run one that alters them within ``writing``.

        Making its SQL takes peewee some 50 µs, more than most queries take. What is asked with every save or moment, or
        of many users one by one, is therefore written in SQL, and so is what peewee cannot say.
        """
        sql, parameters = query.sql()
        return self.connection().execute(sql, parameters)

    def select(self, sql: str, parameters: Sequence[Any] = ()) -> Iterable[tuple[Any, ...]]:
        """Return the rows of any query over the tables of ``schema``."""
        return self.connection().execute(sql, parameters)

    def numbers(self, sql: str, parameters: Sequence[Any] = (), *, columns: int = 1) -> Int64:
        """Return the whole numbers (0 to 2**32 - 1) that a query finds.

        The array has one dimension for a query of one column, else the shape (rows, columns).
        SQLite joins them into one text, because fetching row by row takes Python's lock for every row, and the thread
        that paints would wait for it.
        """
        names = [f"c{column}" for column in range(columns)]
        packed = f"printf('{'%08x' * columns}', {', '.join(names)})"
        ((text,),) = self.select(
            f"WITH found ({', '.join(names)}) AS ({sql}) SELECT CAST(group_concat({packed}, '') AS BLOB) FROM found",  # noqa: S608
            parameters,
        )
        letters = np.frombuffer(text or b"", dtype=np.uint8).reshape(-1, _HEX_DIGITS)
        digits = (letters & 15) + 9 * (letters >> 6)
        numbers = np.zeros(len(digits), dtype=np.int64)
        for column in range(_HEX_DIGITS):
            numbers = numbers * 16 + digits[:, column]
        return numbers if columns == 1 else numbers.reshape(-1, columns)

    @contextmanager
    def writing(self) -> Iterator[apsw.Connection]:
        """Hold the write lock of the read model within the block, then commit, or roll back if it raises."""
        with self._database.atomic("IMMEDIATE"):
            connection = self.connection()
            before = _altered(connection)
            yield connection
            if _altered(connection) != before:
                count_commit(connection)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read one state of the read model throughout the block, even if another thread writes meanwhile."""
        with self._database.atomic("DEFERRED"):
            yield

    def connection(self) -> apsw.Connection:
        """Return the calling thread's connection."""
        return self._database.connection()

    @staticmethod
    def _has_tables(connection: apsw.Connection) -> bool:
        return bool(connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'checkpoint'").fetchone())


def _altered(connection: apsw.Connection) -> tuple[int, int]:
    """Return what is another after anything was altered: how many rows were, and what SQLite counts of the schema."""
    ((schema_version,),) = connection.execute("PRAGMA schema_version")
    return connection.total_changes(), int(schema_version)


def _version_row(row: tuple[Any, ...]) -> VersionRow:
    return _new(VersionRow, (*row[:3], row_codec.decode_user(row[3], row[4:])))
