"""The read model's own database: rows written by the projector, read by everyone else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from whowas.domain.directory import Directory
from whowas.domain.users import User
from whowas.projections.tables import row_codec, schema
from whowas.projections.tables.arrays import Int64
from whowas.projections.tables.parameters import marks, portions
from whowas.store.file import database
from whowas.system import folders

_COLUMNS = (
    "version_row.number, begins, version_row.actor, version, status, first_name, last_name, email, phone, title, "
    "department, notes, external_id, password, groups, attributes, user_id"
)
_SELECT_ROWS = f"SELECT {_COLUMNS} FROM version_row JOIN user ON user.number = version_row.user"  # noqa: S608
_SELECT_EACH = (
    f"SELECT {_COLUMNS} FROM json_each(?) AS asked "  # noqa: S608 (of constants)
    "LEFT JOIN version_row ON version_row.number = asked.value LEFT JOIN user ON user.number = version_row.user"
)
"""The left table of a join is read in its own order, so that rows come one by one, as they are asked for."""
_ASKED_AT_ONCE = 5_000
_SIGNS = 8
"""How many hexadecimal digits a number is written with."""

AN_ERASURE = 2**32
"""What an erasure adds to the generation: more than all backdated events together, of which there are fewer then."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the read model has come; ``generation``, ``latest`` and ``searchable`` as in ``read_schema``."""

    directory_id: str
    position: int
    chain: bytes
    generation: int
    latest: int
    searchable: int


def erasures_in(generation: int) -> int:
    """Return how many users were erased by a generation."""
    return generation // AN_ERASURE


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One state of one user: row number, the step (in recorded order) it begins with, who made it so."""

    number: int
    begins: int
    actor: str
    user: User


class ReadModel:
    """The database file of one directory's read side; used from several threads, one connection each.

    Methods raise sqlite3.DatabaseError where the file is damaged; its owner then throws the file away.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        folders.private_file(path)
        self._database = database.connected(path, synchronous="off")

    @property
    def in_use(self) -> AbstractContextManager[object]:
        """What a thread holds while it asks, so that another one neither closes its connection nor starts anew."""
        return self._database.in_use

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._database.closed():
            pass

    @contextmanager
    def started_anew(self, path: Path) -> Iterator[None]:
        """Go on with an empty file at ``path``; in the block, where nobody is connected, it and the old one may go."""
        with self._database.closed():
            yield
            self.path = path
            folders.private_file(path)
            self._database.init(str(path))

    def prepare(self, directory_id: str, genesis: bytes) -> None:
        """Lay the tables of an empty file."""
        with self.writing() as connection:
            if not self._has_tables(connection):
                for statement in schema.TABLES.split(";\n"):
                    connection.execute(statement)
                connection.execute(
                    "INSERT INTO checkpoint VALUES (1, ?, ?, 0, ?, 0, 0, 0)",
                    (schema.READ_SCHEMA, directory_id, genesis),
                )

    def checkpoint(self) -> Checkpoint | None:
        """Return how far this file has come, or None when it is empty or of another schema."""
        connection = self.connection()
        if not self._has_tables(connection):
            return None
        row = connection.execute("SELECT * FROM checkpoint").fetchone()
        return Checkpoint(*row[2:]) if row and row[1] == schema.READ_SCHEMA else None

    def rows(self, numbers: Sequence[int]) -> list[VersionRow]:
        """Return the version rows with those numbers, in the order asked; numbers that are gone are left out."""
        found: dict[int, VersionRow] = {}
        for some in portions([int(number) for number in numbers]):
            cursor = self.connection().execute(f"{_SELECT_ROWS} WHERE version_row.number IN ({marks(some)})", some)
            found.update((row[0], _version_row(row)) for row in cursor)
        return [found[int(number)] for number in numbers if int(number) in found]

    def each(self, numbers: Sequence[int]) -> Iterator[VersionRow | None]:
        """Yield the version rows with those numbers, in the order asked; None for a number that is gone.

        No more than one is held at a time, however many there are and however long their texts.
        """
        for start in range(0, len(numbers), _ASKED_AT_ONCE):
            asked = str([int(number) for number in numbers[start : start + _ASKED_AT_ONCE]])
            for row in self.connection().execute(_SELECT_EACH, (asked,)):
                yield None if row[0] is None else _version_row(row)

    def versions_of(self, user_id: str) -> list[VersionRow]:
        """Return every version row of one user, in the order of their numbers."""
        cursor = self.connection().execute(f"{_SELECT_ROWS} WHERE user_id = ? ORDER BY version_row.number", (user_id,))
        return [_version_row(row) for row in cursor]

    def user_number(self, user_id: str) -> int | None:
        """Return the number under which the arrays know a user, or None."""
        row = self.connection().execute("SELECT number FROM user WHERE user_id = ?", (user_id,)).fetchone()
        return row[0] if row else None

    def directory_states(self) -> Iterator[tuple[int, Directory]]:
        """Yield (step number, state of the directory after it)."""
        for step, version, state in self.connection().execute("SELECT * FROM directory_state ORDER BY step"):
            yield step, row_codec.decode_directory(version, state)

    def select(self, sql: str, parameters: Sequence[object] = ()) -> Iterable[tuple[Any, ...]]:
        """Return the rows of any query over ``read_schema``."""
        return self.connection().execute(sql, parameters)

    def numbers(self, sql: str, parameters: Sequence[object] = (), *, columns: int = 1) -> Int64:
        """Return the whole numbers (0 to 2**32 - 1) that a query finds, a row each, or alone where it has one column.

        SQLite writes all of them into one text, as row by row Python's lock would be taken a million times, and
        whoever paints meanwhile would wait for it.
        """
        names = [f"c{column}" for column in range(columns)]
        packed = f"printf('{'%08x' * columns}', {', '.join(names)})"
        ((text,),) = self.select(
            f"WITH found ({', '.join(names)}) AS ({sql}) SELECT CAST(group_concat({packed}, '') AS BLOB) FROM found",  # noqa: S608
            parameters,
        )
        signs = np.frombuffer(text or b"", dtype=np.uint8).reshape(-1, _SIGNS)
        digits = (signs & 15) + 9 * (signs >> 6)
        numbers = np.zeros(len(digits), dtype=np.int64)
        for place in range(_SIGNS):
            numbers = numbers * 16 + digits[:, place]
        return numbers if columns == 1 else numbers.reshape(-1, columns)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock of the read model; commit at the end of the block or roll back."""
        with self._database.atomic("IMMEDIATE"):
            yield self.connection()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See one and the same state of the read model throughout the block, whoever writes meanwhile."""
        with self._database.atomic("DEFERRED"):
            yield

    def connection(self) -> sqlite3.Connection:
        """Return the calling thread's connection."""
        return self._database.connection()

    @staticmethod
    def _has_tables(connection: sqlite3.Connection) -> bool:
        return bool(connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'checkpoint'").fetchone())


def _version_row(row: tuple[Any, ...]) -> VersionRow:
    return VersionRow(row[0], row[1], row[2], row_codec.decode_user(row[16], row[3:16]))
