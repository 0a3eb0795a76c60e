"""Reading streams: long texts are held a few at a time, however many of them there are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.command_line import json_lines
from tests.peak_memory import peak_bytes, write_notes

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the peak of a process is asked of POSIX")

PEOPLE, LETTERS = 1_500, 100_000
MARGIN = 170_000_000
"""How much memory 150 MB of notes may take; projecting them once took twice their size."""


def commands(file: Path) -> list[tuple[str, tuple[object, ...], str]]:
    """Every command with its input; the first one makes the read side."""
    edit = json_lines({"command": "UpdateUser", "id": "u7", "title": "Archivist"})
    out = file.with_suffix("")
    return [
        ("list", ("list", file, "--json"), ""),
        ("rebuild", ("rebuild", file), ""),
        ("show", ("show", file, "u7"), ""),
        ("history", ("history", file), ""),
        ("history of one", ("history", file, "u7"), ""),
        ("diff", ("diff", file, "#0", "now", "--json"), ""),
        ("csv", ("export", file, f"{out}.csv", "--format", "csv"), ""),
        ("log", ("export", file, f"{out}.jsonl", "--format", "log"), ""),
        ("verify", ("verify", file), ""),
        ("backup", ("backup", file, f"{out} copy.whowas"), ""),
        ("run", ("run", file), edit),
        ("list after it", ("list", file), ""),
        ("erase", ("erase", file, "u8", "--yes"), ""),
    ]


@pytest.fixture
def least(tmp_path: Path) -> int:
    """How much memory the program takes for as many people without notes."""
    write_notes(tmp_path / "small.whowas", PEOPLE, 9, as_one_change=True)
    return peak_bytes("list", tmp_path / "small.whowas", "--json")


def test_no_command_holds_all_notes_of_an_import(tmp_path: Path, least: int) -> None:
    write_notes(tmp_path / "large.whowas", PEOPLE, LETTERS, as_one_change=True)
    more = {name: peak_bytes(*asked, stdin=given) - least for name, asked, given in commands(tmp_path / "large.whowas")}
    assert {name: f"{most / 1e6:.0f} MB" for name, most in more.items() if most > MARGIN} == {}


def test_nor_does_one_hold_all_notes_of_many_changes(tmp_path: Path, least: int) -> None:
    write_notes(tmp_path / "large.whowas", PEOPLE, LETTERS, as_one_change=False)
    assert peak_bytes("list", tmp_path / "large.whowas") - least < MARGIN
