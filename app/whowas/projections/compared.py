"""The table of one moment against another: every user of either, once, and what became of each in between."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from whowas.projections.steps import Int32
from whowas.projections.version_index import DELETED, Codes, Mask, Order, VersionIndex

_NOWHERE = -1


class Became(IntEnum):
    """What became of a user from the earlier moment to the later one; deleted users count as gone."""

    SAME = 0
    ADDED = 1
    CHANGED = 2
    REMOVED = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """Parallel arrays, a row of the table each: ``numbers`` are the version rows shown, ``became`` codes of Became.

    ``others`` are the row numbers of the same users at the other moment, 0 where they were not there. A user who
    is not there at the moment shown appears as at the other. ``counts`` counts all differences, whatever is
    filtered.
    """

    numbers: Int32
    became: Codes
    others: Int32
    counts: dict[Became, int]


def compared(
    index: VersionIndex, order: Order, *, passing: Mask | None, shown: int, other: int, only_differences: bool
) -> Compared:
    """Compare moment ``shown`` with moment ``other``, in ``order`` (a permutation of the rows).

    A user passes when the row of either moment passes.
    """
    present = index.statuses != DELETED
    here, there = index.alive(shown) & present, index.alive(other) & present
    place_here, place_there = _places(index, here), _places(index, there)
    displayed = here | (there & (place_here[index.users] == _NOWHERE))
    rows = order[displayed[order]]
    users = index.users[rows]
    before, after = (place_here, place_there) if shown <= other else (place_there, place_here)
    became = _became(index, before[users], after[users])
    counts = np.bincount(became, minlength=len(Became)).tolist()
    others = np.where(here[rows], place_there[users], _NOWHERE)
    kept = np.ones(len(rows), dtype=np.bool_)
    if passing is not None:
        kept &= passing[rows] | ((others != _NOWHERE) & passing[others])
    if only_differences:
        kept &= became != Became.SAME
    rows, others = rows[kept], others[kept]
    numbers = np.where(others != _NOWHERE, index.numbers[others], 0).astype(np.int32)
    return Compared(index.numbers[rows], became[kept], numbers, {kind: counts[kind] for kind in Became})


def _places(index: VersionIndex, mask: Mask) -> np.ndarray[Any, Any]:
    """Return the place of each user's row among those of ``mask``, by user number."""
    places = np.full(int(index.users.max(initial=0)) + 1, _NOWHERE, dtype=np.int32)
    rows = np.flatnonzero(mask)
    places[index.users[rows]] = rows
    return places


def _became(index: VersionIndex, before: np.ndarray[Any, Any], after: np.ndarray[Any, Any]) -> Codes:
    differs = index.contents[before] != index.contents[after]
    became = np.where(differs, Became.CHANGED, Became.SAME)
    became = np.where(before == _NOWHERE, Became.ADDED, became)
    codes: Codes = np.where(after == _NOWHERE, Became.REMOVED, became).astype(np.uint8)
    return codes
