"""Comparing two moments of a directory, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from whowas.domain.sentences import FieldChange, field_changes
from whowas.domain.users import User
from whowas.projections.index.counts import DELETED
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.tables.arrays import Int32
from whowas.projections.tables.read_model import ReadModel, VersionRow

Kind = Literal["added", "changed", "removed"]
Pairs = tuple[Int32, Int32]
"""Row numbers of the same users at an earlier and a later moment; 0 where a user is not there, or deleted."""


@dataclass(frozen=True, slots=True)
class ComparedUser:
    """What became of one user between two moments; ``user`` is the later state, for a removed one the last present."""

    kind: Kind
    user: User
    changes: tuple[FieldChange, ...]


def differences(read_model: ReadModel, index: VersionIndex, before: int, after: int) -> Iterator[ComparedUser]:
    """Yield every user who differs between two moments, in the order of their numbers; deleted users count as gone."""
    names = group_names(index, before, after)
    return told(read_model.each, _pairs(index, before, after), names)


def group_names(index: VersionIndex, before: int, after: int) -> Mapping[str, str]:
    """Return the names of the groups there are at either of two moments, by id; the later name counts.

    One that is over at one of them, and at the other only known by name because it was made later, is at neither.
    """
    moments = [(index.directory(moment), index.groups_made(moment)) for moment in (before, after)]
    over = {group_id for directory, _ in moments for group_id in directory.deleted_groups}
    there = {group_id for directory, made in moments for group_id in directory.groups if group_id in made}
    names = {group_id: name for directory, _ in moments for group_id, name in directory.names.items()}
    return {group_id: name for group_id, name in names.items() if group_id in there or group_id not in over}


def told(
    fetch: Callable[[Sequence[int]], Iterator[VersionRow | None]], pairs: Pairs, groups: Mapping[str, str]
) -> Iterator[ComparedUser]:
    """Yield what differs within each pair, in their order; ``groups`` maps the ids of groups to names.

    ``fetch`` yields a row for each number, in the order asked, None for one that is gone.
    """
    both = np.stack(pairs, axis=1)
    fetched = fetch(both[both > 0].tolist())
    for old_row, new_row in both.tolist():
        old, new = (next(fetched) if number else None for number in (old_row, new_row))
        difference = _compared(None if old is None else old.user, None if new is None else new.user, groups)
        if difference is not None:
            yield difference


def _compared(old: User | None, new: User | None, groups: Mapping[str, str]) -> ComparedUser | None:
    if new is None:
        return None if old is None else ComparedUser("removed", old, ())
    changes = tuple(field_changes(old, new, groups))
    return ComparedUser("added" if old is None else "changed", new, changes) if changes else None


def _pairs(index: VersionIndex, before: int, after: int) -> Pairs:
    old, new = _by_user(index, before), _by_user(index, after)
    differing = old != new
    return old[differing], new[differing]


def _by_user(index: VersionIndex, moment: int) -> Int32:
    """Return the row number of each user at a moment, by user number."""
    numbers = np.zeros(int(index.users.max(initial=0)) + 1, dtype=np.int32)
    present = index.alive(moment) & (index.statuses != DELETED)
    numbers[index.users[present]] = index.numbers[present]
    return numbers
