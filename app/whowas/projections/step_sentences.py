"""What one step of the timeline did, in a sentence: what is said where the slider stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whowas.domain.causation import ImportOf, from_text
from whowas.domain.directory import Directory
from whowas.domain.sentences import sentence
from whowas.projections.read_model import ReadModel
from whowas.projections.version_index import VersionIndex


@dataclass(frozen=True, slots=True)
class StepSentence:
    """What the step before ``moment`` did, and who did it."""

    moment: int
    actor: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ImportMark:
    """An import: the moment after its last step, where it came from, and who took it in."""

    moment: int
    source: str
    actor: str


def import_marks(read_model: ReadModel, index: VersionIndex) -> list[ImportMark]:
    """Return every import, in recorded order."""
    imports = [
        (source, actor, last_step)
        for causation, actor, last_step in read_model.select(
            "SELECT causation, actor, "
            "(SELECT number FROM step WHERE step.change = change.number ORDER BY occurred_at DESC LIMIT 1) "
            "FROM change WHERE causation IS NOT NULL ORDER BY number"
        )
        if isinstance(source := from_text(causation), ImportOf) and last_step is not None
    ]
    if not imports:
        return []
    ranks = index.steps.ranks()
    return [
        ImportMark(int(ranks[last_step]), source.source, source.by or actor)
        for source, actor, last_step in imports
        if last_step < len(ranks)
    ]


def step_sentence(read_model: ReadModel, index: VersionIndex, moment: int) -> StepSentence:
    """Return what step ``moment`` (1 to the number of steps) did; quick, however large the step and the directory."""
    number = int(index.steps.numbers[moment - 1])
    ((actor, causation),) = read_model.select(
        "SELECT actor, causation FROM step JOIN change ON change.number = step.change WHERE step.number = ?", (number,)
    )
    places = np.flatnonzero(index.begins == moment)
    if not len(places):
        return StepSentence(moment, actor, _of_directory(index, moment))
    rows = read_model.rows([int(index.numbers[places[0]])])
    if len(places) > 1 or not rows:
        text = f"{len(places):,} users changed at once"
    else:
        before = index.row_of(int(index.users[places[0]]), moment - 1)
        earlier = read_model.rows([before]) if before is not None else []
        told = sentence(earlier[0].user if earlier else None, rows[0].user, index.directory(moment).groups)
        detail = f" ({told.detail})" if told.detail and told.detail != rows[0].user.name else ""
        text, actor = f"{rows[0].user.name}: {told.title}{detail}", rows[0].actor
    source = from_text(causation)
    if isinstance(source, ImportOf):
        text = f"{text}, imported from {source.source}"
    return StepSentence(moment, actor, text)


def _of_directory(index: VersionIndex, moment: int) -> str:
    before, after = Directory(), Directory()
    for place, state in index.directories:
        if place < moment:
            before = state
        elif place == moment:
            after = state
    for kind, old, new in (
        ("Group", before.groups, after.groups),
        ("Moment", {k: m.name for k, m in before.moments.items()}, {k: m.name for k, m in after.moments.items()}),
    ):
        for key in sorted({*old, *new}):
            match old.get(key), new.get(key):
                case None, str(name):
                    return f"{kind} {name} {'created' if kind == 'Group' else 'named'}"
                case str(name), None:
                    return f"{kind} {name} deleted"
                case str(one), str(other) if one != other:
                    return f"{kind} {one} renamed to {other}"
                case _:
                    continue
    if added := [name for name in after.fields if name not in before.fields]:
        return f"Custom field {added[0]} defined" if len(added) == 1 else f"{len(added)} custom fields defined"
    return "Directory changed"
