"""What a list looks like before anything is decided: its titles and what they become, its words of status, its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from whowas.domain.fields import shortened
from whowas.domain.progress import REPORTED_EVERY, Progress, unwatched
from whowas.domain.users import Status
from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.importing.ready import told_of
from whowas.interchange.mapping.day_cells import open_in
from whowas.interchange.mapping.status_words import word_key
from whowas.interchange.reading.table import Detected, Row
from whowas.interchange.reading.visible_text import is_blank

_VALUES = 2
MOST_WORDS = 50
"""So many words of status are shown; a column with more says something else."""

_MOST_DIFFERENT = 1_000
_LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """One column that has a title: its first two values that are not blank, and the names of the fields that it gives.

    ``becomes`` is empty where it is left out. Custom fields are behind ATTRIBUTE_PREFIX.
    """

    title: str
    values: tuple[str, ...]
    becomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordLook:
    """One word of a column that says the status, in how many rows it stands, and what it is taken for; None: unknown.

    "" is a blank cell.
    """

    word: str
    rows: int
    status: Status | None


@dataclass(frozen=True, slots=True)
class ListLook:
    """One list: what people call its file, how it is read, how many rows it has below the titles, ``blank`` of them
    without any value, and what its columns and words of status come to.

    Blank rows at the end, and a total, do not count. ``words`` are in the order of their rows, most of them first; the
    same word is there twice where two columns mean different things by it. ``product`` is whose export was recognised,
    or "". ``occurred_at`` (UTC µs) is when it was true, None for now. ``open_day`` is the first cell of a field of days
    that may be two days, or "".
    """

    name: str
    detected: Detected
    product: str
    rows: int
    blank: int
    columns: tuple[ColumnLook, ...]
    words: tuple[WordLook, ...]
    said: tuple[str, ...]
    occurred_at: int | None = None
    open_day: str = ""


def look_at(inputs: Sequence[ListInput], progress: Progress = unwatched) -> tuple[ListLook, ...]:
    """Return what each list looks like; all rows are read once, of which ``progress`` is told.

    Raises FileRefusedError where one cannot be read to its end, CancelledError and StoreError.
    """
    total = sum(given.table.count for given in inputs)
    before = accumulate((given.table.count for given in inputs), initial=0)
    return tuple(_looked_at(given, done, total, progress) for given, done in zip(inputs, before, strict=False))


def _looked_at(given: ListInput, before: int, total: int, progress: Progress) -> ListLook:
    table, mapping = given.table, given.mapping
    values = _FirstValues(len(table.titles))
    words = _Words()
    count, open_day = 0, ""
    progress(before, total)
    with told_of(given.source):
        for count, row in enumerate(table.rows(), start=1):
            if isinstance(row, Row):
                values.see(row.cells)
                words.see(mapping.words_of_status(row))
                if mapping.days and not open_day:
                    open_day = next((found.cell for found in open_in(row, mapping.days)), "")
            if count % REPORTED_EVERY == 0:
                progress(before + count, total)
    return ListLook(
        given.source.name,
        table.detected,
        mapping.product,
        count + table.blank,
        table.blank,
        tuple(
            ColumnLook(title, tuple(seen), becomes)
            for (title, becomes), seen in zip(mapping.becomes, values.seen, strict=True)
            if title
        ),
        words.found(),
        mapping.said,
        given.occurred_at,
        open_day,
    )


class _FirstValues:
    """Gathers the first values of each column, in ``seen``."""

    def __init__(self, columns: int) -> None:
        self.seen: list[list[str]] = [[] for _ in range(columns)]
        self._wanting = list(range(columns))

    def see(self, cells: Sequence[str]) -> None:
        """Take what a row says of columns that want a value."""
        for column in self._wanting:
            if not is_blank(cells[column]):
                self.seen[column].append(shortened(cells[column].strip(), _LONGEST_VALUE))
                if len(self.seen[column]) == _VALUES:
                    self._wanting = [other for other in self._wanting if other != column]


class _Words:
    """Counts words for a status."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, Status | None], int] = {}

    def see(self, said: Iterator[tuple[str, Status | None]]) -> None:
        """Count the words of a row; in a column that says something else altogether, not every one of them."""
        for each in said:
            if each in self._rows or len(self._rows) < _MOST_DIFFERENT:
                self._rows[each] = self._rows.get(each, 0) + 1

    def found(self) -> tuple[WordLook, ...]:
        """Return the words, those of most rows first, each as it was first written."""
        written: dict[tuple[str, Status | None], str] = {}
        rows: Counter[tuple[str, Status | None]] = Counter()
        for (word, status), count in self._rows.items():
            same = word_key(word), status
            written.setdefault(same, word)
            rows[same] += count
        return tuple(WordLook(written[same], count, same[1]) for same, count in rows.most_common(MOST_WORDS))
