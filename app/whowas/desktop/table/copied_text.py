"""Rows as other programs take them from the clipboard: tab-separated text, and a table in HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from whowas.interchange.formula_guard import harmless

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
    """The same rows twice, each encoded as UTF-8."""

    plain: bytes
    html: bytes


def copied_text(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> CopiedText:
    """Return rows below their titles, every cell of which stays one cell in a spreadsheet, and text.

    In the text a cell with a tab, a line break or a quotation mark stands in quotation marks, as spreadsheets write it
    themselves, and an apostrophe before one that looks like a formula. In the table cells are marked as text.
    """
    plain, table = [_line(titles)], [_HEAD, "<tr>", *(f"<th>{_escaped(title)}</th>" for title in titles), "</tr>\n"]
    for row in rows:
        plain.append(_line(row))
        table.append(f"<tr>{''.join(map(_cell, row))}</tr>\n")
    table.append("</table>\n")
    return CopiedText("".join(plain).encode("utf-8", "replace"), "".join(table).encode("utf-8", "replace"))


def _line(cells: Sequence[str]) -> str:
    return "\t".join(map(_quoted, cells)) + "\n"


def _quoted(cell: str) -> str:
    text = harmless(_LINE_END.sub("\n", cell))
    if not _NEEDS_QUOTES.search(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def _cell(text: str) -> str:
    mark = _AS_TEXT if text and not _PLAIN.match(text) else ""
    return f"<td{mark}>{_escaped(text)}</td>"


def _escaped(text: str) -> str:
    return escape(_LINE_END.sub("\n", text)).replace("\n", "<br>")
