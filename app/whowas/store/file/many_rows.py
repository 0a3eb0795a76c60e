"""Carrying out a statement for many rows at once.

While SQLite carries out a statement other threads run, and after each it has to be waited for them. Of one statement
for each row little would be left while another thread verifies what comes next. And each row takes a fifth less, as
SQLite begins and ends a statement once.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

_ROWS_AT_ONCE = (1_000, 100, 10, 1)
_PLACES = re.compile(r"\(\?[?, ]*\)")


def carry_out(connection: sqlite3.Connection, statement: str, columns: int, values: Sequence[object]) -> None:
    """Carry out a statement with places for one row, ``(?,?)``, for the rows whose columns are all in ``values``."""
    for several, part in _portions(statement, columns, values):
        connection.execute(several, part)


def insert_rows(connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Carry out a statement with places for one row for all ``rows``, of which there may be none."""
    if len(rows) == 1:
        connection.execute(statement, rows[0])
    elif rows:
        carry_out(connection, statement, len(rows[0]), tuple(chain.from_iterable(rows)))


def total(connection: sqlite3.Connection, query: str, columns: int, values: Sequence[object]) -> int:
    """Return the sum of what a query with places for one row counts."""
    return sum(connection.execute(*portion).fetchone()[0] for portion in _portions(query, columns, values))


def _portions(statement: str, columns: int, values: Sequence[object]) -> Iterator[tuple[str, Sequence[object]]]:
    begin = 0
    for rows in _ROWS_AT_ONCE:
        size = rows * columns
        while begin + size <= len(values):
            yield _several(statement, rows), values[begin : begin + size]
            begin += size


@cache
def _several(statement: str, rows: int) -> str:
    return _PLACES.sub(lambda places: ",".join([places.group()] * rows), statement, count=1)
