"""Reading an array of JSON objects one by one, without holding the file."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

from whowas.interchange.entries import UnreadableError
from whowas.interchange.json_decoding import (
    LONGEST,
    MARK,
    TOO_DEEP,
    TOO_MANY_DIGITS,
    BadJson,
    Decoder,
    JsonRecord,
    not_json,
)

_CHUNK = 1 << 20
_BLANKS = re.compile(r"[ \t\r\n]*")


def array_elements(text: io.TextIOWrapper) -> Iterator[JsonRecord | BadJson]:
    """Yield everything in an array. Raises UnreadableError where it cannot be read any further."""
    reading = _Array(text)
    reading.take("[")
    if reading.next_character() == "]":
        reading.take("]")
    else:
        yield reading.element()
        while reading.next_character() == ",":
            reading.take(",")
            yield reading.element()
        reading.take("]")
    if reading.next_character():
        raise reading.unreadable("There is something behind the end of the list.")


class _Array:
    """Reads an array piece by piece; ``line`` and ``column`` are where it is, from 1."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._decoder = Decoder(text.encoding)
        self._held = ""
        self._at = 0
        self._line = self._column = 1
        self._more(_CHUNK)
        if self._held.startswith(MARK):
            self._held = self._held.lstrip(MARK)

    def next_character(self) -> str:
        """Go on to what comes after blanks, and return its first character; "" at the end of the file."""
        while True:
            blanks = _BLANKS.match(self._held, self._at)
            assert blanks is not None, "it matches nothing too"
            self._pass(blanks.end())
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more(_CHUNK):
                return ""

    def take(self, wanted: str) -> None:
        """Go on behind one character, which must be there after blanks. Raises UnreadableError."""
        found = self.next_character()
        if not found:
            raise self.unreadable("The list is not closed: the file ends before “]”.")
        if found != wanted:
            raise self.unreadable(f"“{wanted}” is needed here." if wanted != "]" else "“,” or “]” is needed here.")
        self._pass(self._at + 1)

    def element(self) -> JsonRecord | BadJson:
        """Take the next element. Raises UnreadableError where it is no JSON, as nobody knows where it would end."""
        self.next_character()
        while True:
            try:
                value, end = self._decoder.decoded_at(self._held, self._at)
                # A number may go on in what was not read yet.
                if end < len(self._held) or not self._more(_CHUNK):
                    return self._taken(value, end)
            except json.JSONDecodeError as error:
                length = len(self._held) - self._at
                if length > LONGEST or not self._more(max(_CHUNK, length)):
                    self._pass(error.pos)
                    raise self.unreadable(not_json(error)) from error
            except ValueError as error:
                raise self.unreadable(TOO_MANY_DIGITS) from error
            except RecursionError as error:
                raise self.unreadable(TOO_DEEP) from error

    def unreadable(self, reason: str) -> UnreadableError:
        """Return the error that the file cannot be read any further from here."""
        return UnreadableError(self._line, self._column, reason)

    def _taken(self, value: object, end: int) -> JsonRecord | BadJson:
        record = self._decoder.checked(self._line, self._column, self._held[self._at : end], value)
        self._pass(end)
        return record

    def _pass(self, end: int) -> None:
        passed = self._held[self._at : end]
        lines = passed.count("\n")
        self._line += lines
        self._column = len(passed) - passed.rindex("\n") if lines else self._column + len(passed)
        self._at = end

    def _more(self, characters: int) -> bool:
        """Read on, and forget what was passed; say whether there was any more."""
        read = self._text.read(characters)
        if read:
            self._held, self._at = self._held[self._at :] + read, 0
        return bool(read)
