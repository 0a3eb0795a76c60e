"""The right side of the window for several users, on a real directory with its jobs turned by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from tests.desktop.window.test_main_window import Desk, desk
from whowas.command_bus.bus import Bus
from whowas.desktop.details.group_chips import Chip
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.selection.panel import SelectionPanel
from whowas.desktop.selection.partial_chip import PartialChip
from whowas.desktop.selection.shared_text import SharedText
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteUser,
    JoinGroup,
    RenameField,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.field_definitions import FieldDefinition
from whowas.domain.users import User
from whowas.store.event_log import EventLog

__all__ = ["desk"]

NAMES = ("Ada", "Ben", "Chi", "Dan", "Eve")
IDS = {name: f"0199a3c4-0000-7000-8000-{number:012}" for number, name in enumerate(NAMES)}
BEA = "0199a3c4-0000-7000-8000-000000000009"
NIGHT, LEGAL = (f"0199a3c4-0000-7000-8000-00000000ff{number:02}" for number in range(2))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Five users of two departments; all but Eve are in one group, Ada alone in another, and each has a room."""
    path = tmp_path / "staff.whowas"
    log = EventLog.create(path)
    bus = Bus(log, clock=microseconds_now, actor="ines")
    for command in (DefineField("Room"), CreateGroup(NIGHT, "Night shift"), CreateGroup(LEGAL, "Legal")):
        bus.dispatch(command)
    for number, (name, user_id) in enumerate(IDS.items()):
        fields = {"first_name": name, "title": "Clerk", "department": "Press" if number < 2 else "Legal"}
        bus.dispatch(CreateUser(user_id, fields, {"Room": f"B {number}"}))
    for name in NAMES[:4]:
        bus.dispatch(JoinGroup(IDS[name], NIGHT))
    bus.dispatch(JoinGroup(IDS["Ada"], LEGAL))
    log.close()
    return path


def panel(desk: Desk) -> SelectionPanel:
    assert desk.page.several.is_shown
    return desk.page.several.presenter.panel


def text(desk: Desk, key: str) -> SharedText:
    fields = panel(desk).fields
    return fields.attributes[key] if key in fields.attributes else fields.texts[key]


def line(desk: Desk, key: str) -> QLineEdit:
    editor = text(desk, key).row.editor
    assert isinstance(editor, QLineEdit)
    return editor


def chips(desk: Desk) -> list[str]:
    """Return what screen readers call the chips, those of all as the name of the group alone."""
    found: list[str] = []
    for chip in panel(desk).fields.groups.findChildren(QWidget):
        if isinstance(chip, PartialChip) and not chip.isHidden():
            found.append(chip.accessibleName())
        elif isinstance(chip, Chip) and not chip.isHidden():
            found.append(chip.name)
    return sorted(found)


def press(desk: Desk, name: str) -> None:
    found = [one for one in panel(desk).findChildren(QPushButton) if one.isVisible() and called(one) == name]
    assert len(found) == 1, (name, [called(one) for one in panel(desk).findChildren(QPushButton)])
    found[0].click()
    desk.settle()


def called(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name)


def users(desk: Desk) -> dict[str, User]:
    return {name: desk.shown(user_id) for name, user_id in IDS.items()}


def elsewhere(desk: Desk, *commands: Command) -> None:
    """Have another program change something, and the window follow."""
    assert desk.window.session is not None
    log = EventLog.open(desk.window.session.path)
    bus = Bus(log, clock=microseconds_now, actor="otto")
    for command in commands:
        bus.dispatch(command)
    log.close()
    desk.window.session.file.follow(lambda: None)
    desk.settle()


def select(desk: Desk, *names: str) -> None:
    desk.select(*names)
    desk.settle()


