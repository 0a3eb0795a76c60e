"""The cells of one sheet of an XLSX workbook, as its XML comes."""

from __future__ import annotations

from typing import NamedTuple

from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.cell_text import (
    NEVER_CALCULATED,
    error_sentence,
    iso_day,
    moment_text,
    number_text,
    unescaped,
)
from whowas.interchange.reading.csv_rows import MOST_CHARACTERS
from whowas.interchange.reading.packages import Handler, damaged
from whowas.interchange.reading.sheet_rows import SheetRow, require_bounded
from whowas.interchange.reading.spilled import SpilledTextsView


class Format(NamedTuple):
    """How a number is shown: as a day or time, or with so many digits at least."""

    is_date: bool
    digits: int


_PLAIN = Format(is_date=False, digits=0)


class SheetHandler(Handler):
    """Makes rows of the cells of a sheet; those that hold nothing are left out."""

    plain_attributes = True

    def __init__(self, texts: SpilledTextsView, formats: list[Format], *, from_1904: bool) -> None:
        self._texts = texts
        self._formats = formats
        self._from_1904 = from_1904
        self._columns: dict[str, int] = {}
        self._rows: list[SheetRow] = []
        self._line = 0
        self._column = 0
        self._cells: list[str] = []
        self._faults: dict[int, str] = {}
        self._kind = ""
        self._style = ""
        self._has_formula = False
        self._has_value = False
        self._pronounced = False
        self._reading = False
        self._parts: list[str] = []
        self._length = 0

    def taken(self) -> list[SheetRow]:
        """Return the rows that are complete and were not taken before."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            reference = attributes.get("r")
            if reference:
                letters = reference.rstrip("0123456789")
                self._column = self._columns.get(letters) or self._column_of(letters)
            else:
                self._column += 1
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "")
            self._has_formula = self._has_value = False
            self._parts = []
        elif name in ("v", "t"):
            self._reading = self._has_value = not self._pronounced
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._pronounced = True
        elif name == "row":
            line = attributes.get("r", "")
            self._line = int(line) if line.isascii() and line.isdigit() and len(line) < 9 else self._line + 1
            self._column, self._length = 0, 0
            self._cells, self._faults = [], {}

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._reading = False
        elif name == "c":
            self._end_cell()
        elif name == "rPh":
            self._pronounced = False
        elif name == "row" and (any(self._cells) or self._faults):
            require_bounded(self._line, len(self._cells), self._length)
            self._rows.append(SheetRow(self._line, self._cells, self._faults))

    def text(self, text: str) -> None:
        if self._reading:
            self._parts.append(text)
            self._length += len(text)
            if self._length > MOST_CHARACTERS:
                require_bounded(self._line, self._column, self._length)

    def _end_cell(self) -> None:
        stored = "".join(self._parts)
        # A formula may come to an empty text, but not to an empty number.
        if stored or (self._has_formula and not (self._kind == "str" and self._has_value)):
            text = self._shown(stored)
            cells, before = self._cells, self._column - 1
            if before > len(cells):
                require_bounded(self._line, self._column, self._length)
                cells.extend([""] * (before - len(cells)))
            if before == len(cells):
                cells.append(text)
            else:  # not in order
                cells[before] = text

    def _shown(self, stored: str) -> str:
        """Return what a cell shows."""
        kind = self._kind
        if not stored:
            self._faults[self._column] = NEVER_CALCULATED
            return ""
        if kind == "s":
            try:
                return self._texts[int(stored)]
            except (ValueError, IndexError) as error:
                raise damaged() from error
        if kind in ("inlineStr", "str"):
            return unescaped(stored)
        if kind == "b":
            return "TRUE" if stored.strip() in ("1", "true") else "FALSE"
        if kind == "e":
            self._faults[self._column] = error_sentence(stored)
            return stored
        if kind == "d":
            return iso_day(stored)
        given = self._formats[int(self._style)] if self._has_style() else _PLAIN
        if given.is_date:
            return moment_text(stored, from_1904=self._from_1904)
        return number_text(stored, given.digits)

    def _has_style(self) -> bool:
        return self._style.isascii() and self._style.isdigit() and int(self._style) < len(self._formats)

    def _column_of(self, letters: str) -> int:
        """Return the number of a column, from 1, by its letters, and remember it. Raises UnreadableError."""
        column = 0
        for letter in letters.upper():
            column = column * 26 + ord(letter) - ord("A") + 1
        if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
            raise UnreadableError(self._line, 1, "This workbook names a cell that no sheet has.")
        self._columns[letters] = column
        return column
