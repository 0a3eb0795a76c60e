"""A list as a table: what was detected of its file, its titles, and its rows, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class HowToRead:
    """What a person says about a file; None and the defaults leave it to be detected.

    ``encoding`` is a name that Python knows, or one of the field's own; ``delimiter`` one character or ``tab``;
    ``header`` is False where the first row is a user already.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header: bool = True


class Row(NamedTuple):
    """One row below the titles: as many ``cells`` as there are titles, as text.

    A named tuple, because every row makes one.
    ``line`` (from 1) is where it begins in the file, the row's number in a spreadsheet; ``raw`` its text without the
    end of the line, a line of CSV for a spreadsheet. ``faults`` maps columns, from 1, to why a cell cannot be used.
    """

    line: int
    raw: str
    cells: tuple[str, ...]
    faults: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that has more or fewer cells than can be understood; ``column`` counts from 1, 0 is the whole row."""

    line: int
    raw: str
    column: int
    reason: str


@dataclass(frozen=True, slots=True)
class OtherEncoding:
    """A code page that a file without Unicode may be in as well: the first words that would read differently."""

    encoding: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detected:
    """How a file is read. ``header_line`` is 0 where there are no titles, and columns go by position.

    ``format`` is csv, xlsx or ods; ``delimiter`` and ``encoding`` are empty for spreadsheets, the sheets for text.
    ``certain`` is False where the encoding is only the likeliest: then ``others`` are the next, best first. ``said``
    are sentences for people: what was left out above and below the list, and what was supposed.
    """

    format: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header_line: int = 1
    certain: bool = True
    others: tuple[OtherEncoding, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A list that can be read again and again: ``rows`` begins anew each time it is called.

    ``titles`` are clean (no invisible characters, one line, blanks trimmed), up to the last column that has a title or
    holds anything; an untitled column has "" and ``detected.said`` names it if it holds anything. Columns of a file
    without titles are called by their numbers, from 1. ``header`` is the text of the titles as it stood, empty without
    them, and ``written`` the same in cells, as many as ``titles``: those of our own export are names to the letter.
    ``count`` is how many ``rows`` there are, and ``blank`` how many rows among and above them hold nothing.
    ``rows`` raises UnreadableError (see ``entries``) where the file cannot be read any further, StoreError where the
    disk fails.
    """

    detected: Detected
    titles: tuple[str, ...]
    header: str
    rows: Callable[[], Iterator[Row | UnreadableRow]]
    written: tuple[str, ...] = ()
    count: int = 0
    blank: int = 0
