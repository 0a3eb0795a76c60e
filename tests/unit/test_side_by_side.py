"""Two processes share the tests: what belongs together stays together, and nothing is told less than by one."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

from tests import side_by_side
from tests.conftest import REPOSITORY
from tests.faults.figures import Figures

CONFTEST = """
from tests import side_by_side

side_by_side.ALONE = ("tests/unit/test_b.py::test_one[2]",)
pytest_plugins = ("tests.faults.figures", "tests.side_by_side")
"""
SOME_TESTS = """
import os
import time
from pathlib import Path

import pytest
from tests.faults.figures import FIGURES

@pytest.mark.parametrize("number", [1, 2, 3])
def test_one(number):
    file = Path(__file__).relative_to(Path.cwd())
    for pause in (0.1, 0):
        with Path("ran").open("a") as ran:
            ran.write(f"{os.environ['PYTEST_XDIST_WORKER']} {file} {number}\\n")
        time.sleep(pause)
    FIGURES.count("kills", "save", ["lost: one"] if number == 1 else [])
"""
FILES = ("unit/test_a.py", "unit/test_b.py", "distribution/test_c.py", "distribution/test_d.py", "faults/test_e.py")


@dataclass(frozen=True)
class Ran:
    """Process, file and number of each test when it began and once more when it ended, and what was told."""

    moments: list[tuple[str, str, int]]
    told: str


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Run some tests in two processes."""
    folder = tmp_path_factory.mktemp("some")
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    for file in FILES:
        path = folder / "tests" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SOME_TESTS)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--dist", "loadfile", "--tx", "2*popen"]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split(" ") for line in (folder / "ran").read_text().splitlines()]
    return Ran([(process, file, int(number)) for process, file, number in lines], done.stdout)


def test_files_are_not_divided_nor_what_shares_packages(ran: Ran) -> None:
    who: dict[str, set[str]] = {}
    for process, file, number in ran.moments:
        if (file, number) != ("tests/unit/test_b.py", 2):
            who.setdefault(file, set()).add(process)
    assert sorted(who) == sorted(f"tests/{file}" for file in FILES)
    assert all(len(processes) == 1 for processes in who.values())
    assert who["tests/distribution/test_c.py"] == who["tests/distribution/test_d.py"]
    assert len({process for process, _, _ in ran.moments}) == 2


def test_what_takes_longest_begins(ran: Ran) -> None:
    first = {process: file for process, file, _ in reversed(ran.moments)}
    assert {Path(file).parts[1] for file in first.values()} == {"distribution", "faults"}


def test_what_measures_time_runs_beside_no_other_and_is_handed_out_last(ran: Ran) -> None:
    process, *alone = next(moment for moment in ran.moments if moment[1:] == ("tests/unit/test_b.py", 2))
    begun = ran.moments.index((process, *alone))
    assert ran.moments[begun : begun + 2] == [(process, *alone)] * 2
    assert all(who != process for who, _, _ in ran.moments[begun + 2 :])


def test_who_waits_to_be_alone_comes_before_who_asks_later(tmp_path: Path) -> None:
    gate, room = tmp_path / "gate", tmp_path / "room"
    for path in (gate, room):
        path.touch()
    came: list[str] = []

    def come(kind: int, who: str) -> None:
        with side_by_side._turn(gate, room, kind):
            came.append(who)

    alone = Thread(target=come, args=(fcntl.LOCK_EX, "alone"))
    later = Thread(target=come, args=(fcntl.LOCK_SH, "later"))
    with side_by_side._turn(gate, room, fcntl.LOCK_SH):
        come(fcntl.LOCK_SH, "beside")
        alone.start()
        while not _is_held(gate):
            time.sleep(0.001)
        later.start()
        assert came == ["beside"]
    for thread in (alone, later):
        thread.join()
    assert came == ["beside", "alone", "later"]


def _is_held(path: Path) -> bool:
    with path.open() as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_what_measures_time_is_there() -> None:
    for nodeid in side_by_side.ALONE:
        file, name = nodeid.split("::")
        assert f"def {name}(" in (REPOSITORY / file).read_text(encoding="utf-8")


def test_figures_of_all_processes_are_told_together(ran: Ran) -> None:
    assert "kills: 15 cases, 5 lost, 0 refused, 0 untrue (save 15)" in ran.told.splitlines()


def test_figures_are_the_same_after_being_sent() -> None:
    here, there = Figures(), Figures()
    for figures, findings in ((here, ["lost: a"]), (there, ["untrue: b", "untrue: c"])):
        figures.count("kills", "save", findings)
    there.count("disk faults", "list", [])
    here.add(there.counted())
    assert here.lines() == [
        "kills: 2 cases, 1 lost, 0 refused, 1 untrue (save 2)",
        "disk faults: 1 cases, 0 lost, 0 refused, 0 untrue (list 1)",
    ]
