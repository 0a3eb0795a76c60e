"""Where the rows of a list are whose lines unfold into rows of their own."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from whowas.projections.tables.arrays import Int32


@dataclass(slots=True)
class Unfolded:
    """A line, counted from the top without what is unfolded above it, and what lies below it."""

    line: int
    inner: Int32


class Unfolding:
    """Turns lines into rows and back; quick for any number of lines, of which some are unfolded."""

    def __init__(self) -> None:
        self._unfolded: list[Unfolded] = []

    @property
    def rows(self) -> int:
        """How many rows there are besides one for each line."""
        return sum(len(one.inner) for one in self._unfolded)

    def row_of(self, line: int) -> int:
        """Return the row of a line."""
        return line + sum(len(one.inner) for one in self._unfolded if one.line < line)

    def place(self, row: int) -> tuple[int, int | None]:
        """Return the line that a row belongs to, and which of the rows below it the row is, None for its own."""
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
        """Return what lies below a line, or None where it is folded."""
        return next((one.inner for one in self._unfolded if one.line == line), None)

    def unfold(self, line: int, inner: Int32) -> None:
        """Put rows below a line."""
        insort(self._unfolded, Unfolded(line, inner), key=attrgetter("line"))

    def fold(self, line: int) -> None:
        """Take the rows below a line away."""
        self._unfolded = [one for one in self._unfolded if one.line != line]

    def shift(self, lines: int) -> None:
        """Follow that so many lines came on top."""
        for one in self._unfolded:
            one.line += lines

    def lines(self) -> list[int]:
        """Return the lines that are unfolded."""
        return [one.line for one in self._unfolded]

    def move(self, lines: Mapping[int, int]) -> None:
        """Follow that lines lie elsewhere from now on; what is not among them is folded."""
        moved = [Unfolded(lines[one.line], one.inner) for one in self._unfolded if one.line in lines]
        self._unfolded = sorted(moved, key=attrgetter("line"))
