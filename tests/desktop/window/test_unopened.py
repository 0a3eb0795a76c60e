"""A directory that is too damaged to be opened: what can be read of it is saved from the welcome page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.command_line import whowas
from tests.desktop.window.test_main_window import Desk
from whowas.desktop.chrome.message_bar import MessageBar
from whowas.desktop.chrome.standing import bars


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "config")
    yield desk
    desk.window.put_away()
    desk.runner.drain()


def press(desk: Desk, name: str) -> None:
    buttons = [
        button
        for bar in desk.window.findChildren(MessageBar)
        if not bar.isHidden()
        for button in bar.findChildren(QPushButton)
    ]
    next(button for button in buttons if button.text().replace("&", "") == name).click()


def test_a_file_whose_end_is_missing(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut, target = tmp_path / "cut.whowas", tmp_path / "saved.whowas"
    assert whowas("sample", cut, "--people", 40, "--changes", 600).code == 0
    content = cut.read_bytes()[:-100_000]
    cut.write_bytes(content)
    monkeypatch.setattr("whowas.desktop.kit.save_as.ask_where_to_save", lambda *_, **__: target)
    desk.window.open(cut)
    desk.settle()
    (condition,) = bars(desk.window.messages.standing)
    assert "its end is missing" in condition.sentence
    press(desk, "Save what can be read…")
    desk.settle()
    (condition,) = bars(desk.window.messages.standing)
    assert condition.sentence.startswith("Events 1 to ")
    press(desk, "Open it")
    desk.qtbot.waitUntil(desk.equipped)
    desk.settle()
    assert desk.window.session is not None
    assert desk.window.session.path == target
    assert not desk.window.session.read_only
    assert len(desk.names()) > 10
    assert cut.read_bytes() == content


def test_what_is_no_directory_has_nothing_to_be_saved(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "notes.whowas"
    other.write_text("not a database, but long enough to have a header " * 10)
    desk.window.open(other)
    desk.settle()
    (condition,) = bars(desk.window.messages.standing)
    assert condition.actions == ()
