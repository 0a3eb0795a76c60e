"""Who is not as they were at a moment: found among the arrays of the version index, without reading a row."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from whowas.projections.index.counts import DELETED
from whowas.projections.index.version_index import Mask, VersionIndex
from whowas.projections.tables.arrays import Int32, Int64


@dataclass(frozen=True, slots=True)
class Differing:
    """Parallel arrays: numbers of users, ascending, and of their version rows now and then (0: was not there yet).

    ``maybe`` says of whom their memberships could differ, and all else be the same.
    """

    users: Int32
    now: Int32
    then: Int32
    maybe: Mask

    def kept(self, mask: Mask) -> Differing:
        """Return those of the mask."""
        return Differing(self.users[mask], self.now[mask], self.then[mask], self.maybe[mask])


def differing(index: VersionIndex, moment: int, there: frozenset[str], among: Int64 | None) -> Differing:
    """Return the users, or those ``among`` some (by number), whose states now and at ``moment`` differ.

    Only memberships of the groups ``there`` count.
    """
    now, then = (_rows_by_user(index, index.alive(shown)) for shown in (index.now, moment))
    here = now >= 0
    if among is not None:
        wanted = np.zeros(len(here), dtype=np.bool_)
        wanted[among] = True
        here &= wanted
    users = np.flatnonzero(here)
    first, last = then[users], now[users]
    gone = (first < 0) & (index.statuses[last] != DELETED)
    altered = (first >= 0) & (index.contents[last] != index.contents[first])
    chosen = gone | altered
    users, first, last = users[chosen], first[chosen], last[chosen]
    seen = _coded(tuple(groups & there for groups in index.memberships))
    groups = index.groupsets
    same = (groups[last] != groups[first]) & (seen[groups[last]] == seen[groups[first]])
    return Differing(
        users.astype(np.int32),
        index.numbers[last],
        np.where(first >= 0, index.numbers[first], 0).astype(np.int32),
        (first >= 0) & same,
    )


def _rows_by_user(index: VersionIndex, mask: Mask) -> Int32:
    """Return the index of each user's row among those of the mask, by user number; -1 for who has none."""
    by_user: Int32 = np.full(int(index.users.max(initial=-1)) + 1, -1, dtype=np.int32)
    rows = np.flatnonzero(mask)
    by_user[index.users[rows]] = rows
    return by_user


def _coded(sets: Collection[frozenset[str]]) -> Int32:
    """Return a number for each set, the same for the same."""
    codes: dict[frozenset[str], int] = {}
    return np.array([codes.setdefault(one, len(codes)) for one in sets], dtype=np.int32)
