"""What the window makes of what another version of the program left."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.desktop.manual_jobs import ManualJobRunner
from whowas.desktop.settings.stored import Settings
from whowas.desktop.window.assembly import assembled
from whowas.desktop.window.main_window import MainWindow
from whowas.store.event_log import EventLog
from whowas.system import folders

COLUMNS = {
    "order": ["name", "gone", "email"],
    "shown": {"gone": True, "email": False},
    "widths": {"name": 300, "gone": 90},
    "sort": {"column": "gone", "descending": True},
    "of a newer version": 7,
}


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    EventLog.create(tmp_path / "staff.whowas").close()
    return tmp_path / "staff.whowas"


@pytest.fixture
def runner() -> ManualJobRunner:
    return ManualJobRunner()


def window_with(qtbot: QtBot, runner: ManualJobRunner, text: str) -> MainWindow:
    """A window whose settings are as they are in ``text``."""
    folders.config().mkdir(parents=True)
    (folders.config() / "whowas.ini").write_text(text, encoding="utf-8")
    window = assembled(Settings(folders.config()), runner, actor="ines")
    qtbot.addWidget(window)
    return window


@pytest.fixture
def window(qtbot: QtBot, runner: ManualJobRunner, staff: Path) -> Iterator[MainWindow]:
    """A window over settings with more and less than this version writes."""
    recent = [{"path": str(staff)}, "nonsense", {"path": str(staff), "opened_at": 1, "colour": "red"}]
    window = window_with(
        qtbot,
        runner,
        f"[directories]\nlast={staff}\nrecent={json.dumps(json.dumps(recent))}\n[newer]\nsomething=kept\n"
        f"[table]\ncolumns={json.dumps(json.dumps(COLUMNS))}\n[window]\ngeometry=nonsense\nsplitter=nonsense\n",
    )
    yield window
    window.put_away()
    runner.drain()


def test_settings_of_another_version_are_used_as_far_as_they_go(
    qtbot: QtBot, window: MainWindow, runner: ManualJobRunner, staff: Path
) -> None:
    assert window.settings.last_directory() == staff
    assert [known.opened_at for known in window.settings.recent()] == [1]
    window.start(None)
    window.open(staff)
    runner.drain()
    assert window.page is not None
    assert window.page.table.columnWidth(0) == 300
    window.close_directory()
    window.settings.sync()
    kept = QSettings(str(folders.config() / "whowas.ini"), QSettings.Format.IniFormat)
    assert kept.value("newer/something") == "kept"


@pytest.mark.parametrize("kept", ["7", "null", '"text"', "[[]]", "{}", "not JSON"])
def test_recent_directories_written_otherwise_are_none(qtbot: QtBot, runner: ManualJobRunner, kept: str) -> None:
    window = window_with(qtbot, runner, f"[directories]\nrecent={json.dumps(kept)}\n")
    assert window.settings.recent() == []
    window.start(None)


def test_a_directory_of_a_newer_version_is_refused_with_a_sentence(
    qtbot: QtBot, window: MainWindow, runner: ManualJobRunner, staff: Path
) -> None:
    with closing(sqlite3.connect(staff)) as connection:
        connection.execute("PRAGMA user_version = 4")
        connection.execute("PRAGMA journal_mode = DELETE")
    before = staff.read_bytes()
    window.start(None)
    window.open(staff)
    runner.drain()
    assert "newer version of Whowas than this one" in window.messages.message()
    assert window.page is None
    assert staff.read_bytes() == before
