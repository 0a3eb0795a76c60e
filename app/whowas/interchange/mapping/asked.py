"""What a person says about the titles of a list, by columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, label, name_key, shortened
from whowas.interchange.entries import UnreadableError
from whowas.interchange.mapping.field_names import require_field
from whowas.interchange.mapping.title_keys import title_key


def asked_columns(titles: Sequence[str], fields: Mapping[str, str | None]) -> dict[int, str | None]:
    """Return what is said of each column that something is said of, counted from 0.

    A title is meant however its case is, and by its number where the columns have none. Raises RefusedError for a title
    that is not there, and where two give one field.
    """
    asked: dict[int, str | None] = {}
    given: dict[str, str] = {}
    for title, name in fields.items():
        found = _columns_called(titles, title, all_alike=name is None)
        if not found:
            raise RefusedError("map", f"There is no title “{shortened(title)}” in this list.")
        if name is not None:
            require_field(name)
            same = name_key(name) if name.startswith(ATTRIBUTE_PREFIX) else name
            if same in given:
                both = f"“{shortened(given[same])}” and “{shortened(title)}”"
                raise RefusedError("map", f"{both} cannot both be {label(name)}: choose one of them.")
            given[same] = title
        if any(asked.get(column, name) != name for column in found):
            raise RefusedError("map", f"The title “{shortened(title)}” is mapped twice.")
        asked.update(dict.fromkeys(found, name))
    return asked


def require_different(
    titles: Sequence[str], asked: Mapping[int, str | None], line: int, *, exactly: bool = False
) -> None:
    """Raise UnreadableError where two columns have the same title, unless both are left out by somebody.

    ``exactly`` takes those for different whose letters differ in any way; ``line`` is where the titles stand.
    """
    first: dict[str, int] = {}
    for column, title in enumerate(titles):
        if not title or (column in asked and asked[column] is None):
            continue
        before = first.setdefault(title if exactly else _key(title), column)
        if before != column:
            same = titles[before] == title
            both = f"“{shortened(title)}”" if same else f"“{shortened(titles[before])}” and “{shortened(title)}”"
            raise UnreadableError(
                line,
                column + 1,
                f"Columns {before + 1} and {column + 1} have the same title, {both}. Rename one of them.",
                f'Or leave them out: --map "{shortened(title)}=-".',
            )


def _columns_called(titles: Sequence[str], called: str, *, all_alike: bool) -> list[int]:
    """Return the column of that title, else all whose titles are compared like it: those too, where ``all_alike``."""
    exact = [column for column, title in enumerate(titles) if title and title == called]
    return (
        exact
        if len(exact) == 1 and not all_alike
        else [c for c, title in enumerate(titles) if title and _key(title) == _key(called)]
    )


def _key(title: str) -> str:
    return title_key(title) or title.strip()
