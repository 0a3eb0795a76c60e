"""Texts and rows of a workbook, which are read once and kept to be read again."""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec

from whowas.interchange.reading.csv_rows import RawRow
from whowas.interchange.spill import Spill

_Kept = tuple[int, list[str], dict[int, str]]


class SpilledTexts:
    """Texts by their number, from 0."""

    def __init__(self) -> None:
        self._spill = Spill()
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        """Add the next text. Raises StoreError."""
        content = text.encode("utf-8", "surrogatepass")
        self._spill.write(content)
        self._ends.append(self._ends[-1] + len(content))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @contextmanager
    def opened(self) -> Iterator[SpilledTextsView]:
        """Yield the texts to be read. Raises StoreError."""
        with self._spill.mapped() as view:
            yield SpilledTextsView(view, self._ends)


class SpilledTextsView:
    """Reads texts by their number; IndexError for one that is not there."""

    def __init__(self, view: memoryview, ends: Sequence[int]) -> None:
        self._view = view
        self._ends = ends

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            raise IndexError(number)
        return str(self._view[self._ends[number] : self._ends[number + 1]], "utf-8", "surrogatepass")


class SpilledRows:
    """Rows that can be read again and again, in the order in which they were added."""

    def __init__(self) -> None:
        self._spill = Spill()
        self._encoder = msgspec.json.Encoder()
        self._width = 0
        self.count = 0

    def add(self, line: int, cells: list[str], faults: Mapping[int, str]) -> None:
        """Add a row. Raises StoreError."""
        self._spill.write(self._encoder.encode((line, cells, faults)) + b"\n")
        self._width = max(self._width, len(cells))
        self.count += 1

    def rows(self) -> Iterator[RawRow]:
        """Yield every row, as long as the longest, with a line of CSV as its text. Raises StoreError."""
        decoder = msgspec.json.Decoder(_Kept)
        with self._spill.opened() as lines:
            for line in lines:
                number, cells, faults = decoder.decode(line)
                cells.extend([""] * (self._width - len(cells)))
                yield RawRow(number, csv_line(cells), cells, faults)


def csv_line(cells: Sequence[str]) -> str:
    """Return cells as a line of CSV without its end."""
    plain = ",".join(cells)
    if plain.count(",") == len(cells) - 1 and '"' not in plain and "\n" not in plain and "\r" not in plain:
        return plain
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().removesuffix("\r\n")
