"""What can be found in the rows of a preview: their folded text, packed, and looked through a portion at a time."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from whowas.domain.text_folding import searchable

Bools = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]

_ROWS_AT_ONCE = 2_048
_BYTES_AT_ONCE = 1 << 18
"""A portion ends with the row that reaches either: it is looked through in a fraction of a frame."""

_END = b"\n"
_APART = " \x1f "
"""Stands between the texts of a row, so that no word is found across two of them."""


@dataclass(frozen=True, slots=True)
class _Portion:
    rows: int
    packed: bytes

    def containing(self, words: tuple[bytes, ...]) -> Bools:
        """Return which of the rows contain every word."""
        text = zlib.decompress(self.packed)
        ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == _END[0])
        found = np.ones(self.rows, dtype=np.bool_)
        for word in words:
            found &= _rows_with(text, word, ends)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class SearchText:
    """The text of every row; it never changes, so that any thread may look through it."""

    _portions: tuple[_Portion, ...]

    def containing(self, text: str) -> Iterator[Bools]:
        """Yield which rows contain every word of ``text``, a portion of the rows at a time, in their order."""
        words = tuple(_encoded(word) for word in searchable(text).split())
        for portion in self._portions:
            yield portion.containing(words)


class SearchTextBuilder:
    """Takes the texts of rows one after the other."""

    def __init__(self) -> None:
        self._portions: list[_Portion] = []
        self._rows: list[bytes] = []
        self._bytes = 0

    def add(self, texts: Iterator[str]) -> None:
        """Take the texts of one more row."""
        row = _encoded(searchable(_APART.join(texts))).replace(_END, b" ")
        self._rows.append(row)
        self._bytes += len(row)
        if len(self._rows) == _ROWS_AT_ONCE or self._bytes >= _BYTES_AT_ONCE:
            self._end_portion()

    def built(self) -> SearchText:
        """Return the text of all rows taken."""
        if self._rows:
            self._end_portion()
        return SearchText(tuple(self._portions))

    def _end_portion(self) -> None:
        text = _END.join((*self._rows, b""))
        # The quickest level makes it four times as small already, and the lock of Python is not held meanwhile.
        self._portions.append(_Portion(len(self._rows), zlib.compress(text, 1)))
        self._rows, self._bytes = [], 0


def _rows_with(text: bytes, word: bytes, ends: np.ndarray[Any, Any]) -> Bools:
    """Return in which of the lines of ``text``, which end at ``ends``, a word stands."""
    found = np.zeros(len(ends), dtype=np.bool_)
    hits: list[int] = []
    at = text.find(word)
    while at >= 0:
        hits.append(at)
        at = text.find(word, text.find(_END, at))
    found[np.searchsorted(ends, hits)] = True
    return found


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
