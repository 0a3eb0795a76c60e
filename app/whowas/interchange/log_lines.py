"""The lines of an exported log, each checked against the chain: what was altered, or is missing, is found."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import msgspec

from whowas import __version__
from whowas.domain.causation import Causation
from whowas.domain.errors import StoreError
from whowas.domain.events import Event, Forgotten
from whowas.domain.fields import shortened
from whowas.interchange.entries import UnreadableError
from whowas.interchange.log_entry import LONGEST, LineFaultError, LogEntry, causation_text, chained, entry_of, moment_of
from whowas.interchange.source import Source
from whowas.store.chain import GENESIS
from whowas.store.codec import EVENTS
from whowas.store.soundness import CHECKED_EVENTS, UnsoundEventError, causation_of, require_sound_event

_LONGEST_FIRST = 4_000_000
"""Bytes that the first line of a log may have, which tells of one user at most."""

_MARK = b"\xef\xbb\xbf"


class LoggedLine(NamedTuple):
    """An event of an exported log; ``line`` counts from 1, ``ends`` is how many bytes were read with it.

    Of an event whose payload is gone, because its user was erased later, ``event`` is Forgotten.
    """

    line: int
    ends: int
    position: int
    stream: str
    occurred_at: int
    actor: str
    change_id: str
    causation: Causation | None
    event: Event


class _Shape(msgspec.Struct):
    """What a line of a log has and no other line, whatever else later programs may add."""

    position: int
    event_id: str
    digest: str
    chain: str


_decode_shape = msgspec.json.Decoder(_Shape).decode


def is_log(source: Source) -> bool:
    """Say whether a file begins like an exported log. Raises OSError."""
    with source.opened() as file:
        line = file.readline(_LONGEST_FIRST)
    try:
        _decode_shape(line.removeprefix(_MARK))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def logged_lines(source: Source) -> Generator[LoggedLine]:
    """Yield the events of an exported log, checking that each line follows from the one before it.

    Raises UnreadableError where a line was altered, moved, put in or left out, or cannot be read; and OSError.
    """
    chain, position, ends = GENESIS, 0, 0
    with source.opened() as file:
        for number, encoded in enumerate(iter(lambda: file.readline(LONGEST), b""), start=1):
            ends += len(encoded)
            line = encoded.removeprefix(_MARK) if number == 1 else encoded
            if not line.strip():
                continue
            try:
                entry = entry_of(line)
                if entry.position != position + 1:
                    raise LineFaultError("position", _gap(entry.position, position))
                chain = chained(entry, chain)
                yield _logged(number, ends, entry)
            except LineFaultError as error:
                raise UnreadableError(number, _column(line, error.field), str(error)) from error
            position += 1


def _gap(found: int, before: int) -> str:
    if not before:
        return f"This log begins with position {found:,}: only a whole one, from position 1, can be imported."
    if found <= before:
        return f"Position {found:,} was there before: a line was moved, or is there twice."
    return f"Position {found:,} follows {before:,}: what was between them is missing."


def _logged(number: int, ends: int, entry: LogEntry) -> LoggedLine:
    try:
        causation = causation_of(causation_text(entry))
    except ValueError as error:
        raise LineFaultError("causation", "Why this was done cannot be read.") from error
    occurred_at = moment_of(entry, "occurred_at")
    return LoggedLine(
        number,
        ends,
        entry.position,
        entry.stream,
        occurred_at,
        entry.actor,
        entry.change_id,
        causation,
        _event(entry),
    )


def _event(entry: LogEntry) -> Event:
    if (entry.type, entry.schema) not in EVENTS.known:
        raise LineFaultError(
            "type",
            f"This is an event “{shortened(entry.type)}” (schema {entry.schema}) that Whowas {__version__} does not "
            "know. Import it with a newer version.",
        )
    if entry.salt is None:
        return Forgotten(entry.type)
    try:
        event = EVENTS.decode(entry.position, entry.type, entry.schema, bytes(entry.payload))
        if type(event) in CHECKED_EVENTS:
            require_sound_event(entry.position, entry.stream, event)
    except UnsoundEventError as error:
        raise LineFaultError("payload", f"This event cannot be: {error.reason}.") from error
    except StoreError as error:
        raise LineFaultError("payload", str(error)) from error
    return event


def _column(line: bytes, field: str) -> int:
    """Return the column, in characters from 1, of a key; 1 where that is not there or the whole line is meant."""
    place = line.find(f'"{field}":'.encode()) if field else 0
    return len(line[: max(place, 0)].decode("utf-8", "replace")) + 1
