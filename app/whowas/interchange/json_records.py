"""The objects of a JSON file, one after the other: JSON lines, or one array, in constant memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from whowas.interchange.entries import UnreadableError
from whowas.interchange.json_array import array_elements
from whowas.interchange.json_decoding import LONGEST, MARK, BadJson, Decoder, JsonRecord
from whowas.interchange.source import Source

_BEGINNING = 4_096
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def json_records(source: Source) -> Iterator[JsonRecord | BadJson]:
    """Yield every line that is not blank, or everything in an array.

    Raises UnreadableError where the file cannot be read any further, and OSError.
    """
    beginning = source.beginning(_BEGINNING)
    encoding = _encoding_of(beginning)
    is_array = beginning.decode(encoding, "replace").lstrip(MARK).lstrip().startswith("[")
    with source.opened() as file:
        if encoding == "utf-8" and not is_array:
            yield from _lines_of_bytes(file)
        else:
            yield from _in_text(file, encoding, array_elements if is_array else _lines_of_text)


def _encoding_of(beginning: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if beginning.startswith(mark):
            return encoding
    # What JSON begins with is in ASCII, so that where its zeros stand tells the order of the bytes.
    if beginning[:1] and not beginning[0] and beginning[1:2] != b"\x00":
        return "utf-16-be"
    if beginning[1:2] == b"\x00" and beginning[0]:
        return "utf-16-le"
    return "utf-8"


def _lines_of_bytes(file: BinaryIO) -> Iterator[JsonRecord | BadJson]:
    """Yield the lines of UTF-8 text; a byte that is none spoils only its own line."""
    decoder, number = Decoder(), 0
    while encoded := file.readline(LONGEST):
        number += 1
        _require_short(number, len(encoded))
        try:
            raw = encoded.decode().rstrip("\r\n")
        except UnicodeDecodeError as error:
            column = len(encoded[: error.start].decode("utf-8", "replace")) + 1
            raw = encoded.decode("utf-8", "surrogateescape").rstrip("\r\n")
            yield BadJson(number, column, raw, "This is not UTF-8 text.")
            continue
        if number == 1:
            raw = raw.lstrip(MARK)
        if raw.strip():
            yield decoder.decode(number, 1, raw)


def _in_text(
    file: BinaryIO, encoding: str, read: Callable[[io.TextIOWrapper], Iterator[JsonRecord | BadJson]]
) -> Iterator[JsonRecord | BadJson]:
    """Yield what is read of a file as text; bytes that are none become surrogates."""
    errors = "surrogateescape" if encoding == "utf-8" else "surrogatepass"
    text = io.TextIOWrapper(file, encoding, errors, newline="\n")
    line = 1
    try:
        for record in read(text):
            line = record.line
            yield record
    except UnicodeDecodeError as error:
        raise UnreadableError(line, 1, f"Behind this, there is no {encoding[:6].upper()} text any more.") from error
    finally:
        text.detach()


def _lines_of_text(text: io.TextIOWrapper) -> Iterator[JsonRecord | BadJson]:
    decoder, number = Decoder(text.encoding), 0
    while raw := text.readline(LONGEST):
        number += 1
        _require_short(number, len(raw))
        raw = (raw.lstrip(MARK) if number == 1 else raw).rstrip("\r\n")
        if raw.strip():
            yield decoder.decode(number, 1, raw)


def _require_short(number: int, length: int) -> None:
    if length >= LONGEST:
        raise UnreadableError(number, 1, f"The line is too long: at most {LONGEST:,} characters fit.")
