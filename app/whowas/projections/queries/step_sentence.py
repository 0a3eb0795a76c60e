"""What one step of the timeline did, in a sentence: what is said where the slider stands."""

from __future__ import annotations

from dataclasses import dataclass

from whowas.domain.causation import ImportOf, from_text
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.causes import Cause
from whowas.projections.queries.change_lines import change_lines
from whowas.projections.tables.read_model import ReadModel


@dataclass(frozen=True, slots=True)
class StepSentence:
    """What the step before ``moment`` did, who did it, and why, where that is known."""

    moment: int
    actor: str
    sentence: str
    cause: Cause | None = None

    @property
    def change(self) -> str:
        """What the whole change is called that the step is part of."""
        source = self.cause.source if self.cause is not None else None
        return f"Import of {source}" if source else self.sentence


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
            "(SELECT number FROM step WHERE step.change = change.number "
            "ORDER BY occurred_at DESC, step.first_position DESC LIMIT 1) "
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
    (line,) = change_lines(read_model, index, [moment])
    return StepSentence(moment, line.actor, line.text, line.cause)
