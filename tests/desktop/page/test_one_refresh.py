"""What follows from what is shown is refreshed once, and what nobody opens is not filled again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import Desk, directory
from whowas.domain.commands import DefineField

__all__ = ["directory"]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, directory: Path) -> Iterator[Desk]:
    """The window with Ada's details shown."""
    desk = Desk(qtbot, tmp_path / "config")
    desk.open(directory)
    desk.select("Ada")
    yield desk
    desk.window.put_away()
    desk.runner.drain()


@pytest.fixture
def told(desk: Desk) -> list[str]:
    """What the page tells of, in order."""
    told: list[str] = []
    desk.page.changed.connect(lambda: told.append("shown"))
    desk.page.draftChanged.connect(lambda: told.append("draft"))
    desk.page.selectionChanged.connect(lambda: told.append("selection"))
    return told


def title(desk: Desk) -> QLineEdit:
    (editor,) = desk.page.panel.form.rows.texts["title"].findChildren(QLineEdit)
    return editor


def test_a_draft_is_told_of_as_it_begins_and_as_it_ends(desk: Desk, told: list[str]) -> None:
    title(desk).setText("A")
    title(desk).setText("Ar")
    assert told == ["draft"]
    title(desk).setText("")
    assert told == ["draft", "draft"]


def test_a_save_is_told_of_once(desk: Desk, told: list[str]) -> None:
    title(desk).setText("Archivist")
    told.clear()
    desk.trigger("save")
    assert told == ["shown"]
    assert not desk.window.actions_.save.isEnabled()


def test_a_moment_is_told_of_once(desk: Desk, told: list[str]) -> None:
    desk.page.timeline.slider.setValue(2)
    assert told == ["shown"]
    desk.trigger("return_to_now")
    assert told == ["shown", "shown"]


def test_a_save_leaves_closed_menus_as_they_are(desk: Desk) -> None:
    menus = desk.window.menus
    before = [*menus.counted.actions(), *menus.compare.actions(), *desk.page.panel.form._status_menu.actions()]
    title(desk).setText("Archivist")
    desk.trigger("save")
    after = [*menus.counted.actions(), *menus.compare.actions(), *desk.page.panel.form._status_menu.actions()]
    assert after == before


def test_a_field_that_a_save_defines_can_be_counted_by(desk: Desk) -> None:
    """The entries of a closed menu follow all the same: a screen reader presses them without opening it."""
    desk.commands._dispatch(lambda change: change.dispatch(DefineField("Badge")))
    desk.runner.drain()
    (fields,) = [menu for menu in desk.commands._filter._menu.actions() if menu.text() == "Field"]
    assert "Badge" in [entry.text() for entry in fields.menu().actions()]
