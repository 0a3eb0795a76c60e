"""One line of an exported log as it is written, and what its columns come to in the chain."""

from __future__ import annotations

import msgspec

from whowas.domain.fields import is_id, shortened
from whowas.interchange import iso_moments
from whowas.store.chain import SALT_BYTES, Columns, digest_of, linked
from whowas.store.recorded_event import to_blob

LONGEST = 64_000_000
"""Bytes that a line may have: a list that was imported may have met a million users."""

_NULL = b"null"


class LogEntry(msgspec.Struct, forbid_unknown_fields=True):
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


_decode = msgspec.json.Decoder(LogEntry).decode


class LineFaultError(ValueError):
    """What is wrong with a line, as a sentence, and with which of its keys."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def entry_of(line: bytes) -> LogEntry:
    """Return a line taken apart. Raises LineFaultError."""
    if len(line) >= LONGEST:
        raise LineFaultError("", f"The line is too long: at most {LONGEST:,} bytes fit.")
    try:
        return _decode(line)
    except UnicodeDecodeError as error:
        raise LineFaultError("", "This is not UTF-8 text.") from error
    except msgspec.DecodeError as error:
        raise LineFaultError("", f"This is no line of an exported log: {error}.") from error


def chained(entry: LogEntry, before: bytes) -> bytes:
    """Return the chain value of a line. Raises LineFaultError where it is not what its columns come to."""
    for name in ("event_id", "stream", "change_id", "command_id"):
        value = getattr(entry, name)
        if not (is_id(value) or (name == "command_id" and value is None)):
            raise LineFaultError(name, f"“{shortened(str(value))}” is not an id (a UUID).")
    digest, chain = _bytes(entry, "digest"), _bytes(entry, "chain")
    if (entry.salt is None) != (bytes(entry.payload) == _NULL):
        raise LineFaultError("payload", "What this event holds, or its salt, was taken out.")
    if entry.salt is not None:
        salt = _bytes(entry, "salt")
        if len(salt) != SALT_BYTES or digest_of(salt, bytes(entry.payload)) != digest:
            raise LineFaultError("payload", "What this event holds was altered: it differs from its digest.")
    columns: Columns = (
        entry.position,
        to_blob(entry.event_id),
        to_blob(entry.stream),
        entry.version,
        entry.type,
        entry.schema,
        moment_of(entry, "recorded_at"),
        moment_of(entry, "occurred_at"),
        entry.actor,
        to_blob(entry.change_id),
        None if entry.command_id is None else to_blob(entry.command_id),
        causation_text(entry),
    )
    try:
        found = linked(before, columns, digest)
    except (OverflowError, ValueError) as error:
        raise LineFaultError("version", "This line holds a number that no log has.") from error
    if found != chain:
        raise LineFaultError(
            "chain", "This line, or one before it, was altered, moved or put in: the chain breaks here."
        )
    return chain


def causation_text(entry: LogEntry) -> str | None:
    """Return why a line was done, as the log stores it; None where nothing caused it. Raises LineFaultError."""
    try:
        text = bytes(entry.causation).decode()
    except UnicodeDecodeError as error:
        raise LineFaultError("causation", "This is not UTF-8 text.") from error
    return None if text == "null" else text


def _bytes(entry: LogEntry, name: str) -> bytes:
    try:
        return bytes.fromhex(getattr(entry, name))
    except ValueError as error:
        raise LineFaultError(name, "These are not bytes, written as hexadecimal digits.") from error


def moment_of(entry: LogEntry, name: str) -> int:
    """Return one of the moments of a line, in microseconds. Raises LineFaultError."""
    try:
        return iso_moments.parsed(getattr(entry, name))
    except ValueError as error:
        raise LineFaultError(name, str(error)) from error
