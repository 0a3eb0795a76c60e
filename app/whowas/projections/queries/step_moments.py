"""At which moments of an index some steps ended, found without looking at all others."""

from __future__ import annotations

from collections.abc import Iterable

from whowas.projections.index.version_index import VersionIndex
from whowas.projections.tables.parameters import marks, portions
from whowas.projections.tables.read_model import ReadModel

_SELECT_STEPS = "SELECT number, occurred_at, first_position FROM step WHERE number IN ({})"


def moment_of(index: VersionIndex, occurred_at: int, first_position: int) -> int:
    """Return the moment of the step that begins there; 0 where it was recorded since the index was made."""
    moment = index.steps.moment_of(occurred_at, first_position)
    known = moment > 0 and int(index.steps.first_position[moment - 1]) == first_position
    return moment if known else 0


def moments_of(read_model: ReadModel, index: VersionIndex, steps: Iterable[int]) -> dict[int, int]:
    """Return the moments of the steps of some numbers, without those recorded since the index was made."""
    moments: dict[int, int] = {}
    for some in portions(sorted(set(steps))):
        for number, occurred_at, first_position in read_model.select(_SELECT_STEPS.format(marks(some)), list(some)):
            if moment := moment_of(index, occurred_at, first_position):
                moments[number] = moment
    return moments
