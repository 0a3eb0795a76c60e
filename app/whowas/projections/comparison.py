"""Comparing two moments of a directory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from whowas.domain.sentences import FieldChange, field_changes
from whowas.domain.users import User
from whowas.projections.read_model import ReadModel
from whowas.projections.version_index import DELETED, VersionIndex

Kind = Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one user between two moments; ``user`` is the later state, for a removed one the last present."""

    kind: Kind
    user: User
    changes: tuple[FieldChange, ...]


def differences(read_model: ReadModel, index: VersionIndex, before: int, after: int) -> Iterator[Difference]:
    """Yield every user who differs between two moments, in the order of their numbers; deleted users count as gone."""
    at_first, at_last = _present(index, before), _present(index, after)
    users = np.union1d(index.users[at_first], index.users[at_last])
    first = dict(zip(index.users[at_first].tolist(), index.numbers[at_first].tolist(), strict=True))
    last = dict(zip(index.users[at_last].tolist(), index.numbers[at_last].tolist(), strict=True))
    groups = {**index.directory(before).groups, **index.directory(after).groups}
    for number in users.tolist():
        old_row, new_row = first.get(number), last.get(number)
        if old_row == new_row:
            continue
        rows = {row.number: row.user for row in read_model.rows([row for row in (old_row, new_row) if row is not None])}
        old = rows[old_row] if old_row is not None else None
        new = rows[new_row] if new_row is not None else None
        if new is not None:
            changes = tuple(field_changes(old, new, groups))
            if changes:
                yield Difference("changed" if old is not None else "added", new, changes)
        elif old is not None:
            yield Difference("removed", old, ())


def _present(index: VersionIndex, moment: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.flatnonzero(index.alive(moment) & (index.statuses != DELETED))
