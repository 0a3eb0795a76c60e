"""The whole event log as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from whowas.domain.causation import to_text
from whowas.interchange import moments
from whowas.store.codec import stored_name
from whowas.store.event_log import EventLog

_encode = msgspec.json.Encoder().encode


def write(log: EventLog) -> Iterator[str]:
    """Yield a line for each event, in recorded order, with all that was recorded about it."""
    for recorded in log.read():
        entry = {
            "position": recorded.position,
            "event_id": recorded.event_id,
            "stream": recorded.stream,
            "version": recorded.version,
            "type": stored_name(recorded.event),
            "recorded_at": moments.written(recorded.recorded_at),
            "occurred_at": moments.written(recorded.occurred_at),
            "actor": recorded.actor,
            "change_id": recorded.change_id,
            "command_id": recorded.command_id,
            "causation": to_text(recorded.causation),
            "payload": recorded.event,
        }
        yield _encode(entry).decode() + "\n"
