"""What a directory showed once: the same read side, folded from no more of the log than was recorded by then."""

from __future__ import annotations

from contextlib import AbstractContextManager

from whowas.projections.sides.read_side import ReadSide
from whowas.projections.sides.temporary import temporary_side
from whowas.projections.tables.read_model import ReadModel
from whowas.store.event_log import EventLog

_LAST_KNOWN = "SELECT coalesce(max(last_position), 0) FROM change WHERE (recorded_at, last_position) <= (?, ?)"


def known_by(read_model: ReadModel, recorded_at: int, position: int) -> int:
    """Return the last position of what was known once all up to (recorded_at, position) was recorded; 0 for nothing.

    ``recorded_at`` is in UTC microseconds; ``position`` tells apart what was recorded within that one. A change is
    known whole or not at all: from its last position on.
    """
    ((last_position,),) = read_model.select(_LAST_KNOWN, (recorded_at, position))
    return int(last_position)


def as_known(log: EventLog, position: int) -> AbstractContextManager[ReadSide]:
    """Return a temporary read side that knows the log only up to ``position``, where a change ends."""
    return temporary_side(log, position)
