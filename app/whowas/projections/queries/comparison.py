"""The table of one moment against another: every user of either, once, and what became of each in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from whowas.projections.index.version_index import ALIVE, DELETED, Codes, Mask, VersionIndex
from whowas.projections.tables.arrays import Int32

Array = np.ndarray[Any, Any]


class Became(IntEnum):
    """What became of a user from the earlier moment to the later one; deleted users count as gone."""

    SAME = 0
    ADDED = 1
    CHANGED = 2
    REMOVED = 3
    RESTORED = 4
    """Was deleted at the earlier moment; ``whowas diff`` calls it added."""


@dataclass(frozen=True, slots=True)
class DifferenceCounts:
    """How many users differ; who was restored counts as added."""

    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Parallel arrays, a row of the table each: ``numbers`` are the version rows shown, ``became`` codes of Became.

    A user who is not there at the moment shown appears as at the other. ``counts`` counts the differences among those.
    """

    numbers: Int32
    became: Codes
    counts: DifferenceCounts
    pinned: Callable[[Int32], Int32]
    """Gives the row numbers of the same users at the pinned moment, 0 where they were not there."""

    def others(self, rows: slice) -> Int32:
        """Return the row numbers at the other moment of the users in some rows of the table, 0 for who is not there."""
        return self.pinned(self.numbers[rows]) * _AT_BOTH[self.became[rows]]

    def differing(self, *, shown_is_earlier: bool) -> tuple[Int32, Int32]:
        """Return the rows of who differs, at the earlier moment and at the later; 0 stands for not being there."""
        kept = self.became != Became.SAME
        numbers, became, others = self.numbers[kept], self.became[kept], self.others(slice(None))[kept]
        before, after = (numbers, others) if shown_is_earlier else (others, numbers)
        came = (became == Became.ADDED) | (became == Became.RESTORED)
        went = became == Became.REMOVED
        nobody = np.int32(0)
        return (
            np.where(came, nobody, np.where(went, numbers, before)),
            np.where(went, nobody, np.where(came, numbers, after)),
        )


_HIDDEN = 255
"""Stands in place of a Became for rows that are never shown as at the moment shown."""
_THERE, _PASSES, _KNOWN = np.uint8(1), np.uint8(2), np.uint8(4)
"""Signs of a user of the pinned moment: not deleted, passing the filter, existing at all."""
_BY_SIGN: Codes = np.full(8, Became.RESTORED, dtype=np.uint8)
"""What became of a user since the pinned moment who is there at a later one, and not the same."""
_BY_SIGN[0] = Became.ADDED
_BY_SIGN[[_KNOWN | _THERE, _KNOWN | _THERE | _PASSES]] = Became.CHANGED
_BEFORE_PINNED: Codes = np.full(256, Became.REMOVED, dtype=np.uint8)
"""What became of a user who is there at a moment before the pinned one, by what it would be after that."""
_BEFORE_PINNED[[Became.SAME, Became.CHANGED, _HIDDEN]] = Became.SAME, Became.CHANGED, _HIDDEN
_AT_BOTH: Int32 = np.array([1, 0, 1, 0, 0], dtype=np.int32)
"""Whether a user is there at both moments, by Became."""


