"""The search field: when it searches, how it is cleared, and what it looks like empty."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from whowas.desktop.kit.search_field import PATIENCE_MS, SearchField


@pytest.fixture
def field(qtbot: QtBot) -> SearchField:
    made = SearchField()
    qtbot.addWidget(made)
    made.resize(330, 28)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def searched(field: SearchField) -> list[str]:
    texts: list[str] = []
    field.searchChanged.connect(texts.append)
    return texts


def clear_button(field: SearchField) -> QToolButton:
    (button,) = field.findChildren(QToolButton)
    return button


def test_typing_searches_once_the_typing_pauses(qtbot: QtBot, field: SearchField, searched: list[str]) -> None:
    qtbot.keyClicks(field, "osei")
    assert searched == []
    qtbot.waitUntil(lambda: bool(searched), timeout=2000)
    qtbot.wait(2 * PATIENCE_MS)
    assert searched == ["osei"]


def test_enter_searches_at_once_and_only_once(qtbot: QtBot, field: SearchField, searched: list[str]) -> None:
    qtbot.keyClicks(field, "osei")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert searched == ["osei"]
    qtbot.keyClick(field, Qt.Key.Key_Enter)
    qtbot.wait(2 * PATIENCE_MS)
    assert searched == ["osei"]


def test_escape_clears_at_once(qtbot: QtBot, field: SearchField, searched: list[str]) -> None:
    qtbot.keyClicks(field, "osei")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), searched) == ("", ["osei", ""])


def test_escape_before_anything_was_searched_searches_nothing(
    qtbot: QtBot, field: SearchField, searched: list[str]
) -> None:
    qtbot.keyClicks(field, "osei")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    qtbot.wait(2 * PATIENCE_MS)
    assert searched == []


def test_escape_in_an_empty_field_is_left_to_others(qtbot: QtBot) -> None:
    class Parent(QWidget):
        escaped = False

        def keyPressEvent(self, event: object) -> None:
            self.escaped = True

    parent = Parent()
    qtbot.addWidget(parent)
    field = SearchField(parent)
    parent.show()
    qtbot.keyClick(field, Qt.Key.Key_A)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not parent.escaped
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert parent.escaped


def test_the_button_that_clears_is_there_when_there_is_something_to_clear(
    qtbot: QtBot, field: SearchField, searched: list[str]
) -> None:
    button = clear_button(field)
    assert not button.isVisible()
    assert button.accessibleName() == "Clear search"
    qtbot.keyClicks(field, "osei")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert button.isVisible()
    assert field.rect().contains(button.geometry())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (field.text(), searched, button.isVisible()) == ("", ["osei", ""], False)


def test_text_set_by_the_program_is_searched_too(qtbot: QtBot, field: SearchField, searched: list[str]) -> None:
    field.setText("ada")
    qtbot.waitUntil(lambda: searched == ["ada"], timeout=2000)
    field.clear()
    assert searched == ["ada", ""]


def test_the_empty_field_tells_its_shortcut(field: SearchField) -> None:
    shortcut = QKeySequence(QKeySequence.StandardKey.Find).toString(QKeySequence.SequenceFormat.NativeText)
    assert shortcut
    corner = field.rect().adjusted(field.width() - 60, 3, -3, -3)
    empty = field.grab(corner).toImage()
    field._hint = ""
    assert field.grab(corner).toImage() != empty
    assert field.accessibleName() == "Search"
    assert field.placeholderText() == "Search name, email, group, anything…"
