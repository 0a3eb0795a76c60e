"""Named moments in the timeline."""

from __future__ import annotations

from dataclasses import dataclass

from whowas.domain.fields import name_key
from whowas.domain.named_moments import NamedMoment, moment_called
from whowas.projections.index.steps import Steps
from whowas.projections.index.version_index import VersionIndex
from whowas.store.event_log import EventLog


@dataclass(frozen=True, slots=True)
class PlacedMoment:
    """A named moment as lists and the timeline show it; ``moment`` is how many steps lie before it."""

    moment_id: str
    name: str
    note: str | None
    moment: int


def named_moments(index: VersionIndex) -> list[PlacedMoment]:
    """Return every moment that has a name now, in timeline order; those at the same moment by name."""
    placed = [
        PlacedMoment(moment_id, known.name, known.note, moment_in(index.steps, known))
        for moment_id, known in index.latest_directory().moments.items()
    ]
    return sorted(placed, key=lambda known: (known.moment, name_key(known.name)))


def moment_named(index: VersionIndex, name: str) -> NamedMoment | None:
    """Return the moment called ``name`` now, whatever its case, or None."""
    moments = index.latest_directory().moments
    moment_id = moment_called(moments, name)
    return None if moment_id is None else moments[moment_id]


def moment_in(steps: Steps, named: NamedMoment) -> int:
    """Return how many steps lie before a named moment."""
    return steps.moment_of(*named.place) if named.position else 0


def place_of(log: EventLog, steps: Steps, moment: int) -> tuple[int, int]:
    """Return what names ``moment`` for good: (occurred_at, position) of the last event before it.

    (0, 0) for the moment before everything. Raises StoreError.
    """
    if moment == 0:
        return 0, 0
    occurred_at, first = steps.occurred_at[moment - 1], steps.first_position[moment - 1]
    together = moment < len(steps) and steps.occurred_at[moment] == occurred_at
    following = int(steps.first_position[moment]) if together else None
    return int(occurred_at), log.end_of_step(int(first), following)
