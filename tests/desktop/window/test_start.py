"""A start shows the window before it does anything for the directory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.desktop.manual_jobs import ManualJobRunner
from whowas.desktop.settings.stored import Settings
from whowas.desktop.window.assembly import assembled
from whowas.desktop.window.main_window import APPEARED_AT_LATEST_MS, MainWindow
from whowas.store.event_log import EventLog


@pytest.fixture
def runner() -> ManualJobRunner:
    return ManualJobRunner()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, runner: ManualJobRunner) -> Iterator[MainWindow]:
    window = assembled(Settings(tmp_path / "settings"), runner, actor="ines")
    qtbot.addWidget(window)
    yield window
    window.put_away()
    runner.drain()


def _directory(folder: Path, name: str) -> Path:
    EventLog.create(folder / f"{name}.whowas").close()
    return folder / f"{name}.whowas"


def _page_is_shown(window: MainWindow, runner: ManualJobRunner) -> bool:
    runner.drain()
    return window.is_equipped


@pytest.mark.parametrize(
    "module", ["numpy", "peewee", "sqlite3", "msgspec", "whowas.store", "whowas.desktop.kit.save_as"]
)
def test_the_window_is_painted_without_waiting_for(module: str) -> None:
    """What only a directory needs is imported once the window is there."""
    program = f"import whowas.desktop.start.application, sys; sys.exit({module!r} in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_nothing_is_opened_before_the_window_was_painted(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, runner: ManualJobRunner
) -> None:
    window.start(_directory(tmp_path, "staff"))
    assert runner.idle
    assert window.windowTitle() == "staff — Whowas"
    qtbot.waitUntil(lambda: not runner.idle)
    qtbot.waitUntil(lambda: _page_is_shown(window, runner))


def test_a_window_that_is_never_painted_opens_its_directory_all_the_same(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, runner: ManualJobRunner
) -> None:
    window.setUpdatesEnabled(False)
    window.start(_directory(tmp_path, "staff"))
    qtbot.waitUntil(lambda: _page_is_shown(window, runner))


def test_it_tells_once_that_it_is_on_the_screen_and_opens_the_directory_then(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, runner: ManualJobRunner
) -> None:
    told: list[bool] = []
    window.appeared.connect(lambda: told.append(runner.idle))
    window.start(_directory(tmp_path, "staff"))
    assert not told
    qtbot.waitUntil(lambda: bool(told))
    window.repaint()
    qtbot.waitUntil(lambda: _page_is_shown(window, runner))
    qtbot.wait(APPEARED_AT_LATEST_MS)
    assert told == [False]


def test_another_directory_opened_meanwhile_stays_open(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, runner: ManualJobRunner
) -> None:
    window.start(_directory(tmp_path, "staff"))
    window.open(_directory(tmp_path, "guests"))
    qtbot.waitUntil(lambda: _page_is_shown(window, runner))
    qtbot.wait(600)
    runner.drain()
    assert window.windowTitle() == "guests — Whowas"


def test_without_a_directory_it_welcomes(window: MainWindow, runner: ManualJobRunner) -> None:
    window.start(None)
    assert window.isVisible()
    assert runner.idle
    assert window.page is None


def test_who_quits_before_it_is_open_finds_it_next_time(
    tmp_path: Path, window: MainWindow, runner: ManualJobRunner
) -> None:
    path = _directory(tmp_path, "staff")
    window.start(path)
    window.put_away()
    runner.drain()
    assert window.session is None
    assert Settings(tmp_path / "settings").last_directory() == path


def test_who_quits_while_it_is_opened_finds_it_next_time(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, runner: ManualJobRunner
) -> None:
    path = _directory(tmp_path, "staff")
    window.start(path)
    qtbot.waitUntil(lambda: not runner.idle)
    window.put_away()
    runner.drain()
    assert window.session is None
    assert Settings(tmp_path / "settings").last_directory() == path


def test_what_takes_long_in_an_empty_window_is_said(
    qtbot: QtBot, tmp_path: Path, window: MainWindow, runner: ManualJobRunner
) -> None:
    window.start(_directory(tmp_path, "staff"))
    window.opening.progressed.emit(1, 4)
    assert "Reading the history…" in [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    qtbot.waitUntil(lambda: not runner.idle)
    qtbot.waitUntil(lambda: _page_is_shown(window, runner))
    assert "Reading the history…" not in [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
