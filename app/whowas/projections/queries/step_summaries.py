"""What steps of the timeline did, in words: one summary for lists, menus and histories alike.

The rows of neighbouring steps are read together, and only of the steps that are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from whowas.domain.directory import Directory
from whowas.domain.group_sentences import counted, together, with_erased
from whowas.domain.sentences import DirectoryKind, Kind, directory_sentence, sentence
from whowas.domain.users import User
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.tables.arrays import Int64
from whowas.projections.tables.parameters import marks
from whowas.projections.tables.read_model import ReadModel, VersionRow

USERS_COMPARED = 50
"""Of a step of more users only its events are counted, so that no step takes long to summarise."""

_SELECT_ERASED = "SELECT number, gone_users, erasures FROM step WHERE number IN ({}) AND gone_users > 0"

_SELECT_BEFORE = (
    "SELECT number, (SELECT max(earlier.number) FROM version_row AS earlier "
    "WHERE earlier.user = version_row.user AND earlier.number < version_row.number) "
    "FROM json_each(?) AS asked CROSS JOIN version_row ON version_row.number = asked.value"
)

LineKind = Kind | DirectoryKind | Literal["several", "erased"]


@dataclass(frozen=True, slots=True)
class StepSummary:
    """What a step did: ``title`` says to whom, ``detail`` (may be empty) gives the values.

    ``users`` counts those changed, 0 where only the directory itself was or all were erased since.
    """

    kind: LineKind
    users: int
    title: str
    detail: str


def step_summaries(read_model: ReadModel, index: VersionIndex, moments: Sequence[int]) -> dict[int, StepSummary]:
    """Return what the steps before some ``moments`` (1 to the number of steps) did.

    Reads the rows of no other step, and of none with more than USERS_COMPARED users.
    """
    users = _rows_begun(index, moments)
    few = {moment: users[moment] for moment in moments if len(users[moment]) <= USERS_COMPARED}
    states = states_at(read_model, index, few)
    groups, erased = GroupNames(index), _erased(read_model, index, moments)
    summaries: dict[int, StepSummary] = {}
    for moment in moments:
        count = len(users[moment])
        if moment in erased:
            kind, title, detail = _summary_of_erased(index, moment, count, *erased[moment])
        else:
            kind, title, detail = _summary(index, moment, count, states.get(moment, []), groups)
        summaries[moment] = StepSummary(kind, count, title, detail)
    return summaries


States = list[tuple[VersionRow, User | None]]
"""Version rows that begin with a step, each with the state that its user had before."""


def _rows_begun(index: VersionIndex, moments: Sequence[int]) -> dict[int, Int64]:
    """Return the indices of the rows that begin at each moment."""
    rows = index.begun_at(moments)
    begins = index.begins[rows]
    order = np.argsort(begins, kind="stable")
    rows, begins = rows[order], begins[order]
    firsts = np.searchsorted(begins, moments, side="left")
    beyond = np.searchsorted(begins, moments, side="right")
    return {
        moment: rows[first:last] for moment, first, last in zip(moments, firsts.tolist(), beyond.tolist(), strict=True)
    }


def states_at(read_model: ReadModel, index: VersionIndex, begun: Mapping[int, Int64]) -> dict[int, States]:
    """Return some rows, by the moment with which they begin, each with the user's state before it."""
    by_moment = {moment: index.numbers[some].tolist() for moment, some in begun.items()}
    before = _rows_before(read_model, [number for some in by_moment.values() for number in some])
    asked = [number for pair in before.items() for number in pair if number is not None]
    rows = {row.number: row for row in read_model.rows(asked)}
    return {
        moment: [
            (rows[number], rows[earlier].user if earlier is not None else None)
            for number in some
            if number in rows and ((earlier := before.get(number)) is None or earlier in rows)
        ]
        for moment, some in by_moment.items()
    }


def _rows_before(read_model: ReadModel, numbers: Sequence[int]) -> dict[int, int | None]:
    """Return which row each of some rows follows, None for the first of its user; without those that are gone.

    Rows of one user are numbered in timeline order, so that is the one with the next lower number.
    """
    return dict(read_model.select(_SELECT_BEFORE, (str(list(numbers)),)))


def _erased(read_model: ReadModel, index: VersionIndex, moments: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return (how many users were erased since or by it, how many by it) of those steps of whose users some were."""
    by_number = {int(index.steps.numbers[moment - 1]): moment for moment in moments}
    rows = read_model.select(_SELECT_ERASED.format(marks(by_number)), list(by_number))
    return {by_number[number]: (gone, erasures) for number, gone, erasures in rows}


def _summary_of_erased(
    index: VersionIndex, moment: int, known: int, gone: int, erasures: int
) -> tuple[LineKind, str, str]:
    """Return kind, title and detail of a step of ``known`` users, and of ``gone`` ones who were erased."""
    created, removed = (int(counts[moment - 1]) for counts in (index.steps.created, index.steps.removed))
    return "several" if known else "erased", *with_erased(known + gone, created, removed, gone, erasures)


def _summary(
    index: VersionIndex, moment: int, users: int, states: States, groups: GroupNames
) -> tuple[LineKind, str, str]:
    """Return kind, title and detail of the step before ``moment``."""
    if not users:
        kind, text = directory_sentence(*directory_around(index, moment))
        return kind, text, ""
    if users != len(states):
        created, removed = (int(counts[moment - 1]) for counts in (index.steps.created, index.steps.removed))
        return "several", *counted(users, created, removed)
    if users > 1:
        return "several", *together([(before, row.user) for row, before in states], groups.at(moment))
    ((row, before),) = states
    one = sentence(before, row.user, groups.at(moment))
    return one.kind, f"{row.user.name}: {one.title}", "" if one.detail == row.user.name else one.detail


def directory_around(index: VersionIndex, moment: int) -> tuple[Directory, Directory]:
    """Return the directory's own state right before and right after a step."""
    before, after = Directory(), None
    for begins, state in index.directories:
        if begins < moment:
            before = state
        elif begins == moment:
            after = state
    return before, after or before


class GroupNames:
    """The names of groups at moments, looked up once for neighbours between which the directory did not change."""

    def __init__(self, index: VersionIndex) -> None:
        self._index = index
        self._known: dict[int, Mapping[str, str]] = {}

    def at(self, moment: int) -> Mapping[str, str]:
        """Return the names at a moment, by group id; those of fields are among them, see ``Directory.names_ever``."""
        states = self._index.directory_states(moment)
        if states not in self._known:
            self._known[states] = self._index.directory(moment).names_ever
        return self._known[states]
