"""The changes list: what each step of the timeline did, in a sentence, read only where it is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from whowas.domain.causation import TakenBack, change_name
from whowas.domain.sentences import Sentence, sentence
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.causes import Cause, StepOrigin, origins_of
from whowas.projections.queries.step_summaries import GroupNames, LineKind, StepSummary, states_at, step_summaries
from whowas.projections.queries.undone import undone
from whowas.projections.tables.arrays import Int32
from whowas.projections.tables.read_model import ReadModel

Undone = Literal["", "some", "whole"]

_GONE = StepOrigin("", 0, "", None, False)
"""Stands for the origin of a step that is gone since the index was made."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What the step before ``moment`` did: ``title`` says to whom, ``detail`` (may be empty) gives the values.

    ``occurred_at`` is in UTC microseconds; ``users`` counts those changed, 0 where only the directory itself was;
    ``cause`` says why it was made, where that is known; ``in_parts`` that the change behind it has other steps as well.
    ``undone`` says of an import whether it was taken back since, and not brought back: for "some" users, or as a whole.
    """

    moment: int
    occurred_at: int
    change_id: str
    actor: str
    kind: LineKind
    users: int
    title: str
    detail: str
    cause: Cause | None
    in_parts: bool
    undone: Undone = ""

    @property
    def source(self) -> str | None:
        """The file that the step was imported from; None for any other."""
        return self.cause.source if self.cause is not None else None

    @property
    def change(self) -> str:
        """What the whole change is called that the step is part of."""
        return change_name(self.cause.causation if self.cause is not None else None) or self.text

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
    """Return a line for each of some ``moments`` (1 to the number of steps), in the order asked."""
    summaries = step_summaries(read_model, index, moments)
    numbers = [int(number) for number in index.steps.numbers[np.array(moments, dtype=np.int64) - 1]]
    origins = origins_of(read_model, index, numbers)
    imports = {origin.change_id for origin in origins.values() if origin.cause is not None and origin.cause.source}
    taken_back = undone(read_model, imports) if imports else TakenBack()
    return [
        _line(index, moment, summaries[moment], origins.get(number, _GONE), taken_back)
        for moment, number in zip(moments, numbers, strict=True)
    ]


def rows_of_step(index: VersionIndex, moment: int) -> Int32:
    """Return the row numbers of the users whom the step before ``moment`` changed, by name."""
    order = index.orders["name"]
    rows: Int32 = index.numbers[order[(index.begins == moment)[order]]]
    return rows


def user_lines(read_model: ReadModel, index: VersionIndex, moment: int, numbers: Sequence[int]) -> list[UserLine]:
    """Return what the step before ``moment`` did to some of its users, given by ``rows_of_step``, in that order.

    Rows that are gone since ``index`` was made are left out.
    """
    rows = np.searchsorted(index.numbers, np.array(numbers, dtype=np.int64))
    names = GroupNames(index).at(moment)
    return [
        UserLine(row.number, row.user.id, row.user.name, row.actor, sentence(before, row.user, names))
        for row, before in states_at(read_model, index, {moment: rows}).get(moment, [])
    ]


def _line(
    index: VersionIndex, moment: int, summary: StepSummary, origin: StepOrigin, taken_back: TakenBack
) -> ChangeLine:
    return ChangeLine(
        moment,
        int(index.steps.occurred_at[moment - 1]),
        origin.change_id,
        origin.actor,
        summary.kind,
        summary.users,
        summary.title,
        summary.detail,
        origin.cause,
        origin.in_parts,
        _undone(origin.change_id, taken_back),
    )


def _undone(change_id: str, taken_back: TakenBack) -> Undone:
    if change_id in taken_back.whole:
        return "whole"
    return "some" if change_id in taken_back.for_some else ""
