"""Histories: what happened to one user, or to the whole directory, step by step."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from whowas.domain.sentences import FieldChange, Sentence, field_changes, sentence_about
from whowas.domain.users import User
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.causes import Cause, origins_of
from whowas.projections.queries.step_moments import moments_of
from whowas.projections.queries.step_summaries import GroupNames
from whowas.projections.tables.arrays import Int64
from whowas.projections.tables.parameters import portions
from whowas.projections.tables.read_model import ReadModel, VersionRow


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What one step did to one user.

    ``moment`` is the number of the step in timeline order; times are UTC microseconds. ``cause`` says why the
    change was made, where that is known.
    """

    moment: int
    occurred_at: int
    recorded_at: int
    position: int
    change_id: str
    actor: str
    user: User
    sentence: Sentence
    changes: tuple[FieldChange, ...]
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class ReadHistory:
    """A user's history, oldest first, and the index that it was read from."""

    entries: Sequence[HistoryEntry]
    index: VersionIndex


def history_of(
    read_model: ReadModel, index: VersionIndex, user_id: str, read: ReadHistory | None = None
) -> list[HistoryEntry]:
    """Return a user's whole history, oldest first; empty for an unknown user.

    ``read`` is what was read of that user from the same read side before: where ``index`` only goes on from there,
    no more than the steps that came since are read.
    """
    known, after = ([*read.entries], len(read.index.steps)) if read and index.goes_on(read.index) else ([], 0)
    with read_model.reading():
        rows = read_model.versions_of(user_id, after)
        moments = moments_of(read_model, index, (row.begins for row in rows))
        versions = [(moments[row.begins], row) for row in rows if row.begins in moments]
        versions.sort(key=itemgetter(0))
        users = [known[-1].user if known else None, *[row.user for _, row in versions]]
        states = [(moment, row, user) for (moment, row), user in zip(versions, users, strict=False)]
        entries = _Entries(read_model, index)
        for some in portions(states):
            known.extend(entries.of([row.begins for _, row, _ in some], some))
    return known


def history(read_model: ReadModel, index: VersionIndex, user: int | None = None) -> Generator[HistoryEntry]:
    """Yield what happened to everyone, or to the user of that number, in timeline order, reading row by row.

    Those whom one step was about come in the order in which the log met them first: numbers of rows are no order, as a
    user's rows are written anew where something came before them.

    Close it if it is not taken to its end: meanwhile it holds a read transaction.
    """
    order = np.lexsort((index.users, index.begins))
    if user is not None:
        order = order[index.users[order] == user]
    before = _rows_before(index)
    entries = _Entries(read_model, index)
    with read_model.reading():
        for rows in portions(order):
            moments, numbers, earlier = (array[rows].tolist() for array in (index.begins, index.numbers, before))
            steps = index.steps.numbers[index.begins[rows] - 1].tolist()
            yield from entries.of(steps, _states(read_model, moments, numbers, earlier))


def _states(
    read_model: ReadModel, moments: list[int], numbers: list[int], earlier: list[int]
) -> Iterator[tuple[int, VersionRow, User | None]]:
    """Yield (moment, row, the user before it), leaving out rows that are gone."""
    asked = [number for pair in zip(earlier, numbers, strict=True) for number in pair if number]
    rows = read_model.each(asked)
    for moment, previous in zip(moments, earlier, strict=True):
        before = next(rows) if previous else None
        row = next(rows)
        if row is not None:
            yield moment, row, None if before is None else before.user


def _rows_before(index: VersionIndex) -> Int64:
    """Return, for each row, the number of the row of the same user before it, or 0."""
    by_user = np.lexsort((index.begins, index.users))
    users, numbers = index.users[by_user], index.numbers[by_user]
    before: Int64 = np.zeros(len(by_user), dtype=np.int64)
    before[by_user[1:]] = np.where(users[1:] == users[:-1], numbers[:-1], 0)
    return before


class _Entries:
    """Makes entries of version rows that come in timeline order."""

    def __init__(self, read_model: ReadModel, index: VersionIndex) -> None:
        self._read_model = read_model
        self._index = index
        self._groups = GroupNames(index)

    def of(self, begins: list[int], states: Iterable[tuple[int, VersionRow, User | None]]) -> Iterator[HistoryEntry]:
        """Yield an entry for each (moment, row, the user before it); ``begins`` are the steps of all these rows."""
        steps = self._index.steps
        origins = origins_of(self._read_model, self._index, begins)
        for moment, row, before in states:
            origin = origins[row.begins]
            groups = self._groups.at(moment)
            changes = field_changes(before, row.user, groups)
            yield HistoryEntry(
                moment,
                int(steps.occurred_at[moment - 1]),
                origin.recorded_at,
                int(steps.first_position[moment - 1]),
                origin.change_id,
                row.actor,
                row.user,
                sentence_about(changes, before, row.user, groups),
                tuple(changes),
                origin.cause,
            )
