"""CSV as text: rows and the lines they stand in, and where exactly something is wrong with them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from whowas.domain.fields import TEXT_LIMIT
from whowas.interchange.entries import UnreadableError

_QUOTED = re.compile(r'"[^"]*(?:""[^"]*)*"')
_PLAIN = re.compile(r"[^,\r\n]*")
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: the line it begins in, its text without the end of the line, its cells."""

    line: int
    raw: str
    cells: list[str]


def decoded(content: bytes) -> str:
    """Return the text of a file. Raises UnreadableError where it is no UTF-8, holds NUL bytes, or nothing at all."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        reason = f"This is not UTF-8 text (byte 0x{content[error.start]:02X}). Save the file as UTF-8 and try again."
        raise UnreadableError(*_line_and_cell(before), reason) from error
    offset = text.find("\0")
    if offset >= 0:
        raise UnreadableError(*_line_and_cell(text[:offset]), "A NUL byte stands here: the file is not plain CSV.")
    if not text.strip():
        raise UnreadableError(1, 1, "The file is empty.")
    return text


def rows(text: str) -> Iterator[RawRow]:
    """Yield every row that has a cell with something in it. Raises UnreadableError."""
    lines = _Lines(text)
    reader = csv.reader(lines, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _diagnosis(line, lines.taken()) from error
        if cells is None:
            return
        raw = lines.taken()
        if any(cells):
            yield RawRow(line, raw.rstrip("\r\n"), cells)
        line = reader.line_num + 1


class _Lines:
    """Hands out lines with their ends and remembers those of the present row."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._taken.append(line)
        return line

    def taken(self) -> str:
        raw = "".join(self._taken)
        self._taken.clear()
        return raw


def _line_and_cell(before: str) -> tuple[int, int]:
    """Return line and cell of what comes after ``before``."""
    *lines, last = _LINE_END.split(before)
    return len(lines) + 1, last.count(",") + 1


def _diagnosis(line: int, raw: str) -> UnreadableError:
    """Return what is wrong with a row that the csv module cannot read."""
    offset, column = 0, 1
    while True:
        quoted = _QUOTED.match(raw, offset)
        if quoted is None and raw.startswith('"', offset):
            open_to_the_end = "The quotation mark that opens this cell is never closed, or the cell is far too long."
            return UnreadableError(line, column, open_to_the_end)
        cell = quoted or _PLAIN.match(raw, offset)
        end = cell.end() if cell is not None else offset
        if end - offset > TEXT_LIMIT:
            return UnreadableError(line, column, f"This cell is too long: at most {TEXT_LIMIT:,} characters fit.")
        if raw.startswith(",", end):
            offset, column = end + 1, column + 1
            continue
        more = quoted is not None and end < len(raw) and raw[end] not in "\r\n"
        return UnreadableError(line, column, "Text follows a closing quotation mark." if more else "This is not CSV.")
