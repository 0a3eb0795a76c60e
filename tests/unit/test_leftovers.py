"""The look for leftovers must itself be able to fail."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QThread, QTimer
from pytestqt.qtbot import QtBot

from tests import leftovers
from tests.leftovers import Leftovers


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "GRACE_SECONDS", 0.05)


def test_a_running_python_thread_is_found() -> None:
    watcher = Leftovers()
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, name="forgotten")
    thread.start()
    found = watcher.found()
    stop.set()
    thread.join()
    assert found == ["thread forgotten"]
    assert watcher.found() == []


def test_a_running_qt_thread_is_found(qapp: QCoreApplication) -> None:
    watcher = Leftovers()
    thread = QThread()
    thread.setObjectName("worker")
    with watcher.watching():
        thread.start()
    found = watcher.found()
    thread.quit()
    assert thread.wait(2000)
    assert found == ["Qt thread worker of nobody"]
    assert watcher.found() == []


def test_an_active_timer_is_found_until_its_owner_is_gone(qapp: QCoreApplication) -> None:
    watcher = Leftovers()
    owner = QObject()
    timer = QTimer(owner)
    timer.setObjectName("tick")
    with watcher.watching():
        timer.start(60_000)
    assert watcher.found() == ["timer tick of QObject"]
    owner.deleteLater()
    assert watcher.found() == []


def test_a_finished_timer_is_no_leftover(qtbot: QtBot) -> None:
    watcher = Leftovers()
    timer = QTimer()
    timer.setSingleShot(True)
    with watcher.watching(), qtbot.waitSignal(timer.timeout, timeout=1000):
        timer.start(1)
    assert watcher.found() == []


def test_an_open_connection_is_found_and_closed(tmp_path: Path) -> None:
    watcher = Leftovers()
    with watcher.watching():
        connection = sqlite3.connect(tmp_path / "some.db")
        sqlite3.connect(tmp_path / "other.db").close()
    assert watcher.found() == [f"connection to {tmp_path / 'some.db'}"]
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")
    assert watcher.found() == []
