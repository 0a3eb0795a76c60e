"""Refused rows of a text file, as they stand in it: the same characters, delimiter, encoding and ends of lines."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from whowas.interchange.importing.given.list_input import ListInput
from whowas.interchange.reading.csv_rows import csv_rows
from whowas.interchange.reading.decoding import UNDECODED, codec_called, lines_of
from whowas.interchange.reading.delimiters import said_in
from whowas.interchange.reading.reasons_column import REASONS_TITLE
from whowas.interchange.reading.table import Row, UnreadableRow
from whowas.interchange.source import Source
from whowas.system.folders import for_its_owner

RefusedRows = Iterable[tuple[Row | UnreadableRow, str]]
"""Rows as they were read, each with why it was not imported."""

_HANDLER = "whowas.as_it_stood"
_BOM = "\ufeff"
_UNICODE = "utf-8"
_MARKED = ("utf-16", "utf-32")
"""Encodings that are known by their mark above all."""


def write_text(path: Path, given: ListInput, refused: Callable[[], RefusedRows]) -> None:
    """Write the rows below the titles of their list into a new file (mode 0600).

    Where a reason cannot be written in the encoding of the list, the file is UTF-8 with a byte order mark. Raises
    OSError.
    """
    codec = codec_called(given.table.detected.encoding)
    try:
        _write(path, codec, _lines(given, codec, refused()), marked=_is_marked(given, codec))
    except UnicodeEncodeError:
        path.unlink()
        _write(path, _UNICODE, _lines(given, codec, refused()), marked=True)


def _write(path: Path, codec: str, lines: Iterable[str], *, marked: bool) -> None:
    with (
        open(path, "xb", opener=for_its_owner) as file,
        io.TextIOWrapper(file, codec, errors=_HANDLER, newline="") as text,
    ):
        if marked:
            text.write(_BOM)
        text.writelines(lines)


def _is_marked(given: ListInput, codec: str) -> bool:
    """Say whether the file begins with a mark: as the list does, or because of so few rows it would not be known."""
    if codec == _UNICODE:
        return not given.table.detected.certain or given.source.beginning(3) == codecs.BOM_UTF8
    return codec.startswith(_MARKED)


def _lines(given: ListInput, codec: str, refused: RefusedRows) -> Iterator[str]:
    """Yield the lines of the file, with their ends."""
    table, delimiter = given.table, given.table.detected.delimiter
    first = _first_line(given.source, codec)
    end = first[len(first.rstrip("\r\n")) :] or "\n"
    if said_in(first) is not None:
        yield first
    width = len(table.titles)
    if table.detected.header_line:
        yield _longer(table.header, delimiter, width, REASONS_TITLE, sound=True) + end
    for row, reason in refused:
        yield _longer(row.raw, delimiter, width, reason, sound=isinstance(row, Row)) + end


def _first_line(source: Source, codec: str) -> str:
    with closing(lines_of(source, codec)) as lines:
        return next(lines, "")


def _longer(raw: str, delimiter: str, width: int, last: str, *, sound: bool) -> str:
    """Return a row with a cell more behind ``width`` others; further ones of a ``sound`` row are no part of the list.

    Any other row that has more stays as it is: the new cell is its last, so that it cannot be read before it is
    corrected.
    """
    cells = next(csv_rows(io.StringIO(raw, newline=""), delimiter)).cells
    surplus = len(cells) - width
    if surplus <= 0:
        return raw + delimiter * (1 - surplus) + _quoted(last)
    return delimiter.join(map(_quoted, (*cells[:width], last))) if sound else raw + delimiter + _quoted(last)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _as_it_stood(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write the bytes that were no text in a list as they stood there; what could not stand alone as U+FFFD."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end]
    if not all(UNDECODED.match(letter) for letter in found):
        raise error
    stood = bytes(ord(letter) - 0xDC00 for letter in found)
    if error.encoding.startswith(_MARKED) or not all(byte >= 0x80 for byte in stood):
        return "\ufffd" * len(found), error.end
    return stood, error.end


codecs.register_error(_HANDLER, _as_it_stood)
