"""Putting it back in the window: shown first, then done as one change that undo takes back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QRadioButton, QTableWidget
from pytestqt.qtbot import QtBot

from tests.desktop.test_main_window import ADA, BEN, Desk, desk, directory
from whowas.bus import Bus
from whowas.desktop.dialogs.put_back import PutBackDialog
from whowas.desktop.dialogs.undo_this import UndoThisDialog
from whowas.domain.causation import ImportOf, RestoreOf, UndoOf
from whowas.domain.commands import Command, CreateUser, DeleteUser, UpdateUser
from whowas.domain.progress import Progress
from whowas.domain.users import User

__all__ = ["desk", "directory"]

DAN = "01890000-0000-7000-8000-00000000000d"


@pytest.fixture(autouse=True)
def before(desk: Desk) -> int:
    """Ada gets a title and a phone, Ben goes and Dan comes; return the moment before that."""
    moment = desk.page.view.index.now
    do(desk, UpdateUser(ADA, {"title": "Clerk", "phone": "1"}))
    do(desk, DeleteUser(BEN))
    do(desk, CreateUser(DAN, {"first_name": "Dan"}))
    return moment


def do(desk: Desk, command: Command) -> None:
    desk.commands._dispatch(lambda change: change.dispatch(command))
    desk.settle()


def dialog(desk: Desk) -> PutBackDialog:
    desk.settle()
    (found,) = (one for one in desk.window.findChildren(PutBackDialog) if one.isVisible())
    return found


def lines(shown: PutBackDialog) -> list[str]:
    return [" | ".join(texts(shown.list, row)).rstrip(" |") for row in range(shown.list.rowCount())]


def texts(table: QTableWidget, row: int) -> list[str]:
    items = (table.item(row, column) for column in range(4))
    return [item.text() for item in items if item is not None]


def untick(shown: PutBackDialog, row: int) -> None:
    item = shown.list.item(row, 0)
    assert item is not None
    item.setCheckState(Qt.CheckState.Unchecked)


def press(desk: Desk, shown: PutBackDialog, text: str) -> None:
    next(one for one in shown.findChildren(QPushButton) if one.text() == text).click()
    desk.settle()


def users(desk: Desk) -> dict[str, User]:
    assert desk.window.session is not None
    rows = [desk.window.session.user_row(user_id, desk.page.view.index.now) for user_id in (ADA, BEN, DAN)]
    return {row.user.id: row.user for row in rows if row is not None}


def test_everybody_comes_back_and_undo_takes_that_back(desk: Desk, before: int) -> None:
    desk.page.view.show_moment(before)
    next(one for one in desk.page.banner.findChildren(QPushButton) if one.text() == "Restore…").click()
    shown = dialog(desk)
    told = lines(shown)
    assert "what 3 later changes did: 3 by ines" in shown.sentence.text()
    assert told[:2] == ["Ada | Phone | 1 | empty", " | Title | Clerk | empty"]
    assert "Dan | Status | active | deleted" in told
    shown.findChild(QLineEdit).setText("agreed in the meeting")
    press(desk, shown, "Restore")
    assert not desk.page.view.is_past
    now = users(desk)
    assert (now[ADA].title, now[BEN].status, now[DAN].status) == (None, "active", "deleted")
    assert desk.window.session is not None
    last = list(desk.window.session.log.read())[-1]
    assert isinstance(last.causation, RestoreOf)
    assert last.causation.reason == "agreed in the meeting"
    desk.window.actions_.undo.trigger()
    desk.settle()
    now = users(desk)
    assert (now[ADA].title, now[BEN].status, now[DAN].status) == ("Clerk", "deleted", "active")


def test_one_user_comes_back_in_the_fields_that_are_ticked(desk: Desk, before: int) -> None:
    desk.page.view.show_moment(before)
    assert desk.page.select_user(ADA)
    desk.window.actions_.restore_moment.trigger()
    shown = dialog(desk)
    assert [one.text() for one in shown.findChildren(QRadioButton)] == ["Ada", "Everybody, and the groups"]
    assert lines(shown) == ["Ada | Phone | 1 | empty", "Ada | Title | Clerk | empty"]
    untick(shown, 0)
    press(desk, shown, "Restore")
    now = users(desk)
    assert (now[ADA].title, now[ADA].phone, now[BEN].status) == (None, "1", "deleted")


def test_without_a_tick_there_is_nothing_to_do(desk: Desk, before: int) -> None:
    desk.page.view.show_moment(before)
    desk.page.select_user(ADA)
    desk.window.actions_.restore_moment.trigger()
    shown = dialog(desk)
    untick(shown, 0)
    untick(shown, 1)
    assert not next(one for one in shown.findChildren(QPushButton) if one.text() == "Restore").isEnabled()
    shown.reject()


def test_whoever_is_as_then_is_left_alone(desk: Desk, before: int) -> None:
    desk.page.view.show_moment(before + 1)
    desk.page.select_user(ADA)
    desk.window.actions_.restore_moment.trigger()
    shown = dialog(desk)
    assert lines(shown) == ["Nothing would change: all of it is as it was then."]
    shown.reject()


def test_what_is_found_after_the_dialog_was_closed_concerns_nobody(desk: Desk, before: int, qtbot: QtBot) -> None:
    desk.page.view.show_moment(before)
    desk.window.actions_.restore_moment.trigger()
    (shown,) = (one for one in desk.window.findChildren(PutBackDialog) if one.isVisible())
    with qtbot.waitSignal(shown.destroyed):
        shown.reject()
    desk.settle()
    assert users(desk)[ADA].title == "Clerk"


def test_a_change_made_meanwhile_is_never_taken_back_unseen(desk: Desk, before: int) -> None:
    desk.page.view.show_moment(before)
    desk.window.actions_.restore_moment.trigger()
    shown = dialog(desk)
    do(desk, UpdateUser(ADA, {"title": "Head"}))
    press(desk, shown, "Restore")
    assert users(desk)[ADA].title == "Head"
    assert "Please look again" in desk.window.messages.message()


def test_one_old_change_is_taken_back_and_nothing_that_came_later(desk: Desk, before: int) -> None:
    do(desk, UpdateUser(ADA, {"department": "Press"}))
    desk.page.view.show_moment(before + 1)
    desk.window.actions_.undo_this.trigger()
    desk.settle()
    now = users(desk)
    assert (now[ADA].title, now[ADA].phone, now[ADA].department) == (None, None, "Press")
    assert (now[BEN].status, now[DAN].status) == ("deleted", "active")
    assert not desk.page.view.is_past
    desk.window.actions_.undo.trigger()
    desk.settle()
    assert users(desk)[ADA].title == "Clerk"


def asked(desk: Desk) -> UndoThisDialog:
    desk.settle()
    (found,) = (one for one in desk.window.findChildren(UndoThisDialog) if one.isVisible())
    return found


@pytest.mark.parametrize("ticked", [True, False])
def test_what_was_changed_again_is_shown_and_asked_field_by_field(desk: Desk, before: int, ticked: bool) -> None:
    do(desk, UpdateUser(ADA, {"title": "Head"}))
    desk.page.view.show_moment(before + 1)
    desk.window.actions_.undo_this.trigger()
    shown = asked(desk)
    assert shown.conflicts.rowCount() == 1
    assert texts(shown.conflicts, 0) == ["Ada: Title", "empty", "Clerk", "Head"]
    if ticked:
        item = shown.conflicts.item(0, 0)
        assert item is not None
        item.setCheckState(Qt.CheckState.Checked)
    shown.findChild(QLineEdit).setText("a slip")
    next(one for one in shown.findChildren(QPushButton) if one.text() == "Undo this change").click()
    desk.settle()
    now = users(desk)[ADA]
    assert (now.title, now.phone) == (None if ticked else "Head", None)
    assert desk.window.session is not None
    last = list(desk.window.session.log.read())[-1]
    assert isinstance(last.causation, UndoOf)
    assert last.causation.reason == "a slip"


def test_cancelling_what_was_asked_leaves_everything(desk: Desk, before: int) -> None:
    do(desk, UpdateUser(ADA, {"title": "Head"}))
    desk.page.view.show_moment(before + 1)
    assert desk.window.session is not None
    head = desk.window.session.log.head()
    desk.window.actions_.undo_this.trigger()
    next(one for one in asked(desk).findChildren(QPushButton) if one.text() == "Cancel").click()
    desk.settle()
    assert desk.window.session.log.head() == head


def test_an_import_undone_names_who_stays(desk: Desk) -> None:
    assert desk.window.session is not None
    session = desk.window.session
    created = [CreateUser(f"01890000-0000-7000-8000-0000000001{n:02}", {"first_name": f"N{n}"}) for n in range(3)]

    def imported(bus: Bus, _progress: Progress) -> bool:
        with bus.change(causation=ImportOf("staff.csv")) as change:
            change.dispatch(*created)
        return True

    session.on_bus(imported, done=lambda _: None, failed=lambda error: pytest.fail(str(error)))
    desk.settle()
    moment = desk.page.view.index.now
    do(desk, UpdateUser(created[1].user_id, {"title": "Head"}))
    desk.page.view.show_moment(moment)
    desk.window.actions_.undo_this.trigger()
    shown = asked(desk)
    assert any("N1 stays" in label.text() for label in shown.findChildren(QLabel))
    next(one for one in shown.findChildren(QPushButton) if one.text() == "Undo this change").click()
    desk.settle()
    rows = [session.user_row(one.user_id, desk.page.view.index.now) for one in created]
    assert [row.user.status for row in rows if row is not None] == ["deleted", "active", "deleted"]
