"""Keys and double clicks in the table lead into the form."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.desktop.window.test_main_window import Desk, desk, directory

__all__ = ["desk", "directory"]

Key = Qt.Key


def go_to(desk: Desk, name: str, key: str) -> None:
    (column,) = [number for number, column in enumerate(desk.page.model.columns) if column.key == key]
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)
    desk.page.table.setCurrentIndex(desk.page.model.index(desk.names().index(name), column))
    desk.page.table.setFocus()


def press(desk: Desk, key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(desk.page.table, key, modifiers)


def in_field(desk: Desk, key: str) -> bool:
    row = desk.page.panel.form.rows.row(key)
    return row is not None and row.has_focus()


def line(desk: Desk, key: str) -> QLineEdit:
    editor = desk.page.panel.form.rows.texts[key].editor
    assert isinstance(editor, QLineEdit)
    return editor


def test_enter_leads_into_the_first_field(desk: Desk) -> None:
    go_to(desk, "Ben", "email")
    press(desk, Key.Key_Return)
    assert in_field(desk, "first_name")
    assert line(desk, "first_name").selectedText() == "Ben"


def test_f2_leads_into_the_field_of_the_current_column(desk: Desk) -> None:
    go_to(desk, "Ben", "email")
    desk.page.panel.show_history()
    press(desk, Key.Key_F2)
    assert in_field(desk, "email")
    assert line(desk, "email").selectedText() == "ben@example.org"


def test_a_double_click_leads_into_the_field_of_the_cell(desk: Desk) -> None:
    go_to(desk, "Ada", "name")
    table = desk.page.table
    (column,) = [number for number, column in enumerate(desk.page.model.columns) if column.key == "groups"]
    point = table.visualRect(desk.page.model.index(desk.names().index("Chi"), column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert desk.page.panel.form.form.values["first_name"] == "Chi"
    assert in_field(desk, "groups")


def test_a_row_that_the_keyboard_went_to_without_selecting_is_selected(desk: Desk) -> None:
    go_to(desk, "Ada", "email")
    press(desk, Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    press(desk, Key.Key_F2)
    assert [user.name for user in desk.page.selection.users()] == ["Ben"]
    assert line(desk, "email").selectedText() == "ben@example.org"


def test_in_the_past_a_field_that_cannot_be_entered_gives_way_to_the_first(desk: Desk) -> None:
    desk.page.view.show_moment(3)
    go_to(desk, "Ada", "groups")
    press(desk, Key.Key_F2)
    assert in_field(desk, "first_name")
    assert line(desk, "first_name").isReadOnly()


def test_of_several_users_the_fields_of_all_are_entered(desk: Desk) -> None:
    go_to(desk, "Ada", "phone")
    desk.page.table.selectAll()
    desk.runner.drain()
    press(desk, Key.Key_F2)
    row = desk.page.several.presenter.panel.fields.row("phone")
    assert row is not None
    assert row.has_focus()
    desk.page.table.setFocus()
    press(desk, Key.Key_Return)
    first = desk.page.several.presenter.panel.fields.row("title")
    assert first is not None
    assert first.has_focus()
    assert desk.page.selection.count == 3
