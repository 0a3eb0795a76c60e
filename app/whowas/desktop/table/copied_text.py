"""Rows as other programs take them from the clipboard: tab-separated text, and a table in HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice
from typing import NamedTuple

from PySide6.QtCore import QByteArray

from whowas.interchange.formula_guard import harmless

_ROWS_AT_ONCE = 500
"""So many are encoded, and freed, in one piece: that of all at once would stop the other threads for several frames."""

_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
"""What some program ends a line at, besides the line feed."""
_NEEDS_QUOTES = re.compile(r'[\t\n"]')
_PLAIN = re.compile(r"[^\W\d_]")
"""The beginning of a text that no spreadsheet takes for a number, a date or a formula: a letter."""

# Excel takes cells of that format for text, and a line break of that kind for one within a cell.
_HEAD = (
    '<meta charset="utf-8"><style>td{mso-number-format:"\\@";white-space:pre-wrap}'
    "br{mso-data-placement:same-cell}</style>\n<table>\n"
)
_AS_TEXT = ' sdnum="1033;0;@"'
"""Says the same to LibreOffice, cell by cell."""


class CopiedText(NamedTuple):
    """The same rows twice, each encoded as UTF-8.

    Arrays of Qt's, which the clipboard takes without copying: that would take longer than a frame, and it is a job that
    makes them.
    """

    plain: QByteArray
    html: QByteArray


def copied_text(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> CopiedText:
    """Return rows below their titles, every cell of which stays one cell in a spreadsheet, and text.

    In the text a cell with a tab, a line break or a quotation mark stands in quotation marks, as spreadsheets write it
    themselves, and an apostrophe before one that looks like a formula. In the table cells are marked as text.
    """
    cells = "".join(f"<th>{_escaped(title)}</th>" for title in titles)
    plain, table = QByteArray(_encoded([_line(titles)])), QByteArray(_encoded([_HEAD, f"<tr>{cells}</tr>\n"]))
    left = iter(rows)
    while part := list(islice(left, _ROWS_AT_ONCE)):
        plain.append(_encoded(map(_line, part)))
        table.append(_encoded(map(_row, part)))
    table.append(_encoded(["</table>\n"]))
    return CopiedText(plain, table)


def _encoded(lines: Iterable[str]) -> bytes:
    return "".join(lines).encode("utf-8", "replace")


def _line(cells: Sequence[str]) -> str:
    return "\t".join(map(_quoted, cells)) + "\n"


def _quoted(cell: str) -> str:
    text = harmless(_LINE_END.sub("\n", cell))
    if not _NEEDS_QUOTES.search(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _row(cells: Sequence[str]) -> str:
    return f"<tr>{''.join(map(_cell, cells))}</tr>\n"


def _cell(text: str) -> str:
    mark = _AS_TEXT if text and not _PLAIN.match(text) else ""
    return f"<td{mark}>{_escaped(text)}</td>"


def _escaped(text: str) -> str:
    return escape(_LINE_END.sub("\n", text)).replace("\n", "<br>")
