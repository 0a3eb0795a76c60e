"""Which users a person selected, so that they are found again where rows of the table came, went or changed place."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

import numpy as np

from whowas.projections.index.version_index import VersionIndex
from whowas.projections.tables.arrays import Int32, Int64

RUNS_MOST = 2_000
"""Of more runs of rows than these a selection takes longer than a frame or two to be marked in the table."""


class Numbering(NamedTuple):
    """What user numbers are of: a lens, and how many users were erased by then."""

    lens_epoch: int
    erasure_count: int


class RememberedUsers(NamedTuple):
    """Users by their number in the arrays of an index, and few of them by id as well: those never change."""

    numbering: Numbering
    users: Int32
    ids: tuple[str, ...]

    def renumbered(self, numbering: Numbering, number_of: Callable[[str], int | None]) -> RememberedUsers | None:
        """Return the same users under other numbers, None where they are too many for their ids to be known.

        Whoever is not known there, such as somebody who was erased, is left out.
        """
        if numbering == self.numbering:
            return self
        if not self.ids:
            return None
        known = {user_id: number for user_id in self.ids if (number := number_of(user_id)) is not None}
        return RememberedUsers(numbering, np.array([*known.values()], dtype=np.int32), tuple(known))

    def is_any_kept(self, index: VersionIndex, moment: int) -> bool:
        """Say whether one of them is there at a moment of an index, and not deleted."""
        wanted = np.zeros(int(max(index.users.max(initial=0), self.users.max(initial=0))) + 1, dtype=np.bool_)
        wanted[self.users] = True
        kept = index.with_status("active", "suspended") & (index.begins <= moment) & (index.ends > moment)
        return bool((wanted[index.users] & kept).any())

    def not_among(
        self, index: VersionIndex, numbers: Int32, number_of: Callable[[str], int | None]
    ) -> RememberedUsers | None:
        """Return those of them whom a list of row numbers does not show, None where it shows all."""
        shown = selected_users(index, numbers, self.numbering, ()).users
        left = np.setdiff1d(self.users, shown).astype(np.int32)
        if not len(left):
            return None
        numbers_left = set(left.tolist())
        return RememberedUsers(self.numbering, left, tuple(one for one in self.ids if number_of(one) in numbers_left))

    def joined_by(self, others: RememberedUsers, ids_most: int) -> RememberedUsers:
        """Return these and others of the same numbering; of more than ``ids_most`` the ids are not known."""
        users = np.union1d(self.users, others.users).astype(np.int32)
        ids = tuple(dict.fromkeys((*self.ids, *others.ids)))
        return RememberedUsers(self.numbering, users, ids if len(ids) == len(users) <= ids_most else ())

    def among(self, index: VersionIndex, numbers: Int32) -> list[range] | None:
        """Return the runs of a list of row numbers that show these users; None where there are more than RUNS_MOST."""
        if not len(self.users) or not len(numbers):
            return []
        wanted = np.zeros(int(max(index.users.max(initial=0), self.users.max())) + 1, dtype=np.bool_)
        wanted[self.users] = True
        shown = np.zeros(int(max(index.numbers.max(initial=0), numbers.max())) + 1, dtype=np.bool_)
        shown[index.numbers[wanted[index.users]]] = True
        return runs_of(np.flatnonzero(shown[numbers]))


def selected_users(index: VersionIndex, numbers: Int32, numbering: Numbering, ids: Collection[str]) -> RememberedUsers:
    """Return the users of some rows, given by row number; ``ids`` are theirs, or none where these are too many."""
    shown = np.zeros(int(max(index.numbers.max(initial=0), numbers.max(initial=0))) + 1, dtype=np.bool_)
    shown[numbers] = True
    users = np.zeros(int(index.users.max(initial=0)) + 1, dtype=np.bool_)
    users[index.users[shown[index.numbers]]] = True
    return RememberedUsers(numbering, np.flatnonzero(users).astype(np.int32), tuple(ids))


def runs_of(rows: Int64) -> list[range] | None:
    """Return ascending rows as runs without gaps; None where there are more than RUNS_MOST."""
    if not len(rows):
        return []
    breaks = np.flatnonzero(np.diff(rows) != 1)
    if len(breaks) >= RUNS_MOST:
        return None
    firsts = rows[np.concatenate(([0], breaks + 1))].tolist()
    lasts = rows[np.concatenate((breaks, [len(rows) - 1]))].tolist()
    return [range(first, last + 1) for first, last in zip(firsts, lasts, strict=True)]
