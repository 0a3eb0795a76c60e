"""The table of one moment against another: every user of either, once, and what became of each in between."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from whowas.projections.steps import Int32
from whowas.projections.version_index import DELETED, Codes, Mask, VersionIndex

_NOT_WANTED, _ABSENT, _DELETED = 0, 1, 2
"""Whether a user is to be shown as at the pinned moment: no, or because not there yet at the other, or deleted then."""

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

    ``others`` are the row numbers of the same users at the other moment, 0 where they were not there. A user who
    is not there at the moment shown appears as at the other. ``counts`` counts the differences among those.
    """

    numbers: Int32
    became: Codes
    others: Int32
    counts: DifferenceCounts

    def differing(self, *, shown_is_earlier: bool) -> tuple[Int32, Int32]:
        """Return the rows of who differs, at the earlier moment and at the later; 0 stands for not being there."""
        kept = self.became != Became.SAME
        numbers, others, became = self.numbers[kept], self.others[kept], self.became[kept]
        before, after = (numbers, others) if shown_is_earlier else (others, numbers)
        came = (became == Became.ADDED) | (became == Became.RESTORED)
        went = became == Became.REMOVED
        nobody = np.int32(0)
        return (
            np.where(came, nobody, np.where(went, numbers, before)),
            np.where(went, nobody, np.where(came, numbers, after)),
        )


_FROM_LATER: Codes = np.array(
    [Became.SAME, Became.REMOVED, Became.CHANGED, Became.REMOVED, Became.REMOVED], dtype=np.uint8
)
"""What became of a user shown at the earlier moment, by what it would be at the later one."""
_ABSENT_BECAME: Codes = np.array([Became.SAME, Became.ADDED, Became.RESTORED], dtype=np.uint8)
_AT_BOTH: Int32 = np.array([1, 0, 1, 0, 0], dtype=np.int32)
"""Whether the users are there at both moments, by Became."""


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
        self._pinned, self._way = pinned, -1 if descending else 1
        self._places = np.flatnonzero(index.alive(pinned)[order])
        rows = order[self._places]
        seats = _seats(index, rows)
        present = index.statuses != DELETED
        there = _and_nobody(present[rows])
        self._others: Int32 = np.where(there, _and_nobody(index.numbers[rows]), np.int32(0))
        was_there = there[seats]
        passing = present if passing is None else passing
        pinned_passing = _and_nobody(passing[rows])
        self._absent: Codes = (there & pinned_passing) * np.uint8(_ABSENT)
        wanted = passing | pinned_passing[seats]
        self._listed: Mask = (wanted & (present | ~was_there))[order]
        self._deleted: Codes = (wanted & was_there & ~present)[order] * np.uint8(_DELETED)
        became = _became(index, rows, seats, was_there, present)[order]
        self._since_pinned, self._until_pinned = became, _FROM_LATER[became]
        self._seats: Int32 = seats[order]
        self._begun, self._alive = np.empty_like(self._listed), np.empty_like(self._listed)
        self._told = np.empty_like(became)

    def at(self, moment: int, *, only_differences: bool) -> Compared:
        """Compare ``moment`` with the pinned one."""
        np.less_equal(self._laid.begins, moment, out=self._begun)
        np.greater(self._laid.ends, moment, out=self._alive)
        np.logical_and(self._begun, self._alive, out=self._alive)
        alive = np.flatnonzero(self._alive)
        known = self._absent.copy()
        known[self._seats.take(alive)] = self._deleted.take(alive)
        missing = np.flatnonzero(known[:-1])
        np.logical_and(self._alive, self._listed, out=self._alive)
        self._alive[self._places[missing]] = True
        shown = np.flatnonzero(self._alive)
        base, pinned_only = self._direction(moment, known[missing])
        np.copyto(self._told, base)
        self._told[self._places[missing]] = pinned_only
        became = self._told.take(shown)
        counts = _counted(became)
        if only_differences:
            differing = became != Became.SAME
            shown, became = shown[differing], became[differing]
        numbers, others = self._laid.numbers.take(shown), self._others.take(self._seats.take(shown))
        others *= _AT_BOTH[became]
        return Compared(numbers[:: self._way], became[:: self._way], others[:: self._way], counts)

    def _direction(self, moment: int, known: Codes) -> tuple[Codes, Codes | Became]:
        """Return what became of each row's user, and of those only there at the pinned moment."""
        if moment < self._pinned:
            return self._until_pinned, _ABSENT_BECAME[known]
        return self._since_pinned, Became.REMOVED


def _seats(index: VersionIndex, rows: Int32) -> Int32:
    """Return the place of each row's user among those of ``rows``, and the number of these for anybody else."""
    seats = np.full(int(index.users.max(initial=0)) + 1, len(rows), dtype=np.int32)
    seats[index.users[rows]] = np.arange(len(rows), dtype=np.int32)
    return seats[index.users]


def _and_nobody(of_seats: Array) -> Array:
    """Return the array with a zero for nobody's seat."""
    return np.append(of_seats, of_seats.dtype.type(0))


def _became(index: VersionIndex, rows: Int32, seats: Int32, was_there: Mask, present: Mask) -> Codes:
    """Return what became of each row's user since ``rows``, were that row shown."""
    differs = index.contents != _and_nobody(index.contents[rows])[seats]
    came = np.where(seats == len(rows), np.uint8(Became.ADDED), np.uint8(Became.RESTORED))
    codes: Codes = np.where(was_there, differs * np.uint8(Became.CHANGED), came)
    return codes * present


def _counted(became: Codes) -> DifferenceCounts:
    of = {kind: int(np.count_nonzero(became == kind)) for kind in Became if kind != Became.SAME}
    return DifferenceCounts(of[Became.ADDED] + of[Became.RESTORED], of[Became.CHANGED], of[Became.REMOVED])
