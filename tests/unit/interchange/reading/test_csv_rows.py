"""CSV is taken apart as Python's own writer put it together, whatever the dialect, and its faults are named."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.interchange.entries import UnreadableError
from whowas.interchange.reading.csv_rows import MOST_CHARACTERS, RawRow, csv_rows

DELIMITERS = [",", ";", "\t", "|"]
TEXTS = st.text(st.one_of(st.sampled_from(',;|\t"\r\n aé'), st.characters(exclude_categories=["Cs"])), max_size=8)
TABLES = st.lists(st.lists(TEXTS, min_size=1, max_size=5), min_size=1, max_size=8)


def rows_of(text: str, delimiter: str = ",") -> list[RawRow]:
    return list(csv_rows(io.StringIO(text, newline=""), delimiter))


def written(table: list[list[str]], delimiter: str, quoting: int, end: str) -> str:
    buffer = io.StringIO()
    # Python 3.11 quotes those ends of lines only that it writes itself, so both are quoted and one is taken out.
    csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(table)
    assert end == "\r\n" or "\r\n" in buffer.getvalue()
    return buffer.getvalue()


@given(TABLES, st.sampled_from(DELIMITERS), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_every_table_comes_back_as_it_was_written(table: list[list[str]], delimiter: str, quoting: int) -> None:
    rows = rows_of(written(table, delimiter, quoting, "\r\n"), delimiter)

    assert [list(row.cells) for row in rows] == table
    assert not any(row.broken for row in rows)


@given(TABLES, st.sampled_from(DELIMITERS))
def test_each_row_is_the_text_from_its_line_on(table: list[list[str]], delimiter: str) -> None:
    text = written(table, delimiter, csv.QUOTE_MINIMAL, "\r\n")
    lines = list(io.StringIO(text, newline=""))

    rows = rows_of(text, delimiter)

    for row in rows:
        assert "".join(lines[row.line - 1 :]).startswith(row.raw)
    assert rows[0].line == 1


@given(TABLES, st.sampled_from(["\n", "\r", "\r\n"]))
def test_lines_end_in_any_way(table: list[list[str]], end: str) -> None:
    plain = [[cell.translate(dict.fromkeys(map(ord, '\r\n"'), "x")) for cell in row] for row in table]
    text = "".join(",".join(cell.replace(",", "x") for cell in row) + end for row in plain)

    assert [list(row.cells) for row in rows_of(text)] == [[c.replace(",", "x") for c in row] for row in plain]
    assert [row.line for row in rows_of(text)] == list(range(1, len(table) + 1))


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('Mara, "Quill", "m@example.org"', ["Mara", "Quill", "m@example.org"]),
        ('"Mara" ,"Quill"\t,x', ["Mara", "Quill", "x"]),
        (' "a ""b"", c",d', ['a "b", c', "d"]),
        ("Mara, Quill , x", ["Mara", " Quill ", " x"]),
        ('5" pipe,6"', ['5" pipe', '6"']),
        ('"a, ""b"""', ['a, "b"']),
        ('"",', ["", ""]),
        ('a, "two\r\nlines" ,b', ["a", "two\r\nlines", "b"]),
    ],
)
def test_blanks_around_quotation_marks_are_overlooked_and_others_stay(text: str, cells: list[str]) -> None:
    [row] = rows_of(text)

    assert list(row.cells) == cells
    assert row.raw == text


def test_a_tab_that_separates_is_no_blank() -> None:
    [row] = rows_of('\t "x"\t', "\t")

    assert list(row.cells) == ["", "x", ""]


def test_text_behind_a_quotation_mark_breaks_its_row_alone() -> None:
    first, second = rows_of('a,"b"c,d\ne,f,g\n')

    assert first == RawRow(1, 'a,"b"c,d', ["a", "b"], {2: "Text follows a closing quotation mark."}, first.broken)
    assert first.broken == "Text follows a closing quotation mark."
    assert second == RawRow(2, "e,f,g", ["e", "f", "g"])


def test_a_quotation_mark_that_is_never_closed_is_named_where_it_opens() -> None:
    with pytest.raises(UnreadableError, match="never closed") as raised:
        rows_of('a,b\n"x\ny",z\nc,"d\n' + "e,f\n" * 10)

    assert (raised.value.line, raised.value.column) == (4, 2)


def test_no_row_takes_all_memory() -> None:
    lines = ['"a\n', *["b" * 1000 + "\n"] * (MOST_CHARACTERS // 1000 + 1)]

    with pytest.raises(UnreadableError, match="never closed"):
        list(csv_rows(lines, ","))
    with pytest.raises(UnreadableError, match="too long"):
        list(csv_rows(["a" * (MOST_CHARACTERS + 1)], ","))


def test_a_long_cell_is_left_to_the_rules_of_its_field() -> None:
    [row] = rows_of('"' + "a" * 200_000 + '",b')

    assert [len(cell) for cell in row.cells] == [200_000, 1]


def test_bytes_that_are_no_text_break_their_row_and_name_their_cell() -> None:
    first, second = rows_of("a,J\udcfcrgen\nb,Jürgen\n")

    assert "0xFC" in first.broken
    assert list(first.faults) == [2]
    assert not second.broken
