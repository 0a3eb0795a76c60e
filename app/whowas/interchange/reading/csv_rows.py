"""CSV as rows of cells, one after the other: quoted or not, and whatever is wrong with one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.decoding import UNDECODED

MOST_CHARACTERS = 4 << 20
"""A row of CSV has at most so many; beyond, it is no list, or a quotation mark was never closed."""

_ENDS = "\r\n"


class RawRow(NamedTuple):
    """A row as it stands: the line it begins in, its text without the end of the line, its cells.

    ``faults`` maps columns, from 1, to why a cell cannot be used; of a row that is ``broken`` as a whole, column 0
    says why.
    """

    line: int
    raw: str
    cells: Sequence[str]
    faults: Mapping[int, str] = MappingProxyType({})
    broken: str = ""


def csv_rows(lines: Iterable[str], delimiter: str, first_line: int = 1) -> Iterator[RawRow]:
    """Yield every row of CSV; ``lines`` come with their ends, and the first of them is number ``first_line``.

    Quotation marks are understood as RFC 4180 has them, and blanks between them and the delimiters overlooked. Raises
    UnreadableError where a quotation mark is never closed or a row is endless.
    """
    grammar = _Grammar(delimiter)
    source = iter(lines)
    number = first_line
    for line in source:
        if len(line) > MOST_CHARACTERS:
            raise UnreadableError(number, 1, f"This row is too long: at most {MOST_CHARACTERS:,} characters fit.")
        if '"' not in line:
            raw = line.rstrip(_ENDS)
            row = RawRow(number, raw, raw.split(delimiter))
            number += 1
        else:
            row, count = grammar.row(number, line, source)
            number += count
        yield row if row.raw.isascii() else _with_undecoded(row)


def _has_blank_at_mark(raw: str) -> bool:
    return ' "' in raw or '" ' in raw or '\t"' in raw or '"\t' in raw


def _with_undecoded(row: RawRow) -> RawRow:
    """Return the row with the cells named that hold bytes which are no text in the file's encoding."""
    found = UNDECODED.search(row.raw)
    if found is None:
        return row
    reason = f"Byte 0x{ord(found[0]) - 0xDC00:02X} stands here, which is no text in the encoding of this file."
    faults = {column: reason for column, cell in enumerate(row.cells, start=1) if UNDECODED.search(cell)}
    return RawRow(row.line, row.raw, row.cells, faults, row.broken or reason)


class _Grammar:
    """How cells look between one delimiter and the next."""

    def __init__(self, delimiter: str) -> None:
        blank = r"[ ]" if delimiter == "\t" else r"[ \t]"
        mark = re.escape(delimiter)
        self._delimiter = delimiter
        self._opening = re.compile(f'{blank}*"')
        self._quoted = re.compile(r'[^"]*+(?:""[^"]*+)*+')
        self._after = re.compile(rf"{blank}*(?={mark}|[\r\n]|\Z)")
        self._blanks_around = re.compile(rf'(?:^|{mark}){blank}+"|"{blank}+(?:{mark}|$)')

    def row(self, number: int, line: str, more: Iterator[str]) -> tuple[RawRow, int]:
        """Return the row that begins in a line, and of how many lines it is."""
        raw = line.rstrip(_ENDS)
        if not (_has_blank_at_mark(raw) and self._blanks_around.search(raw)):
            try:  # in C, which is five times as fast; it knows neither blanks around quotation marks nor several lines
                return RawRow(number, raw, next(csv.reader((raw,), delimiter=self._delimiter, strict=True))), 1
            except csv.Error:
                pass
        return self._taken_apart(number, line, more)

    def _taken_apart(self, number: int, line: str, more: Iterator[str]) -> tuple[RawRow, int]:
        """Do the same for any row."""
        taken = [line]
        cells: list[str] = []
        start, broken = 0, ""
        while not broken:
            opening = self._opening.match(line, start)
            if opening is None:
                end = line.find(self._delimiter, start)
                end = len(line.rstrip(_ENDS)) if end < 0 else end
                cells.append(line[start:end])
            else:
                place = (number + len(taken) - 1, len(cells) + 1)
                cell, line, end = self._closed(line, opening.end(), more, taken, place)
                cells.append(cell)
                after = self._after.match(line, end)
                if after is None:
                    broken = "Text follows a closing quotation mark."
                else:
                    end = after.end()
            if not line.startswith(self._delimiter, end):
                break
            start = end + len(self._delimiter)
        faults = {len(cells): broken} if broken else {}
        return RawRow(number, "".join(taken).rstrip(_ENDS), cells, faults, broken), len(taken)

    def _closed(
        self, line: str, start: int, more: Iterator[str], taken: list[str], place: tuple[int, int]
    ) -> tuple[str, str, int]:
        """Return the cell that opened before ``start``, the line in which it closes, and where it goes on there."""
        parts, length = [], sum(map(len, taken))
        while True:
            closing = self._quoted.match(line, start)
            end = closing.end() if closing else start
            parts.append(line[start:end])
            if end < len(line):
                return "".join(parts).replace('""', '"'), line, end + 1
            line, start = next(more, ""), 0
            length += len(line)
            if not line or length > MOST_CHARACTERS:
                raise UnreadableError(*place, "The quotation mark that opens this cell is never closed.")
            taken.append(line)
