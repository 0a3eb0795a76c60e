"""What is printed for people: aligned, cut to the terminal, and nothing that a terminal would obey."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
from collections.abc import Iterator

import pytest

from whowas.cli import printing
from whowas.interchange import iso_moments


class Terminal(io.StringIO):
    """A terminal of twenty columns."""

    def isatty(self) -> bool:
        return True


def test_columns_are_aligned_also_under_wide_and_combining_letters(capsys: pytest.CaptureFixture[str]) -> None:
    printing.say_table(("Name", "Title"), [("山田太郎", "Clerk"), ("e\u0301a", "Press"), ("Ada", "")])
    assert capsys.readouterr().out.splitlines() == [
        "Name      Title",
        "山田太郎  Clerk",
        "e\u0301a        Press",
        "Ada",
    ]


def test_a_terminal_gets_lines_that_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing.shutil, "get_terminal_size", lambda *_, **__: os.terminal_size((20, 5)))
    rows = [("Ada Lovelace", "Clerk"), ("Ada Lovelace", "Scheduler"), ("山" * 12, "x")]
    with contextlib.redirect_stdout(Terminal()) as terminal:
        printing.say_table(("Name", "Title"), [(*row,) for row in rows[:2]])
        printing.say_table(("Name", "Title"), rows[2:])
    assert terminal.getvalue().splitlines() == [
        "Name          Title",
        "Ada Lovelace  Clerk",
        "Ada Lovelace  Sched…",
        "Name               …",
        "山山山山山山山山山…",
    ]


def test_whatever_reads_a_pipe_gets_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    printing.say_table(("Name",), [("x" * 5_000,)])
    assert "x" * 5_000 in capsys.readouterr().out


def test_a_table_without_rows_is_its_header(capsys: pytest.CaptureFixture[str]) -> None:
    printing.say_table(("Name", "Title"), [])
    assert capsys.readouterr().out == "Name  Title\n"


def test_rows_are_printed_while_they_come() -> None:
    count = printing.ROWS_MEASURED * 2
    with contextlib.redirect_stdout(io.StringIO()) as out:

        def rows() -> Iterator[tuple[str]]:
            for number in range(count):
                printed = out.getvalue().count("\n") - 1
                assert printed == number or number <= printing.ROWS_MEASURED, "rows are held back"
                yield (str(number),)

        printing.say_table(("Number",), rows())
    assert out.getvalue().splitlines()[-1] == str(count - 1)


def test_one_line_stays_one_line_and_plain() -> None:
    assert printing.plain("a\nb\tc\x9b31m\u202ed") == "a b c 31m d"


def test_json_is_one_line_for_whatever_counts_as_a_line_end(capsys: pytest.CaptureFixture[str]) -> None:
    printing.say_json({"notes": "é\u2028\x85\u2029"})
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert "é" in out
    assert json.loads(out) == {"notes": "é\u2028\x85\u2029"}


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata"])
def test_moments_are_local_as_far_as_the_calendar_goes(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert printing.local_time(0) in ("1969-12-31 19:00:00-05:00", "1970-01-01 05:30:00+05:30")
        assert printing.local_time(iso_moments.parsed("0001-01-01T00:00:00Z")).startswith("0001-01-01")
        assert printing.local_time(iso_moments.parsed("9999-12-31T23:59:59Z")).startswith("9999-12-31")
    finally:
        monkeypatch.undo()
        time.tzset()
