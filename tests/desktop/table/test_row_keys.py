"""Selecting rows by keyboard, and which keys lead into the form."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.fake_users import FakeUsers, Person
from whowas.desktop.kit import theme
from whowas.desktop.table.view import UsersTable

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT = Modifier.ControlModifier, Modifier.ShiftModifier


@pytest.fixture
def table(qtbot: QtBot) -> UsersTable:
    table = UsersTable()
    model = FakeUsers(*(Person(f"User {number}") for number in range(100)))
    model.setParent(table)
    table.setModel(model)
    qtbot.addWidget(table)
    table.resize(800, 400)
    with qtbot.waitExposed(table):
        table.show()
    table.setFocus(Qt.FocusReason.TabFocusReason)
    table.selectRow(10)
    return table


def press(qtbot: QtBot, table: UsersTable, *keys: Key, modifiers: Modifier = Modifier.NoModifier) -> None:
    for key in keys:
        qtbot.keyClick(table, key, modifiers)


def selected(table: UsersTable) -> list[int]:
    return [row for span in table.selected_spans() for row in span]


def current(table: UsersTable) -> int:
    return table.currentIndex().row()


def test_shift_and_arrows_extend_and_shrink(qtbot: QtBot, table: UsersTable) -> None:
    press(qtbot, table, Key.Key_Down, Key.Key_Down, modifiers=SHIFT)
    assert selected(table) == [10, 11, 12]
    press(qtbot, table, Key.Key_Up, modifiers=SHIFT)
    assert (selected(table), current(table)) == ([10, 11], 11)


def test_shift_and_page_keys_extend_by_a_page(qtbot: QtBot, table: UsersTable) -> None:
    press(qtbot, table, Key.Key_PageDown, modifiers=SHIFT)
    rows = selected(table)
    assert rows == list(range(10, current(table) + 1))
    assert 8 <= len(rows) <= 13


def test_shift_with_home_and_end_extend_to_the_first_and_the_last_row(qtbot: QtBot, table: UsersTable) -> None:
    press(qtbot, table, Key.Key_End, modifiers=SHIFT)
    assert selected(table) == list(range(10, 100))
    press(qtbot, table, Key.Key_Home, modifiers=SHIFT)
    assert selected(table) == list(range(11))


def test_home_and_end_go_to_the_first_and_the_last_row_in_the_same_column(qtbot: QtBot, table: UsersTable) -> None:
    press(qtbot, table, Key.Key_Right, Key.Key_End)
    assert (selected(table), table.currentIndex().column()) == ([99], 1)
    press(qtbot, table, Key.Key_Home)
    assert (selected(table), table.currentIndex().column()) == ([0], 1)


@pytest.mark.parametrize(("key", "row"), [(Key.Key_Down, 11), (Key.Key_Up, 9), (Key.Key_End, 99), (Key.Key_Home, 0)])
def test_with_ctrl_the_current_row_moves_and_the_selection_stays(
    qtbot: QtBot, table: UsersTable, key: Key, row: int
) -> None:
    press(qtbot, table, key, modifiers=CTRL)
    assert (selected(table), current(table)) == ([10], row)


def test_ctrl_and_space_add_a_row_and_take_it_out_and_play_nothing(qtbot: QtBot) -> None:
    window = QWidget()
    table = UsersTable(window)
    model = FakeUsers(*(Person(f"User {number}") for number in range(20)))
    model.setParent(table)
    table.setModel(model)
    QVBoxLayout(window).addWidget(table)
    play = QAction("Play", window)
    play.setShortcut(QKeySequence("Ctrl+Space"))
    window.addAction(play)
    played: list[bool] = []
    play.triggered.connect(played.append)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    table.setFocus()
    table.selectRow(3)
    press(qtbot, table, Key.Key_Down, Key.Key_Down, Key.Key_Space, modifiers=CTRL)
    assert selected(table) == [3, 5]
    press(qtbot, table, Key.Key_Space, modifiers=CTRL)
    assert selected(table) == [3]
    assert not played


def test_the_current_row_is_seen_though_it_is_not_selected_and_its_column_too(qtbot: QtBot, table: UsersTable) -> None:
    table.scrollToTop()
    table.selectRow(1)
    press(qtbot, table, Key.Key_Down, modifiers=CTRL)
    assert selected(table) == [1]
    image = table.viewport().grab().toImage()
    accent = QColor(theme.current().accent).rgb()
    top = table.rowViewportPosition(2)
    first, second = table.columnViewportPosition(0) + 2, table.columnViewportPosition(1) + 2
    assert image.pixel(first, top) == image.pixel(second, top) == accent
    assert image.pixel(first, top + 1) == accent
    assert image.pixel(second, top + 1) != accent
    press(qtbot, table, Key.Key_Right, modifiers=CTRL)
    image = table.viewport().grab().toImage()
    assert image.pixel(second, top + 1) == accent


def test_enter_asks_for_the_form_and_f2_for_the_field_of_the_current_column(qtbot: QtBot, table: UsersTable) -> None:
    wanted: list[str] = []
    table.fieldWanted.connect(wanted.append)
    press(qtbot, table, Key.Key_Return, Key.Key_Enter, Key.Key_F2, Key.Key_Right, Key.Key_F2)
    assert wanted == ["", "", "name", "email"]


def test_a_double_click_asks_for_the_field_of_that_cell(qtbot: QtBot, table: UsersTable) -> None:
    wanted: list[str] = []
    table.fieldWanted.connect(wanted.append)
    (groups,) = [number for number, column in enumerate(table.columns.all()) if column.key == "groups"]
    point = table.visualRect(table.model().index(10, groups)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert wanted == ["groups"]


def test_a_key_with_ctrl_is_no_search_whatever_character_the_system_gives_it(table: UsersTable) -> None:
    typed: list[str] = []
    table.typed.connect(typed.append)
    QApplication.sendEvent(table, QKeyEvent(QEvent.Type.KeyPress, Key.Key_Space, CTRL, "\0"))
    assert selected(table) == []
    assert typed == []
