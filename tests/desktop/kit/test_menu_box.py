"""A drop-down whose choices are a menu: how it opens, what it shows, what a screen reader is told."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.desktop.kit.drop_downs import entries, pick
from whowas.desktop.kit.menu_box import MenuBox, add_choice

HOSTILE = "<b>x</b> & y\tz"


@pytest.fixture
def taken() -> list[str]:
    return []


@pytest.fixture
def box(qtbot: QtBot, taken: list[str]) -> MenuBox:
    def fill(menu: QMenu) -> None:
        for word in ("comma", HOSTILE):
            add_choice(menu, word, lambda word=word: taken.append(word), chosen=word == "comma")

    made = MenuBox("Delimiter", fill)
    qtbot.addWidget(made)
    made.say("comma")
    with qtbot.waitExposed(made):
        made.show()
    return made


def open_menu(box: MenuBox) -> QMenu | None:
    return next((menu for menu in box.findChildren(QMenu) if menu.isVisible()), None)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_F4, Qt.Key.Key_Down])
def test_keys_open_it_at_what_is_chosen(qtbot: QtBot, box: MenuBox, key: Qt.Key, taken: list[str]) -> None:
    qtbot.keyClick(box, key)
    menu = open_menu(box)
    assert menu is not None
    assert menu.activeAction().text() == "comma"
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert taken == [HOSTILE]


def test_other_keys_do_not(qtbot: QtBot, box: MenuBox) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_A):
        qtbot.keyClick(box, key)
    assert open_menu(box) is None
    assert box.shown == "comma"


def test_a_click_opens_it(qtbot: QtBot, box: MenuBox, taken: list[str]) -> None:
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    menu = open_menu(box)
    assert menu is not None
    menu.close()
    pick(box, "comma")
    assert taken == ["comma"]


def test_entries_are_text(box: MenuBox) -> None:
    assert entries(box) == ["comma", "<b>x</b> && y z"]


def test_a_screen_reader_hears_a_button_that_says_what_is_chosen(box: MenuBox) -> None:
    box.say(HOSTILE)
    told = QAccessible.queryAccessibleInterface(box)
    assert told.role() == QAccessible.Role.Button
    assert told.text(QAccessible.Text.Name) == "Delimiter"
    assert told.text(QAccessible.Text.Description) == HOSTILE
    box.set_details("3 rows")
    assert told.text(QAccessible.Text.Description) == f"{HOSTILE}; 3 rows"


def test_a_text_of_any_length_fits(qtbot: QtBot, box: MenuBox) -> None:
    box.say("v\n" * 10_000, marked=True)
    assert box.marked
    assert box.sizeHint().width() <= 230
    box.grab()
