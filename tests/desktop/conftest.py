"""What the desktop tests share: a runner turned by hand and an open session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.manual_jobs import ManualJobRunner
from whowas.desktop.session import Session


@pytest.fixture
def runner() -> ManualJobRunner:
    return ManualJobRunner()


@pytest.fixture
def session(qtbot: QtBot, runner: ManualJobRunner, tmp_path: Path) -> Iterator[Session]:
    """A session over a new, empty directory; its jobs run when the test says so."""
    session = Session(runner, tmp_path / "cache", "ines")
    session.open(tmp_path / "staff.whowas", create=True, done=lambda: None, failed=fail)
    runner.drain()
    yield session
    session.close()
    runner.drain()


def fail(error: Exception) -> None:
    """Take an error that must not come."""
    raise AssertionError(str(error)) from error
