"""The changes list: what each step of the timeline did, in a sentence, read only where it is looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from whowas.domain.causation import ImportOf, from_text
from whowas.domain.sentences import Kind, Sentence, sentence
from whowas.domain.several_users import counted, together, with_erased
from whowas.domain.users import User
from whowas.projections.directory_sentences import DirectoryKind, directory_sentence_at
from whowas.projections.read_model import ReadModel, VersionRow
from whowas.projections.steps import Int32, Int64
from whowas.projections.version_index import VersionIndex

USERS_COMPARED = 50
"""Of a step of more users only its events are counted, so that no step takes long to tell."""

LineKind = Kind | DirectoryKind | Literal["several", "erased"]

_SELECT_STEPS = (
    "SELECT step.number, gone_users, erasures, change_id, actor, causation, EXISTS (SELECT 1 FROM step AS other "
    "WHERE other.change = step.change AND other.number <> step.number) "
    "FROM step JOIN change ON change.number = step.change WHERE step.number IN ({})"
)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What the step before ``moment`` did: ``title`` says to whom, ``detail`` (may be empty) gives the values.

    ``occurred_at`` is in UTC microseconds; ``users`` counts those changed, 0 where only the directory itself was or
    all were erased since; ``source`` names the file of an import; ``in_parts`` says that the change behind it has other
    steps as well.
    """

    moment: int
    occurred_at: int
    change_id: str
    actor: str
    kind: LineKind
    users: int
    title: str
    detail: str
    source: str | None
    in_parts: bool

    @property
    def text(self) -> str:
        """The whole sentence."""
        text = self.title
        if self.detail:
            text += f": {self.detail}" if self.users > 1 else f" ({self.detail})"
        return f"{text}, imported from {self.source}" if self.source else text


@dataclass(frozen=True, slots=True)
class UserLine:
    """What a step did to one of its users, who is called ``name`` right after it; ``number`` is that row's."""

    number: int
    user_id: str
    name: str
    actor: str
    sentence: Sentence


def change_lines(read_model: ReadModel, index: VersionIndex, moments: Sequence[int]) -> list[ChangeLine]:
    """Return a line for each of some ``moments`` (1 to the number of steps), in the order asked.

    Reads the rows of no other step, and of none with more than USERS_COMPARED users.
    """
    users = _rows_begun(index, moments)
    few = [moment for moment in moments if len(users[moment]) <= USERS_COMPARED]
    lives = _lives(read_model, index, {moment: users[moment] for moment in few})
    numbers = [int(number) for number in index.steps.numbers[np.array(moments, dtype=np.int64) - 1]]
    select = _SELECT_STEPS.format(",".join("?" * len(numbers)))
    steps = {number: columns for number, *columns in read_model.select(select, numbers)}
    groups = _Groups(index)
    lines: list[ChangeLine] = []
    for moment, number in zip(moments, numbers, strict=True):
        gone, erasures, change_id, author, causation, in_parts = steps.get(number, (0, 0, "", "", None, False))
        told = lives.get(moment, [])
        if gone:
            kind, title, detail = _told_of_erased(index, moment, len(users[moment]), gone, erasures)
        else:
            kind, title, detail = _told(index, moment, len(users[moment]), told, groups)
        actors = {row.actor for row, _ in told}
        actor = actors.pop() if len(actors) == 1 else author
        source = from_text(causation)
        imported = source.source if isinstance(source, ImportOf) else None
        occurred_at = int(index.steps.occurred_at[moment - 1])
        count = len(users[moment])
        lines.append(
            ChangeLine(moment, occurred_at, change_id, actor, kind, count, title, detail, imported, bool(in_parts))
        )
    return lines


def rows_of_step(index: VersionIndex, moment: int) -> Int32:
    """Return the row numbers of the users whom the step before ``moment`` changed, by name."""
    order = index.orders["name"]
    rows: Int32 = index.numbers[order[(index.begins == moment)[order]]]
    return rows


def user_lines(read_model: ReadModel, index: VersionIndex, moment: int, numbers: Sequence[int]) -> list[UserLine]:
    """Return what the step before ``moment`` did to some of its users, given by ``rows_of_step``, in that order.

    Rows that are gone since ``index`` was made are left out.
    """
    places = np.searchsorted(index.numbers, np.array(numbers, dtype=np.int64))
    names = _Groups(index).at(moment)
    return [
        UserLine(row.number, row.user.id, row.user.name, row.actor, sentence(before, row.user, names))
        for row, before in _lives(read_model, index, {moment: places}).get(moment, [])
    ]


