"""A machine whose disk fails on demand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
