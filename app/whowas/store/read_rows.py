"""Reading rows of the log back into recorded events."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from uuid_utils import UUID

from whowas.domain.errors import DamagedError, StoreError
from whowas.domain.events import Event, Forgotten, PasswordSet
from whowas.domain.hidden import stand_in
from whowas.store import codec
from whowas.store.chain import ChainedRow
from whowas.store.file.schema import HIDES
from whowas.store.recorded_event import RecordedEvent, from_blob, to_blob
from whowas.store.soundness import (
    CHECKED_EVENTS,
    EARLIEST,
    LATEST,
    causation_of,
    damaged,
    require_sound_event,
    require_sound_stream,
    require_stored_types,
    unsound_columns,
)

_GONE, _HIDDEN = 1, 2
"""Why a payload is not there: its user was erased, or it is a password hash that is hidden in this file."""

# Not "body IS NULL AND EXISTS ...", for which SQLite looks at every row for an erasure.
_ERASED = "EXISTS (SELECT 1 FROM event AS erasure WHERE erasure.stream = event.stream AND erasure.type = 'UserErased')"
_WHY_NOT = f"CASE WHEN {_ERASED} THEN {_GONE} WHEN type = 'PasswordSet' AND {HIDES} THEN {_HIDDEN} END"
_STORED = f"position, type, schema, body, CASE WHEN body IS NULL THEN {_WHY_NOT} END"
_WITHOUT_IDS = _STORED.replace(
    "body, CASE",
    "CASE WHEN type = 'ListImported' AND payload.position NOTNULL "
    """THEN CAST('{"source":"","matched":[]}' AS BLOB) ELSE body END, """
    "CASE WHEN type = 'ListImported' AND payload.position NOTNULL THEN NULL",
)
"""The same, but of an imported list not even the ids are read: they alter nothing, and may be thousands."""

_RECORDED = "stream, version, recorded_at, occurred_at, actor, change_id, command_id, causation"
_FROM = "FROM event LEFT JOIN payload USING (position)"
SELECT_RECORDED = f"SELECT {_RECORDED}, {_STORED} {_FROM}"
_SELECT_STREAM = f"SELECT {_RECORDED}, {_WITHOUT_IDS} {_FROM} WHERE stream = ? AND position <= ? ORDER BY version"
_SELECT_DATED = f"SELECT version, occurred_at, {_WITHOUT_IDS} {_FROM} WHERE stream = ? ORDER BY version"
_SELECT_IN_TIMELINE_ORDER = (
    f"SELECT version, occurred_at, {_STORED} {_FROM} WHERE stream = ? ORDER BY occurred_at, position"
)
_SELECT_BY_STREAM = (
    f"SELECT stream, version, occurred_at, {_STORED} FROM event LEFT JOIN payload USING (position) "  # noqa: S608
    "ORDER BY stream, version"
)

SELECT_CHAINED = (
    "SELECT position, event_id, stream, version, type, schema, recorded_at, occurred_at, actor, change_id, "
    "command_id, causation, digest, chain, salt, body FROM event LEFT JOIN payload USING (position) "
    "ORDER BY position"
)

Row = tuple[bytes, int, int, int, str, bytes, bytes | None, str | None, int, str, int, bytes | None, int | None]

StreamRow = tuple[bytes, int, int, int, str, int, bytes | None, int | None]
"""A stored stream id, version, occurred_at, and what ``event_of`` takes after the id of the stream."""

_new = tuple.__new__  # RecordedEvent() ends up here too, after one more call
_change_of_blob = lru_cache(maxsize=16)(from_blob)
"""The events of one change follow each other, so its id need not be parsed again for each of them."""


def recorded_of(row: Row) -> RecordedEvent:
    """Return the event of a row of SELECT_RECORDED. Raises StoreError when it cannot be read or is not sound."""
    # One long function, because every event that is read goes through here, and calls are most of the cost.
    (
        stream,
        version,
        recorded_at,
        occurred_at,
        actor,
        change,
        command,
        causation,
        position,
        name,
        schema,
        body,
        lacking,
    ) = row
    if not (
        type(version) is int
        and type(actor) is str
        and type(occurred_at) is int
        and EARLIEST <= occurred_at <= LATEST
        and type(recorded_at) is int
        and EARLIEST <= recorded_at <= LATEST
    ):
        raise unsound_columns(position, recorded_at, occurred_at)
    try:
        stream_id = str(UUID(bytes=stream))
    except (TypeError, ValueError) as error:
        raise unsound_columns(position, recorded_at, occurred_at) from error
    try:
        change_id, command_id = _change_of_blob(change), None if command is None else from_blob(command)
        caused_by = None if causation is None else causation_of(causation)
    except DamagedError as error:
        raise damaged(position, "the id of its change or command is none") from error
    except ValueError as error:
        raise damaged(position, "why it was done cannot be read") from error
    if type(body) is bytes:
        event = codec.EVENTS.decode(position, name, schema, body)
        if type(event) in CHECKED_EVENTS and getattr(event, "user_id", None) != stream_id:
            require_sound_event(position, stream_id, event)
    else:
        event = _without_payload(position, name, body, lacking)
    return _new(
        RecordedEvent,
        (position, stream_id, version, recorded_at, occurred_at, actor, change_id, command_id, caused_by, event),
    )


def chained_rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[ChainedRow]:
    """Yield the rows of SELECT_CHAINED. Raises DamagedError for values of other types."""
    for row in rows:
        require_stored_types(row)
        yield row[:-4], *row[-4:]


def stream_events(connection: sqlite3.Connection, stream: str, through: int) -> list[RecordedEvent]:
    """Return all events of one stream up to the position ``through``, in recorded order.

    Of the directory's own stream each ListImported is there as if it were blank: see ``list_imports``.
    Raises StoreError when they are not a sound sequence.
    """
    events = [recorded_of(row) for row in connection.execute(_SELECT_STREAM, (to_blob(stream), through))]
    require_sound_stream((known.position, known.version, known.occurred_at, known.event) for known in events)
    return events


def dated_events(connection: sqlite3.Connection, stream: bytes) -> list[tuple[int, Event]]:
    """Return (occurred_at, event) of all events of one stored stream id, in recorded order: all a decision needs.

    Each ListImported is blank, as in ``stream_events``.
    Raises StoreError when they are not a sound sequence.
    """
    stream_id = from_blob(stream)
    events = [
        (position, version, occurred_at, event_of(stream_id, position, name, schema, body, lacking))
        for version, occurred_at, position, name, schema, body, lacking in connection.execute(_SELECT_DATED, (stream,))
    ]
    require_sound_stream(events)
    return [(occurred_at, event) for _, _, occurred_at, event in events]


def rows_by_stream(connection: sqlite3.Connection) -> Iterator[StreamRow]:
    """Yield the rows of all events for ``event_of``, stream by stream, each by version."""
    return connection.execute(_SELECT_BY_STREAM)


def events_in_timeline_order(connection: sqlite3.Connection, stream: bytes) -> Iterator[Event]:
    """Yield the events of one stored stream id that is known to be sound, as they occurred."""
    stream_id = from_blob(stream)
    for _, _, *columns in connection.execute(_SELECT_IN_TIMELINE_ORDER, (stream,)):
        yield event_of(stream_id, *columns)


def event_of(stream: str, position: int, name: str, schema: int, body: bytes | None, lacking: int | None) -> Event:
    """Return the event of some columns of a row. Raises StoreError when it cannot be read or is not sound."""
    if type(body) is not bytes:
        return _without_payload(position, name, body, lacking)
    event = codec.EVENTS.decode(position, name, schema, body)
    if type(event) in CHECKED_EVENTS:
        require_sound_event(position, stream, event)
    return event


def _without_payload(position: int, name: str, body: object, lacking: int | None) -> Forgotten | PasswordSet:
    """Return what is known of an event without its payload: only erasing may have removed it, or a server hidden it."""
    if body is not None:
        raise damaged(position, "what it holds is of no kind that is known")
    if lacking == _GONE:
        return Forgotten(name)
    if lacking == _HIDDEN:
        return PasswordSet(stand_in(position))
    raise StoreError(f"The payload at position {position} is missing. Go back to a backup.")
