"""What one change did, for whoever made it and is told right after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whowas.domain.causation import change_name, from_text
from whowas.domain.done_sentences import Whom, so_many, what_was_counted, what_was_done, whom
from whowas.domain.sentences import directory_sentence
from whowas.domain.users import User
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.merged_groups import told_as_merged
from whowas.projections.queries.step_moments import moment_of
from whowas.projections.queries.step_summaries import USERS_COMPARED, directory_around, states_at
from whowas.projections.tables.read_model import ReadModel

_SELECT_CHANGE = "SELECT number, causation FROM change WHERE change_id = ?"
_SELECT_STEPS = (
    "SELECT occurred_at, first_position, created, removed FROM step WHERE change = ? "
    "ORDER BY occurred_at, first_position LIMIT ?"
)
_STEPS_COMPARED = 50
"""Of a change in more steps, as of a long change log, only these are looked at, and not told apart."""


@dataclass(frozen=True, slots=True)
class DoneInWords:
    """What a change did in words: to ``whom`` (of whom there is nobody where only the directory itself changed)."""

    whom: Whom
    sentence: str


def done_change(read_model: ReadModel, index: VersionIndex, change_id: str) -> DoneInWords | None:
    """Return what a change did; None for one that is not known, or was recorded since ``index`` was made."""
    found = next(iter(read_model.select(_SELECT_CHANGE, (change_id,))), None)
    if found is None:
        return None
    number, causation = found
    steps = list(read_model.select(_SELECT_STEPS, (number, _STEPS_COMPARED + 1)))
    moments = [moment for at, first, _, _ in steps if (moment := moment_of(index, at, first))]
    if not moments or len(moments) < len(steps):
        return None
    rows = index.begun_at(sorted(moments))
    # One step has one row for each of its users.
    users = len(rows) if len(steps) == 1 else len(np.unique(index.users[rows]))
    name = change_name(from_text(causation))
    if not users:
        return DoneInWords(so_many(0), name or directory_sentence(*directory_around(index, moments[-1]))[1])
    if len(steps) == 1 and not name:
        name = told_as_merged(index, moments[0])
    if len(rows) > USERS_COMPARED or len(steps) > _STEPS_COMPARED:
        created, removed = (sum(step[column] for step in steps) for column in (2, 3))
        return DoneInWords(so_many(users), name or what_was_counted(users, created, removed))
    states = _states(read_model, index, sorted(moments))
    if not states:
        return None
    return DoneInWords(whom(states), name or what_was_done(states, index.directory(index.now).names_ever))


def _states(read_model: ReadModel, index: VersionIndex, moments: Sequence[int]) -> list[tuple[User | None, User]]:
    """Return each user before the first of some steps that changed them, and after the last."""
    rows = index.begun_at(moments)
    begun = {moment: rows[index.begins[rows] == moment] for moment in moments}
    found: dict[str, tuple[User | None, User]] = {}
    states = states_at(read_model, index, begun)
    for moment in moments:
        for row, before in states.get(moment, []):
            first = found[row.user.id][0] if row.user.id in found else before
            found[row.user.id] = first, row.user
    return list(found.values())
