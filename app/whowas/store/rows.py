"""Reading rows of the log back into recorded events."""

from __future__ import annotations

import sqlite3
from functools import lru_cache

from whowas.domain.causation import from_text
from whowas.domain.errors import StoreError
from whowas.domain.events import Event, Forgotten
from whowas.store import codec
from whowas.store.recorded import RecordedEvent, from_blob, to_blob

_STORED = (
    "position, type, schema, body, body IS NULL AND EXISTS "
    "(SELECT 1 FROM event AS erasure WHERE erasure.stream = event.stream AND erasure.type = 'UserErased')"
)
SELECT_RECORDED = (
    "SELECT stream, version, recorded_at, occurred_at, actor, change_id, command_id, causation, "  # noqa: S608
    f"{_STORED} FROM event LEFT JOIN payload USING (position)"
)
_SELECT_STREAM = f"{SELECT_RECORDED} WHERE stream = ? ORDER BY version"
_SELECT_LIFE = (
    f"SELECT occurred_at, {_STORED} FROM event LEFT JOIN payload USING (position) "  # noqa: S608 (of constants)
    "WHERE stream = ? ORDER BY version"
)

Row = tuple[bytes, int, int, int, str, bytes, bytes | None, str | None, int, str, int, bytes | None, int]

_change_of_blob = lru_cache(maxsize=16)(from_blob)
_causation_of_text = lru_cache(maxsize=16)(from_text)
"""The events of one change follow each other, so its id and causation need not be read anew for each of them."""


def recorded_of(row: Row) -> RecordedEvent:
    """Return the event of a row of SELECT_RECORDED. Raises StoreError when its payload cannot be read."""
    stream, version, recorded_at, occurred_at, actor, change, command, causation, position = row[:9]
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
        _event(*row[8:]),
    )


def stream_events(connection: sqlite3.Connection, stream: str) -> list[RecordedEvent]:
    """Return all events of one stream, in recorded order."""
    return [recorded_of(row) for row in connection.execute(_SELECT_STREAM, (to_blob(stream),))]


def life_events(connection: sqlite3.Connection, stream: bytes) -> list[tuple[int, Event]]:
    """Return (occurred_at, event) of all events of one stored stream id, in recorded order: all a decision needs."""
    rows = connection.execute(_SELECT_LIFE, (stream,))
    return [(occurred_at, _event(*stored)) for occurred_at, *stored in rows]


def _event(position: int, name: str, schema: int, body: bytes | None, erased: int) -> Event:
    if body is not None:
        return codec.EVENTS.decode(position, name, schema, body)
    if erased:
        return Forgotten(name)
    raise StoreError(f"The payload at position {position} is missing. Go back to a backup.")