_Lives = list[tuple[VersionRow, User | None]]
"""Version rows that begin with a step, each with the state that its user had before."""


def _rows_begun(index: VersionIndex, moments: Sequence[int]) -> dict[int, Int64]:
    """Return the places of the rows that begin at each moment."""
    places = _places_of(index.begins, moments)
    begins = index.begins[places]
    order = np.argsort(begins, kind="stable")
    places, begins = places[order], begins[order]
    firsts = np.searchsorted(begins, moments, side="left")
    beyond = np.searchsorted(begins, moments, side="right")
    return {
        moment: places[first:last]
        for moment, first, last in zip(moments, firsts.tolist(), beyond.tolist(), strict=True)
    }


def _places_of(values: Int32, moments: Sequence[int]) -> Int64:
    """Return where in ``values`` one of the moments stands."""
    if not moments:
        return np.zeros(0, dtype=np.int64)
    # Neighbours are what is mostly asked for, and to compare is far quicker than to look every value up.
    first, last = min(moments), max(moments)
    places: Int64 = np.flatnonzero((values >= first) & (values <= last))
    wanted = np.zeros(last - first + 1, dtype=np.bool_)
    wanted[np.array(moments, dtype=np.int64) - first] = True
    return places[wanted[values[places] - first]]


def _lives(read_model: ReadModel, index: VersionIndex, places: Mapping[int, Int64]) -> dict[int, _Lives]:
    """Return the rows at some places, by the moment with which they begin, with the rows that end there."""
    ended = _places_of(index.ends, list(places))
    users = np.concatenate([index.users[some] for some in places.values()]) if places else index.users[:0]
    ended = ended[np.isin(index.users[ended], users)]
    before = dict(
        zip(
            zip(index.users[ended].tolist(), index.ends[ended].tolist(), strict=True),
            index.numbers[ended].tolist(),
            strict=True,
        )
    )
    pairs = {
        moment: [
            (number, before.get((user, moment)))
            for number, user in zip(index.numbers[some].tolist(), index.users[some].tolist(), strict=True)
        ]
        for moment, some in places.items()
    }
    asked = [number for some in pairs.values() for pair in some for number in pair if number is not None]
    rows = {row.number: row for row in read_model.rows(asked)}
    return {
        moment: [
            (rows[number], rows[earlier].user if earlier is not None else None)
            for number, earlier in some
            if number in rows and (earlier is None or earlier in rows)
        ]
        for moment, some in pairs.items()
    }


def _told(index: VersionIndex, moment: int, users: int, told: _Lives, groups: _Groups) -> tuple[LineKind, str, str]:
    """Return kind, title and detail of the step before ``moment``."""
    if not users:
        kind, text = directory_sentence_at(index, moment)
        return kind, text, ""
    if users != len(told):
        created, removed = (int(counts[moment - 1]) for counts in (index.steps.created, index.steps.removed))
        return "several", *counted(users, created, removed)
    if users > 1:
        return "several", *together([(before, row.user) for row, before in told], groups.at(moment))
    ((row, before),) = told
    one = sentence(before, row.user, groups.at(moment))
    return one.kind, f"{row.user.name}: {one.title}", "" if one.detail == row.user.name else one.detail


def _told_of_erased(
    index: VersionIndex, moment: int, known: int, gone: int, erasures: int
) -> tuple[LineKind, str, str]:
    """Return kind, title and detail of a step of ``known`` users, and of ``gone`` ones who were erased."""
    created, removed = (int(counts[moment - 1]) for counts in (index.steps.created, index.steps.removed))
    return "several" if known else "erased", *with_erased(known + gone, created, removed, gone, erasures)


class _Groups:
    """The names of groups at moments, looked up once for neighbours between which the directory did not change."""

    def __init__(self, index: VersionIndex) -> None:
        self._index = index
        self._places = [place for place, _ in index.directories]
        self._known: dict[int, Mapping[str, str]] = {}

    def at(self, moment: int) -> Mapping[str, str]:
        states = bisect_right(self._places, moment)
        if states not in self._known:
            self._known[states] = self._index.directory(moment).groups
        return self._known[states]
