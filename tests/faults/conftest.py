"""A machine whose disk fails on demand, and the figures at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.figures import FIGURES
from tests.faults.machine import Machine, library


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with an empty disk."""
    folder = tmp_path_factory.mktemp("machine")
    scratch, disk = folder / "scratch", folder / "disk"
    scratch.mkdir()
    disk.mkdir()
    made = Machine(library(folder), scratch, disk)
    made.start()
    yield made
    made.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many faults there were, and how many did harm."""
    if lines := FIGURES.lines():
        terminalreporter.section("faults")
        for line in lines:
            terminalreporter.write_line(line)
