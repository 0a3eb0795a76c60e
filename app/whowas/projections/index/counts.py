"""How many users there are at a moment, by status and by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np

from whowas.domain.progress import Progress, unwatched
from whowas.domain.users import STATUSES, Status
from whowas.projections.index.census import Census, Tally, Totals
from whowas.projections.tables.arrays import Int64

DELETED = STATUSES.index("deleted")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many users there are at a moment, by status, and by group id (deleted users left out)."""

    by_status: Mapping[Status, int]
    by_group: Mapping[str, int]

    @property
    def everyone(self) -> int:
        """How many there are who are not deleted."""
        return self.by_status["active"] + self.by_status["suspended"]


def kind_of(groupset: int, status: int) -> int:
    """Return the kind under which a census counts rows of a group set and a status."""
    return groupset * len(STATUSES) + status


class Counting:
    """Counts by status and group over a census of such kinds; ``memberships`` are the group sets."""

    def __init__(self, census: Census, memberships: tuple[frozenset[str], ...]) -> None:
        numbered = {group_id: number for number, group_id in enumerate(dict.fromkeys(chain.from_iterable(memberships)))}
        self._group_ids = [*numbered]
        self._groups = np.fromiter((numbered[one] for groups in memberships for one in groups), dtype=np.intp)
        self._sizes = np.fromiter(map(len, memberships), dtype=np.intp, count=len(memberships))
        self._firsts = np.cumsum(self._sizes) - self._sizes
        self._tally = Tally(census, self._totals)

    @property
    def is_prepared(self) -> bool:
        """See Tally."""
        return self._tally.is_prepared

    def prepare(self, progress: Progress = unwatched) -> None:
        """See Tally."""
        self._tally.prepare(progress)

    def at(self, moment: int) -> Counts:
        """Return how many users there are at ``moment``."""
        totals = self._tally.at(moment).tolist()
        statuses = len(STATUSES)
        by_status = dict(zip(STATUSES, totals[:statuses], strict=True))
        return Counts(by_status, dict(zip(self._group_ids, totals[statuses:], strict=True)))

    def _totals(self, kinds: Int64) -> Totals:
        """Return how many of some rows have each status, and then how many are in each group and not deleted."""
        statuses = len(STATUSES)
        if len(kinds) < statuses * len(self._sizes):
            groupsets, status = np.divmod(kinds, statuses)
            by_status = np.bincount(status, minlength=statuses)
            by_group = np.bincount(self._groups_of(groupsets[status != DELETED]), minlength=len(self._group_ids))
        else:
            # Of very many rows, those of a kind at once.
            there = np.bincount(kinds, minlength=statuses * len(self._sizes)).reshape(-1, statuses)
            by_status = there.sum(axis=0)
            members = np.repeat(there.sum(axis=1) - there[:, DELETED], self._sizes)
            by_group = np.bincount(self._groups, members, minlength=len(self._group_ids)).astype(np.int64)
        return np.concatenate((by_status, by_group))

    def _groups_of(self, groupsets: Int64) -> Int64:
        """Return the groups of some group sets, one after the other."""
        sizes = self._sizes[groupsets]
        begins = np.cumsum(sizes) - sizes
        within = np.arange(int(sizes.sum())) + np.repeat(self._firsts[groupsets] - begins, sizes)
        groups: Int64 = self._groups[within]
        return groups
