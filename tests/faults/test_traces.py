"""Whatever is killed: after any next command nothing half-made is left, and no byte of anybody who was erased."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import scenarios
from tests.faults.figures import FIGURES
from tests.faults.machine import KILL, Ended, Fault, Machine
from tests.faults.scenarios import ADA, EVERY, Scenario, file_of, half_made
from tests.leftovers_of import as_of_the_first_version, files_with

pytestmark = pytest.mark.timeout(3600)

AT_CALLS, AT_RANDOM = (50, 10) if EVERY else (3, 1)
"""How often each is killed: at disk calls that lie evenly, and at any moment."""

NEXT: Sequence[tuple[str, ...]] = (
    ("head", "FILE"),
    ("run", "FILE"),
    ("list", "FILE"),
    ("verify", "FILE"),
    ("backup", "FILE", "later.whowas"),
    ("history", "FILE"),
)

THEIRS = ("copy.whowas", "staff.csv")
"""What people have made at places of their own stays, with whoever is in it."""


def with_traces_of_ada(machine: Machine) -> None:
    """Prepare a file with somebody who is to be erased: in a draft, in a backup, in the read side; and an export."""
    scenarios.with_ada(machine)
    (machine.disk / "new.csv").write_text("external_id,first_name\nn1,n1\n")
    assert machine.run("import", file_of(machine), machine.disk / "new.csv").code == 0
    assert machine.run("list", file_of(machine)).code == 0
    (machine.disk / "staff.csv").write_text(scenarios.OLD_EXPORT)
    holding = {path.suffix for path in files_with(machine.disk / "home", ADA)}
    assert holding >= {".whowas", ".json", ".db"}, "a backup, a draft and a read side"


def of_the_first_version(machine: Machine) -> None:
    with_traces_of_ada(machine)
    as_of_the_first_version(file_of(machine))


def killed(name: str, function: str, prepared: Callable[[Machine], None] = with_traces_of_ada) -> Scenario:
    """Return a scenario of which only how it is prepared and what is run matters here."""
    call = f"tests.faults.in_turn:{function}"
    return Scenario(name, prepared, lambda file: (file,), lambda *_: [], call=call)


KILLED = [
    killed("erase alone", "erase"),
    killed("migrate and erase", "erase", of_the_first_version),
    killed("backup, then erase", "back_up_and_erase"),
    killed("look back, then erase", "look_back_and_erase"),
    killed("export, then erase", "export_and_erase"),
]


@pytest.mark.parametrize("scenario", KILLED, ids=lambda scenario: scenario.name)
def test_nothing_is_left_after_any_next_command(machine: Machine, scenario: Scenario) -> None:
    scenario.prepare(machine)
    calls = len(scenario.calls(machine))
    began = time.monotonic()
    scenario.run(machine, Fault())
    dice, takes = random.Random(scenario.name), time.monotonic() - began
    faults = [Fault.at(1 + number * (calls + 1) // AT_CALLS, KILL) for number in range(AT_CALLS)]
    faults += [Fault(killed_after=takes * dice.random()) for _ in range(AT_RANDOM)]
    wrong: list[str] = []
    for number, fault in enumerate(faults):
        ended = scenario.run(machine, fault)
        findings = of_the_next(machine, NEXT[number % len(NEXT)], again=dice.random() if number % 3 == 2 else 0)
        FIGURES.count("traces after kills", scenario.name, findings)
        wrong += [f"{fault} ({_last(ended)}), then {NEXT[number % len(NEXT)][0]}: {finding}" for finding in findings]
    assert not wrong, "\n".join([f"{len(wrong)} findings", *wrong])


def of_the_next(machine: Machine, command: tuple[str, ...], *, again: float) -> list[str]:
    """Run the next command, which may be killed ``again`` (after a part of a second) before; say what is left."""
    places = {"FILE": file_of(machine), "later.whowas": machine.disk / "later.whowas"}
    arguments = [places.get(word, word) for word in command]
    if again:
        machine.run(*arguments, fault=Fault(killed_after=again / 20))
        (machine.disk / "later.whowas").unlink(missing_ok=True)
    answer = machine.run(*arguments)
    found = [f"refused: {answer.code} {answer.err.strip()}"] if answer.code else []
    found += [f"untrue: {path} is left" for path in half_made(machine)]
    traces = [path for path in files_with(machine.disk, ADA) if path.name not in THEIRS]
    if traces and _is_erased(file_of(machine)):
        found += [f"untrue: erased, and found in {path}" for path in traces]
    return found


def _is_erased(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        row: tuple[int] = connection.execute("SELECT count(*) FROM event WHERE type = 'UserErased'").fetchone()
    return row[0] > 0


def _last(ended: Ended) -> str:
    return os.path.basename(ended.calls[-1]) if ended.calls else ""  # noqa: PTH119 (of a line, not of a path)
