"""Rows of the table as they are shown at one time, which a job reads later: what is copied of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from whowas.desktop.table.cell_differences import at_both_moments, at_one_moment
from whowas.desktop.table.cell_texts import ShownCells
from whowas.desktop.table.columns import CellDifference, Column
from whowas.domain.directory import Directory
from whowas.domain.users import User
from whowas.projections.index.version_index import Codes
from whowas.projections.queries.comparison import Became
from whowas.projections.tables.arrays import Int32


class ComparedRows(NamedTuple):
    """What became of the users of rows, in their order, as codes of ``Became``.

    ``others`` are the version row numbers at the other moment of those who changed, 0 for everybody else.
    """

    became: Codes
    others: Int32
    shown_is_earlier: bool


class CopiedRows(NamedTuple):
    """``columns`` are those to be copied, from left to right; ``every`` those there are, shown or not.

    ``numbers`` are the version row numbers, in the order of the rows.
    """

    columns: tuple[Column, ...]
    every: tuple[Column, ...]
    directory: Directory
    numbers: Int32
    compared: ComparedRows | None

    @property
    def titles(self) -> list[str]:
        """The titles of the columns to be copied."""
        return [column.title for column in self.columns]

    def to_read(self) -> list[int]:
        """Return the numbers of the version rows that ``texts`` needs the users of, in the order it needs them."""
        if self.compared is None:
            numbers: list[int] = self.numbers.tolist()
        else:
            pairs = np.stack((self.numbers, self.compared.others), axis=1).ravel()
            numbers = pairs[pairs > 0].tolist()
        return numbers

    def texts(self, users: Iterator[User]) -> Iterator[list[str]]:
        """Yield the texts of each row as the table shows them; ``users`` are those of ``to_read``.

        While two moments are compared, a cell that changed has both texts, and a name the words beside it.
        """
        cells, keys = ShownCells(self.every, self.directory), [column.key for column in self.columns]
        if self.compared is None:
            for user in users:
                yield [cells.text(user, key) for key in keys]
            return
        shown = frozenset(keys)
        for became, other in zip(self.compared.became.tolist(), self.compared.others.tolist(), strict=True):
            user = next(users)
            texts = [cells.text(user, key) for key in keys]
            changes = self._changes(Became(became), user, next(users) if other else None, cells)
            yield [_shown(text, key, changes.get(key), shown) for text, key in zip(texts, keys, strict=True)]

    def _changes(
        self, became: Became, user: User, other: User | None, cells: ShownCells
    ) -> Mapping[str, CellDifference]:
        """Return how the cells of a row differ, by column."""
        assert self.compared is not None
        if other is not None:
            return at_both_moments(user, other, cells, shown_is_earlier=self.compared.shown_is_earlier)
        if became in (Became.SAME, Became.CHANGED):
            return {}
        return {"name": at_one_moment(became, shown_is_earlier=self.compared.shown_is_earlier)}


def _shown(text: str, key: str, difference: CellDifference | None, shown: frozenset[str]) -> str:
    if difference is None:
        return text
    if difference.before is not None:
        return difference.summary
    words = difference.beside_name(shown) if key == "name" else ""
    return f"{text} ({words})" if words else text
