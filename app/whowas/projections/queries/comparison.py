"""The table of one moment against another: every user of either, once, and what became of each in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from whowas.domain.progress import Progress, part_of, unwatched
from whowas.projections.index.census import Census, Tally
from whowas.projections.index.counts import DELETED
from whowas.projections.index.ranks import Places, Ranks, RowsAt
from whowas.projections.index.version_index import ALIVE, Codes, Laid, Mask, VersionIndex
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
    """One moment against the pinned one: ``rows`` lists every user of either, of whom those asked for are looked up.

    A user who is not there at the moment shown appears as at the other. ``counts`` counts the differences, whether
    ``rows`` leaves out who is the same or not.
    """

    rows: RowsAt
    counts: DifferenceCounts
    became_at: Callable[[Places], Codes]
    """Gives codes of Became by place."""
    pinned: Callable[[Int32], Int32]
    """Gives the row numbers of the same users at the pinned moment, 0 where they were not there."""

    def became(self, rows: range) -> Codes:
        """Return what became of the users in some rows of the list, one after the other, as codes of Became."""
        return self.became_at(self.rows.places(rows))

    def others(self, rows: range) -> Int32:
        """Return the row numbers at the other moment of the users in some rows, 0 for who is not there."""
        return self.pinned(self.rows.numbers(rows)) * _AT_BOTH[self.became(rows)]

    def differing(self, *, shown_is_earlier: bool) -> tuple[Int32, Int32]:
        """Return the rows of who differs, at the earlier moment and at the later; 0 stands for not being there."""
        everybody = range(len(self.rows))
        became = self.became(everybody)
        kept = became != Became.SAME
        numbers, became, others = self.rows.numbers(everybody)[kept], became[kept], self.others(everybody)[kept]
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
_UNBORN = len(Became)
"""The kind of those who are shown as at the pinned moment until they are created; the other kinds are like Became."""
_AFTER_PINNED: Codes = np.array([*Became, Became.ADDED], dtype=np.uint8)
"""What became of a user since the pinned moment, by kind."""
_BEFORE_PINNED: Codes = np.array(
    [Became.SAME, Became.REMOVED, Became.CHANGED, Became.RESTORED, Became.REMOVED, Became.ADDED], dtype=np.uint8
)
"""What becomes of a user until the pinned moment, by kind."""
_AT_BOTH: Int32 = np.array([1, 0, 1, 0, 0], dtype=np.int32)
"""Whether a user is there at both moments, by Became."""


class Comparing:
    """A prepared question: any moment against the pinned one, in a sort order, for the users that pass.

    A user passes when the row of either moment passes; None lets all pass who are not deleted. Where deleted rows pass,
    who is deleted at the moment shown and not there at the pinned one is listed as the same.

    The rows of the pinned moment have *seats*, numbered from 0 in the sort order; the last seat is nobody's. Whoever is
    shown as at the pinned moment while not there is listed at that row's place once more, for as long as that.
    """

    def __init__(self, index: VersionIndex, column: str, *, passing: Mask | None, pinned: int) -> None:
        order, laid = index.orders[column], index.laid[column]
        self._index, self._pinned = index, pinned
        places = np.flatnonzero((laid.begins <= pinned) & (pinned < laid.ends))
        rows = order[places]
        present = index.statuses != DELETED
        passing = present if passing is None else passing
        signs = _and_nobody(_KNOWN | _THERE * present[rows] | _PASSES * passing[rows])
        self._seats = _seats(index, rows)
        sign = signs[self._seats]
        there, wanted = (sign & _THERE) != 0, passing | ((sign & _PASSES) != 0)
        self._numbers = _and_nobody(laid.numbers[places]) * (signs & _THERE)
        differs = index.contents != _and_nobody(index.contents[rows])[self._seats]
        # By multiplying, which is the quickest way to where SAME stands: it is 0.
        kinds = _BY_SIGN[sign] * (differs | ~there) * present
        kinds[~wanted | (there & ~present)] = _HIDDEN
        born = np.full(len(signs), ALIVE, dtype=np.int32)
        np.minimum.at(born, self._seats, index.begins)
        unborn = np.flatnonzero((signs == _KNOWN | _THERE | _PASSES) & (born > 0))
        gone = np.flatnonzero(there & ~present & wanted)
        listed = _laid_spans(
            laid,
            kinds[order],
            _Spans(places[unborn], np.zeros(len(unborn), dtype=np.int32), born[unborn], _UNBORN),
            _Spans(places[self._seats[gone]], index.begins[gone], index.ends[gone], Became.REMOVED),
        )
        self._laid, self._kinds = listed
        self._everybody = Ranks(self._laid, None, index.siblings, index.spilled_to)
        self._differing = Ranks(self._laid, self._kinds != Became.SAME, index.siblings, index.spilled_to)
        self._tally: Tally | None = None

    @property
    def is_prepared(self) -> bool:
        """Whether a question looks at no more than the rows asked for."""
        return self._differing.is_prepared

    def prepare(self, progress: Progress = unwatched) -> None:
        """Sort what questions look up, which another thread may do; until then they look at every row.

        Raises CancelledError.
        """
        census = Census.of(self._kinds.astype(np.int32), self._laid.begins, self._laid.ends, ALIVE)
        tally = Tally(census, lambda kinds: np.bincount(kinds, minlength=len(_AFTER_PINNED)))
        tally.prepare(part_of(progress, 0, 3))
        self._tally = tally
        self._everybody.prepare(part_of(progress, 1, 3))
        self._differing.prepare(part_of(progress, 2, 3))

    def at(self, moment: int, *, only_differences: bool, descending: bool = False) -> Compared:
        """Compare ``moment`` with the pinned one."""
        ranks = self._differing if only_differences else self._everybody
        became_of = _BEFORE_PINNED if moment < self._pinned else _AFTER_PINNED
        counts = np.zeros(len(Became), dtype=np.int64)
        np.add.at(counts, became_of, self._counted(moment))
        return Compared(
            ranks.at(moment, descending=descending),
            DifferenceCounts(
                added=int(counts[Became.ADDED] + counts[Became.RESTORED]),
                changed=int(counts[Became.CHANGED]),
                removed=int(counts[Became.REMOVED]),
            ),
            lambda places: became_of[self._kinds[places]],
            self._pinned_numbers,
        )

    def _counted(self, moment: int) -> Array:
        """Return how many are listed at a moment, by kind."""
        if self._tally is not None:
            return self._tally.at(moment)
        shown = (self._laid.begins <= moment) & (moment < self._laid.ends)
        return np.bincount(self._kinds[shown], minlength=len(_AFTER_PINNED))

    def _pinned_numbers(self, numbers: Int32) -> Int32:
        found: Int32 = self._numbers[self._seats[np.searchsorted(self._index.numbers, numbers)]]
        return found


@dataclass(frozen=True, slots=True)
class _Spans:
    """Parallel arrays: the places at which rows are listed, from moments until moments; all of one kind."""

    places: Array
    begins: Int32
    ends: Int32
    kind: int


def _laid_spans(laid: Laid, kinds: Codes, *more: _Spans) -> tuple[Laid, Codes]:
    """Return the rows that are not hidden, and those listed besides, in the order of their places; and their kinds."""
    listed = np.flatnonzero(kinds != _HIDDEN)
    places = np.concatenate((listed, *(spans.places for spans in more)))
    order = np.argsort(places, kind="stable")
    numbers = laid.numbers[places[order]]
    begins = np.concatenate((laid.begins[listed], *(spans.begins for spans in more)))[order]
    ends = np.concatenate((laid.ends[listed], *(spans.ends for spans in more)))[order]
    of_more = (np.full(len(spans.places), spans.kind, dtype=np.uint8) for spans in more)
    return Laid(numbers, begins, ends), np.concatenate((kinds[listed], *of_more))[order]


def _seats(index: VersionIndex, rows: Int32) -> Int32:
    """Return the index of each row's user among those of ``rows``, and the number of these for anybody else."""
    seats = np.full(int(index.users.max(initial=0)) + 1, len(rows), dtype=np.int32)
    seats[index.users[rows]] = np.arange(len(rows), dtype=np.int32)
    found: Int32 = seats[index.users]
    return found


def _and_nobody(of_seats: Array) -> Array:
    """Return the array with a zero for nobody's seat."""
    return np.append(of_seats, of_seats.dtype.type(0))
