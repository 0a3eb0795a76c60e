"""ODS (OpenDocument 1.3, part 3): its sheets, and the rows of one, a piece at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whowas.domain.progress import Progress
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.cell_text import NEVER_CALCULATED, error_sentence, iso_day, number_text
from whowas.interchange.reading.kinds import PROTECTED
from whowas.interchange.reading.packages import Handler, Package, damaged
from whowas.interchange.reading.sheet_rows import MOST_ROWS, Sheet, SheetRow, require_bounded

_CONTENT = "content.xml"
_BLANKS = re.compile(r"[ \t\r\n]+")
_ERROR = re.compile(r"#[A-Z/0!?]+[!?A]?|Err:\d+")
_CLOCK = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_MOST_BLANKS = 1000
_MOST_SHEETS = 10_000


class OdsWorkbook:
    """The sheets of a package; which of them are hidden is not looked at."""

    def __init__(self, package: Package) -> None:
        self._package = package
        if package.elements("META-INF/manifest.xml", "encryption-data"):
            raise UnreadableError(0, 0, PROTECTED)
        names = _Names()
        for _ in package.parsed(_CONTENT, names):
            pass
        self.sheets = [Sheet(name, index, hidden=False) for index, name in enumerate(names.found)]

    def rows(self, sheet: Sheet, progress: Progress) -> Iterator[SheetRow]:
        """Yield every row of a sheet that holds something. Raises UnreadableError."""
        handler = _Cells(sheet.place)
        for _ in self._package.parsed(_CONTENT, handler, progress):
            yield from handler.taken()


class _Names(Handler):
    """Finds the names of all sheets; tables within cells are none."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            if not self._depth:
                self.found.append(attributes.get("name", ""))
                if len(self.found) > _MOST_SHEETS:
                    raise damaged()
            self._depth += 1

    def end(self, name: str) -> None:
        if name == "table":
            self._depth -= 1


class _Cells(Handler):
    """Makes rows of the cells of one sheet; those that hold nothing are left out."""

    def __init__(self, index: int) -> None:
        self._index = index
        self._sheet = -1
        self._tables = 0
        self._aside = 0
        self._line = 1
        self._rows: list[SheetRow] = []
        self._cells: list[str] = []
        self._faults: dict[int, str] = {}
        self._column = 1
        self._given: dict[str, str] | None = None
        self._repeated_row = 1
        self._paragraphs: list[str] = []
        self._in_paragraph = 0
        self._length = 0

    def taken(self) -> list[SheetRow]:
        """Return the rows that are complete and were not taken before."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self._tables += 1
            self._sheet += self._tables == 1
        elif self._sheet != self._index or self._tables != 1:
            return
        elif name in ("annotation", "shapes"):
            self._aside += 1
        elif self._aside:
            return
        elif name == "table-row":
            self._repeated_row = _count(attributes, "number-rows-repeated")
            self._cells, self._faults, self._column, self._length = [], {}, 1, 0
        elif name in ("table-cell", "covered-table-cell"):
            self._given, self._paragraphs = attributes, []
        elif self._given is not None:
            self._start_text(name, attributes)

    def _start_text(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            self._in_paragraph += 1
            self._paragraphs.append("")
            self._length += 1
        elif not self._in_paragraph:
            return
        elif name == "s":
            self._add(" " * min(_count(attributes, "c"), _MOST_BLANKS))
        elif name in ("tab", "line-break"):
            self._add("\t" if name == "tab" else "\n")

    def end(self, name: str) -> None:
        if name == "table":
            self._tables -= 1
        elif self._sheet != self._index or self._tables != 1:
            return
        elif name in ("annotation", "shapes"):
            self._aside -= 1
        elif self._aside:
            return
        elif name == "p" and self._in_paragraph:
            self._in_paragraph -= 1
        elif name in ("table-cell", "covered-table-cell") and self._given is not None:
            self._end_cell(self._given)
            self._given = None
        elif name == "table-row":
            self._end_row()

    def text(self, text: str) -> None:
        if self._in_paragraph and not self._aside and self._tables == 1:
            plain = _BLANKS.sub(" ", text)
            if plain.startswith(" ") and (not self._paragraphs[-1] or self._paragraphs[-1].endswith(" ")):
                plain = plain[1:]
            self._add(plain)

    def _add(self, text: str) -> None:
        self._paragraphs[-1] += text
        self._length += len(text)
        require_bounded(self._line, self._column, self._length)

    def _end_cell(self, given: dict[str, str]) -> None:
        count = _count(given, "number-columns-repeated")
        text, fault = _shown(given, "\n".join(self._paragraphs))
        if text or fault:
            require_bounded(self._line, self._column + count - 1, self._length + len(text) * count)
            self._cells.extend([""] * (self._column - 1 - len(self._cells)))
            self._cells.extend([text] * count)
            if fault:
                self._faults.update(dict.fromkeys(range(self._column, self._column + count), fault))
        self._column += count

    def _end_row(self) -> None:
        if self._cells:
            require_bounded(self._line + self._repeated_row - 1, 1, 0)
            self._rows.extend(
                SheetRow(self._line + more, self._cells, self._faults) for more in range(self._repeated_row)
            )
        self._line += self._repeated_row


def _shown(given: dict[str, str], text: str) -> tuple[str, str]:
    """Return what a cell shows, and what is wrong with it."""
    kind = given.get("value-type", "")
    if "formula" in given:
        if not kind and not text:
            return "", NEVER_CALCULATED
        if _ERROR.fullmatch(text):
            return text, error_sentence(text)
    if kind in ("float", "percentage", "currency"):
        return _number(given.get("value", text), text), ""
    if kind == "date":
        return iso_day(given.get("date-value", text)), ""
    if kind == "time":
        clock = _CLOCK.fullmatch(given.get("time-value", ""))
        return f"{clock[1]:>02}:{clock[2]:>02}:{clock[3]:>02}" if clock else text, ""
    if kind == "boolean":
        return given.get("boolean-value", text).upper(), ""
    return given.get("string-value", text), ""


def _number(stored: str, text: str) -> str:
    """Return a number as text, with the zeros before it that the cell shows."""
    shows_zeros = text.startswith("0") and text.isascii() and text.isdigit()
    return number_text(stored, len(text) if shows_zeros else 0)


def _count(attributes: dict[str, str], name: str) -> int:
    """Return how often something stands there: once, unless an attribute says otherwise."""
    text = attributes.get(name, "1")
    return min(max(int(text), 1), MOST_ROWS + 1) if text.isascii() and text.isdigit() and len(text) < 10 else 1
