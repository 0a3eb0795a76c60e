"""The lines of an exported log, each checked against the chain: what was altered, or is missing, is found."""

from __future__ import annotations

from collections.abc import Generator
from typing import NamedTuple

import msgspec

from whowas import __version__
from whowas.domain.causation import Causation
from whowas.domain.errors import StoreError
from whowas.domain.events import Event, Forgotten
from whowas.domain.fields import is_id, shortened
from whowas.interchange import iso_moments
from whowas.interchange.entries import UnreadableError
from whowas.interchange.source import Source
from whowas.store.chain import GENESIS, SALT_BYTES, Columns, digest_of, linked
from whowas.store.codec import EVENTS
from whowas.store.recorded_event import to_blob
from whowas.store.soundness import CHECKED_EVENTS, UnsoundEventError, causation_of, require_sound_event

_LONGEST = 64_000_000
"""Bytes that a line may have: a list that was imported may have met a million users."""

_LONGEST_FIRST = 4_000_000
"""Bytes that the first line of a log may have, which tells of one user at most."""

_NULL = b"null"
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


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    """A line as ``log_export`` writes it."""

    position: int
    event_id: str
    stream: str
    version: int
    type: str
    schema: int
    recorded_at: str
    occurred_at: str
    actor: str
    change_id: str
    command_id: str | None
    causation: msgspec.Raw
    digest: str
    chain: str
    salt: str | None
    payload: msgspec.Raw


class _Shape(msgspec.Struct):
    """What a line of a log has and no other line, whatever else later programs may add."""

    position: int
    event_id: str
    digest: str
    chain: str


_decode = msgspec.json.Decoder(_Entry).decode
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
        for number, encoded in enumerate(iter(lambda: file.readline(_LONGEST), b""), start=1):
            ends += len(encoded)
            line = encoded.removeprefix(_MARK) if number == 1 else encoded
            if not line.strip():
                continue
            try:
                entry = _entry(line)
                if entry.position != position + 1:
                    raise _FaultError("position", _gap(entry.position, position))
                chain = _linked(entry, chain)
                yield _logged(number, ends, entry)
            except _FaultError as error:
                raise UnreadableError(number, _column(line, error.field), str(error)) from error
            position += 1


class _FaultError(ValueError):
    """What is wrong with a line, as a sentence, and with which of its keys."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def _entry(line: bytes) -> _Entry:
    if len(line) >= _LONGEST:
        raise _FaultError("", f"The line is too long: at most {_LONGEST:,} bytes fit.")
    try:
        return _decode(line)
    except UnicodeDecodeError as error:
        raise _FaultError("", "This is not UTF-8 text.") from error
    except msgspec.DecodeError as error:
        raise _FaultError("", f"This is no line of an exported log: {error}.") from error


def _gap(found: int, before: int) -> str:
    if not before:
        return f"This log begins with position {found:,}: only a whole one, from position 1, can be imported."
    if found <= before:
        return f"Position {found:,} was there before: a line was moved, or is there twice."
    return f"Position {found:,} follows {before:,}: what was between them is missing."


def _linked(entry: _Entry, before: bytes) -> bytes:
    """Return the chain value of a line. Raises _FaultError where it is not what its columns come to."""
    for name in ("event_id", "stream", "change_id", "command_id"):
        value = getattr(entry, name)
        if not (is_id(value) or (name == "command_id" and value is None)):
            raise _FaultError(name, f"“{shortened(str(value))}” is not an id (a UUID).")
    digest, chain = _bytes(entry, "digest"), _bytes(entry, "chain")
    if (entry.salt is None) != (bytes(entry.payload) == _NULL):
        raise _FaultError("payload", "What this event holds, or its salt, was taken out.")
    if entry.salt is not None:
        salt = _bytes(entry, "salt")
        if len(salt) != SALT_BYTES or digest_of(salt, bytes(entry.payload)) != digest:
            raise _FaultError("payload", "What this event holds was altered: it differs from its digest.")
    columns: Columns = (
        entry.position,
        to_blob(entry.event_id),
        to_blob(entry.stream),
        entry.version,
        entry.type,
        entry.schema,
        _moment(entry, "recorded_at"),
        _moment(entry, "occurred_at"),
        entry.actor,
        to_blob(entry.change_id),
        None if entry.command_id is None else to_blob(entry.command_id),
        _causation_text(entry),
    )
    try:
        found = linked(before, columns, digest)
    except (OverflowError, ValueError) as error:
        raise _FaultError("version", "This line holds a number that no log has.") from error
    if found != chain:
        raise _FaultError("chain", "This line, or one before it, was altered, moved or put in: the chain breaks here.")
    return chain


def _logged(number: int, ends: int, entry: _Entry) -> LoggedLine:
    try:
        causation = causation_of(_causation_text(entry))
    except ValueError as error:
        raise _FaultError("causation", "Why this was done cannot be read.") from error
    occurred_at = _moment(entry, "occurred_at")
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


def _event(entry: _Entry) -> Event:
    if (entry.type, entry.schema) not in EVENTS.known:
        raise _FaultError(
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
        raise _FaultError("payload", f"This event cannot be: {error.reason}.") from error
    except StoreError as error:
        raise _FaultError("payload", str(error)) from error
    return event


def _causation_text(entry: _Entry) -> str | None:
    try:
        text = bytes(entry.causation).decode()
    except UnicodeDecodeError as error:
        raise _FaultError("causation", "This is not UTF-8 text.") from error
    return None if text == "null" else text


def _bytes(entry: _Entry, name: str) -> bytes:
    try:
        return bytes.fromhex(getattr(entry, name))
    except ValueError as error:
        raise _FaultError(name, "These are not bytes, written as hexadecimal digits.") from error


def _moment(entry: _Entry, name: str) -> int:
    try:
        return iso_moments.parsed(getattr(entry, name))
    except ValueError as error:
        raise _FaultError(name, str(error)) from error


def _column(line: bytes, field: str) -> int:
    """Return the column, in characters from 1, of a key; 1 where that is not there or the whole line is meant."""
    place = line.find(f'"{field}":'.encode()) if field else 0
    return len(line[: max(place, 0)].decode("utf-8", "replace")) + 1
