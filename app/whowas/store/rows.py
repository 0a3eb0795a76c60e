"""Reading rows of the log back into recorded events."""

from __future__ import annotations

import sqlite3
from functools import lru_cache

from whowas.domain.errors import DamagedError, StoreError
from whowas.domain.events import Event, Forgotten
from whowas.store import codec
from whowas.store.recorded import RecordedEvent, from_blob, to_blob
from whowas.store.soundness import (
    causation_of,
    damaged,
    require_sound_columns,
    require_sound_event,
    require_sound_life,
)

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
    f"SELECT version, occurred_at, {_STORED} FROM event LEFT JOIN payload USING (position) "  # noqa: S608 (of constants)
    "WHERE stream = ? ORDER BY version"
)

Row = tuple[bytes, int, int, int, str, bytes, bytes | None, str | None, int, str, int, bytes | None, int]

_change_of_blob = lru_cache(maxsize=16)(from_blob)
"""The events of one change follow each other, so its id need not be read anew for each of them."""


def recorded_of(row: Row) -> RecordedEvent:
    """Return the event of a row of SELECT_RECORDED. Raises StoreError where it cannot be read, or cannot be so."""
    stream, version, recorded_at, occurred_at, actor, change, command, causation, position = row[:9]
    require_sound_columns(position, stream, version, recorded_at, occurred_at, actor)
    try:
        change_id, command_id = _change_of_blob(change), None if command is None else from_blob(command)
        caused_by = causation_of(causation)
    except DamagedError as error:
        raise damaged(position, "the id of its change or command is none") from error
    except ValueError as error:
        raise damaged(position, "why it was done cannot be read") from error
    return RecordedEvent(
        position,
        from_blob(stream),
        version,
        recorded_at,
        occurred_at,
        actor,
        change_id,
        command_id,
        caused_by,
        _event(stream, *row[8:]),
    )


def stream_events(connection: sqlite3.Connection, stream: str) -> list[RecordedEvent]:
    """Return all events of one stream, in recorded order. Raises StoreError where they cannot follow each other so."""
    events = [recorded_of(row) for row in connection.execute(_SELECT_STREAM, (to_blob(stream),))]
    require_sound_life((known.position, known.version, known.occurred_at, known.event) for known in events)
    return events


def life_events(connection: sqlite3.Connection, stream: bytes) -> list[tuple[int, Event]]:
    """Return (occurred_at, event) of all events of one stored stream id, in recorded order: all a decision needs.

    Raises StoreError where they cannot follow each other so.
    """
    life = [
        (stored[0], version, occurred_at, _event(stream, *stored))
        for version, occurred_at, *stored in connection.execute(_SELECT_LIFE, (stream,))
    ]
    require_sound_life(life)
    return [(occurred_at, event) for _, _, occurred_at, event in life]


def _event(stream: bytes, position: int, name: str, schema: int, body: bytes | None, erased: int) -> Event:
    if body is not None:
        try:
            event = codec.decode(position, name, schema, body)
        except RecursionError as error:
            raise damaged(position, "what it holds lies too deep in itself to be read") from error
        except TypeError as error:
            raise damaged(position, "what it holds is of no kind that is known") from error
        require_sound_event(position, stream, event)
        return event
    if erased:
        return Forgotten(name)
    raise StoreError(f"The payload at position {position} is missing. Go back to a backup.")
