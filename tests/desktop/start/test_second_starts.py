"""What the window does when the program is started a second time."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from tests.desktop.manual_jobs import ManualJobRunner
from whowas.desktop.settings.stored import Settings
from whowas.desktop.start.second_starts import SecondStarts
from whowas.desktop.start.start_request import OpenedFiles
from whowas.desktop.window.assembly import assembled
from whowas.desktop.window.main_window import MainWindow
from whowas.desktop.window.recent_list import RecentList
from whowas.desktop.window.welcome import WelcomePage
from whowas.store.event_log import EventLog
from whowas.system.single_instance import TAKEN, StartMessage, StartRequest, line_of, message_of


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    return directory(tmp_path, "staff")


@pytest.fixture
def runner() -> ManualJobRunner:
    return ManualJobRunner()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, runner: ManualJobRunner, staff: Path) -> Iterator[MainWindow]:
    """A window that shows a directory."""
    window = assembled(Settings(tmp_path / "settings"), runner, actor="ines")
    qtbot.addWidget(window)
    window.start(None)
    window.open(staff)
    runner.drain()
    yield window
    window.put_away()
    runner.drain()


@pytest.fixture
def starts(window: MainWindow, home: Path) -> Iterator[SecondStarts]:
    starts = SecondStarts(window, str(home / "runtime" / "socket"))
    yield starts
    starts.close()


def directory(folder: Path, name: str) -> Path:
    EventLog.create(folder / f"{name}.whowas").close()
    return folder / f"{name}.whowas"


def test_a_minimised_window_comes_back(window: MainWindow, starts: SecondStarts) -> None:
    window.showMinimized()
    assert starts.answer(line_of(None)) == TAKEN
    assert not window.isMinimized()
    assert window.isActiveWindow()


def test_a_maximised_window_stays_so(window: MainWindow, starts: SecondStarts) -> None:
    window.showMaximized()
    window.setWindowState(window.windowState() | Qt.WindowState.WindowMinimized)
    starts.answer(line_of(None))
    assert window.isMaximized()


def test_another_directory_is_opened(
    window: MainWindow, starts: SecondStarts, runner: ManualJobRunner, tmp_path: Path
) -> None:
    starts.answer(line_of(directory(tmp_path, "guests")))
    runner.drain()
    assert window.windowTitle() == "guests — Whowas"


def test_the_directory_shown_is_not_opened_anew(
    window: MainWindow, starts: SecondStarts, runner: ManualJobRunner, staff: Path
) -> None:
    page = window.page
    other_way = staff.with_name("link.whowas")
    other_way.symlink_to(staff)
    starts.answer(line_of(other_way))
    runner.drain()
    assert window.page is page


def test_a_question_is_answered_before_another_directory_is_opened(
    qtbot: QtBot, window: MainWindow, starts: SecondStarts, runner: ManualJobRunner, tmp_path: Path
) -> None:
    question = QDialog(window)
    qtbot.addWidget(question)
    question.open()
    starts.answer(line_of(directory(tmp_path, "guests")))
    runner.drain()
    assert window.windowTitle() == "staff — Whowas"
    assert "“guests.whowas” was not opened" in window.messages.message()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives an address the mode of its socket")
def test_nobody_else_can_knock_from_the_beginning(
    window: MainWindow, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "chmod", lambda _path, _mode: None)
    starts = SecondStarts(window, str(home / "runtime" / "socket"))
    assert stat.S_IMODE((home / "runtime" / "socket").stat().st_mode) == 0o600
    starts.close()


def test_closing_takes_the_socket_away(starts: SecondStarts, home: Path) -> None:
    assert (home / "runtime" / "socket").is_socket()
    starts.close()
    assert not (home / "runtime" / "socket").exists()


def test_who_cannot_listen_runs_all_the_same(window: MainWindow, home: Path) -> None:
    SecondStarts(window, str(home / "nowhere" / "socket")).close()


@given(st.lists(st.binary(min_size=1).filter(lambda part: b"\0" not in part and b"/" not in part), max_size=5))
def test_every_path_is_handed_over_to_the_byte(parts: list[bytes]) -> None:
    path = Path("/", *(part.decode("utf-8", "surrogateescape") for part in parts))
    assert message_of(line_of(path)) == StartMessage(path)


@given(st.binary() | st.from_regex(rb'\{"(open|ask)": ?("[^"]*"|null|[0-9]+|"new"|"recent")\}\n', fullmatch=True))
def test_a_message_is_a_start_request_or_refused(line: bytes) -> None:
    try:
        request = message_of(line).request
    except ValueError:
        return
    assert request in (None, "new", "recent") or (isinstance(request, Path) and request.is_absolute())


@pytest.mark.parametrize(("variable", "other"), [("XDG_ACTIVATION_TOKEN", ""), ("DESKTOP_STARTUP_ID", "")])
def test_the_desktops_leave_to_come_to_the_front_is_handed_over(
    window: MainWindow, starts: SecondStarts, monkeypatch: pytest.MonkeyPatch, variable: str, other: str
) -> None:
    for name in ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"):
        monkeypatch.setenv(name, other)
    monkeypatch.setenv(variable, "gnome-shell/whowas/4711-0_TIME99")
    line = line_of(None)
    assert message_of(line) == StartMessage(None, "gnome-shell/whowas/4711-0_TIME99")
    monkeypatch.delenv(variable)
    seen: list[str | None] = []
    # Qt reads it from the environment when it asks Wayland for the front.
    monkeypatch.setattr(window, "activateWindow", lambda: seen.append(os.environ.get("XDG_ACTIVATION_TOKEN")))
    assert starts.answer(line) == TAKEN
    assert seen == ["gnome-shell/whowas/4711-0_TIME99"]
    assert "XDG_ACTIVATION_TOKEN" not in os.environ


@pytest.mark.parametrize("token", ["two\nlines", "x" * 5_000, "\0"])
def test_a_token_that_cannot_be_one_is_not_taken(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setattr(os, "environ", {"XDG_ACTIVATION_TOKEN": token})
    assert message_of(line_of("new")) == StartMessage("new")
    with pytest.raises(ValueError, match="not a request"):
        message_of(json.dumps({"open": None, "token": token}).encode() + b"\n")


def test_a_file_that_the_system_hands_over_is_opened(
    window: MainWindow, qapp: QApplication, runner: ManualJobRunner, tmp_path: Path
) -> None:
    opened = OpenedFiles(window, qapp)
    QApplication.sendEvent(qapp, QFileOpenEvent(str(directory(tmp_path, "guests"))))
    runner.drain()
    assert window.windowTitle() == "guests — Whowas"
    qapp.removeEventFilter(opened)


@pytest.mark.parametrize("asked", [None, "new", "recent"])
def test_every_other_request_is_handed_over(asked: StartRequest) -> None:
    assert message_of(line_of(asked)) == StartMessage(asked)


def test_the_choice_of_recent_directories_is_shown(
    qtbot: QtBot, window: MainWindow, starts: SecondStarts, runner: ManualJobRunner, staff: Path
) -> None:
    assert starts.answer(line_of("recent")) == TAKEN
    runner.drain()
    assert window.session is None
    assert str(staff) in [recent.path for recent in window.settings.recent()]
    assert window.findChild(WelcomePage).isVisible()
    chosen = window.findChild(RecentList)
    assert chosen.hasFocus()
    qtbot.keyClick(chosen, Qt.Key.Key_Return)
    runner.drain()
    assert window.windowTitle() == "staff — Whowas"


@pytest.mark.parametrize("asked", ["new", "recent"])
def test_a_question_is_answered_before_another_is_asked(
    qtbot: QtBot,
    window: MainWindow,
    starts: SecondStarts,
    runner: ManualJobRunner,
    asked: StartRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: pytest.fail("another question was asked"))
    page, question = window.page, QDialog(window)
    qtbot.addWidget(question)
    question.open()
    assert starts.answer(line_of(asked)) == TAKEN
    qtbot.wait(20)
    runner.drain()
    assert window.page is page
    assert "a question is still to be answered" in window.messages.message()


def test_a_new_directory_is_asked_for_after_the_answer(
    qtbot: QtBot, window: MainWindow, starts: SecondStarts, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda _parent, title, *_: (asked.append(title), ("", ""))[1])
    assert starts.answer(line_of("new")) == TAKEN
    assert asked == []
    qtbot.waitUntil(lambda: asked == ["New directory"])
    assert window.windowTitle() == "staff — Whowas"


def test_a_question_is_answered_before_anything_else_is_asked(
    qtbot: QtBot, window: MainWindow, starts: SecondStarts
) -> None:
    question = QDialog(window)
    qtbot.addWidget(question)
    question.open()
    starts.answer(line_of("recent"))
    assert window.windowTitle() == "staff — Whowas"
    assert "Another directory was not opened" in window.messages.message()
