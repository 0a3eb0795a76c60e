"""Undo and redo in the window, where they cannot do what is asked: they say why, and what would."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from tests.desktop.putting_back.test_commands import dialog, do, press
from tests.desktop.putting_back.test_undo_one import SALES, log_of, together
from tests.desktop.window.test_main_window import ADA, CHI, Desk, desk, directory
from whowas.command_bus.bus import Bus
from whowas.desktop.chrome.standing import SAVING
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.putting_back.undo_one_dialog import UndoThisDialog
from whowas.domain.commands import (
    Command,
    CreateGroup,
    DefineField,
    JoinGroup,
    ReactivateUser,
    SuspendUser,
    UpdateUser,
)

__all__ = ["desk", "directory"]


def by_ben(desk: Desk, command: Command) -> None:
    """Have somebody else write to the file, and let the window follow."""
    assert desk.window.session is not None
    bus = Bus(log_of(desk), clock=microseconds_now, actor="ben")
    bus.dispatch(command)
    desk.window.session.file.follow(lambda: None)
    desk.settle()


def test_an_edit_further_back_that_was_superseded_is_passed_over_with_a_word(desk: Desk) -> None:
    do(desk, UpdateUser(CHI, {"phone": "1"}))
    do(desk, UpdateUser(ADA, {"title": "Now"}))
    began = next(event.occurred_at for event in log_of(desk).stream(ADA))
    together(desk, UpdateUser(ADA, {"title": "Past"}), apart=microseconds_now() - began - 1)
    assert desk.window.session is not None
    assert desk.window.session.undo_redo.undo_sentence == "Ada: Title changed"
    head = log_of(desk).head()
    desk.trigger("undo")
    assert log_of(desk).head() == head
    told = desk.window.messages.message()
    assert told.startswith("There is nothing to take back of “Ada: Title changed”. It was true only until what came")
    assert desk.shown(ADA).title == "Now"
    desk.trigger("undo")
    assert desk.shown(ADA).title is None, "the next undo goes on with the change before"


@pytest.mark.parametrize(
    ("commands", "why"),
    [
        ([SuspendUser(ADA), ReactivateUser(ADA)], "It took back by itself what it did."),
    ],
)
def test_what_left_nothing_says_why(desk: Desk, commands: list[Command], why: str) -> None:
    together(desk, *commands)
    desk.trigger("undo")
    assert desk.window.messages.message().endswith(why)


def test_after_a_change_that_left_nothing_the_menu_names_the_one_before(desk: Desk) -> None:
    do(desk, UpdateUser(CHI, {"phone": "1"}))
    together(desk, SuspendUser(ADA), ReactivateUser(ADA))
    undo = desk.window.actions_.undo
    assert undo.toolTip().startswith("Undo “Ada: Suspended and more”")
    desk.trigger("undo")
    assert undo.toolTip().startswith("Undo “Chi: Phone changed”")


def test_a_group_that_others_are_in_says_so(desk: Desk) -> None:
    do(desk, CreateGroup(SALES, "Sales"))
    by_ben(desk, JoinGroup(CHI, SALES))
    desk.trigger("undo")
    assert desk.window.messages.message().endswith("Somebody is in a group that it made: Sales.")
    assert desk.page.view.directory.groups[SALES] == "Sales"


def test_a_field_that_nobody_has_a_value_in_goes_with_what_made_it(desk: Desk) -> None:
    together(desk, DefineField("Desk"), UpdateUser(ADA, {}, {"Desk": "7"}))
    desk.trigger("undo")
    assert desk.page.view.directory.fields == {}
    desk.trigger("redo")
    assert desk.page.view.directory.fields == {"Desk": "Desk"}
    assert desk.shown(ADA).attributes == {"Desk": "7"}


def test_a_field_that_others_filled_stays_and_says_so(desk: Desk) -> None:
    together(desk, DefineField("Desk"), UpdateUser(ADA, {}, {"Desk": "7"}))
    by_ben(desk, UpdateUser(CHI, {}, {"Desk": "8"}))
    desk.trigger("undo")
    assert desk.shown(ADA).attributes == {}
    assert desk.page.view.directory.fields == {"Desk": "Desk"}
    told = desk.window.messages.message()
    assert told == "It is undone, but somebody has a value in a custom field that it made: Desk."


def test_a_group_that_stays_is_named_when_the_rest_is_undone(desk: Desk) -> None:
    together(desk, CreateGroup(SALES, "Sales"), JoinGroup(ADA, SALES))
    by_ben(desk, JoinGroup(CHI, SALES))
    desk.trigger("undo")
    assert SALES not in desk.shown(ADA).groups
    told = desk.window.messages.message()
    assert told == "It is undone, but somebody is in a group that it made: Sales."
    desk.trigger("redo")
    assert SALES in desk.shown(ADA).groups
    assert desk.window.messages.message() == ""


@pytest.mark.parametrize("what", ["undo", "redo"])
def test_later_work_leads_to_the_question_that_asks_about_it(desk: Desk, what: str) -> None:
    do(desk, UpdateUser(ADA, {"title": "Clerk", "phone": "1"}))
    if what == "redo":
        desk.trigger("undo")
    by_ben(desk, UpdateUser(ADA, {"title": "Head"}))
    desk.trigger(what)
    told = desk.window.messages.message()
    assert told == (
        "Ada was changed again since (title), so this cannot be undone. "
        "“Undo this change” takes back the rest, and asks about that."
    )
    offer = next(one for one in desk.window.findChildren(QPushButton) if one.text() == "Undo this change")
    offer.click()
    shown = dialog(desk)
    assert isinstance(shown, UndoThisDialog)
    assert desk.window.messages.message() == ""
    press(desk, shown, "Undo this change")
    assert (desk.shown(ADA).title, desk.shown(ADA).phone) == ("Head", None if what == "undo" else "1")
    desk.window.messages.acted.emit(SAVING, "")
    desk.settle()
    assert not any(one.isVisible() for one in desk.window.findChildren(UndoThisDialog)), "it is offered once"
