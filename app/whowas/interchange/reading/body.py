"""From rows as they stand to a table: titles, and below them what is there, blank rows and totals overlooked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from whowas.domain.errors import StoreError
from whowas.domain.fields import listed, shortened
from whowas.domain.progress import REPORTED_EVERY, Progress, watched
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.csv_rows import RawRow
from whowas.interchange.reading.table import Detected, Row, Table, UnreadableRow
from whowas.interchange.reading.titles import SEARCHED_ROWS, KnowsTitle, header_among
from whowas.interchange.reading.totals import is_total
from whowas.interchange.reading.visible_text import cleaned_title, is_blank

MOST_COLUMNS = 1_000

RawRows = Callable[[], Iterator[RawRow]]


def table_of(
    raw_rows: RawRows, detected: Detected, *, header: bool, knows_title: KnowsTitle | None, progress: Progress
) -> Table:
    """Return rows as a table, once all of them were looked at; ``progress`` is told of rows.

    Without a header, the titles are the numbers of the columns. Raises UnreadableError.
    """
    first = list(islice(filter(_holds_something, watched(raw_rows(), 0, progress)), SEARCHED_ROWS))
    if not first:
        raise UnreadableError(0, 0, "The file is empty.")
    if not header:
        width = max(_width(row.cells) for row in first)
        titles = tuple(str(column) for column in range(1, width + 1))
        return _surveyed(raw_rows, replace(detected, header_line=0), None, titles, progress)
    top = first[header_among([row.cells for row in first], knows_title)]
    if top.broken:
        raise UnreadableError(top.line, next(iter(top.faults), 1), top.broken)
    above = [row for row in first if row.line < top.line]
    said = (_said_of_heading(above),) if above else ()
    detected = replace(detected, header_line=top.line, said=detected.said + said)
    return _surveyed(raw_rows, detected, top, tuple(map(cleaned_title, top.cells)), progress)


def _surveyed(
    raw_rows: RawRows, detected: Detected, header: RawRow | None, titles: tuple[str, ...], progress: Progress
) -> Table:
    """Return the table once each of its rows was looked at: for untitled columns that are used, and for a total."""
    rows = _Body(raw_rows, detected.header_line, len(titles))
    written = header.cells if header is not None else titles
    untitled = [column for column, title in enumerate(titles) if not title]
    used: set[int] = set()
    # A custom field of ours may be called by, and hold, what nobody sees.
    unseen: set[int] = set()
    counts = _Counts()
    last: RawRow | None = None
    for last in counts.filled_of(rows.below(), detected):
        for column in untitled:
            cell = last.cells[column] if column < len(last.cells) else ""
            if not is_blank(cell):
                used.add(column)
            elif cell and written[column]:
                unseen.add(column)
        if counts.filled % REPORTED_EVERY == 0:
            progress(counts.filled, 0)
    there = [column for column, title in enumerate(titles) if title or column in used | unseen]
    width = max(there, default=-1) + 1
    if width > MOST_COLUMNS:
        reason = f"This list has {width:,} columns; at most {MOST_COLUMNS:,} can be read."
        raise UnreadableError(max(detected.header_line, 1), MOST_COLUMNS + 1, reason)
    said = detected.said + _said_of_untitled(sorted(used))
    if last is not None and header is not None and counts.filled > 1 and is_total(last.cells):
        rows = replace(rows, total_line=last.line)
        counts.take_back_last()
        said += (f"Line {last.line} was left out: it is a total, not a user (“{shortened(last.raw)}”).",)
    return Table(
        replace(detected, said=said),
        titles[:width],
        header.raw if header is not None else "",
        replace(rows, width=width).rows,
        tuple(written[:width]),
        counts.filled,
        counts.blank,
    )


class _Counts:
    """Counts rows: ``filled`` ones, and how many among and above them are ``blank``."""

    def __init__(self) -> None:
        self.filled = 0
        self.blank = 0
        self._above_last = 0

    def filled_of(self, rows: Iterator[RawRow], detected: Detected) -> Iterator[RawRow]:
        """Yield those rows that hold something, each of them counted before."""
        passed, line = 0, detected.header_line
        for row in rows:
            if not _holds_something(row):
                passed += 1
                continue
            # Of a spreadsheet only rows that hold something are read; the others' numbers are missing.
            self._above_last = passed if detected.format == "csv" else row.line - line - 1
            self.blank += self._above_last
            self.filled += 1
            passed, line = 0, row.line
            yield row

    def take_back_last(self) -> None:
        """Count no longer the last row, nor the blank ones right above it."""
        self.filled -= 1
        self.blank -= self._above_last


@dataclass(frozen=True, slots=True)
class _Body:
    """The rows below a header, which ends before the row after line ``header_line``."""

    raw_rows: RawRows
    header_line: int
    width: int
    total_line: int = 0

    def below(self) -> Iterator[RawRow]:
        """Yield every row below the header, but for the total."""
        for row in self.raw_rows():
            if row.line > self.header_line and row.line != self.total_line:
                yield row

    def rows(self) -> Iterator[Row | UnreadableRow]:
        """Yield every row as one of the table."""
        try:
            for row in self.below():
                if _holds_something(row):
                    yield self._row(row)
        except OSError as error:
            raise StoreError(f"The list cannot be read any further: {error.strerror or error}.") from error

    def _row(self, row: RawRow) -> Row | UnreadableRow:
        if row.broken:
            return UnreadableRow(row.line, row.raw, next(iter(row.faults), 0), row.broken)
        cells, surplus = row.cells, len(row.cells) - self.width
        if surplus > 0:
            more = _width(cells)
            if more > self.width:
                named = "1 column" if self.width == 1 else f"{self.width} columns"
                reason = f"The row has {more} cells, but the header names {named}."
                return UnreadableRow(row.line, row.raw, self.width + 1, reason)
            cells = cells[: self.width]
        elif surplus < 0:
            cells = (*cells, *[""] * -surplus)
        return Row(row.line, row.raw, tuple(cells), row.faults)


def _holds_something(row: RawRow) -> bool:
    if "!" <= row.cells[0][:1] <= "~":  # as with almost every row
        return True
    return bool(row.broken or row.faults) or not all(map(is_blank, row.cells))


def _width(cells: Sequence[str]) -> int:
    """Return how many columns a row fills: up to the last cell that shows anything."""
    return next((column for column in range(len(cells), 0, -1) if not is_blank(cells[column - 1])), 0)


def _said_of_heading(above: Sequence[RawRow]) -> str:
    first, last = above[0].line, above[-1].line
    text = shortened(" ".join(cell for cell in above[0].cells if cell))
    lines = f"Line {first} was" if first == last else f"Lines {first} to {last} were"
    return f"{lines} left out, above the titles (“{text}”)."


def _said_of_untitled(columns: Sequence[int]) -> tuple[str, ...]:
    if not columns:
        return ()
    numbers = [str(column + 1) for column in columns]
    has = "Column {} has no title and is" if len(numbers) == 1 else "Columns {} have no title and are"
    return (f"{has.format(listed(numbers))} left out.",)
