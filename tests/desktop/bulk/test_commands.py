"""What is done to all selected users: asked for in a dialog, seen cell by cell, done as one change."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton

from tests.desktop.window.test_main_window import ADA, BEN, CHI, RECORDS, Desk, desk, dialog, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.bulk.case_form import CaseForm
from whowas.desktop.bulk.commands import BulkCommands
from whowas.desktop.bulk.dialog import BulkDialog
from whowas.desktop.bulk.field_form import FieldForm
from whowas.desktop.bulk.group_form import GroupForm
from whowas.desktop.bulk.replace_form import ReplaceForm
from whowas.desktop.kit import sizes
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.kit.notes_row import NotesRow
from whowas.domain.commands import Command, CreateGroup, DefineField, DeleteGroup, DeleteUser, DescribeField, UpdateUser
from whowas.store.event_log import EventLog
from whowas.system import folders

__all__ = ["desk", "directory"]


def asked(desk: Desk, action: str) -> BulkDialog:
    """The dialog that an action opens."""
    desk.trigger(action)
    desk.settle()
    found = dialog(BulkDialog)
    assert isinstance(found, BulkDialog)
    return found


def group_form(shown: BulkDialog) -> GroupForm:
    assert isinstance(shown.form, GroupForm)
    return shown.form


def look(desk: Desk) -> None:
    """Wait until nobody types any more, and let it be found what would change."""
    desk.qtbot.wait(200)
    desk.runner.drain()


def main_button(shown: BulkDialog) -> QPushButton:
    (button,) = (one for one in shown.findChildren(QPushButton) if one.property("primary"))
    return button


def lines(shown: BulkDialog) -> list[tuple[str, ...]]:
    model = shown.list.lines
    return [tuple(str(model.data(model.index(row, column))) for column in range(4)) for row in range(model.rowCount())]


def labels(shown: BulkDialog) -> str:
    return "\n".join(one.text() for one in shown.findChildren(type(shown.heading)) if one.isVisibleTo(shown))


def agree(desk: Desk, shown: BulkDialog) -> None:
    main_button(shown).click()
    desk.settle()


def elsewhere(path: Path, *commands: Command) -> None:
    """What another program does meanwhile."""
    log = EventLog.open(path)
    bus = Bus(log, clock=microseconds_now, actor="theo")
    bus.carry_out(lambda change: change.dispatch(*commands))
    log.close()


def do(desk: Desk, *commands: Command) -> None:
    desk.commands._dispatch(lambda change: change.dispatch(*commands))
    desk.settle()


def position(path: Path) -> int:
    log = EventLog.open(path)
    found = log.head().position
    log.close()
    return found


def groups(desk: Desk) -> dict[str, str]:
    assert desk.window.session is not None
    return dict(desk.window.session.shown.index.latest_directory().groups)


def test_they_are_there_for_whoever_is_selected_now(desk: Desk) -> None:
    actions = desk.window.actions_.in_bulk()
    assert not any(action.isEnabled() for action in actions)
    desk.select("Ada", "Ben")
    assert all(action.isEnabled() for action in actions)
    desk.page.view.show_moment(3)
    assert not any(action.isEnabled() for action in actions)


@pytest.mark.parametrize("action", ["add_to_group", "set_field"])
def test_keys_pressed_twice_ask_once(desk: Desk, action: str) -> None:
    desk.select("Ada", "Ben")
    loading = desk.page.findChild(BulkCommands)
    assert loading is not None
    loading._loading._parts.append("whowas.desktop.bulk.question")  # as at the first time
    for _ in range(2):
        getattr(desk.window.actions_, action).trigger()
    desk.settle()
    desk.qtbot.wait(50)
    shown = dialog(BulkDialog)
    shown.reject()
    desk.settle()


def test_a_group_is_joined_by_who_is_not_in_it(desk: Desk) -> None:
    desk.select("Ada", "Ben", "Chi")
    before = desk.page.view.index.now
    shown = asked(desk, "add_to_group")
    assert "3 users selected." in labels(shown)
    assert not main_button(shown).isEnabled(), "nothing is asked for yet"
    group_form(shown).row.line.setText(" records ")
    look(desk)
    assert main_button(shown).text() == "Add 2 users to Records"
    assert "2 users would change, 1 would not." in labels(shown)
    assert lines(shown) == [("Ben", "Groups", "empty", "Records"), ("Chi", "Groups", "empty", "Records")]
    agree(desk, shown)
    assert desk.page.view.counts().by_group == {RECORDS: 3}
    assert desk.page.view.index.now == before + 1
    desk.trigger("undo")
    assert desk.page.view.counts().by_group == {RECORDS: 1}


def test_a_new_group_is_made_with_the_change_and_goes_with_it(desk: Desk) -> None:
    desk.select("Ada", "Ben")
    before = desk.page.view.index.now
    shown = asked(desk, "add_to_group")
    group_form(shown).row.line.setText("Night shift")
    look(desk)
    assert "The group “Night shift” is new: it is made with this change." in labels(shown)
    assert lines(shown)[0] == ("Ada", "Groups", "Records", "Night shift, Records")
    agree(desk, shown)
    assert sorted(groups(desk).values()) == ["Night shift", "Records"]
    assert desk.page.view.index.now == before + 1
    desk.trigger("undo")
    assert groups(desk) == {RECORDS: "Records"}
    assert desk.shown(ADA).groups == {RECORDS}


def test_a_name_that_cannot_be_is_said_at_the_field_and_changes_nothing(desk: Desk, directory: Path) -> None:
    desk.select("Ada", "Ben")
    before = position(directory)
    shown = asked(desk, "add_to_group")
    form = group_form(shown)
    form.row.line.setText("x" * 101)
    look(desk)
    assert "cannot be a name: at most 100 plain characters" in form.row.note.sentence()
    assert not main_button(shown).isEnabled()
    form.row.line.setText("Records")
    assert form.row.note.sentence() == ""
    form.row.line.setText("   ")
    look(desk)
    assert not main_button(shown).isEnabled()
    shown.reject()
    desk.settle()
    assert position(directory) == before


def test_a_group_of_that_name_that_others_made_meanwhile_is_joined(desk: Desk, directory: Path) -> None:
    desk.select("Ada", "Ben")
    shown = asked(desk, "add_to_group")
    group_form(shown).row.line.setText("Night shift")
    look(desk)
    night = RECORDS.replace("ffff", "fffe")
    elsewhere(directory, CreateGroup(night, "NIGHT SHIFT"))
    agree(desk, shown)
    assert groups(desk) == {RECORDS: "Records", night: "NIGHT SHIFT"}
    assert desk.shown(BEN).groups == {night}


def test_a_group_that_others_deleted_meanwhile_is_told(desk: Desk, directory: Path) -> None:
    desk.select("Ada", "Ben")
    shown = asked(desk, "add_to_group")
    group_form(shown).row.line.setText("Records")
    look(desk)
    elsewhere(directory, DeleteGroup(RECORDS))
    agree(desk, shown)
    assert desk.window.messages.message() == "Somebody deleted the group “Records” meanwhile. Nothing was changed."
    assert desk.shown(BEN).groups == frozenset()


def test_of_the_groups_only_theirs_are_offered_to_leave(desk: Desk) -> None:
    do(desk, CreateGroup(RECORDS.replace("ffff", "fffe"), "Legal"))
    desk.select("Ada", "Ben")
    shown = asked(desk, "remove_from_group")
    form = group_form(shown)
    assert form.name() == "Records", "the only one is chosen"
    assert lines(shown) == [("Ada", "Groups", "Records", "empty")]
    form.row.line.setText("Legal")
    look(desk)
    assert form.row.note.sentence() == "None of them is in a group called “Legal”."
    assert not main_button(shown).isEnabled()
    form.row.line.setText("records")
    look(desk)
    assert main_button(shown).text() == "Remove 1 user from Records"
    agree(desk, shown)
    assert desk.shown(ADA).groups == frozenset()


def test_who_is_in_no_group_cannot_leave_one(desk: Desk) -> None:
    desk.select("Ben", "Chi")
    desk.trigger("remove_from_group")
    desk.settle()
    assert desk.window.messages.message() == "None of the selected users is in a group."


def test_a_field_is_set_or_cleared_for_all(desk: Desk) -> None:
    do(desk, DefineField("Room"), UpdateUser(ADA, {}, {"Room": "B 214"}))
    desk.select("Ada", "Ben", "Chi")
    shown = asked(desk, "set_field")
    assert isinstance(shown.form, FieldForm)
    assert not main_button(shown).isEnabled()
    shown.form.field.choose("attributes.Room")
    look(desk)
    assert "Without a value, Room is cleared for 1 user. 2 others would not change." in labels(shown)
    assert main_button(shown).text() == "Clear 1 cell"
    assert lines(shown) == [("Ada", "Room", "B 214", "empty")]
    shown.form.value.set_text("")
    shown.form.value.put_back("C 1")
    look(desk)
    assert main_button(shown).text() == "Change 3 cells"
    agree(desk, shown)
    assert [desk.shown(one).attributes for one in (ADA, BEN, CHI)] == [{"Room": "C 1"}] * 3


def press_enter(desk: Desk, shown: BulkDialog) -> None:
    assert isinstance(shown.form, FieldForm | ReplaceForm)
    row = shown.form.value if isinstance(shown.form, FieldForm) else shown.form.replacement
    row.take_focus()
    desk.qtbot.keyClick(row.focus_widget, Qt.Key.Key_Return)
    desk.settle()


@pytest.mark.parametrize(("field", "value"), [("title", ""), ("notes", ""), ("title", "  ")])
def test_enter_clears_no_field(desk: Desk, field: str, value: str) -> None:
    do(desk, UpdateUser(ADA, {field: "Clerk"}))
    desk.select("Ada", "Ben", "Chi")
    shown = asked(desk, "set_field")
    assert isinstance(shown.form, FieldForm)
    shown.form.field.choose(field)
    shown.form.value.set_text(value)
    look(desk)
    assert main_button(shown).text() == "Clear 1 cell"
    lines = [] if isinstance(shown.form.value, NotesRow) else [shown.form.value.focus_widget]  # Enter begins a line
    for within in (shown.form.field.box, *lines, shown):
        desk.qtbot.keyClick(within, Qt.Key.Key_Return)
    desk.settle()
    assert shown.isVisible()
    assert desk.shown(ADA).text(field) == "Clerk"
    agree(desk, shown)
    assert desk.shown(ADA).text(field) is None, "the button itself does it"


def test_enter_sets_a_field_whose_value_was_empty_before(desk: Desk) -> None:
    desk.select("Ada", "Ben")
    shown = asked(desk, "set_field")
    assert isinstance(shown.form, FieldForm)
    shown.form.field.choose("email")
    look(desk)
    shown.form.field.choose("title")
    shown.form.value.put_back("Clerk")
    look(desk)
    press_enter(desk, shown)
    assert (desk.shown(ADA).title, desk.shown(BEN).title) == ("Clerk", "Clerk")


def test_enter_takes_no_text_away(desk: Desk) -> None:
    do(desk, UpdateUser(ADA, {"title": "Head of Example"}), UpdateUser(BEN, {"title": "Example, example"}))
    desk.select("Ada", "Ben", "Chi")
    shown = asked(desk, "find_replace")
    assert isinstance(shown.form, ReplaceForm)
    shown.form.wanted.line.setText("Example")
    shown.form.among.choose("title")
    look(desk)
    assert main_button(shown).text() == "Clear text in 2 cells"
    assert "“Example” is cleared from 2 cells of 2 users. 1 other would not change." in labels(shown)
    press_enter(desk, shown)
    assert shown.isVisible()
    assert desk.shown(ADA).title == "Head of Example"
    agree(desk, shown)
    assert desk.shown(ADA).title == "Head of "


def test_a_value_that_cannot_be_is_said_at_the_field(desk: Desk) -> None:
    desk.select("Ada", "Ben")
    shown = asked(desk, "set_field")
    assert isinstance(shown.form, FieldForm)
    shown.form.field.choose("email")
    shown.form.value.put_back("ada")
    look(desk)
    assert shown.form.value.note.sentence() == "“ada” is not an email address."
    assert not main_button(shown).isEnabled()
    shown.form.value.put_back("both@example.org")
    look(desk)
    assert "Ben: Another user has the email both@example.org already." in labels(shown)
    assert not main_button(shown).isEnabled()
    shown.form.field.choose("notes")
    assert isinstance(shown.form.value, NotesRow)


def test_a_day_that_can_be_two_is_asked_for_at_the_field(desk: Desk) -> None:
    do(desk, DefineField("Since"), DescribeField("Since", type="date"))
    desk.select("Ada", "Ben")
    shown = asked(desk, "set_field")
    assert isinstance(shown.form, FieldForm)
    shown.form.field.choose("attributes.Since")
    line = shown.form.value.focus_widget
    assert isinstance(line, QLineEdit)
    line.insert("03/04/2024")
    look(desk)
    said = shown.form.value.note.sentence()
    assert "3 April" in said
    assert "4 March" in said
    assert not main_button(shown).isEnabled()
    line.selectAll()
    line.insert("3 Apr 2024")
    look(desk)
    assert main_button(shown).text() == "Change 2 cells"


def test_an_email_that_somebody_else_has_names_who_was_to_get_it(desk: Desk, directory: Path) -> None:
    desk.select("Ben")
    before = position(directory)
    shown = asked(desk, "set_field")
    assert isinstance(shown.form, FieldForm)
    shown.form.field.choose("email")
    shown.form.value.put_back("ADA@example.org")
    look(desk)
    agree(desk, shown)
    assert desk.window.messages.message() == (
        "Ben: Another user has the email ADA@example.org already. Nothing was changed."
    )
    assert position(directory) == before


def test_find_and_replace(desk: Desk) -> None:
    do(desk, UpdateUser(ADA, {"title": "Head of Example"}), UpdateUser(BEN, {"notes": "example\nEXAMPLE"}))
    desk.select("Ada", "Ben", "Chi")
    shown = asked(desk, "find_replace")
    assert isinstance(shown.form, ReplaceForm)
    assert shown.form.wanted.note.sentence() == "Write what to find."
    assert not main_button(shown).isEnabled()
    shown.form.wanted.line.setText("example")
    shown.form.replacement.line.setText("sample")
    look(desk)
    assert main_button(shown).text() == "Change 5 cells"
    assert "3 users would change in 5 cells." in labels(shown)
    whole, case = shown.form.findChildren(QCheckBox)
    case.setChecked(True)
    look(desk)
    assert main_button(shown).text() == "Change 4 cells"
    shown.form.among.choose("notes")
    look(desk)
    assert lines(shown) == [("Ben", "Notes", "example EXAMPLE", "sample EXAMPLE")]
    whole.setChecked(True)
    look(desk)
    assert "Nothing would change." in labels(shown)
    assert not main_button(shown).isEnabled()
    whole.setChecked(False)
    look(desk)
    agree(desk, shown)
    assert desk.shown(BEN).notes == "sample\nEXAMPLE"
    assert desk.shown(ADA).title == "Head of Example"


def test_a_search_text_taken_away_again_is_asked_for(desk: Desk) -> None:
    desk.select("Ada")
    shown = asked(desk, "find_replace")
    assert isinstance(shown.form, ReplaceForm)
    shown.form.wanted.line.setText("ada")
    look(desk)
    assert lines(shown) == []
    assert "Ada: “@example.org” is not an email address." in labels(shown), "which would be left"
    shown.form.wanted.line.setText("")
    look(desk)
    assert shown.form.wanted.note.sentence() == "Write what to find."
    assert "is not an email address" not in labels(shown)
    assert not main_button(shown).isEnabled()


def test_the_case_of_names(desk: Desk) -> None:
    do(desk, UpdateUser(ADA, {"last_name": "van der McDonald"}))
    desk.select("Ada van der McDonald", "Ben")
    shown = asked(desk, "change_case")
    assert isinstance(shown.form, CaseForm)
    shown.form.field.choose("names")
    look(desk)
    assert lines(shown) == [("Ada van der McDonald", "Last name", "van der McDonald", "Van Der Mcdonald")]
    assert "“McDonald” becomes “Mcdonald”" in labels(shown)
    shown.form.cases.buttons()[0].click()
    look(desk)
    assert lines(shown) == [
        ("Ada van der McDonald", "First name", "Ada", "ADA"),
        ("Ada van der McDonald", "Last name", "van der McDonald", "VAN DER MCDONALD"),
        ("Ben", "First name", "Ben", "BEN"),
    ]
    agree(desk, shown)
    assert (desk.shown(ADA).name, desk.shown(BEN).name) == ("ADA VAN DER MCDONALD", "BEN")


def test_users_whom_others_deleted_meanwhile_are_named_and_nobody_is_changed(desk: Desk, directory: Path) -> None:
    desk.select("Ada", "Ben", "Chi")
    shown = asked(desk, "add_to_group")
    group_form(shown).row.line.setText("Records")
    look(desk)
    elsewhere(directory, DeleteUser(CHI))
    agree(desk, shown)
    assert desk.window.messages.message() == "Chi is deleted. Bring this user back first. Nothing was changed."
    assert desk.shown(BEN).groups == frozenset()


@pytest.mark.parametrize("followed", [False, True])
def test_a_user_whom_others_erased_meanwhile_is_told_and_nobody_else_is_taken_for_them(
    desk: Desk, directory: Path, followed: bool
) -> None:
    from whowas.erasure import erase

    desk.select("Ben", "Chi")
    shown = asked(desk, "add_to_group")
    group_form(shown).row.line.setText("Records")
    look(desk)
    log = EventLog.open(directory)
    bus = Bus(log, clock=microseconds_now, actor="zoe")
    erase(bus, log, ADA, cache=folders.cache(), drafts=folders.drafts(log.directory_id), reports=folders.reports())
    log.close()
    if followed:
        assert desk.window.session is not None
        desk.window.session.file.look()
        desk.settle()
    agree(desk, shown)
    if followed:
        assert desk.window.messages.message() == "The directory was read anew meanwhile. Please look again."
        assert desk.shown(BEN).groups == frozenset()
    else:
        assert desk.shown(BEN).groups == {RECORDS}


def test_a_rewriting_of_what_others_changed_meanwhile_is_not_done(desk: Desk, directory: Path) -> None:
    do(desk, UpdateUser(BEN, {"title": "clerk"}))
    desk.select("Ada", "Ben")
    shown = asked(desk, "find_replace")
    assert isinstance(shown.form, ReplaceForm)
    shown.form.wanted.line.setText("clerk")
    shown.form.replacement.line.setText("Clerk")
    look(desk)
    elsewhere(directory, UpdateUser(BEN, {"title": "clerk of works"}))
    agree(desk, shown)
    assert desk.window.messages.message() == "Ben was changed by somebody else meanwhile. Nothing was changed."
    assert desk.window.session is not None
    desk.window.session.file.look()
    desk.settle()
    assert desk.shown(BEN).title == "clerk of works"


def test_choosing_the_same_field_again_keeps_its_new_value(desk: Desk) -> None:
    desk.select("Ada", "Ben")
    shown = asked(desk, "set_field")
    assert isinstance(shown.form, FieldForm)
    shown.form.field.choose("notes")
    shown.form.value.put_back("On leave")
    shown.form.field.choose("notes")
    assert shown.form.value.text() == "On leave"


def test_a_choice_of_fields_has_room_for_large_text(desk: Desk) -> None:
    desk.select("Ada")
    shown = asked(desk, "set_field")
    assert isinstance(shown.form, FieldForm)
    before = shown.form.field.box.sizeHint().height()
    sizes.choose(150, "comfortable")
    try:
        assert shown.form.field.box.sizeHint().height() > before
    finally:
        sizes.choose(100, "comfortable")
