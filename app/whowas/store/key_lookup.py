"""Looking values up by key: row by row at first, and from a copy of all rows after many look-ups."""

from __future__ import annotations

import sqlite3
from typing import Any

ROWS_READ_WHILE_ASKING_ONCE = 8
"""Measured: a query for the row of one key takes about as long as reading this many rows one after the other."""


class KeyLookup:
    """Values by their unique key, within one transaction.

    ``every`` selects (key, value) of all rows, of which there are ``at_most`` so many; ``one`` selects the value of one
    key. A single edit queries a row or two; an import that looks up every user soon reads all rows at once.
    """

    __slots__ = ("_connection", "_every", "_one", "_questions_left", "_values")

    def __init__(self, connection: sqlite3.Connection, every: str, one: str, at_most: int) -> None:
        self._connection = connection
        self._every = every
        self._one = one
        self._questions_left = at_most // ROWS_READ_WHILE_ASKING_ONCE
        self._values: dict[Any, Any] | None = None

    def get(self, key: str | bytes) -> Any:
        """Return the value of ``key``, or None if there is no such row."""
        if (values := self._copy()) is not None:
            return values.get(key)
        row = self._connection.execute(self._one, (key,)).fetchone()
        return None if row is None else row[0]

    def surely_lacks(self, key: str | bytes) -> bool:
        """Return True if the copy shows that there is no such row; False without a copy, as a query would cost more."""
        values = self._copy()
        return values is not None and key not in values

    def forget(self) -> None:
        """Drop the copy, because rows were written since it was made."""
        self._values = None

    def _copy(self) -> dict[Any, Any] | None:
        if self._values is None:
            self._questions_left -= 1
            if self._questions_left < 0:
                self._values = dict(self._connection.execute(self._every))
        return self._values
