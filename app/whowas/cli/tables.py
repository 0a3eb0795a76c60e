"""Tables for terminals."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain, islice

import click

ROWS_MEASURED = 200
GAP = 2


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in aligned columns, as wide as the first some hundred need, cut to the terminal's width."""
    rows = iter(rows)
    measured = list(islice(rows, ROWS_MEASURED))
    if not measured:
        return
    widths = [max(_width(row[column]) for row in (header, *measured)) for column in range(len(header))]
    terminal = shutil.get_terminal_size((100, 24)).columns
    for row in chain((header,), measured, rows):
        line = (" " * GAP).join(_padded(text, width) for text, width in zip(row, widths, strict=True)).rstrip()
        click.echo(_cut(line, terminal))


def _padded(text: str, width: int) -> str:
    return _cut(text, width) + " " * (width - _width(_cut(text, width)))


def _cut(text: str, width: int) -> str:
    plain = "".join(character if character.isprintable() else " " for character in text)
    if _width(plain) <= width:
        return plain
    while _width(plain) > width - 1:
        plain = plain[:-1]
    return plain + "…"


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) != 0 for character in text)
