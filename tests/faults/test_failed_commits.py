"""What a commit that failed said stays true: what was not saved is not there when the file is recovered either."""

from __future__ import annotations

import pytest

from tests.faults import scenarios
from tests.faults.machine import BROKEN, FULL, WRITING, Ended, Fault, Machine
from tests.faults.scenarios import Said, Scenario, held
from tests.faults.test_matrices import some, tried

pytestmark = pytest.mark.timeout(3600)


def said_and_so(_machine: Machine, ended: Ended, said: Said) -> list[str]:
    """Say what is wrong with what saving said."""
    (told,) = ended.answers
    there = "n1" in held(said)
    match told["error"]:
        case "" if not there:
            return ["lost: it was saved"]
        case "UncertainError":
            return [] if "will be seen when" in told["message"] else [f"untrue: {told['message']}"]
        case "StoreError" if there:
            return [f"untrue: it is there, but {told['message']}"]
    return []


SAVE = Scenario(
    "save, then a power cut",
    scenarios.staff,
    lambda file: (file,),
    said_and_so,
    call="tests.faults.dying:save_and_die",
)


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("what", [BROKEN, FULL], ids=["input or output error", "no space"])
def test_what_was_not_saved_does_not_come_back(machine: Machine, what: int, *, lasting: bool) -> None:
    SAVE.prepare(machine)
    calls = SAVE.calls(machine)
    # The end of the commit is what can fail when all is written.
    ends = [number for number, call in enumerate(calls, 1) if call.startswith("fdatasync") and call.endswith("-wal")]
    numbers = sorted({*some(len(calls)), *ends[-1:]})
    tried("disk faults", machine, SAVE, [Fault.at(call, what, WRITING, lasting=lasting) for call in numbers])


def test_a_commit_that_could_only_not_be_flushed_is_surely_undone(machine: Machine) -> None:
    SAVE.prepare(machine)
    calls = SAVE.calls(machine)
    end = max(number for number, call in enumerate(calls, 1) if call.startswith("fdatasync") and call.endswith("-wal"))
    for lasting, error in ((False, "StoreError"), (True, "UncertainError")):
        (told,) = SAVE.run(machine, Fault.at(end, BROKEN, WRITING, lasting=lasting)).answers
        assert told["error"] == error, told
    assert told["message"].endswith("Whether this was saved will be seen when the directory is opened again.")
