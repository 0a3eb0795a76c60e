"""The forms in which events are stored: which keys each form has, and which schema introduced each key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, get_args

import msgspec

from whowas.domain.events import Event, FieldDefined, FieldDescribed, Forgotten, UserCreated, UserUpdated
from whowas.domain.field_definitions import ASPECTS
from whowas.domain.fields import TEXT_FIELDS

Keys = Mapping[str, int]
"""Keys of a JSON object, each with the schema that introduced it."""

_FREE: Final[Mapping[str, type[msgspec.Struct]]] = MappingProxyType({})
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Form:
    """The payload of one type of event, in one of the forms that it has had.

    ``held`` is the dataclass of the form. Its keys exist from the schema ``first`` on, except those in ``later``: these
    have a default, and an event that holds the default is stored without the key. A key of ``first`` may be among them.
    ``within`` gives the known keys of those fields that hold objects; an object that it does not name takes any key.
    A form that is no longer written has an ``upcast``, which converts it to the next form.
    """

    name: str
    held: type[Any]
    first: int = 1
    later: Keys = field(default_factory=dict)
    within: Mapping[str, Keys] = field(default_factory=dict)
    upcast: Callable[[Any], Any] | None = None

    @property
    def newest(self) -> int:
        """The highest schema of this form."""
        within = (schema for known in self.within.values() for schema in known.values())
        return max((self.first, *self.later.values(), *within))

    def encoded(self, event: object) -> tuple[int, bytes]:
        """Return the lowest schema that can hold ``event``, and its payload."""
        schema = self.first
        for key, known_first in self._known_first:
            if not known_first.issuperset(held := getattr(event, key)):
                schema = max(schema, *(self.within[key][name] for name in held))
        if not self.later:
            return schema, _encode(event)
        stored = {
            key: value for key in self._keys if (value := getattr(event, key)) != self._defaults.get(key, MISSING)
        }
        return max((schema, *(self.later.get(key, schema) for key in stored))), _encode(stored)

    def keys_of(self, schema: int) -> type[msgspec.Struct]:
        """Return a struct type that accepts exactly the keys of ``schema``, with any values."""
        keys = [key for key in self._keys if self.later.get(key, self.first) <= schema]
        types = {
            key: _taking(name for name, came in known.items() if came <= schema) for key, known in self.within.items()
        }
        return _taking(keys, types)

    @cached_property
    def _keys(self) -> tuple[str, ...]:
        return tuple(each.name for each in fields(self.held))

    @cached_property
    def _defaults(self) -> Mapping[str, object]:
        return {each.name: each.default for each in fields(self.held) if each.name in self.later}

    @cached_property
    def _known_first(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """For each key that holds an object, its keys since the first schema; most events have no others."""
        return tuple(
            (key, frozenset(name for name, schema in known.items() if schema <= self.first))
            for key, known in self.within.items()
        )


def _taking(keys: Iterable[str], types: Mapping[str, type[msgspec.Struct]] = _FREE) -> type[msgspec.Struct]:
    taken = [(key, types.get(key, msgspec.Raw), None) for key in keys]
    return msgspec.defstruct("Keys", taken, forbid_unknown_fields=True)


TEXT_KEYS: Final[Keys] = {field.name: field.schema for field in TEXT_FIELDS}
"""The keys of a user's text fields in UserCreated and UserUpdated, each with the schema that introduced it."""

_WITHIN: Final[Mapping[type[Event], Mapping[str, Keys]]] = {
    UserCreated: {"fields": TEXT_KEYS},
    UserUpdated: {"changes": TEXT_KEYS},
}

_LATER: Final[Mapping[type[Event], Keys]] = {
    FieldDefined: {"field_id": 2},
    FieldDescribed: dict.fromkeys(ASPECTS, 1),
}

FORMS: Final = tuple(
    Form(kind.__name__, kind, later=_LATER.get(kind, {}), within=_WITHIN.get(kind, {}))
    for kind in get_args(Event)
    if kind is not Forgotten
)
"""Every form that this program reads. For each type, the one without an ``upcast`` is the form that it writes."""
