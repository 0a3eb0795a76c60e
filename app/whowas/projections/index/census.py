"""How many version rows of each kind there are at a moment, without looking at the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from whowas.domain.progress import Progress, part_of, unwatched
from whowas.projections.tables.arrays import Int32, Int64

_KIND_BITS = 32

_KINDS = (1 << _KIND_BITS) - 1

TURNS = 2_048
"""After so many rows that begin, or end, the totals are kept; after more where there are many totals to keep."""

_TURNS_A_TOTAL = 4
"""With so many turns a total, what is kept takes a byte a row, whether there are three groups or ten thousand."""

Totals = np.ndarray[tuple[Any, ...], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Census:
    """Rows by moment and kind (a small number): ``moment << 32 | kind``, sorted.

    ``began`` has an element for each row, ``ended`` one for each row that another follows.
    """

    began: Int64
    ended: Int64

    @classmethod
    def of(cls, kinds: Int32, begins: Int32, ends: Int32, endless: int) -> Census:
        """Return the census of rows given by parallel arrays; ``endless`` in ``ends`` means that nothing follows."""
        ending = ends != endless
        return cls(np.sort(_keys(kinds, begins)), np.sort(_keys(kinds[ending], ends[ending])))

    def with_row(self, kind: int, begins: int, follows: int | None) -> Census:
        """Return the census with one more row, alive; ``follows`` is the kind of the row that ends where it begins."""
        ended = self.ended if follows is None else _with(self.ended, follows, begins)
        return Census(_with(self.began, kind, begins), ended)


class Tally:
    """Totals over the rows of a census at any moment; ``totals`` makes them of the kinds of some rows.

    Until it was ``prepared``, which another thread may do, a moment takes looking at all of them; then at no more than
    ``TURNS``, or than a few for each total.
    """

    def __init__(self, census: Census, totals: Callable[[Int64], Totals]) -> None:
        self._census = census
        self._totals = totals
        self._turns = max(TURNS, _TURNS_A_TOTAL * len(totals(census.began[:0])))
        self._kept: tuple[Totals, Totals] | None = None

    @property
    def is_prepared(self) -> bool:
        """Whether a moment takes looking at few rows."""
        return self._kept is not None

    def prepare(self, progress: Progress = unwatched) -> None:
        """Keep the totals after every so many rows that begin and that end. Raises CancelledError."""
        if self._kept is None:
            began = self._summed(self._census.began, part_of(progress, 0, 2))
            self._kept = began, self._summed(self._census.ended, part_of(progress, 1, 2))

    def at(self, moment: int) -> Totals:
        """Return the totals over the rows alive at ``moment``."""
        began, ended = (self._kept[0], self._kept[1]) if self._kept is not None else (None, None)
        there: Totals = self._through(self._census.began, began, moment)
        there -= self._through(self._census.ended, ended, moment)
        return there

    def _summed(self, keys: Int64, progress: Progress) -> Totals:
        parts = [self._totals(keys[:0])]
        for first in range(0, len(keys), self._turns):
            parts.append(parts[-1] + self._totals(keys[first : first + self._turns] & _KINDS))
            progress(first, len(keys))
        # There are no more rows than their numbers, which take 32 bits.
        return np.array(parts, dtype=np.int32)

    def _through(self, keys: Int64, kept: Totals | None, moment: int) -> Totals:
        stop = int(np.searchsorted(keys, np.int64((moment + 1) << _KIND_BITS)))
        if kept is None:
            return self._totals(keys[:stop] & _KINDS)
        full = stop // self._turns
        totals: Totals = kept[full] + self._totals(keys[full * self._turns : stop] & _KINDS)
        return totals


def _keys(kinds: Int32, moments: Int32) -> Int64:
    keys: Int64 = (moments.astype(np.int64) << _KIND_BITS) | kinds
    return keys


def _with(keys: Int64, kind: int, moment: int) -> Int64:
    key = np.int64(moment << _KIND_BITS | kind)
    return np.insert(keys, np.searchsorted(keys, key), key)
