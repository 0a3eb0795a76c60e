"""Reading rows of the log back into recorded events."""

from __future__ import annotations

import sqlite3
from functools import lru_cache

from whowas.domain.causation import from_text
from whowas.domain.events import Event
from whowas.store import codec
from whowas.store.recorded import RecordedEvent, from_blob, to_blob

SELECT_RECORDED = (
    "SELECT position, stream, version, recorded_at, occurred_at, actor, change_id, command_id, causation, "
    "type, schema, body FROM event JOIN payload USING (position)"
)
_SELECT_STREAM = f"{SELECT_RECORDED} WHERE stream = ? ORDER BY version"
_SELECT_LIFE = (
    "SELECT occurred_at, position, type, schema, body FROM event JOIN payload USING (position) "
    "WHERE stream = ? ORDER BY version"
)

Row = tuple[int, bytes, int, int, int, str, bytes, bytes | None, str | None, str, int, bytes]

_change_of_blob = lru_cache(maxsize=16)(from_blob)
_causation_of_text = lru_cache(maxsize=16)(from_text)
"""The events of one change follow each other, so its id and causation need not be read anew for each of them."""


def recorded_of(row: Row) -> RecordedEvent:
    """Return the event of a row of SELECT_RECORDED. Raises StoreError when its payload cannot be read."""
    position, stream, version, recorded_at, occurred_at, actor, change, command, causation, name, schema, body = row
    return RecordedEvent(
        position,
        from_blob(stream),
        version,
        recorded_at,
        occurred_at,
        actor,
        _change_of_blob(change),
        None if command is None else from_blob(command),
        _causation_of_text(causation),
        codec.decode(position, name, schema, body),
    )


def stream_events(connection: sqlite3.Connection, stream: str) -> list[RecordedEvent]:
    """Return all events of one stream, in recorded order."""
    return [recorded_of(row) for row in connection.execute(_SELECT_STREAM, (to_blob(stream),))]


def life_events(connection: sqlite3.Connection, stream: bytes) -> list[tuple[int, Event]]:
    """Return (occurred_at, event) of all events of one stored stream id, in recorded order: all a decision needs."""
    rows = connection.execute(_SELECT_LIFE, (stream,))
    return [(occurred_at, codec.decode(*stored)) for occurred_at, *stored in rows]
