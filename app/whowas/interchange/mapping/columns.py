"""Which column gives which field: what a person says first, then what the titles mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from whowas.interchange.mapping.field_names import NAME
from whowas.interchange.mapping.product import TitleMeanings
from whowas.interchange.mapping.roles import STATUS_ROLES, Role
from whowas.interchange.mapping.titles.recognised import Meaning

SEVERAL: tuple[Role, ...] = ("email", "phone")
"""Fields for which the first filled one of several columns counts."""

_ONE: tuple[Role, ...] = ("id", "first_name", "last_name", "title", "department", "notes", "groups", "password_hash")
NAME_ROLES: tuple[Role, ...] = ("name", "reversed_name", "bare_name")
"""Roles of whole names, those preferred first."""

NAMING = ("first_name", "last_name", "email", "external_id", "id")
"""Fields of which one is needed to know who is meant."""


@dataclass(slots=True)
class Columns:
    """Columns, counted from 0, by what they give.

    ``fields`` are those that one cell gives, the columns preferred first. ``name`` holds whole names, as
    ``name_role`` says. ``statuses`` are columns with their roles. one of the ``logins`` may turn out to be the email.
    ``ids`` may be the external id, those preferred first: it is the first of them in which anything stands.
    ``passwords`` are never taken.
    """

    fields: dict[str, tuple[int, ...]] = field(default_factory=dict)
    name: int | None = None
    name_role: Role = "name"
    statuses: tuple[tuple[int, Role], ...] = ()
    logins: tuple[int, ...] = ()
    ids: tuple[int, ...] = ()
    passwords: tuple[int, ...] = ()

    def gives(self, column: int) -> tuple[str, ...]:
        """Return the fields that a column gives."""
        found = [name for name, columns in self.fields.items() if column in columns]
        if column == self.name:
            found += ["first_name", "last_name"]
        if any(column == status for status, _ in self.statuses):
            found.append("status")
        return tuple(found)

    def take_login_as_email(self, column: int) -> None:
        """Let a login give the email, and no external id."""
        self.fields["email"] = (column,)
        if self.fields.get("external_id") == (column,):
            del self.fields["external_id"]

    def take_id_of_ours(self, column: int) -> None:
        """Let a column give the id of Whowas itself, as where somebody took other columns out of an export."""
        self.fields["id"] = (column,)
        self.ids = tuple(other for other in self.ids if other != column)
        if self.fields.get("external_id") == (column,):
            del self.fields["external_id"]
            if self.ids:
                self.take_id(self.ids[0])

    def take_id(self, column: int) -> None:
        """Let a column give the external id instead of the one that is preferred."""
        self.fields["external_id"] = (column,)

    @property
    def names_somebody(self) -> bool:
        """Whether some column says who is meant."""
        return self.name is not None or any(name in self.fields for name in NAMING)


def columns_of(titles: Sequence[str], asked: Mapping[int, str | None], meanings: TitleMeanings) -> Columns:
    """Return the columns of a list with these titles; ``asked`` is what somebody says of some of them.

    Where somebody says which column gives a field, no other one gives it.
    """
    columns = Columns()
    for column, name in asked.items():
        if name == NAME:
            columns.name = column
            meaning = meanings.meaning(titles[column])
            columns.name_role = meaning.role if meaning and meaning.role in NAME_ROLES else "name"
        elif name == "status":
            meaning = meanings.meaning(titles[column])
            role = meaning.role if meaning and meaning.role in STATUS_ROLES else "status"
            columns.statuses = ((column, role),)
        elif name is not None:
            columns.fields[name] = (column,)
    recognised = _recognised(titles, asked, meanings)
    if columns.name is not None:
        recognised = {role: found for role, found in recognised.items() if role not in ("first_name", "last_name")}
    else:
        _take_names(columns, recognised)
    _take_fields(columns, recognised)
    return columns


def _recognised(
    titles: Sequence[str], asked: Mapping[int, str | None], meanings: TitleMeanings
) -> dict[Role, tuple[int, ...]]:
    """Return the columns of each role that nobody said anything of, those preferred first."""
    found: dict[Role, list[tuple[tuple[int, int], int]]] = {}
    ours = "id" in titles and "external_id" in titles
    for column, title in enumerate(titles):
        meaning = Meaning("id") if ours and title == "id" else meanings.meaning(title)
        if meaning is not None and column not in asked:
            found.setdefault(meaning.role, []).append((meaning.place, column))
    return {role: tuple(column for _, column in sorted(places)) for role, places in found.items()}


def _take_names(columns: Columns, recognised: Mapping[Role, tuple[int, ...]]) -> None:
    for role in NAME_ROLES:
        if columns.name is None and role in recognised:
            columns.name, columns.name_role = recognised[role][0], role


def _take_fields(columns: Columns, recognised: Mapping[Role, tuple[int, ...]]) -> None:
    for name in _ONE:
        if name in recognised:
            columns.fields.setdefault(name, recognised[name][:1])
    for name in SEVERAL:
        if name in recognised:
            columns.fields.setdefault(name, recognised[name])
    if "external_id" not in columns.fields:
        columns.ids = recognised.get("external_id", ()) + recognised.get("login", ())
        if columns.ids:
            columns.fields["external_id"] = columns.ids[:1]
    if not columns.statuses:
        columns.statuses = tuple((column, role) for role in STATUS_ROLES for column in recognised.get(role, ()))
    if "email" not in columns.fields:
        columns.logins = recognised.get("login", ())
    columns.passwords = recognised.get("password", ())
