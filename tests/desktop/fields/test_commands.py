"""The dialog of custom fields: each act is one change that can be undone, and what is refused is said there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QTableView

from tests.desktop.window.test_main_window import ADA, Desk, desk, directory
from whowas.desktop.fields.definition_dialog import DefinitionDialog
from whowas.desktop.fields.dialog import FieldsDialog
from whowas.domain.commands import Command, DefineField, DeleteField, DescribeField, UpdateUser
from whowas.domain.field_definitions import PLAIN, FieldDefinition

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
    rows = ([model.index(row, column).data() for column in (0, 2)] for row in range(model.rowCount()))
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
    assert not button(fields, "Edit…").isEnabled()
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
    press(fields, "Edit…")
    editor = dialog(fields, DefinitionDialog).focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText("Desk")
    press(fields, "Save", DefinitionDialog)
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


def definition(desk: Desk, field_id: str) -> FieldDefinition:
    assert desk.window.session is not None
    return desk.window.session.shown.index.latest_directory().definition(field_id)


def asked(desk: Desk) -> DefinitionDialog:
    return dialog(desk, DefinitionDialog)


def type_of(desk: Desk, row: int) -> str:
    return str(table(desk).model().index(row, 1).data())


def test_a_field_with_type_and_rules_is_added_as_one_change(fields: Desk) -> None:
    dialog(fields, FieldsDialog)._new.set_text("Shift")
    press(fields, "Add field…")
    assert asked(fields).name.text() == "Shift"
    asked(fields).type.choose("choice")
    asked(fields).choices.put_back("Early\n\n Late ")
    asked(fields).default.put_back("late")
    asked(fields).help.set_text("When they work")
    asked(fields).required.setChecked(True)
    press(fields, "Add field", DefinitionDialog)
    wanted = FieldDefinition("choice", True, default="Late", choices=("Early", "Late"), help="When they work")
    assert definition(fields, "Shift") == wanted
    assert (listed(fields)[1], type_of(fields, 1)) == ("Shift Required", "Choice")
    assert fields.shown(ADA).attributes["Shift"] == "Late"
    assert dialog(fields, FieldsDialog)._new.text() == ""
    fields.trigger("undo")
    assert names(fields) == ["Room"]


@pytest.mark.parametrize(
    ("make", "row", "sentence"),
    [
        (lambda asking: asking.required.setChecked(True), "", "“Room” is empty for "),
        (lambda asking: asking.type.choose("date"), "type", "“Room” has values that are no date: Ada "),
        (lambda asking: asking.type.choose("choice"), "choices", "A field of the type choice needs choices."),
        (lambda asking: asking.name.set_text("x" * 101), "name", "cannot be a name: at most 100 plain characters."),
    ],
)
def test_what_does_not_fit_is_said_where_it_was_asked_and_nothing_is_lost(
    fields: Desk, make: Callable[[DefinitionDialog], None], row: str, sentence: str
) -> None:
    choose(fields, "Room")
    press(fields, "Edit…")
    asked(fields).help.set_text("Which room")
    make(asked(fields))
    before = asked(fields).answer()
    press(fields, "Save", DefinitionDialog)
    found = asked(fields)._row(row)
    note = asked(fields)._said if found is None else found.note
    assert sentence in note.sentence()
    assert (asked(fields).answer(), definition(fields, "Room")) == (before, PLAIN)


def test_only_what_was_altered_is_saved_over_what_others_altered_since(fields: Desk) -> None:
    choose(fields, "Room")
    press(fields, "Edit…")
    do(fields, DescribeField("Room", help="Theirs"))
    asked(fields).type.choose("number")
    press(fields, "Save", DefinitionDialog)
    assert definition(fields, "Room") == FieldDefinition("number", help="Theirs")


def test_fields_are_moved_in_form_and_table_alike(fields: Desk) -> None:
    do(fields, DefineField("Shelf"))
    choose(fields, "Room")
    assert not button(fields, "Move up").isEnabled()
    press(fields, "Move down")
    assert listed(fields) == ["Shelf", "Room", "Badge Deleted"]
    assert not button(fields, "Move down").isEnabled()  # what is deleted has no place
    fields.select("Ada")
    assert [*fields.page.details.panel.form.rows.attributes] == ["Shelf", "Room"]
    fields.trigger("undo")
    assert listed(fields) == ["Room", "Shelf", "Badge Deleted"]


def test_a_hidden_field_shows_in_no_form_until_it_is_shown_again(fields: Desk) -> None:
    fields.select("Ada")
    rows = fields.page.details.panel.form.rows
    choose(fields, "Room")
    press(fields, "Hide")
    assert (listed(fields)[0], [*rows.attributes]) == ("Room Hidden", [])
    assert fields.shown(ADA).attributes["Room"] == "12"
    press(fields, "Show")
    assert (listed(fields)[0], rows.attributes["Room"].text()) == ("Room", "12")


def test_the_focus_stays_in_the_dialog_when_the_button_pressed_can_do_no_more(fields: Desk) -> None:
    choose(fields, "Room")
    deleting = button(fields, "Delete")
    deleting.setFocus()
    press(fields, "Delete")
    assert dialog(fields, FieldsDialog).focusWidget() is table(fields)


def test_a_change_that_is_made_closes_no_dialog_but_the_one_that_asked_for_it(fields: Desk) -> None:
    choose(fields, "Room")
    press(fields, "Edit…")
    asked(fields).help.set_text("Which room")
    button(fields, "Save", DefinitionDialog).click()
    asked(fields).reject()
    button(fields, "Edit…").click()
    asked(fields).name.set_text("Desk")
    fields.settle()
    assert (definition(fields, "Room").help, asked(fields).name.text()) == ("Which room", "Desk")


def test_a_refusal_is_shown_no_more_once_something_else_is_refused(fields: Desk) -> None:
    choose(fields, "Room")
    press(fields, "Edit…")
    asked(fields).type.choose("date")
    asked(fields).name.set_text("x" * 101)
    asked(fields).type.set_note("Of before.")
    press(fields, "Save", DefinitionDialog)
    assert (asked(fields).type.note.sentence(), asked(fields).name.note.is_error()) == ("", True)
