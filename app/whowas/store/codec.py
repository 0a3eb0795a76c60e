"""How events become stored bytes and come back."""

from __future__ import annotations

from typing import Final, get_args

import msgspec

from whowas import __version__
from whowas.domain.errors import StoreError
from whowas.domain.events import Event

EVENT_SCHEMA: Final = 1
"""The schema version of every event type so far; an event that changes shape gets a higher one and an upcaster."""

_TYPES: tuple[type[Event], ...] = get_args(Event)
_DECODERS = {(known.__name__, EVENT_SCHEMA): msgspec.json.Decoder(known) for known in _TYPES}
_encode = msgspec.json.Encoder().encode


def stored_name(event: Event) -> str:
    """Return the type name under which ``event`` is stored."""
    return name_of(type(event))


def name_of(kind: type[Event]) -> str:
    """Return the type name under which events of one kind are stored."""
    return kind.__name__


def encode(event: Event) -> bytes:
    """Return the payload of ``event`` as compact JSON."""
    return _encode(event)


def decode(position: int, name: str, schema: int, body: bytes) -> Event:
    """Return the event stored at ``position``.

    Raises StoreError when the type is unknown or newer than this program, or when the bytes are damaged.
    """
    try:
        event: Event = _DECODERS[name, schema].decode(body)
    except KeyError:
        raise _unknown(name, schema) from None
    except msgspec.DecodeError as error:
        raise StoreError(f"The payload at position {position} is damaged: {error}.") from error
    return event


def require_known(name: str, schema: int) -> None:
    """Raise StoreError unless this program can read events of that type and schema."""
    if (name, schema) not in _DECODERS:
        raise _unknown(name, schema)


def _unknown(name: str, schema: int) -> StoreError:
    return StoreError(
        f"This directory holds an event “{name}” (schema {schema}) that Whowas {__version__} does not know. "
        "Open it with a newer version; nothing was changed."
    )
