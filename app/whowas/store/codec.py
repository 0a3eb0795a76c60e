"""How events become stored bytes and come back."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, get_args

import msgspec

from whowas.domain.errors import StoreError
from whowas.domain.events import Event

EVENT_SCHEMA: Final = 1
"""The schema version of every event type so far; an event that changes shape gets a higher one and an upcaster."""

_TYPES: dict[str, type[Event]] = {event_type.__name__: event_type for event_type in get_args(Event)}
_DECODERS = MappingProxyType({name: msgspec.json.Decoder(event_type) for name, event_type in _TYPES.items()})
_encode = msgspec.json.Encoder().encode


def stored_name(event: Event) -> str:
    """Return the type name under which ``event`` is stored."""
    return type(event).__name__


def encode(event: Event) -> bytes:
    """Return the payload of ``event`` as compact JSON."""
    return _encode(event)


def decode(position: int, name: str, schema: int, body: bytes) -> Event:
    """Return the event stored at ``position``.

    Raises StoreError when the type is unknown or newer than this program, or when the bytes are damaged.
    """
    require_known(name, schema)
    try:
        event: Event = _DECODERS[name].decode(body)
    except msgspec.DecodeError as error:
        raise StoreError(f"The payload at position {position} is damaged: {error}.") from error
    return event


def require_known(name: str, schema: int) -> None:
    """Raise StoreError unless this program can read events of that type and schema."""
    if name not in _TYPES or not 1 <= schema <= EVENT_SCHEMA:
        raise StoreError(
            f"This directory holds an event “{name}” (schema {schema}) that this version of Whowas does not know. "
            "Open it with a newer version; nothing was changed."
        )
