"""How many version rows of each kind are alive at a moment, without looking at the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from whowas.projections.tables.arrays import Int32, Int64

_KIND_BITS = 32


@dataclass(frozen=True, slots=True)
class Census:
    """Rows by kind (a small number) and moment: ``kind << 32 | moment``, sorted.

    ``began`` has an element for each row, ``ended`` one for each row that another follows. A kind's rows alive at a
    moment are those that began by then, less those that ended: four searches, however many rows there are.
    """

    began: Int64
    ended: Int64

    @classmethod
    def of(cls, kinds: Int32, begins: Int32, ends: Int32, endless: int) -> Census:
        """Return the census of rows given by parallel arrays; ``endless`` in ``ends`` means that nothing follows."""
        ending = ends != endless
        return cls(np.sort(_keys(kinds, begins)), np.sort(_keys(kinds[ending], ends[ending])))

    def alive(self, moment: int, kinds: int) -> Int64:
        """Return how many rows of each of the first ``kinds`` kinds are alive at ``moment``."""
        firsts = np.arange(kinds, dtype=np.int64) << _KIND_BITS
        counts: Int64 = _through(self.began, firsts, moment) - _through(self.ended, firsts, moment)
        return counts

    def with_row(self, kind: int, begins: int, follows: int | None) -> Census:
        """Return the census with one more row, alive; ``follows`` is the kind of the row that ends where it begins."""
        ended = self.ended if follows is None else _with(self.ended, follows, begins)
        return Census(_with(self.began, kind, begins), ended)


def _keys(kinds: Int32, moments: Int32) -> Int64:
    keys: Int64 = (kinds.astype(np.int64) << _KIND_BITS) | moments
    return keys


def _through(keys: Int64, firsts: Int64, moment: int) -> np.ndarray[Any, Any]:
    return np.searchsorted(keys, firsts + moment, side="right") - np.searchsorted(keys, firsts, side="left")


def _with(keys: Int64, kind: int, moment: int) -> Int64:
    key = np.int64(kind << _KIND_BITS | moment)
    return np.insert(keys, np.searchsorted(keys, key), key)
