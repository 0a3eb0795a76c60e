"""What a directory showed once: the same read side, folded from no more of the log than was recorded by then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from whowas.projections.read_model import ReadModel
from whowas.projections.read_side import ReadSide
from whowas.store.event_log import EventLog

_LAST_KNOWN = "SELECT coalesce(max(last_position), 0) FROM change WHERE (recorded_at, last_position) <= (?, ?)"


def known_by(read_model: ReadModel, recorded_at: int, position: int) -> int:
    """Return the last position of what was known once all up to (recorded_at, position) was recorded; 0 for nothing.

    ``recorded_at`` is in UTC microseconds; ``position`` tells apart what was recorded within that one. A change is
    known whole or not at all: from its last position on.
    """
    ((last_position,),) = read_model.select(_LAST_KNOWN, (recorded_at, position))
    return int(last_position)


@contextmanager
def as_known(log: EventLog, position: int) -> Iterator[ReadSide]:
    """Lay a read side that knows the log only up to ``position``, where a change ends, and take it away at the end.

    It has to catch up like any other. Raises StoreError.
    """
    with TemporaryDirectory(prefix="whowas-", ignore_cleanup_errors=True) as folder:
        read_side = ReadSide(log, Path(folder), through=position)
        try:
            yield read_side
        finally:
            read_side.close()