def test_what_several_users_share_is_shown(desk: Desk) -> None:
    select(desk, "Ada", "Ben", "Chi")
    assert text(desk, "title").row.text() == "Clerk"
    assert line(desk, "title").placeholderText() == ""
    assert line(desk, "department").text() == ""
    assert line(desk, "department").placeholderText() == "Mixed"
    assert line(desk, "department").accessibleDescription() == "Mixed, 2 values"
    assert line(desk, "Room").accessibleDescription() == "Mixed, 3 values"
    assert line(desk, "phone").accessibleDescription() == ""
    assert panel(desk).fields.status.text() == "Active"
    assert chips(desk) == ["Legal, 1 of 3", "Night shift"]
    assert desk.window.messages.standing.selected == 3


def test_how_many_they_are_is_shown_before_anything_is_counted(desk: Desk) -> None:
    desk.select("Ada", "Ben")
    assert panel(desk).foot.save.text() == "Save changes to 2 users"
    assert not desk.runner.idle


def test_the_latest_selection_wins(desk: Desk) -> None:
    desk.select("Ada", "Ben", "Chi")
    desk.select("Ada", "Ben")
    desk.settle()
    assert chips(desk) == ["Legal, 1 of 2", "Night shift"]
    assert text(desk, "department").row.text() == "Press"


def test_a_field_is_edited_for_all_as_one_change_with_one_undo(desk: Desk) -> None:
    before = users(desk)
    select(desk, "Ada", "Ben", "Chi")
    line(desk, "Room").setText("C 7")
    assert text(desk, "Room").row.was() == "was mixed, 3 values"
    press(desk, "Save changes to 3 users")
    now = users(desk)
    assert [now[name].attributes["Room"] for name in NAMES] == ["C 7", "C 7", "C 7", "B 3", "B 4"]
    assert text(desk, "Room").row.was() == ""
    assert text(desk, "Room").row.text() == "C 7"
    assert not panel(desk).foot.save.isEnabled()
    assert desk.page.selection.count == 3
    desk.trigger("undo")
    desk.settle()
    assert {name: user.attributes for name, user in users(desk).items()} == {
        name: user.attributes for name, user in before.items()
    }
    assert desk.page.selection.count == 3
    assert line(desk, "Room").accessibleDescription() == "Mixed, 3 values"


def test_everything_is_edited_at_once(desk: Desk) -> None:
    select(desk, "Ada", "Eve")
    fields = panel(desk).fields
    line(desk, "title").setText(" Judge ")
    fields.status.choose("suspended")
    fields.groups.adding.setText("Budget")
    press(desk, "Night shift, 1 of 2")
    assert fields.groups.was() == "all join Night shift and Budget"
    press(desk, "Save changes to 2 users")
    now = users(desk)
    assert desk.window.session is not None
    groups = desk.window.session.shown.index.latest_directory().groups
    for name in ("Ada", "Eve"):
        assert (now[name].title, now[name].status) == ("Judge", "suspended")
        assert {groups[group_id] for group_id in now[name].groups} >= {"Night shift", "Budget"}
    assert now["Ben"].status == "active"
    assert chips(desk) == ["Budget", "Legal, 1 of 2", "Night shift"]
    assert fields.groups.adding.text() == ""


def test_all_leave_a_group(desk: Desk) -> None:
    select(desk, "Ada", "Ben")
    chip = next(one for one in panel(desk).fields.groups.findChildren(Chip) if one.name == "Night shift")
    chip.button.click()
    assert panel(desk).fields.groups.was() == "all leave Night shift"
    press(desk, "Save changes to 2 users")
    now = users(desk)
    assert now["Ada"].groups == {LEGAL}
    assert now["Ben"].groups == set()
    assert now["Chi"].groups == {NIGHT}


def test_what_was_edited_is_put_back(desk: Desk) -> None:
    select(desk, "Ada", "Ben", "Chi")
    fields = panel(desk).fields
    line(desk, "department").setText("Budget")
    line(desk, "title").setText("")
    fields.status.choose("suspended")
    assert text(desk, "title").row.was() == "was Clerk"
    press(desk, "Put back Department")
    assert line(desk, "department").text() == ""
    assert fields.draft().values == {"title": ""}
    press(desk, "Put back Status")
    press(desk, "Discard")
    assert not fields.draft()
    assert line(desk, "title").text() == "Clerk"


