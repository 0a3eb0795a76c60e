"""Rows become a table: what is blank is overlooked, and what is left out is said."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence

import pytest

from whowas.domain.errors import StoreError
from whowas.domain.progress import unwatched
from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.body import MOST_COLUMNS, table_of
from whowas.interchange.reading.csv_rows import RawRow
from whowas.interchange.reading.table import Detected, Row, Table, UnreadableRow


def table(*rows: Sequence[str] | RawRow, header: bool = True) -> Table:
    def raw_rows() -> Iterator[RawRow]:
        for line, row in enumerate(rows, start=1):
            yield row if isinstance(row, RawRow) else RawRow(line, ",".join(row), row)

    return table_of(raw_rows, Detected("csv"), header=header, knows_title=None, progress=unwatched)


def test_faults_of_cells_stay_with_their_row() -> None:
    [row] = table(["a", "b"], RawRow(2, "x,", ["x"], {2: "why"})).rows()

    assert row == Row(2, "x,", ("x", ""), {2: "why"})


def test_a_row_with_nothing_but_a_fault_is_no_blank_row() -> None:
    [row] = table(["a", "b"], RawRow(2, ",", ["", ""], {2: "why"})).rows()

    assert row.line == 2


def test_a_broken_row_is_unreadable_and_a_broken_header_too() -> None:
    broken = RawRow(2, "x", ["x", "y"], {2: "why"}, "why")

    assert list(table(["a", "b"], broken).rows()) == [UnreadableRow(2, "x", 2, "why")]
    with pytest.raises(UnreadableError, match="why"):
        table(broken, ["a", "b"])


def test_the_one_row_there_is_is_no_total() -> None:
    assert len(list(table(["a", "b"], ["Total", "5"]).rows())) == 1
    assert len(list(table(["a", "b"], ["x", "y"], ["Total", "5"]).rows())) == 1
    assert len(list(table(["a", "b"], ["Total", "5"], ["x", "y"]).rows())) == 2


def test_the_most_columns() -> None:
    widest = [f"t{column}" for column in range(MOST_COLUMNS)]

    assert len(table(widest, ["x"]).titles) == MOST_COLUMNS
    assert len(table([*widest, "", ""], ["x"]).titles) == MOST_COLUMNS
    with pytest.raises(UnreadableError, match=r"1,001 columns"):
        table([*widest, "one more"], ["x"])


def test_nothing_at_all() -> None:
    with pytest.raises(UnreadableError, match="empty"):
        table(["", " "], ["\u200b"])


def test_a_disk_that_fails_later_is_a_sentence() -> None:
    fails = False

    def raw_rows() -> Iterator[RawRow]:
        yield RawRow(1, "a", ["a"])
        yield RawRow(2, "x", ["x"])
        if fails:
            raise OSError(errno.EIO, "Input/output error")

    read = table_of(raw_rows, Detected("csv"), header=True, knows_title=None, progress=unwatched)
    fails = True

    with pytest.raises(StoreError, match="cannot be read any further: Input/output error"):
        list(read.rows())
