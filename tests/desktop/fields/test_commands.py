"""The dialog of custom fields: each act is one change that can be undone, and what is refused is said there."""

from __future__ import annotations

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QTableView

from tests.desktop.window.test_main_window import ADA, Desk, desk, directory
from whowas.desktop.fields.dialog import FieldsDialog
from whowas.desktop.fields.rename_dialog import RenameFieldDialog
from whowas.domain.commands import Command, DefineField, DeleteField, UpdateUser

__all__ = ["desk", "directory"]

D = TypeVar("D", bound=QDialog)


def do(desk: Desk, *commands: Command) -> None:
    desk.commands._dispatch(lambda change: change.dispatch(*commands))
    desk.settle()


def dialog(desk: Desk, kind: type[D]) -> D:
    (found,) = (one for one in desk.window.findChildren(kind) if one.isVisible())
    return found


def button(desk: Desk, text: str, kind: type[QDialog] = FieldsDialog) -> QPushButton:
    return next(one for one in dialog(desk, kind).findChildren(QPushButton) if one.text() == text)


def press(desk: Desk, text: str, kind: type[QDialog] = FieldsDialog) -> None:
    pressed = button(desk, text, kind)
    assert pressed.isEnabled()
    pressed.click()
    desk.settle()


def table(desk: Desk) -> QTableView:
    found = dialog(desk, FieldsDialog).findChild(QTableView)
    assert found is not None
    return found


def listed(desk: Desk) -> list[str]:
    model = table(desk).model()
    rows = ([model.index(row, column).data() for column in range(2)] for row in range(model.rowCount()))
    return [" ".join(filter(None, row)) for row in rows]


def choose(desk: Desk, name: str) -> None:
    table(desk).selectRow(next(row for row, line in enumerate(listed(desk)) if line.startswith(name)))


def said(desk: Desk) -> list[str]:
    shown = dialog(desk, FieldsDialog)._said
    return [shown.sentence()] if shown.isVisible() else []


def names(desk: Desk) -> list[str]:
    assert desk.window.session is not None
    return [*desk.window.session.shown.index.latest_directory().fields.values()]


@pytest.fixture
def fields(desk: Desk) -> Desk:
    """Ada has a room and a badge; the badges are deleted."""
    do(desk, DefineField("Room"), DefineField("Badge"), UpdateUser(ADA, {}, {"Room": "12", "Badge": "7"}))
    do(desk, DeleteField("Badge"))
    desk.trigger("fields")
    return desk


def test_a_field_is_added_in_four_actions(desk: Desk) -> None:
    desk.trigger("fields")  # the menu, and the entry in it
    editor = dialog(desk, FieldsDialog).focusWidget()
    assert isinstance(editor, QLineEdit)
    assert editor.accessibleName() == "New field"
    QTest.keyClicks(editor, " Room ")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    desk.settle()
    assert (names(desk), listed(desk), editor.text()) == (["Room"], ["Room"], "")
    desk.trigger("undo")
    assert (names(desk), listed(desk)) == ([], ["Room Deleted"])


def test_what_is_deleted_is_listed_below_and_can_be_brought_back(fields: Desk) -> None:
    assert listed(fields) == ["Room", "Badge Deleted"]
    choose(fields, "Badge")
    assert not button(fields, "Delete").isEnabled()
    assert not button(fields, "Rename…").isEnabled()
    press(fields, "Bring back")
    assert listed(fields) == ["Room", "Badge"]
    choose(fields, "Room")
    assert not button(fields, "Bring back").isEnabled()
    press(fields, "Delete")
    assert listed(fields) == ["Badge", "Room Deleted"]
    fields.trigger("undo")
    assert fields.shown(ADA).attributes == {"Room": "12", "Badge": "7"}
    assert sorted(names(fields)) == ["Badge", "Room"]


def test_a_renamed_field_has_its_new_name_everywhere(fields: Desk) -> None:
    choose(fields, "Room")
    press(fields, "Rename…")
    asked = dialog(fields, RenameFieldDialog)
    editor = asked.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Desk")
    press(fields, "Rename", RenameFieldDialog)
    assert listed(fields) == ["Desk", "Badge Deleted"]
    dialog(fields, FieldsDialog).reject()
    fields.select("Ada")
    fields.settle()
    row = fields.page.details.panel.form.rows.row("attributes.Room")
    assert row is not None
    assert (row.label.text(), row.editor.accessibleName()) == ("Desk", "Desk")
    assert [column.title for column in fields.page.model.columns][-1] == "Desk"


@pytest.mark.parametrize("name", ["room", "ROOM "])
def test_a_name_that_is_there_is_refused_in_the_dialog(fields: Desk, name: str) -> None:
    editor = dialog(fields, FieldsDialog).focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText(name)
    press(fields, "Add")
    assert said(fields) == ["There is a custom field called “Room” already."]
    assert (names(fields), editor.text()) == (["Room"], name)


def test_columns_and_rows_of_a_deleted_field_show_before_its_end_only(fields: Desk) -> None:
    dialog(fields, FieldsDialog).reject()
    fields.select("Ada")
    rows = fields.page.details.panel.form.rows
    assert [*rows.attributes] == ["Room"]
    view = fields.page.view
    view.show_moment(view.index.now - 1)
    fields.settle()
    assert [*rows.attributes] == ["Room", "Badge"]
    assert [column.title for column in fields.page.model.columns][-2:] == ["Room", "Badge"]
    view.show_moment(view.index.now)
    fields.settle()
    assert [*rows.attributes] == ["Room"]


def test_others_changes_are_listed_as_they_come(fields: Desk) -> None:
    do(fields, DefineField("Shelf"))
    assert listed(fields) == ["Room", "Shelf", "Badge Deleted"]


def test_a_list_sorted_by_a_field_that_is_deleted_stays_in_order(fields: Desk) -> None:
    choose(fields, "Badge")
    press(fields, "Bring back")
    view = fields.page.view
    view.sort_by("attributes.Badge", descending=False)
    fields.settle()
    before = fields.names()
    choose(fields, "Badge")
    press(fields, "Delete")
    assert fields.names() == before
    fields.page.view.sort_by("name", descending=False)
    fields.settle()
    assert sorted(fields.names()) == sorted(before)