def test_what_is_deleted_again_from_a_mixed_field_was_never_typed(desk: Desk) -> None:
    select(desk, "Ada", "Chi")
    line(desk, "department").setText("x")
    line(desk, "department").setText("")
    assert not panel(desk).fields.draft()


def test_a_refusal_stands_beneath_its_field_and_nothing_is_changed(desk: Desk) -> None:
    before = users(desk)
    select(desk, "Ada", "Ben")
    line(desk, "title").setText("x" * 1_001)
    press(desk, "Save changes to 2 users")
    assert "too long" in text(desk, "title").row.note.sentence()
    assert users(desk) == before
    assert panel(desk).foot.save.isEnabled()
    press(desk, "Discard")
    assert text(desk, "title").row.note.sentence() == ""


def test_the_same_is_shown_of_the_past_to_be_read_only(desk: Desk) -> None:
    select(desk, "Ada", "Ben")
    desk.page.view.show_moment(desk.page.view.index.now - 1)
    desk.settle()
    assert chips(desk) == ["Night shift"]
    assert line(desk, "title").isReadOnly()
    assert panel(desk).foot.isHidden()
    desk.page.return_to_now()
    desk.settle()
    assert not line(desk, "title").isReadOnly()
    assert chips(desk) == ["Legal, 1 of 2", "Night shift"]


def test_users_who_are_deleted_are_not_edited(desk: Desk) -> None:
    elsewhere(desk, DeleteUser(IDS["Ben"]), DeleteUser(IDS["Chi"]))
    desk.page.sidebar.selected.emit("deleted")
    desk.settle()
    select(desk, "Ben", "Chi")
    assert line(desk, "title").isReadOnly()
    assert not panel(desk).fields.draft()


def test_a_selection_survives_what_others_change(desk: Desk) -> None:
    select(desk, "Ada", "Chi", "Eve")
    elsewhere(desk, UpdateUser(IDS["Ada"], {"first_name": "Zoe"}), CreateUser(BEA, {"first_name": "Bea"}))
    assert desk.names() == ["Bea", "Ben", "Chi", "Dan", "Eve", "Zoe"]
    assert [user.name for user in desk.page.selection.users()] == ["Chi", "Eve", "Zoe"]


def test_who_a_section_leaves_out_is_selected_again_once_listed(desk: Desk) -> None:
    select(desk, "Ada", "Chi", "Eve")
    desk.page.view.search("chi")
    desk.settle()
    assert [user.name for user in desk.page.selection.users()] == ["Chi"]
    assert panel(desk).foot.save.text() == "Save changes to 1 user"
    desk.page.view.search("nobody is called so")
    desk.settle()
    assert panel(desk).fields.isHidden()
    assert panel(desk).foot.isHidden()
    assert not desk.window.actions_.suspend.isEnabled()
    desk.page.view.search("")
    desk.settle()
    assert [user.name for user in desk.page.selection.users()] == ["Ada", "Chi", "Eve"]


def test_everybody_selected_does_not_take_in_who_comes_later(desk: Desk) -> None:
    desk.page.table.selectAll()
    desk.settle()
    elsewhere(desk, SuspendUser(IDS["Dan"]), CreateUser(BEA, {"first_name": "Bea"}))
    assert [user.name for user in desk.page.selection.users()] == list(NAMES)
    assert panel(desk).fields.status.text() == ""


def test_one_user_is_shown_as_before(desk: Desk) -> None:
    select(desk, "Ada", "Ben")
    line(desk, "Room").setText("C 7")
    select(desk, "Ben")
    assert not desk.page.several.is_shown
    assert desk.page.details.user_id == IDS["Ben"]
    assert desk.window.messages.standing.selected == 1