class Comparing:
    """A prepared question: any moment against the pinned one, in a sort order, for the users that pass.

    A user passes when the row of either moment passes; None lets all pass who are not deleted. Where deleted rows pass,
    who is deleted at the moment shown and not there at the pinned one is listed as the same. For one thread at a time,
    as View is.

    The rows of the pinned moment have *seats*, numbered from 0 in the sort order; the last seat is nobody's.
    """

    def __init__(
        self, index: VersionIndex, column: str, *, descending: bool, passing: Mask | None, pinned: int
    ) -> None:
        order, self._laid = index.orders[column], index.laid[column]
        self._index, self._pinned, self._way = index, pinned, -1 if descending else 1
        self._indices = np.flatnonzero((self._laid.begins <= pinned) & (pinned < self._laid.ends))
        rows = order[self._indices]
        present = index.statuses != DELETED
        passing = present if passing is None else passing
        signs = _and_nobody(_KNOWN | _THERE * present[rows] | _PASSES * passing[rows])
        self._seats = _seats(index, rows)
        sign = signs[self._seats]
        there, wanted = (sign & _THERE) != 0, passing | ((sign & _PASSES) != 0)
        self._numbers = _and_nobody(self._laid.numbers[self._indices]) * (signs & _THERE)
        # Of those who are not to be shown as at the pinned moment, it is as if they had always been there.
        born = np.full(len(signs), ALIVE, dtype=np.int32)
        np.minimum.at(born, self._seats, index.begins)
        self._born: Int32 = born * (signs == _KNOWN | _THERE | _PASSES)
        gone = np.flatnonzero(there & ~present & wanted)
        self._gone = self._seats[gone], index.begins[gone], index.ends[gone]
        differs = index.contents != _and_nobody(index.contents[rows])[self._seats]
        # By multiplying, which is the quickest way to where SAME stands: it is 0.
        became = _BY_SIGN[sign] * (differs | ~there) * present
        became[~wanted | (there & ~present)] = _HIDDEN
        self._after_pinned: Codes = became[order]
        self._before_pinned: Codes = _BEFORE_PINNED[self._after_pinned]
        self._listed: Mask = self._after_pinned != _HIDDEN
        self._begun, self._alive = np.empty_like(self._listed), np.empty_like(self._listed)
        self._became = np.empty_like(became)

    def at(self, moment: int, *, only_differences: bool) -> Compared:
        """Compare ``moment`` with the pinned one."""
        np.less_equal(self._laid.begins, moment, out=self._begun)
        np.greater(self._laid.ends, moment, out=self._alive)
        np.logical_and(self._begun, self._alive, out=self._alive)
        np.logical_and(self._listed, self._alive, out=self._alive)
        is_before = moment < self._pinned
        np.copyto(self._became, self._before_pinned if is_before else self._after_pinned)
        self._put_in(np.flatnonzero(self._born > moment), Became.ADDED)
        seats, begins, ends = self._gone
        self._put_in(seats[(begins <= moment) & (moment < ends)], Became.RESTORED if is_before else Became.REMOVED)
        shown = np.flatnonzero(self._alive)
        became = self._became.take(shown)
        counts = _counted(became)
        if only_differences:
            differing = became != Became.SAME
            shown, became = shown[differing], became[differing]
        numbers = self._laid.numbers.take(shown)
        return Compared(numbers[:: self._way], became[:: self._way], counts, self._pinned_numbers)

    def _put_in(self, seats: Array, became: Became) -> None:
        """Have users shown as at the pinned moment."""
        indices = self._indices[seats]
        self._alive[indices] = True
        self._became[indices] = became

    def _pinned_numbers(self, numbers: Int32) -> Int32:
        found: Int32 = self._numbers[self._seats[np.searchsorted(self._index.numbers, numbers)]]
        return found


def _seats(index: VersionIndex, rows: Int32) -> Int32:
    """Return the index of each row's user among those of ``rows``, and the number of these for anybody else."""
    seats = np.full(int(index.users.max(initial=0)) + 1, len(rows), dtype=np.int32)
    seats[index.users[rows]] = np.arange(len(rows), dtype=np.int32)
    found: Int32 = seats[index.users]
    return found


def _and_nobody(of_seats: Array) -> Array:
    """Return the array with a zero for nobody's seat."""
    return np.append(of_seats, of_seats.dtype.type(0))


def _counted(became: Codes) -> DifferenceCounts:
    of = {kind: int(np.count_nonzero(became == kind)) for kind in Became if kind != Became.SAME}
    return DifferenceCounts(of[Became.ADDED] + of[Became.RESTORED], of[Became.CHANGED], of[Became.REMOVED])
