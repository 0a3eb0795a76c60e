"""What people are told of how a list was understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whowas.domain.fields import label, listed, shortened
from whowas.interchange.mapping.columns import Columns
from whowas.interchange.mapping.group_cells import SEPARATORS
from whowas.interchange.mapping.own_export import OWN_EXPORT
from whowas.interchange.mapping.product import Product

_MOST_NAMED = 20
_LONGEST_EXAMPLE = 60


def left_out(titles: Sequence[str], columns: Columns, asked: Mapping[int, str | None]) -> list[int]:
    """Return the columns with a title that give nothing, although nobody asked to leave them out."""
    return [
        column for column, title in enumerate(titles) if title and column not in asked and not columns.gives(column)
    ]


def said_of(titles: Sequence[str], columns: Columns, separators: Sequence[str], product: Product) -> tuple[str, ...]:
    """Return sentences about what was recognised or supposed.

    In our own export nothing is supposed.
    """
    if product is OWN_EXPORT:
        return ()
    said = [f"The titles are those of an export of {product.name}."] if product.name else []
    external = columns.fields.get("external_id")
    if external and titles[external[0]] != "external_id":
        said.append(f"{_quoted(titles, external)} is the external id, by which people are found again.")
    said += [
        f"The {label(name).lower()} is the first that is filled of {_quoted(titles, places)}; others are left out."
        for name, places in columns.fields.items()
        if len(places) > 1
    ]
    if product.between_values:
        said.append(f"Of several values in one cell, with “{product.between_values}” between them, the first is taken.")
    return (
        *said,
        *_said_of_name(titles, columns),
        *_said_of_groups(titles, columns, separators),
        *_said_of_status(titles, columns),
    )


def _said_of_name(titles: Sequence[str], columns: Columns) -> list[str]:
    if columns.name is None:
        return []
    whole = _quoted(titles, [columns.name])
    own = [name for name in ("first_name", "last_name") if name in columns.fields]
    if len(own) == 2:
        return [f"{whole} counts only where first and last name are both blank."]
    if own:
        other = "last name" if own == ["first_name"] else "first name"
        return [f"{whole} gives the {other}."]
    if columns.name_role == "reversed_name":
        rule = "the first of two words, or the words in capitals, are taken for the last name"
        return [f"{whole} gives last and first name: {rule}, unless a comma stands after the last name."]
    rule = "the last word with words such as “van” before it, what stands before a comma"
    others = "the first word of a Chinese, Japanese or Korean name"
    return [f"{whole} gives first and last name: the last name is {rule}, or {others}."]


def _said_of_groups(titles: Sequence[str], columns: Columns, separators: Sequence[str]) -> list[str]:
    places = columns.fields.get("groups")
    if not places or not separators:
        return []
    return [f"Groups in {_quoted(titles, places)} are separated by {listed(SEPARATORS[s] for s in separators)}."]


def _said_of_status(titles: Sequence[str], columns: Columns) -> list[str]:
    places = [column for column, _ in columns.statuses]
    if len(places) < 2:
        return []
    return [f"The status is the gravest of what {_quoted(titles, places)} say."]


def said_of_left_out(
    titles: Sequence[str], columns: Columns, unasked: Sequence[str]
) -> tuple[list[str], Mapping[str, str]]:
    """Return sentences about what is left out, and which option of the command line takes it in.

    ``unasked`` are the titles that nobody asked to leave out.
    """
    passwords = [titles[column] for column in columns.passwords]
    others = [title for title in unasked if title not in passwords]
    said: list[str] = []
    advice: dict[str, str] = {}
    if passwords:
        named = listed(map(_in_quotes, passwords))
        said.append(f"Passwords are not taken from a list: {named} {'is' if len(passwords) == 1 else 'are'} left out.")
    if others:
        more = f" and {len(others) - _MOST_NAMED:,} more" if len(others) > _MOST_NAMED else ""
        named = listed(map(_in_quotes, others)) if not more else ", ".join(map(_in_quotes, others[:_MOST_NAMED])) + more
        name = next((title for title in others if len(title) <= _LONGEST_EXAMPLE and '"' not in title), "TITLE")
        said.append(f"Left out: {named}.")
        advice[said[-1]] = f'To take one in, name it: --map "{name}=attribute:{name}".'
    return said, advice


def _quoted(titles: Sequence[str], places: Sequence[int]) -> str:
    return listed(_in_quotes(titles[column]) for column in places)


def _in_quotes(title: str) -> str:
    return f"“{shortened(title)}”"
