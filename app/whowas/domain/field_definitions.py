"""What a custom field is, beside its name: of which type its values are, and which rules they keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Final, Literal, Protocol, get_args

FieldType = Literal["text", "number", "date", "yes or no", "choice", "link", "email", "phone"]
"""The types of custom fields, by the names under which events and people know them."""

FIELD_TYPES: Final[tuple[FieldType, ...]] = get_args(FieldType)
"""Every type of custom field, in the order in which they are offered."""


class Aspects(Protocol):
    """New aspects of a field's definition: None is an aspect that stays, empty one that is cleared.

    Read-only, so that frozen events and commands are such.
    """

    @property
    def type(self) -> FieldType | None: ...
    @property
    def required(self) -> bool | None: ...
    @property
    def unique(self) -> bool | None: ...
    @property
    def default(self) -> str | None: ...
    @property
    def choices(self) -> tuple[str, ...] | None: ...
    @property
    def help(self) -> str | None: ...
    @property
    def hidden(self) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A custom field's type and rules; a field of which nothing was said is text that anybody may have, or not.

    ``default`` is what a new user gets who is given no value, ``choices`` are the values of a field of choices, in
    their order, ``help`` is shown where the field is filled in, and a ``hidden`` field shows in no table or form until
    it is shown again.
    """

    type: FieldType = "text"
    required: bool = False
    unique: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()
    help: str = ""
    hidden: bool = False

    def described(self, aspects: Aspects) -> FieldDefinition:
        """Return the definition with these aspects instead."""
        given = {name: value for name in ASPECTS if (value := getattr(aspects, name)) is not None}
        return replace(self, **given) if given else self

    def differences(self, other: FieldDefinition) -> Mapping[str, object]:
        """Return the aspects of ``other`` that are not as here, by their names."""
        return {name: new for name in ASPECTS if (new := getattr(other, name)) != getattr(self, name)}


ASPECTS: Final = tuple(each.name for each in fields(FieldDefinition))
"""The names of all aspects of a definition."""

PLAIN: Final = FieldDefinition()
"""The definition of a field of which only the name was ever said."""

Definitions = Mapping[str, FieldDefinition]
"""The definitions of custom fields by their ids, deleted ones among them; fields that are not named are PLAIN."""

ALL_PLAIN: Final[Definitions] = MappingProxyType({})
"""Those of a directory that says of no field more than its name."""
