"""Making rows again where an event came between those that were folded already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

import apsw

from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.events import DirectoryEvent
from whowas.domain.users import User
from whowas.projections.tables import row_codec
from whowas.projections.tables.evolving import state_after
from whowas.projections.tables.source import EventSource
from whowas.projections.tables.stale import StaleReadModelError
from whowas.projections.tables.waiting_rows import WaitingRows
from whowas.store.recorded_event import RecordedEvent

_STEP_OF = """
SELECT step.number FROM step JOIN change ON change.number = step.change
WHERE change_id = ? AND occurred_at = ? AND step.first_position <= ? ORDER BY step.first_position DESC LIMIT 1
"""


def refold_user(waiting: WaitingRows, log: EventSource, user_id: str, through: int) -> None:
    """Make all of a user's rows again, of the events up to the position ``through``; their steps were all added."""
    waiting.flush()
    connection = waiting.connection
    found = connection.execute("SELECT number FROM user WHERE user_id = ?", (user_id,)).fetchone()
    if found is None:
        raise StaleReadModelError
    (number,) = found
    connection.execute("DELETE FROM version_row WHERE user = ?", (number,))
    user: User | None = None
    events = [recorded for recorded in log.stream(user_id) if recorded.position <= through]
    for step, together in _steps_of(connection, events):
        actor = ""
        for recorded in together:
            if not isinstance(recorded.event, DirectoryEvent):
                user, actor = state_after(user, recorded), recorded.actor
        if user is not None:
            waiting.add([*user, 0, number, 0, ""], step, actor)


def refold_directory(connection: apsw.Connection, log: EventSource, through: int) -> None:
    """Make all states of the directory again: it has few events, and each may come anywhere in the timeline."""
    connection.execute("DELETE FROM directory_state")
    directory = Directory()
    events = [recorded for recorded in log.stream(log.directory_id) if recorded.position <= through]
    for step, together in _steps_of(connection, events):
        for recorded in together:
            if isinstance(recorded.event, DirectoryEvent):
                directory = evolve_directory(directory, recorded.event)
        row = step, directory.version, row_codec.encode_directory(directory)
        connection.execute("INSERT INTO directory_state VALUES (?,?,?)", row)


def _steps_of(
    connection: apsw.Connection, stream: Iterable[RecordedEvent]
) -> Iterator[tuple[int, list[RecordedEvent]]]:
    """Yield the number of each step and its events of one stream, in timeline order."""

    def step_of(recorded: RecordedEvent) -> int:
        asked = recorded.change_id, recorded.occurred_at, recorded.position
        found = connection.execute(_STEP_OF, asked).fetchone()
        if found is None:
            raise StaleReadModelError
        return int(found[0])

    ordered = sorted(stream, key=attrgetter("occurred_at", "position"))
    for number, together in groupby(ordered, step_of):
        yield number, list(together)
