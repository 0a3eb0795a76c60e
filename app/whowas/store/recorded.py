"""An event as the log holds it: the fact, and all that was recorded about it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from whowas.domain.causation import Causation
from whowas.domain.events import Event


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event on its way into the log. Moments are UTC microseconds; ``command_id`` only on a command's first."""

    stream: str
    version: int
    event: Event
    occurred_at: int
    actor: str
    command_id: str | None


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event in the log. Moments are UTC microseconds; ids are UUIDs in text form."""

    position: int
    event_id: str
    stream: str
    version: int
    recorded_at: int
    occurred_at: int
    actor: str
    change_id: str
    command_id: str | None
    causation: Causation | None
    event: Event


def to_blob(identifier: str) -> bytes:
    """Return the 16 bytes under which a UUID is stored."""
    return bytes.fromhex(identifier.replace("-", ""))


def from_blob(blob: bytes) -> str:
    """Return the text form of a stored UUID."""
    return str(UUID(bytes=blob))
