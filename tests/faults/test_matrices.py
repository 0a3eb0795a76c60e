"""Every disk call of every command is struck once: killed there, no room there, or the disk fails there."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Sequence

import pytest

from tests.faults import scenarios
from tests.faults.figures import FIGURES
from tests.faults.machine import BROKEN, FULL, KILL, READ, TAKES_ROOM, TEAR, WRITE, WRITING, Fault, Machine
from tests.faults.scenarios import EVERY, Scenario

pytestmark = pytest.mark.timeout(3600)

MOST, FEW = 100, 2
"""So many calls of one command are struck in all cases, and in the few of every test run."""

LASTING_MOST, TORN_MOST, RANDOM_KILLS = 20, 15, 15 if EVERY else 2

KILLED = [
    scenarios.SAVE,
    scenarios.NEW_FILE,
    scenarios.IMPORT,
    scenarios.MIGRATION,
    scenarios.ERASE,
    scenarios.REBUILD,
    scenarios.SAMPLE,
    scenarios.BACKUP,
    scenarios.EXPORT,
    scenarios.RECOVERY,
    scenarios.UNDO,
]
STRUCK = [*(one for one in KILLED if one is not scenarios.UNDO), scenarios.LIST, scenarios.FIRST_LIST]
FAILING_FIRST = [
    pytest.param(fault, lasting, id=f"{failing}, {how_long}")
    for fault, failing in ((FULL, "no space"), (BROKEN, "input or output error"))
    for lasting, how_long in ((False, "once"), (True, "from then on"))
]
"""A normal run tries two of them that have nothing in common, as each start of a window takes seconds."""


def named(scenario: Scenario) -> str:
    return scenario.name


@pytest.mark.parametrize("scenario", KILLED, ids=named)
def test_killed_at_every_disk_call(machine: Machine, scenario: Scenario) -> None:
    scenario.prepare(machine)
    calls, writes = len(scenario.calls(machine)), len(scenario.calls(machine, WRITE))
    faults = [Fault.at(call, KILL) for call in some(calls + 1)]
    faults += [Fault.at(call, TEAR, WRITE) for call in some(writes, TORN_MOST)]
    tried("kills", machine, scenario, faults)


@pytest.mark.parametrize("scenario", KILLED, ids=named)
def test_killed_at_random_moments(machine: Machine, scenario: Scenario) -> None:
    scenario.prepare(machine)
    scenario.run(machine, Fault())
    began = time.monotonic()
    scenario.run(machine, Fault())
    dice, takes = random.Random(scenario.name), time.monotonic() - began
    faults = [Fault(killed_after=takes * dice.random()) for _ in range(RANDOM_KILLS)]
    tried("kills", machine, scenario, faults)


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("scenario", STRUCK, ids=named)
def test_no_space_at_every_disk_call(machine: Machine, scenario: Scenario, *, lasting: bool) -> None:
    scenario.prepare(machine)
    calls = len(scenario.calls(machine, TAKES_ROOM))
    faults = [
        Fault.at(call, FULL, TAKES_ROOM, lasting=lasting) for call in some(calls, LASTING_MOST if lasting else MOST)
    ]
    tried("disk faults", machine, scenario, faults)


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("scenario", STRUCK, ids=named)
def test_an_input_output_error_at_every_disk_call(machine: Machine, scenario: Scenario, *, lasting: bool) -> None:
    scenario.prepare(machine)
    calls = len(scenario.calls(machine, WRITING | READ))
    faults = [
        Fault.at(call, BROKEN, WRITING | READ, lasting=lasting)
        for call in some(calls, LASTING_MOST if lasting else MOST)
    ]
    tried("disk faults", machine, scenario, faults)


@pytest.mark.parametrize(("fault", "lasting"), FAILING_FIRST if EVERY else FAILING_FIRST[1:3])
def test_a_first_start_on_a_failing_disk(machine: Machine, fault: int, *, lasting: bool) -> None:
    kinds = TAKES_ROOM if fault == FULL else WRITING | READ
    scenarios.FIRST_START.prepare(machine)
    calls = some(len(scenarios.FIRST_START.calls(machine, kinds)), LASTING_MOST)
    faults = [Fault.at(call, fault, kinds, lasting=lasting) for call in calls]
    tried("disk faults", machine, scenarios.FIRST_START, faults)


def some(calls: int, most: int = MOST) -> Sequence[int]:
    """Return the numbers of all calls, or of so many that lie evenly, or of a few."""
    count = min(calls, most if EVERY else FEW)
    return [1 + number * calls // count for number in range(count)]


def tried(matrix: str, machine: Machine, scenario: Scenario, faults: Iterable[Fault]) -> None:
    """Strike with every fault, and fail with all that is wrong after any of them."""
    wrong: list[str] = []
    for fault in faults:
        ended = scenario.run(machine, fault)
        struck = ended.calls[fault.first - 1] if len(ended.calls) >= fault.first else ""
        findings = scenario.found(machine, ended)
        FIGURES.count(matrix, scenario.name, findings)
        wrong += [f"{fault} ({struck}): {finding}" for finding in findings]
    assert not wrong, "\n".join([f"{len(wrong)} findings", *wrong])
