"""Histories: what happened to one user, or to the whole directory, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from whowas.domain.sentences import FieldChange, Sentence, field_changes, sentence
from whowas.domain.users import User
from whowas.projections.read_model import ReadModel, VersionRow
from whowas.projections.steps import Int32
from whowas.projections.version_index import VersionIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """What one step did to one user.

    ``moment`` is the place of the step in the timeline; moments in time are UTC microseconds.
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


def history_of(read_model: ReadModel, index: VersionIndex, user_id: str) -> list[Entry]:
    """Return a user's whole life, oldest first; empty for an unknown user."""
    with read_model.reading():
        return list(_entries(read_model, index, index.steps.ranks(), user_id))


def history(read_model: ReadModel, index: VersionIndex) -> Iterator[Entry]:
    """Yield what happened to everyone, in timeline order."""
    with read_model.reading():
        ranks = index.steps.ranks()
        entries = [
            entry
            for (user_id,) in read_model.select("SELECT user_id FROM user ORDER BY number")
            for entry in _entries(read_model, index, ranks, user_id)
        ]
    entries.sort(key=lambda entry: entry.moment)
    yield from entries


def _entries(read_model: ReadModel, index: VersionIndex, ranks: Int32, user_id: str) -> Iterator[Entry]:
    life: list[tuple[int, VersionRow]] = sorted(
        ((int(ranks[row.begins]), row) for row in read_model.life(user_id) if row.begins < len(ranks)),
        key=lambda pair: pair[0],
    )
    before: User | None = None
    for moment, row in life:
        groups = index.directory(moment).groups
        (occurred_at, position, change_id, recorded_at), *_ = read_model.select(
            "SELECT occurred_at, step.first_position, change_id, recorded_at FROM step "
            "JOIN change ON change.number = step.change WHERE step.number = ?",
            (row.begins,),
        )
        yield Entry(
            moment,
            occurred_at,
            recorded_at,
            position,
            change_id,
            row.actor,
            row.user,
            sentence(before, row.user, groups),
            tuple(field_changes(before, row.user, groups)),
        )
        before = row.user
