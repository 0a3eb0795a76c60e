"""Run in a process that is killed: several commands in turn, the last of which erases somebody."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.command_line import whowas
from tests.leftovers_of import Person

EMAIL = Person().fields()["email"]


def erase() -> None:
    """Erase somebody."""
    _in_turn(("erase", Path(sys.argv[1]), EMAIL, "--yes"))


def back_up_and_erase() -> None:
    """Copy the directory to a place of the person's own, and erase somebody who is in it."""
    file = Path(sys.argv[1])
    _in_turn(("backup", file, file.parent.parent / "copy.whowas"), ("erase", file, EMAIL, "--yes"))


def look_back_and_erase() -> None:
    """Ask what was known once, for which a read side is laid in the temporary folder, and erase somebody."""
    file = Path(sys.argv[1])
    _in_turn(("list", file, "--known", "#4"), ("erase", file, EMAIL, "--yes"))


def export_and_erase() -> None:
    """Write everybody to a file that is there already, and erase somebody."""
    file = Path(sys.argv[1])
    target = file.parent.parent / "staff.csv"
    _in_turn(("export", file, target, "--format", "csv"), ("erase", file, EMAIL, "--yes"))


def _in_turn(*commands: tuple[object, ...]) -> None:
    for command in commands:
        answer = whowas(*command)
        assert answer.code == 0, answer
