"""Two processes share the tests: what belongs together stays together, and nothing is told less than by one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.faults.figures import Figures

CONFTEST = 'pytest_plugins = ("tests.faults.figures", "tests.side_by_side")\n'
SOME_TESTS = """
import os
from pathlib import Path

import pytest
from tests.faults.figures import FIGURES

@pytest.mark.parametrize("number", [1, 2, 3])
def test_one(number):
    with Path("ran").open("a") as ran:
        ran.write(f"{os.environ['PYTEST_XDIST_WORKER']} {Path(__file__).relative_to(Path.cwd())}\\n")
    FIGURES.count("kills", "save", ["lost: one"] if number == 1 else [])
"""
FILES = ("unit/test_a.py", "unit/test_b.py", "distribution/test_c.py", "distribution/test_d.py", "faults/test_e.py")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[str, str]], str]:
    """Which process ran which files' tests, in their order, and what was told."""
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
    pairs = [line.split(" ", 1) for line in (folder / "ran").read_text().splitlines()]
    return [(process, file) for process, file in pairs], done.stdout


def test_files_are_not_divided_nor_what_shares_packages(ran: tuple[list[tuple[str, str]], str]) -> None:
    who: dict[str, set[str]] = {}
    for process, file in ran[0]:
        who.setdefault(file, set()).add(process)
    assert sorted(who) == sorted(f"tests/{file}" for file in FILES)
    assert all(len(processes) == 1 for processes in who.values())
    assert who["tests/distribution/test_c.py"] == who["tests/distribution/test_d.py"]
    assert len({process for process, _ in ran[0]}) == 2


def test_what_takes_longest_begins(ran: tuple[list[tuple[str, str]], str]) -> None:
    first = dict(reversed(ran[0]))
    assert {Path(file).parts[1] for file in first.values()} == {"distribution", "faults"}


def test_figures_of_all_processes_are_told_together(ran: tuple[list[tuple[str, str]], str]) -> None:
    assert "kills: 15 cases, 5 lost, 0 refused, 0 untrue (save 15)" in ran[1].splitlines()


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
