"""Looking values up by key: row by row at first, and from a copy of all rows after many look-ups."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from whowas.domain.progress import Progress, unwatched

ROWS_READ_WHILE_ASKING_ONCE = 8
"""Measured: a query for the row of one key takes about as long as reading this many rows one after the other."""

_COPIED_AT_ONCE = 20_000


class KeyLookup:
    """Values by their key, as they are until a row of them is written; a key has one value as a rule.

    ``every`` selects (key, value) of all rows, of which there are ``at_most`` so many; ``one`` selects the values of
    one key, and ``several`` (key, value) of those keys that have more than one value, where there may be any. A single
    edit queries a row or two; an import that looks up every user soon reads all rows at once, and tells ``progress``.
    """

    __slots__ = ("_connection", "_every", "_of_several", "_one", "_questions_left", "_several", "_values", "progress")

    def __init__(
        self, connection: sqlite3.Connection, every: str, one: str, at_most: int, several: str | None = None
    ) -> None:
        self.progress: Progress = unwatched
        self._connection = connection
        self._every = every
        self._one = one
        self._several = several
        self._questions_left = at_most // ROWS_READ_WHILE_ASKING_ONCE
        self._values: dict[Any, Any] | None = None
        self._of_several: dict[Any, list[Any]] = {}

    def values(self, key: str | bytes) -> Sequence[Any]:
        """Return the values of ``key``, none if there is no such row."""
        if (copy := self._values or self._copy()) is not None:
            if key not in copy:
                return ()
            return self._of_several.get(key) or (copy[key],)
        return [value for (value,) in self._connection.execute(self._one, (key,))]

    def surely_lacks(self, key: str | bytes) -> bool:
        """Return True if the copy shows that there is no such row; False without a copy, as a query would cost more."""
        copy = self._values or self._copy()
        return copy is not None and key not in copy

    def _copy(self) -> dict[Any, Any] | None:
        if self._values is None:
            self._questions_left -= 1
            if self._questions_left < 0:
                self._values = self._every_row()
                for key, value in self._connection.execute(self._several) if self._several else ():
                    self._of_several.setdefault(key, []).append(value)
        return self._values

    def _every_row(self) -> dict[Any, Any]:
        rows, found = self._connection.execute(self._every), dict[Any, Any]()
        while portion := rows.fetchmany(_COPIED_AT_ONCE):
            found.update(portion)
            self.progress(len(found), 0)
        return found
