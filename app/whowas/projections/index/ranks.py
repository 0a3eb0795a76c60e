"""Rank and select over time: how many rows are shown at a moment, which is the k-th of them, and where is a row.

The rows of a sort order are cut into blocks. Of each block the moments at which its rows begin and end are kept sorted:
how many of them are shown at a moment are two binary searches, made in all blocks at once; the running sum tells the
block of the k-th row, and only the rows of that block are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from whowas.domain.progress import Progress, unwatched
from whowas.projections.index.spilled import spilled
from whowas.projections.index.version_index import ALIVE, Laid, Mask, VersionIndex
from whowas.projections.tables.arrays import Int32

BLOCK = 8_192
"""Rows in a block, a power of two: fewer, larger ones make the searches quicker, and looking at one slower."""

_FEW = 4
"""Where no more than one row in so many passes, those are laid anew, instead of passed by again and again."""

_SORTED_AT_ONCE = 8
"""Blocks sorted in one go: it can be cancelled, and other threads get their turn, after each."""

ROWS_SPILLED = 500_000
"""Of more rows, what is kept is kept in a file: there it takes longer to make than a few megabytes are worth."""

_USERS_PLACED = 64
"""Of how many users is known where their rows lie, without looking at all rows again."""

Places = np.ndarray[tuple[Any, ...], np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class TouchedRows:
    """The rows that differ between two lists: where they stood in the earlier one, and where in the later; ascending.

    ``went`` and ``came`` are pairs of the row in the list and its row number.
    """

    went: list[tuple[int, int]]
    came: list[tuple[int, int]]


class Ranks:
    """Rows in a sort order, of which ``passing`` (None: all) are shown from the moment they begin until they end.

    A row number may be there several times, at places that are never shown at once. Until it was ``prepared``, which
    may be done by another thread, a question looks at every row.
    """

    def __init__(
        self, laid: Laid, passing: Mask | None, siblings: Callable[[int], Int32], spilled_to: Path | None = None
    ) -> None:
        """``siblings`` gives the numbers of all rows of the user whom a row number is of.

        What is kept of very many rows is ``spilled_to`` a folder, where one is given.
        """
        self.laid = laid
        # A bit for each row, an eighth of the mask's memory.
        self._packed = None if passing is None else np.packbits(passing)
        self._siblings = siblings
        self._spilled_to = spilled_to if len(laid.numbers) > ROWS_SPILLED else None
        self.blocks = -(-len(laid.numbers) // BLOCK)
        self._firsts: Places = np.arange(2 * self.blocks, dtype=np.intp) * BLOCK
        self._sorted: Int32 | None = None
        self._placed: dict[int, list[int]] = {}

    @property
    def is_prepared(self) -> bool:
        """Whether a question looks at no more than a block, and the screen's rows."""
        return self._sorted is not None

    def prepare(self, progress: Progress = unwatched) -> None:
        """Sort the moments within the blocks, which keeps as many numbers as two of the laid arrays hold.

        Raises CancelledError; then nothing is prepared.
        """
        if self._sorted is not None:
            return
        if self._spilled_to is not None:
            # Without room for it there, it is kept in memory.
            with suppress(OSError):
                self._sorted = spilled(self._spilled_to, self._sorted_blocks(progress))
                return
        pieces = [*self._sorted_blocks(progress)]
        self._sorted = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int32)

    def _sorted_blocks(self, progress: Progress) -> Iterator[Int32]:
        """Yield the moments at which rows begin, sorted within each block, and then those at which they end."""
        for part, moments in enumerate((self.laid.begins, self.laid.ends)):
            for block in range(0, self.blocks, _SORTED_AT_ONCE):
                progress(part * self.blocks + block, 2 * self.blocks)
                first, stop = block * BLOCK, min(block + _SORTED_AT_ONCE, self.blocks) * BLOCK
                piece = np.full(stop - first, ALIVE, dtype=np.int32)
                some = moments[first:stop]
                np.copyto(piece[: len(some)], some, where=self._passing(first, first + len(some)))
                piece.reshape(-1, BLOCK).sort(axis=1)
                yield piece

    def at(self, moment: int, *, descending: bool = False) -> RowsAt:
        """Return the rows shown at a moment, in the sort order or turned round."""
        begun, over = self._through(moment)
        return RowsAt(self, moment, begun, over, descending=descending)

    def shown_within(self, first: int, stop: int, moment: int) -> Mask:
        """Return which of the places from ``first`` to before ``stop`` are shown at a moment."""
        mask: Mask = self.laid.begins[first:stop] <= moment
        mask &= self.laid.ends[first:stop] > moment
        mask &= self._passing(first, first + len(mask))
        return mask

    def _passing(self, first: int, stop: int) -> Mask | Literal[True]:
        """Return which of the places from ``first`` to before ``stop`` pass."""
        if self._packed is None:
            return True
        bits = np.unpackbits(self._packed[first // 8 : -(-stop // 8)])
        mask: Mask = bits[first % 8 : first % 8 + stop - first].view(np.bool_)
        return mask

    def places_of(self, number: int) -> list[int]:
        """Return where a row lies in the sort order; quick for the other rows of a user who was asked for lately."""
        if number not in self._placed:
            siblings = self._siblings(number)
            # Its last element stands for all later rows.
            wanted = np.zeros(int(siblings.max(initial=number)) + 2, dtype=np.bool_)
            wanted[siblings] = True
            found = np.flatnonzero(wanted.take(self.laid.numbers, mode="clip"))
            placed: dict[int, list[int]] = {sibling: [] for sibling in (number, *siblings.tolist())}
            for place, row in zip(found.tolist(), self.laid.numbers[found].tolist(), strict=True):
                placed.setdefault(row, []).append(place)
            self._placed = placed if len(self._placed) > _USERS_PLACED * len(placed) else self._placed | placed
        return self._placed[number]

    def _through(self, moment: int) -> tuple[Places, Places]:
        """Return how many rows of each block have begun by a moment, and how many have ended."""
        if self._sorted is None:
            return self._counted(self.laid.begins <= moment), self._counted(self.laid.ends <= moment)
        # Binary searches side by side: ``last`` is the last element of each block known to be no later.
        last = self._firsts - 1
        step = BLOCK // 2
        while step:
            last += step * (self._sorted.take(last + step) <= moment)
            step //= 2
        last += self._sorted.take(last + 1) <= moment
        last -= self._firsts - 1
        return last[: self.blocks], last[self.blocks :]

    def _counted(self, mask: Mask) -> Places:
        mask &= self._passing(0, len(mask))
        blocks = range(0, len(mask), BLOCK)
        return np.array([np.count_nonzero(mask[first : first + BLOCK]) for first in blocks], dtype=np.intp)


def ranked(index: VersionIndex, column: str, passing: Mask | None = None) -> Ranks:
    """Return the rows of an index that pass in the order of ``column``, to be asked of many moments.

    Raises KeyError for a column that has no sort order.
    """
    laid = index.laid[column]
    if passing is None:
        return Ranks(laid, None, index.siblings, index.spilled_to)
    wanted: Mask = passing.take(index.orders[column])
    if np.count_nonzero(wanted) * _FEW > len(wanted):
        return Ranks(laid, wanted, index.siblings, index.spilled_to)
    places = np.flatnonzero(wanted)
    few = Laid(laid.numbers.take(places), laid.begins.take(places), laid.ends.take(places))
    return Ranks(few, None, index.siblings, index.spilled_to)


class RowsAt:
    """The rows shown at one moment, in their order, of which only those asked for are looked up."""

    def __init__(self, ranks: Ranks, moment: int, begun: Places, over: Places, *, descending: bool) -> None:
        """``begun`` and ``over`` are how many rows of each block began by the moment, and how many ended."""
        self._ranks = ranks
        self._moment = moment
        self._begun, self._over = begun, over
        self._descending = descending
        self._starts = np.concatenate(([0], np.cumsum(begun - over)))
        self._count = int(self._starts[-1])

    def __len__(self) -> int:
        return self._count

    def places(self, rows: range) -> Places:
        """Return where some rows of the list, one after the other, lie in the sort order."""
        first, stop, _ = slice(rows.start, rows.stop).indices(self._count)
        if first >= stop:
            return np.zeros(0, dtype=np.intp)
        if self._descending:
            first, stop = self._count - stop, self._count - first
        low, high = np.searchsorted(self._starts, (first, stop - 1), side="right").tolist()
        before = int(self._starts[low - 1])
        found = self._shown_in(low - 1, high)[first - before : stop - before]
        return found[::-1] if self._descending else found

    def numbers(self, rows: range) -> Int32:
        """Return the row numbers of some rows of the list, one after the other."""
        numbers: Int32 = self._ranks.laid.numbers.take(self.places(rows))
        return numbers

    def all_numbers(self) -> Int32:
        """Return the row numbers of the whole list, which takes looking at every row there ever was."""
        mask = self._ranks.shown_within(0, len(self._ranks.laid.numbers), self._moment)
        numbers: Int32 = self._ranks.laid.numbers.compress(mask)
        return numbers[::-1] if self._descending else numbers

    def row_of(self, number: int) -> int | None:
        """Return the row of the list that shows a row number, or None."""
        rows = (self._row_at(place) for place in self._ranks.places_of(number))
        return next((row for row in rows if row is not None), None)

    def touched(self, before: RowsAt, most: int) -> TouchedRows | None:
        """Return how this list differs from an earlier one, or None where in more than about ``most`` rows."""
        if before._ranks is not self._ranks or before._descending != self._descending:
            return _touched_between(before.all_numbers(), self.all_numbers(), most)
        begun, over = np.abs(self._begun - before._begun), np.abs(self._over - before._over)
        if int(begun.sum() + over.sum()) > 2 * most:
            return None
        went: list[tuple[int, int]] = []
        came: list[tuple[int, int]] = []
        for block in np.flatnonzero(begun + over).tolist():
            old, new = before._shown_in(block), self._shown_in(block)
            went += before._standing(block, np.flatnonzero(~np.isin(old, new, assume_unique=True)), old)
            came += self._standing(block, np.flatnonzero(~np.isin(new, old, assume_unique=True)), new)
        return TouchedRows(sorted(went), sorted(came))

    def _row_at(self, place: int) -> int | None:
        block = place // BLOCK
        shown = self._shown_in(block)
        within = int(np.searchsorted(shown, place))
        if within == len(shown) or shown[within] != place:
            return None
        return self._turned(int(self._starts[block]) + within)

    def _shown_in(self, block: int, stop: int | None = None) -> Places:
        """Return the places shown in a block, or up to before the block ``stop``."""
        first, beyond = block * BLOCK, (block + 1 if stop is None else stop) * BLOCK
        places: Places = np.flatnonzero(self._ranks.shown_within(first, beyond, self._moment))
        places += first
        return places

    def _standing(self, block: int, within: Places, shown: Places) -> list[tuple[int, int]]:
        """Return the rows and row numbers of some of the places shown in a block."""
        start = int(self._starts[block])
        numbers = self._ranks.laid.numbers[shown[within]]
        rows = (self._turned(start + row) for row in within.tolist())
        return list(zip(rows, numbers.tolist(), strict=True))

    def _turned(self, row: int) -> int:
        return self._count - 1 - row if self._descending else row


def _touched_between(before: Int32, after: Int32, most: int) -> TouchedRows | None:
    """Return how two lists of row numbers differ, where they are as long, or one is longer by a row."""
    if len(before) == len(after):
        rows = np.flatnonzero(before != after)
        if len(rows) > most:
            return None
        went, came = (list(zip(rows.tolist(), numbers[rows].tolist(), strict=True)) for numbers in (before, after))
        return TouchedRows(went, came)
    if abs(len(before) - len(after)) != 1:
        return None
    shorter, longer = sorted((before, after), key=len)
    differing = np.flatnonzero(longer[:-1] != shorter)
    row = int(differing[0]) if len(differing) else len(shorter)
    if not np.array_equal(longer[row + 1 :], shorter[row:]):
        return None
    one = [(row, int(longer[row]))]
    return TouchedRows([], one) if longer is after else TouchedRows(one, [])
