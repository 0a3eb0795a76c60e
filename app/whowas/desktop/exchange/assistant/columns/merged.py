"""Several lists seen as one: their titles, words of status and rows together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from whowas.desktop.exchange.assistant.columns.fields import SaidOfTitles, TitleColumn, field_of
from whowas.domain.users import Status
from whowas.interchange.importing.list_look import ColumnLook, ListLook, WordLook
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.mapping.columns import NAMING
from whowas.interchange.mapping.field_names import NAME
from whowas.interchange.mapping.status_words import word_key
from whowas.interchange.mapping.title_keys import title_key


@dataclass(frozen=True, slots=True)
class MergedLook:
    """What lists come to together, with what a person says of them.

    ``columns`` are the union of their titles in order, each with the first values that any list has. ``words`` are
    their words of status, unknown ones first, then by rows. ``product`` is "" where they are of several. ``said`` are
    sentences about what was recognised or supposed. ``open_day`` is a cell that may be two days, or "".
    """

    names: tuple[str, ...]
    product: str
    rows: int
    said: tuple[str, ...]
    columns: tuple[TitleColumn, ...]
    words: tuple[WordLook, ...]
    open_day: str = ""

    @property
    def gives(self) -> tuple[str, ...]:
        """The fields that some title becomes."""
        return tuple(column.field for column in self.columns if column.field is not None)

    @property
    def names_somebody(self) -> bool:
        """Whether some title says who is meant."""
        return any(field in (*NAMING, NAME) for field in self.gives)


def merged(looks: Sequence[ListLook], chosen: Chosen) -> MergedLook:
    """Return lists as one; what is ``chosen`` counts more than what was recognised."""
    products = {look.product for look in looks}
    asked = SaidOfTitles(chosen)
    return MergedLook(
        tuple(look.name for look in looks),
        products.pop() if len(products) == 1 else "",
        sum(look.rows for look in looks),
        tuple(dict.fromkeys(sentence for look in looks for sentence in (*look.detected.said, *look.said))),
        tuple(
            TitleColumn(column.title, column.values[:2], asked.field(column.title, field_of(column.becomes)))
            for column in _columns(looks)
        ),
        _words(looks, chosen),
        next((look.open_day for look in looks if look.open_day), ""),
    )


def _columns(looks: Sequence[ListLook]) -> list[ColumnLook]:
    """Return every title once, as the first list writes it."""
    found: dict[str, ColumnLook] = {}
    written: dict[str, str] = {}
    key_of = cache(title_key)  # of many lists most titles are the same
    for look in looks:
        here = {column.title for column in look.columns}
        for column in look.columns:
            title = column.title
            if title not in found and (alike := written.get(key_of(title), title)) not in here:
                title = alike
            known = found.get(title)
            if known is None:
                found[title] = column
                written.setdefault(key_of(title) or title, title)
            elif (column.values and not known.values) or (column.becomes and not known.becomes):
                found[title] = replace(
                    known, values=known.values or column.values, becomes=known.becomes or column.becomes
                )
    return list(found.values())


def _words(looks: Sequence[ListLook], chosen: Chosen) -> tuple[WordLook, ...]:
    said = {word_key(word): status for word, status in chosen.statuses.items()}
    found: dict[tuple[str, Status | None], WordLook] = {}
    for look in looks:
        for word in look.words:
            key = word_key(word.word)
            status = said.get(key, word.status)
            same = found.get((key, status))
            rows = word.rows + (same.rows if same else 0)
            found[key, status] = WordLook(same.word if same else word.word, rows, status)
    unknown = {word_key(word.word) for look in looks for word in look.words if word.word and word.status is None}
    return tuple(sorted(found.values(), key=lambda word: (word_key(word.word) not in unknown, -word.rows)))
