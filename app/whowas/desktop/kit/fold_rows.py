"""Mapping between rows and lines of a list in which a line can be unfolded into rows of its own."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from whowas.projections.tables.arrays import Int32


@dataclass(slots=True)
class Unfolded:
    """An unfolded line, counted from the top without the rows unfolded above it, and the numbers of its inner rows."""

    line: int
    inner: Int32


class Unfolding:
    """Turns lines into rows and back; fast for any number of lines as long as only a few are unfolded."""

    def __init__(self) -> None:
        self._unfolded: list[Unfolded] = []

    @property
    def rows(self) -> int:
        """The number of inner rows of all unfolded lines."""
        return sum(len(one.inner) for one in self._unfolded)

    def row_of(self, line: int) -> int:
        """Return the row of a line."""
        return line + sum(len(one.inner) for one in self._unfolded if one.line < line)

    def locate(self, row: int) -> tuple[int, int | None]:
        """Return the line that a row belongs to, and the row's index below that line, None for the line's own row."""
        above = 0
        for one in self._unfolded:
            inner = row - above - one.line - 1
            if inner < 0:
                break
            if inner < len(one.inner):
                return one.line, inner
            above += len(one.inner)
        return row - above, None

    def inner(self, line: int) -> Int32 | None:
        """Return the numbers of the rows below a line, or None if it is folded."""
        return next((one.inner for one in self._unfolded if one.line == line), None)

    def unfold(self, line: int, inner: Int32) -> None:
        """Put rows below a line."""
        insort(self._unfolded, Unfolded(line, inner), key=attrgetter("line"))

    def fold(self, line: int) -> None:
        """Remove the rows below a line."""
        self._unfolded = [one for one in self._unfolded if one.line != line]

    def shift(self, lines: int) -> None:
        """Adjust to ``lines`` new lines at the top."""
        for one in self._unfolded:
            one.line += lines

    def lines(self) -> list[int]:
        """Return the lines that are unfolded."""
        return [one.line for one in self._unfolded]

    def move(self, lines: Mapping[int, int]) -> None:
        """Renumber lines by {old: new}; unfolded lines that are not in it are folded."""
        moved = [Unfolded(lines[one.line], one.inner) for one in self._unfolded if one.line in lines]
        self._unfolded = sorted(moved, key=attrgetter("line"))
