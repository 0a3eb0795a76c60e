"""What is skipped is told once for each reason, or fails where everything is demanded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.not_tried import DEMANDED

CONFTEST = "from tests.not_tried import pytest_runtest_makereport, pytest_terminal_summary\n"
SOME_TESTS = """
import pytest

@pytest.fixture
def mount():
    pytest.skip("nothing can be mounted")

@pytest.mark.parametrize("size", [1, 2])
def test_one(mount, size):
    raise AssertionError

@pytest.mark.skipif(True, reason="nothing can be mounted")
def test_another():
    raise AssertionError

@pytest.mark.real_data
def test_data():
    pytest.skip("no data")

@pytest.mark.xfail(raises=ValueError)
def test_expected():
    raise ValueError

def test_passes():
    pass
"""


ALONE = ()
SIDE_BY_SIDE = ("--dist", "loadfile", "--tx", "2*popen")


def tried(folder: Path, demanded: str, processes: tuple[str, ...]) -> tuple[int, list[str]]:
    """Run some tests, and return the exit code and the lines of what is told at the end."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    real_data\n")
    (folder / "test_some.py").write_text(SOME_TESTS)
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), DEMANDED: demanded}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", *processes]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    told = done.stdout.partition("not tried on this machine")[2].splitlines()
    return done.returncode, [line.strip() for line in told[1:]]


@pytest.mark.parametrize("processes", [ALONE, SIDE_BY_SIDE], ids=["alone", "side by side"])
def test_every_reason_is_told_once(tmp_path: Path, processes: tuple[str, ...]) -> None:
    code, told = tried(tmp_path, "", processes)
    assert (code, told[:2]) == (0, ["1 test: no data", "3 tests: nothing can be mounted"])


@pytest.mark.parametrize("processes", [ALONE, SIDE_BY_SIDE], ids=["alone", "side by side"])
def test_what_is_demanded_fails(tmp_path: Path, processes: tuple[str, ...]) -> None:
    code, told = tried(tmp_path, "1", processes)
    assert (code, told[0]) == (1, "1 test: no data")
    assert sum("test_some.py" in line for line in told) == 3
    assert told[-1].startswith("1 passed, 1 skipped, 1 xfailed, 3 errors")
