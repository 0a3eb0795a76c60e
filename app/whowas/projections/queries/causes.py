"""Why changes were made, in words: what they took back or brought back, and the reason that was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from whowas.domain.causation import Causation, ImportOf, RedoOf, RestoreOf, UndoForSome, UndoOf, WhatIfOf, from_text
from whowas.domain.fields import shortened
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.change_titles import change_titles
from whowas.projections.tables.parameters import marks
from whowas.projections.tables.read_model import ReadModel

_SELECT_STEPS = (
    "SELECT step.number, change_id, recorded_at, step.actor, causation, EXISTS (SELECT 1 FROM step AS other "
    "WHERE other.change = step.change AND other.number <> step.number) "
    "FROM step JOIN change ON change.number = step.change WHERE step.number IN ({})"
)
_TITLE = 80


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a change was made; ``title`` is what the change is called that it points at, "" unless it is one known."""

    causation: Causation
    title: str = ""

    @property
    def source(self) -> str | None:
        """The file that was imported; None for any other cause."""
        return self.causation.source if isinstance(self.causation, ImportOf) else None

    @property
    def reason(self) -> str | None:
        """The person's own word."""
        match self.causation:
            case (
                UndoOf(reason=reason) | UndoForSome(reason=reason) | WhatIfOf(reason=reason) | RestoreOf(reason=reason)
            ):
                return reason
            case ImportOf() | RedoOf():
                return None
            case _:
                assert_never(self.causation)

    def told(self, written: Callable[[int], str]) -> str:
        """Return for example ``undo of “Ada: Title changed” · because: typo``; ``written`` writes UTC microseconds."""
        return " · ".join(part for part in (self.what(written), self.because) if part)

    @property
    def because(self) -> str:
        """The reason, introduced as such; "" where none was given."""
        return f"because: {self.reason}" if self.reason else ""

    def what(self, written: Callable[[int], str]) -> str:
        """Return the same as ``told`` without the reason."""
        called = f"“{shortened(self.title, _TITLE)}”" if self.title else "another change"
        match self.causation:
            case ImportOf(source):
                return f"import of {source}"
            case UndoOf():
                return f"undo of {called}"
            case UndoForSome():
                return f"undo of {called} for some of its users"
            case RedoOf():
                return f"redo of {called}"
            case WhatIfOf(change_ids):
                return f"what if not {called}" if len(change_ids) == 1 else f"what if not {len(change_ids):,} changes"
            case RestoreOf(occurred_at, position):
                return f"restored to {written(occurred_at)}" if position else "restored to the beginning"
            case _:
                assert_never(self.causation)


def _causes(read_model: ReadModel, index: VersionIndex, stored: Iterable[str | None]) -> Mapping[str | None, Cause]:
    """Return the causes of changes by what is stored of them; all that they point at is looked up together."""
    causations = {text: causation for text in set(stored) if (causation := from_text(text)) is not None}
    titles = change_titles(read_model, index, {_pointed_at(causation) for causation in causations.values()} - {""})
    return {text: Cause(causation, titles.get(_pointed_at(causation), "")) for text, causation in causations.items()}


def _pointed_at(causation: Causation) -> str:
    """Return the id of the one change that another points at, "" where it is none or several."""
    match causation:
        case UndoOf(change_id) | UndoForSome(change_id) | RedoOf(change_id) | WhatIfOf((change_id,)):
            return change_id
        case ImportOf() | RestoreOf() | WhatIfOf():
            return ""
        case _:
            assert_never(causation)


@dataclass(frozen=True, slots=True)
class StepOrigin:
    """The change that a step is of, when it was recorded (UTC microseconds), by whom, and why, where that is known.

    ``in_parts`` says that the change has other steps as well.
    """

    change_id: str
    recorded_at: int
    actor: str
    cause: Cause | None
    in_parts: bool


def origins_of(read_model: ReadModel, index: VersionIndex, steps: Sequence[int]) -> dict[int, StepOrigin]:
    """Return the origins of some steps, by their numbers; a step that is gone is left out."""
    rows = list(read_model.select(_SELECT_STEPS.format(marks(steps)), steps))
    causes = _causes(read_model, index, (causation for *_, causation, _ in rows))
    return {
        number: StepOrigin(change_id, recorded_at, actor, causes.get(causation), bool(in_parts))
        for number, change_id, recorded_at, actor, causation, in_parts in rows
    }
