"""Turning new events into the rows of the log."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

import uuid_utils

from whowas.store import codec
from whowas.store.chain import SALT_BYTES, Columns, Head, digest_of, linked
from whowas.store.recorded_event import NewEvent, to_blob

_SALTS_AT_ONCE = 256
"""Salts are read from the system in blocks: reading one at a time would cost a save more than chaining its rows."""

EventRow = tuple[int, bytes, bytes, int, str, int, int, int, str, bytes, bytes | None, str | None, bytes, bytes]
PayloadRow = tuple[int, bytes, bytes]


class Portion(NamedTuple):
    """Rows that follow each other, and where the log ends with them."""

    events: list[EventRow]
    payloads: list[PayloadRow]
    head: Head


_salts: list[bytes] = []
if hasattr(os, "register_at_fork"):  # a forked process would use the salts of the one it came from a second time
    os.register_at_fork(after_in_child=_salts.clear)


def appended_rows(
    head: Head,
    events: Sequence[NewEvent],
    change_id: str,
    causation: str | None,
    recorded_at: int,
    *,
    most_bytes: int | None = None,
) -> Portion:
    """Return the event rows and payload rows that follow ``head``, chained, and the head after them.

    Those of all ``events``, or of the first of them, up to the one with which the payloads exceed ``most_bytes``.
    """
    rows: list[EventRow] = []
    payloads: list[PayloadRow] = []
    change = to_blob(change_id)
    encode, uuid7 = codec.EVENTS.encode, uuid_utils.uuid7
    (position, chain), held_bytes = head, 0
    for stream, version, event, occurred_at, actor, command_id, _ in events:
        position += 1
        name, event_schema, body = encode(event)
        salt = new_salt()
        digest = digest_of(salt, body)
        columns: Columns = (
            position,
            uuid7().bytes,
            to_blob(stream),
            version,
            name,
            event_schema,
            recorded_at,
            occurred_at,
            actor,
            change,
            None if command_id is None else to_blob(command_id),
            causation,
        )
        chain = linked(chain, columns, digest)
        rows.append((*columns, digest, chain))
        payloads.append((position, salt, body))
        held_bytes += len(body)
        if most_bytes is not None and held_bytes > most_bytes:
            break
    return Portion(rows, payloads, Head(position, chain))


def new_salt() -> bytes:
    """Return SALT_BYTES random bytes that no other call returns, whichever thread or forked process it is in."""
    try:
        return _salts.pop()
    except IndexError:
        block = os.urandom(SALT_BYTES * _SALTS_AT_ONCE)
        salt, *others = (block[start : start + SALT_BYTES] for start in range(0, len(block), SALT_BYTES))
        _salts.extend(others)
        return salt
