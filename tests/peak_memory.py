"""Directories of long notes, and how much memory a command needs with one at its highest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.command_line import PROGRAM
from whowas.command_bus.bus import Bus
from whowas.domain.causation import ImportOf
from whowas.domain.commands import CreateUser
from whowas.store.event_log import EventLog

# A small program in between, because a child begins with the memory of whoever started it.
_MEASURE = (
    "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, done.returncode)"
)
_KILOBYTE = 1 if sys.platform == "darwin" else 1_024
"""Of what getrusage counts in."""


def write_notes(file: Path, people: int, letters: int, *, as_one_change: bool) -> None:
    """Make a directory of people with notes of so many letters, in one change, like an import, or one change each."""
    log = EventLog.create(file)
    bus = Bus(log, clock=lambda: 1_577_836_800_000_000, actor="ines")
    commands = _commands(people, letters)
    if as_one_change:
        with bus.change(causation=ImportOf("people.jsonl")) as change:
            for command in commands:
                change.dispatch(command)
    else:
        for command in commands:
            bus.dispatch(command)
    log.close()


def _commands(people: int, letters: int) -> Iterator[CreateUser]:
    words = " ".join(f"{number:08x}" for number in range(letters // 9 + 1_000))
    for number in range(people):
        fields = {"external_id": f"u{number}", "first_name": f"N{number}", "notes": words[number % 900 :][:letters]}
        yield CreateUser(f"01890000-0000-7000-8000-{number:012x}", fields)


def peak_bytes(*arguments: object, stdin: str = "") -> int:
    """Return the most memory that a command of the program held, which must do what it is asked."""
    return peak_of(PROGRAM, *arguments, stdin=stdin)


def peak_of(*command: object, stdin: str = "") -> int:
    """Return the most memory that any command held, which must do what it is asked."""
    measured = subprocess.run(
        [sys.executable, "-c", _MEASURE, *map(str, command)],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=1_200,
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    peak, code = map(int, measured.stdout.split())
    assert code == 0, f"{command}: {measured.stderr}"
    return peak * _KILOBYTE
