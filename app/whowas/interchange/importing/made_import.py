"""An import that was made, read back from the directory's history: what it did to whom, and what became of that."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from whowas.domain.causation import ImportOf, from_text
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.progress import Progress, unwatched
from whowas.domain.users import User
from whowas.interchange.importing.told.deeds import DEEDS, Deed, deed_of, users_by_deed
from whowas.interchange.importing.told.differences import differences, new_fields, new_groups
from whowas.interchange.importing.told.outcome import RowOutcome, Value, What
from whowas.interchange.importing.told.spool import Spool
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.change_filter import ChangeFilter, matching_moments
from whowas.projections.queries.step_summaries import states_at
from whowas.projections.queries.undone import undone
from whowas.projections.tables.arrays import Int32
from whowas.projections.tables.read_model import ReadModel
from whowas.store.gc_pauses import gc_paused

_SELECT_CHANGE = (
    "SELECT actor, recorded_at, causation, (SELECT coalesce(sum(gone_users), 0) FROM step "
    "WHERE step.change = change.number) FROM change WHERE change_id = ?"
)
_READ_AT_ONCE = 500
UNDONE_SINCE = "undone since"
"""What is said of users for whom an import was undone."""


@dataclass(frozen=True, slots=True)
class MadeImport:
    """An import of ``source`` that ``actor`` made at ``recorded_at`` (UTC µs); ``rows`` say what it did to each user.

    Rows are in timeline order, users by name within a step. Whoever was suspended or deleted counts as missing, though
    nobody knows any more who was in which file. ``span`` is when its first and last step occurred, if those are dates
    of their own, which each row then has. ``counts`` are of users, by what was done to them. ``fields`` and ``groups``
    are those that it made. ``erased`` says that it was about users, too, who were erased since. ``undone`` says that it
    was taken back as a whole, ``undone_for`` of how many users alone.
    """

    change_id: str
    source: str
    actor: str
    recorded_at: int
    span: tuple[int, int] | None
    rows: MadeRows
    counts: Mapping[Deed, int]
    fields: tuple[str, ...]
    groups: tuple[str, ...]
    erased: bool
    undone: bool
    undone_for: int

    @property
    def users(self) -> int:
        """How many users it made, changed, suspended or deleted who were not erased since."""
        return sum(self.counts.values())


def made_import(
    read_model: ReadModel, index: VersionIndex, change_id: str, progress: Progress = unwatched
) -> MadeImport:
    """Read what an import did; takes seconds for 100,000 users, whose rows lie on disk then.

    Raises RefusedError where there is no import of that id, CancelledError, or StoreError where the disk is full.
    """
    found = next(iter(read_model.select(_SELECT_CHANGE, (change_id,))), None)
    causation = from_text(found[2]) if found is not None else None
    if found is None or not isinstance(causation, ImportOf):
        raise RefusedError("", "There is no such import any more.")
    actor, recorded_at, _, gone = found
    moments = _moments(read_model, index, change_id)
    times = index.steps.occurred_at[moments - 1]
    dated = bool((times != recorded_at).any())
    taken_back = undone(read_model, [change_id])
    others = [_users_altered(read_model, index, one) for one in taken_back.for_some.get(change_id, ())]
    undone_for = np.unique(np.concatenate(others)) if others else np.zeros(0, dtype=np.int32)
    fields, groups = _made(index, moments)
    # A portion of users lives no longer than it takes to keep it; looking among them for cycles would stop the window.
    with gc_paused():
        rows = _rows(read_model, index, moments, undone_for, progress, dated=dated)
    return MadeImport(
        change_id,
        causation.source,
        causation.by or actor,
        recorded_at,
        (int(times.min()), int(times.max())) if dated else None,
        rows,
        rows.counted(),
        fields,
        groups,
        erased=gone > 0,
        undone=change_id in taken_back.whole,
        undone_for=len(undone_for),
    )


class MadeRows(Sequence[RowOutcome]):
    """What was done to users, each read from the disk when it is asked for; whom a row is about stays in memory."""

    def __init__(self) -> None:
        self._spool = Spool()
        self._users = array("i")
        self._deeds = bytearray()
        self._ids: dict[int, str] = {}

    def add(self, user: int, row: RowOutcome) -> None:
        """Keep one more, about the user with that number. Raises StoreError where the disk is full."""
        self._spool.add((row.what, row.user_id, row.name, row.changes, row.reason, row.occurred_at))
        self._users.append(user)
        self._deeds.append(DEEDS.index(deed_of(row) or "changed"))
        self._ids[user] = row.user_id

    def users(self, numbers: Sequence[int]) -> int:
        """Return how many users some rows are about, given by their numbers, from 0."""
        return len(self._among(numbers))

    def user_ids(self, numbers: Sequence[int]) -> list[str]:
        """Return the ids of the users whom some rows are about."""
        return [self._ids[user] for user in self._among(numbers).tolist()]

    def counted(self) -> Mapping[Deed, int]:
        """Return how many users there are by what was done to them; to each the first of DEEDS that was."""
        return users_by_deed(np.frombuffer(self._users, dtype=np.int32), np.frombuffer(self._deeds, dtype=np.uint8))

    def _among(self, numbers: Sequence[int]) -> Int32:
        users: Int32 = np.unique(np.frombuffer(self._users, dtype=np.int32)[np.array(numbers, dtype=np.int64)])
        return users

    def __len__(self) -> int:
        return len(self._spool)

    @overload
    def __getitem__(self, at: int) -> RowOutcome: ...
    @overload
    def __getitem__(self, at: slice) -> list[RowOutcome]: ...
    def __getitem__(self, at: int | slice) -> RowOutcome | list[RowOutcome]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        if not 0 <= at < len(self):
            raise IndexError(at)
        what, user_id, name, changes, reason, occurred_at = self._spool.entry(at)
        pairs = {key: (_value(old), _value(new)) for key, (old, new) in changes.items()}
        return RowOutcome("", 0, what, user_id, name, pairs, reason=reason, occurred_at=occurred_at)


def _value(stored: str | list[str] | None) -> Value:
    return tuple(stored) if isinstance(stored, list) else stored


def _moments(read_model: ReadModel, index: VersionIndex, change_id: str) -> Int32:
    """Return the moments of the steps of a change, the first one first."""
    return matching_moments(read_model, index, ChangeFilter(change_id=change_id))[::-1]


def _users_altered(read_model: ReadModel, index: VersionIndex, change_id: str) -> Int32:
    return index.users[np.isin(index.begins, _moments(read_model, index, change_id))]


def _rows(
    read_model: ReadModel, index: VersionIndex, moments: Int32, undone_for: Int32, progress: Progress, *, dated: bool
) -> MadeRows:
    rows, order = MadeRows(), index.orders["name"]
    begun: Int32 = order[np.isin(index.begins[order], moments)]
    begun = begun[np.argsort(index.begins[begun], kind="stable")]
    users = dict(zip(index.numbers[begun].tolist(), index.users[begun].tolist(), strict=True))
    gone_back = set(undone_for.tolist())
    directories = _Directories(index)
    for first in range(0, len(begun), _READ_AT_ONCE):
        progress(first, len(begun))
        some = begun[first : first + _READ_AT_ONCE]
        at = index.begins[some]
        by_moment = {int(moment): some[at == moment] for moment in np.unique(at)}
        for moment, states in states_at(read_model, index, by_moment).items():
            occurred_at = int(index.steps.occurred_at[moment - 1]) if dated else None
            for row, before in states:
                user = users[row.number]
                since = UNDONE_SINCE if user in gone_back else ""
                rows.add(user, _row(before, row.user, directories.at(moment), since, occurred_at))
    return rows


def _row(before: User | None, after: User, directory: Directory, reason: str, occurred_at: int | None) -> RowOutcome:
    what: What = "created" if before is None else "changed"
    if before is not None and after.status != before.status and after.status != "active":
        what = "missing"
    changes: Mapping[str, tuple[Value, Value]] = differences(before, after, directory)
    return RowOutcome("", 0, what, after.id, after.name, changes, reason=reason, occurred_at=occurred_at)


class _Directories:
    """The state of the directory itself at moments, made once for neighbours between which it stayed the same."""

    def __init__(self, index: VersionIndex) -> None:
        self._index = index
        self._known: tuple[int, Directory] = -1, Directory()

    def at(self, moment: int) -> Directory:
        """Return the state at a moment."""
        states = self._index.directory_states(moment)
        if states != self._known[0]:
            self._known = states, self._index.directory(moment)
        return self._known[1]


def _made(index: VersionIndex, moments: Int32) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the fields and groups that came with some steps."""
    known = set(moments.tolist())
    fields: dict[str, None] = {}
    groups: dict[str, None] = {}
    for before, after in _around(index, known):
        fields.update(dict.fromkeys(new_fields(before, after)))
        groups.update(dict.fromkeys(new_groups(before, after)))
    return tuple(fields), tuple(sorted(groups))


def _around(index: VersionIndex, moments: set[int]) -> Iterator[tuple[Directory, Directory]]:
    before = Directory()
    for begins, state in index.directories:
        if begins in moments:
            yield before, state
        before = state
