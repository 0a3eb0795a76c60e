"""Decoding one JSON object of a file, strictly."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from whowas.domain.fields import shortened

_LINE_ENDS = re.compile(r"[\r\n]+")
_UNDECODED = re.compile("[\ud800-\udfff]")

LONGEST = 10_000_000
"""Characters that a line, or an object of an array, may have: more than a user's texts come to."""

MARK = "\ufeff"
"""What a byte order mark is as text."""

TOO_MANY_DIGITS = "This is not JSON that can be read: a number has too many digits."
TOO_DEEP = "This is nested too deeply to be read."


@dataclass(frozen=True, slots=True)
class JsonRecord:
    """An object of a file: the line that it begins in and the column there, both from 1, and how it stands there.

    ``raw`` is a single line, ``within_line`` whether it is one in the file too.
    """

    line: int
    column: int
    raw: str
    value: dict[str, Any]
    within_line: bool = True


@dataclass(frozen=True, slots=True)
class BadJson:
    """What stands where an object should, and why it is none; undecodable bytes are surrogates in ``raw``."""

    line: int
    column: int
    raw: str
    reason: str


class Decoder:
    """Decodes JSON, and says which key an object has twice: one of the two would be lost unnoticed."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self._encoding = encoding[:6].upper()
        self._twice: list[str] = []
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object)

    def decode(self, line: int, column: int, raw: str) -> JsonRecord | BadJson:
        """Return a line that holds one object, or why it does not."""
        try:
            value = self._decoder.decode(raw)
        except json.JSONDecodeError as error:
            return BadJson(line, column + error.colno - 1, raw, not_json(error))
        except ValueError:
            return BadJson(line, column, raw, TOO_MANY_DIGITS)
        except RecursionError:
            return BadJson(line, column, raw, TOO_DEEP)
        return self.checked(line, column, raw, value)

    def decoded_at(self, text: str, at: int) -> tuple[object, int]:
        """Return the value that begins at a place of ``text``, and where it ends. Raises as JSONDecoder does."""
        self._twice.clear()
        return self._decoder.raw_decode(text, at)

    def checked(self, line: int, column: int, raw: str, value: object) -> JsonRecord | BadJson:
        """Return what was decoded last as a record, or why it is none."""
        twice = self._twice[:]
        self._twice.clear()
        within_line = not _LINE_ENDS.search(raw)
        if not within_line:
            raw = _LINE_ENDS.sub(" ", raw)
        if _UNDECODED.search(raw):
            return BadJson(line, column, raw, f"This is not {self._encoding.rstrip('-')} text.")
        if not isinstance(value, dict):
            return BadJson(line, column, raw, "A JSON object is needed here.")
        if twice:
            return BadJson(line, column, raw, f"“{shortened(twice[0])}” is there twice: say it once.")
        return JsonRecord(line, column, raw, value, within_line)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            seen: set[str] = set()
            self._twice += [name for name, _ in pairs if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
        return made


def not_json(error: json.JSONDecodeError) -> str:
    """Return why a text is no JSON, as a sentence."""
    return f"This is not JSON: {error.msg.lower()}."