def test_whoever_looks_at_the_changes_stays_there(desk: Desk) -> None:
    desk.page.show_changes()
    select(desk, "Ada", "Ben")
    assert not desk.page.several.is_shown
    desk.page.panel.show_details()
    desk.settle()
    assert chips(desk) == ["Legal, 1 of 2", "Night shift"]
    desk.page.show_changes()
    assert not desk.page.several.is_shown


def test_saving_by_the_menu(desk: Desk) -> None:
    select(desk, "Ada", "Ben")
    save = desk.window.actions_.save
    assert not save.isEnabled()
    line(desk, "Room").setText("C 7")
    assert save.isEnabled()
    desk.trigger("save")
    assert [user.attributes["Room"] for user in users(desk).values()][:2] == ["C 7", "C 7"]
    assert not save.isEnabled()


def test_what_was_edited_stays_while_it_is_counted_anew(desk: Desk) -> None:
    select(desk, "Ada", "Ben")
    fields = panel(desk).fields
    next(one for one in fields.groups.findChildren(Chip) if one.name == "Night shift").button.click()
    line(desk, "title").setText("Judge")
    fields.status.choose("suspended")
    draft = fields.draft()
    fields.show_summary(None)
    assert fields.draft() == draft
    assert text(desk, "title").row.was() == "was not counted yet"
    elsewhere(desk, UpdateUser(IDS["Ben"], {"phone": "1"}))
    assert fields.draft() == draft
    assert text(desk, "title").row.was() == "was Clerk"


def test_a_selection_is_edited_once_others_have_deleted_somebody(desk: Desk) -> None:
    """What the file holds counts as it is saved: somebody who is deleted by then is named, and nothing is lost."""
    before = users(desk)
    select(desk, "Ada", "Ben", "Chi")
    line(desk, "title").setText("Judge")
    assert desk.window.session is not None
    log = EventLog.open(desk.window.session.path)
    Bus(log, clock=microseconds_now, actor="otto").dispatch(DeleteUser(IDS["Ben"]))
    log.close()
    press(desk, "Save changes to 3 users")
    assert "Ben" in panel(desk).foot.note.sentence() + desk.window.messages.message()
    assert "Nothing was changed." in panel(desk).foot.note.sentence() + desk.window.messages.message()
    assert users(desk)["Ada"] == before["Ada"]
    assert panel(desk).fields.draft().values == {"title": "Judge"}


def test_what_is_typed_stays_in_a_field_that_gets_another_name(desk: Desk) -> None:
    select(desk, "Ada", "Ben")
    line(desk, "Room").setText("C 7")
    fields = panel(desk).fields
    fields.set_custom_fields([("Room", "Office"), ("Desk", "Desk")])
    assert line(desk, "Room").accessibleName() == "Office"
    assert fields.draft().values == {"attributes.Room": "C 7"}
    fields.set_custom_fields([("Desk", "Desk")])
    assert not fields.draft()


def test_what_no_two_may_have_alike_is_not_for_several_to_share(desk: Desk) -> None:
    select(desk, "Ada", "Ben")
    fields = panel(desk).fields
    fields.set_custom_fields([("Room", "Room"), ("No", "No")], {"No": FieldDefinition("number", unique=True)})
    assert [*fields.attributes] == ["Room"]
    fields.set_custom_fields([("Room", "Room"), ("No", "No")], {"No": FieldDefinition("number")})
    assert [*fields.attributes] == ["Room", "No"]


@pytest.mark.parametrize("typed", ["C 7", ""])
def test_a_field_of_several_that_is_edited_otherwise_by_now_goes_on_from_what_was_typed(desk: Desk, typed: str) -> None:
    elsewhere(desk, *(UpdateUser(IDS[name], {}, {"Room": "B 1"}) for name in ("Ada", "Ben")))
    select(desk, "Ada", "Ben")
    text(desk, "Room").row.take_focus()
    text(desk, "Room").row.put_back(typed)
    elsewhere(desk, RenameField("Room", "Office"))
    assert panel(desk).fields.draft().values == {"attributes.Room": typed}
    assert (text(desk, "Room").row.was(), text(desk, "Room").row.has_focus()) == ("was B 1", True)
