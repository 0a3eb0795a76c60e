"""An event as the log holds it: the fact, and everything that was recorded about it.

Named tuples, because every event written or read needs one, and a frozen dataclass takes three times as long to make.
"""

from __future__ import annotations

from typing import NamedTuple

from uuid_utils import UUID

from whowas.domain.causation import Causation
from whowas.domain.errors import DamagedError
from whowas.domain.events import Event

ID_BYTES = 16


class NewEvent(NamedTuple):
    """An event to be appended. Times are UTC microseconds; only a command's first event has a ``command_id``.

    One that ``is_backdated`` occurred when somebody said so; the others when they are recorded.
    """

    stream: str
    version: int
    event: Event
    occurred_at: int
    actor: str
    command_id: str | None
    is_backdated: bool = False


class RecordedEvent(NamedTuple):
    """An event in the log. Times are UTC microseconds; ids are UUIDs in text form.

    The columns that only ``verify`` needs (the event's own id, digest and chain value) are left out.
    """

    position: int
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
    """Return the text form of a stored UUID. Raises DamagedError if the bytes are not one."""
    try:
        return str(UUID(bytes=blob))
    except (TypeError, ValueError) as error:
        raise DamagedError("This directory is damaged: an id in it is none. Go back to a backup.") from error
