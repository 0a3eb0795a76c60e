"""What a title can become, in the words of the window, and how a person's choice changes what is said of titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, NAME_LIMIT, label, name_key, shortened
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.mapping.field_names import NAME
from whowas.interchange.mapping.title_keys import title_key

LEAVE_OUT = "Leave out"
_HALVES = ("first_name", "last_name")
_OTHER_WORDS = {NAME: "Full name", "id": "Id", "password_hash": "Password hash"}


@dataclass(frozen=True, slots=True)
class TitleColumn:
    """A title of the lists with the first values below it, and the field that it becomes; None: it is left out."""

    title: str
    values: tuple[str, ...]
    field: str | None


def offered_fields() -> Iterator[str]:
    """Yield what any title can become, besides custom fields, in the order of the menu. Passwords are not among it."""
    for name in LABELS:
        yield name
        if name == _HALVES[-1]:
            yield NAME
    yield from ("status", "groups")


class CustomFields:
    """The custom fields that a directory has; ``names`` are in their order."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = tuple(names)
        self._keys = frozenset(map(name_key, self.names))

    def has(self, field: str) -> bool:
        """Say whether a custom field is there; the case of its name does not count."""
        return name_key(field.removeprefix(ATTRIBUTE_PREFIX)) in self._keys


def words_for(field: str | None, custom: CustomFields) -> str:
    """Return what a field is called where it is chosen."""
    if field is None:
        return LEAVE_OUT
    if is_new(field, custom):
        return f"New field “{shortened(field.removeprefix(ATTRIBUTE_PREFIX))}”"
    return _OTHER_WORDS.get(field) or shortened(label(field))


def is_new(field: str | None, custom: CustomFields) -> bool:
    """Say whether a field would be created by the import."""
    return field is not None and field.startswith(ATTRIBUTE_PREFIX) and not custom.has(field)


def same_field(one: str | None, other: str | None) -> bool:
    """Say whether two names are of one field: the case of custom ones does not count."""
    if one is None or other is None:
        return one is other
    custom = one.startswith(ATTRIBUTE_PREFIX) and other.startswith(ATTRIBUTE_PREFIX)
    return name_key(one) == name_key(other) if custom else one == other


def field_of(becomes: Sequence[str]) -> str | None:
    """Return the field that a title gives; first and last name in one cell are one."""
    if set(_HALVES) <= set(becomes):
        return NAME
    return becomes[0] if becomes else None


def proposed_name(title: str) -> str:
    """Return what a new field is called if nobody says otherwise."""
    return shortened(title.strip(), NAME_LIMIT)


class SaidOfTitles:
    """What is said of titles, however their case is."""

    def __init__(self, chosen: Chosen) -> None:
        self._fields = chosen.fields
        self._by_key = {key: field for title, field in chosen.fields.items() if (key := title_key(title))}

    def field(self, title: str, recognised: str | None) -> str | None:
        """Return what a title becomes: what is said of it, else what it was recognised as."""
        if title in self._fields:
            return self._fields[title]
        return self._by_key.get(title_key(title), recognised) if self._by_key else recognised


def with_field(chosen: Chosen, columns: Sequence[TitleColumn], title: str, field: str | None) -> Chosen:
    """Return what is chosen if ``title`` becomes ``field``: whichever title gave that before is left out."""
    there = {column.title for column in columns}
    given = {column.title: None for column in columns if column.title != title and _gives_way(column.field, field)} | {
        title: field
    }
    keys = {title_key(other) for other in given}
    kept = {
        other: said
        for other, said in chosen.fields.items()
        if other not in given and (other in there or title_key(other) not in keys)
    }
    return replace(chosen, fields={**kept, **given})


def _gives_way(field: str | None, chosen: str | None) -> bool:
    if field is None or chosen is None:
        return False
    return same_field(field, chosen) or (chosen == NAME and field in _HALVES)
