"""What the desktop tests share: a runner turned by hand and an open session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import whowas.desktop.exchange.assistant.pages
import whowas.desktop.sharing.assistant.conversation  # noqa: F401 (likewise)
from tests.desktop.manual_jobs import ManualJobRunner
from whowas.desktop.session.session import Session


@pytest.fixture(autouse=True)
def released_keys() -> Iterator[None]:
    """Leave no key held: Qt remembers the keys of the last event, even for the next test."""
    yield
    if QApplication.instance() is not None:
        QTest.keyRelease(QWidget(), Qt.Key.Key_Control)


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
