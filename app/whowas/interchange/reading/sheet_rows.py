"""What any spreadsheet is read to, whichever its format: rows of texts within bounds."""

from __future__ import annotations

from typing import NamedTuple

from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.body import MOST_COLUMNS
from whowas.interchange.reading.csv_rows import MOST_CHARACTERS

MOST_ROWS = 1 << 20
"""No spreadsheet has more rows."""


class Sheet(NamedTuple):
    """A sheet of cells: its name, its place among them from 0, whether it is hidden."""

    name: str
    place: int
    hidden: bool


class SheetRow(NamedTuple):
    """A row of a sheet: its number from 1, its cells up to the last that holds something, and what is wrong in it."""

    line: int
    cells: list[str]
    faults: dict[int, str]


def require_bounded(line: int, column: int, characters: int) -> None:
    """Raise UnreadableError where a cell lies beyond every list, or its row is endless."""
    if line > MOST_ROWS:
        raise UnreadableError(MOST_ROWS + 1, 1, f"At most {MOST_ROWS:,} rows can be read.")
    if column > MOST_COLUMNS:
        reason = f"Something stands in column {column:,}; at most {MOST_COLUMNS:,} columns can be read."
        raise UnreadableError(line, column, reason)
    if characters > MOST_CHARACTERS:
        raise UnreadableError(line, column, f"This row is too long: at most {MOST_CHARACTERS:,} characters fit.")
