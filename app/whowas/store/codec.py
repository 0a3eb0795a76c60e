"""Encoding events as stored bytes, and decoding them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from whowas import __version__
from whowas.domain.errors import DamagedError, StoreError
from whowas.domain.events import Event
from whowas.store.event_forms import FORMS, Form

_encode = msgspec.json.Encoder().encode


def name_of(kind: type[Event]) -> str:
    """Return the name under which events of this type are stored."""
    return kind.__name__


def text_within(text: str) -> bytes:
    """Return ``text`` as it is written inside a payload, without the quotes around it."""
    return _encode(text)[1:-1]


def _plain(body: bytes) -> bytes:
    """Return a payload as this program would write it, if it can be read at all.

    Of a key that is there twice only the last value counts, as a server counts that refuses what it does not know;
    msgspec would look at the values before it too.
    """
    try:
        return _encode(msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return body


class Codec:
    """Writes events in the lowest schema that can hold them, and reads every schema of its forms."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._forms: dict[tuple[str, int], Form] = {}
        self._writers: dict[type[Event], Form] = {}
        self._readers: dict[tuple[str, int], _Reader] = {}
        for form in forms:
            self._forms |= {(form.name, schema): form for schema in range(form.first, form.newest + 1)}
            if form.upcast is None:
                self._writers[form.held] = form

    @property
    def forms(self) -> Mapping[tuple[str, int], Form]:
        """The form of every (type name, schema) that can be read."""
        return self._forms

    @property
    def known(self) -> frozenset[tuple[str, int]]:
        """The (type name, schema) pairs that can be read."""
        return frozenset(self._forms)

    def encode(self, event: Event) -> tuple[str, int, bytes]:
        """Return the type name and schema under which ``event`` is stored, and its payload as compact JSON."""
        form = self._writers[type(event)]
        return form.name, *form.encoded(event)

    def decode(self, position: int, name: str, schema: int, body: bytes) -> Event:
        """Return the event stored at ``position``.

        Raises StoreError when type, schema or a key is unknown to this program, or when the bytes are damaged.
        """
        reader = self._readers.get((name, schema)) or self._reader(name, schema)
        try:
            event: Event = reader.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            if (plain := _plain(body)) != body:
                return self.decode(position, name, schema, plain)
            raise DamagedError(f"The payload at position {position} is damaged: {error}.", position) from error
        try:
            reader.require_keys(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if (plain := _plain(body)) != body:
                return self.decode(position, name, schema, plain)
            raise StoreError(
                f"The event at position {position} holds more than Whowas {__version__} knows of “{name}” "
                f"(schema {schema}): {error}. Open this directory with a newer version; nothing was changed."
            ) from error
        return event if reader.is_present else self._upcast(event, reader.form)

    def require_known(self, name: str, schema: int) -> None:
        """Raise StoreError unless this program can read events of that type and schema."""
        if (name, schema) not in self._forms:
            raise _unknown(name, schema)

    def _reader(self, name: str, schema: int) -> _Reader:
        """Return the reader of a type and schema, made on first use, because a start-up may meet few types."""
        self.require_known(name, schema)
        return self._readers.setdefault((name, schema), _Reader(self._forms[name, schema], schema))

    def _upcast(self, held: Any, form: Form) -> Event:
        while form.upcast is not None:
            held, form = form.upcast(held), self._forms[form.name, form.newest + 1]
        event: Event = held
        return event


class _Reader:
    """Reads one form in one of its schemas.

    msgspec silently skips keys that a dataclass does not have, so ``require_keys`` decodes once more to refuse them.
    """

    __slots__ = ("decode", "form", "is_present", "require_keys")

    def __init__(self, form: Form, schema: int) -> None:
        self.form = form
        self.is_present = form.upcast is None
        self.decode = msgspec.json.Decoder(form.held).decode
        self.require_keys = msgspec.json.Decoder(form.keys_of(schema)).decode


EVENTS: Final = Codec(FORMS)
"""The codec of the event log."""


def _unknown(name: str, schema: int) -> StoreError:
    return StoreError(
        f"This directory holds an event “{name}” (schema {schema}) that Whowas {__version__} does not know. "
        "Open it with a newer version; nothing was changed."
    )
