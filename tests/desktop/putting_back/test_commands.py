"""Putting it back in the window: shown first, then done as one change that undo takes back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import ADA, BEN, Desk, desk, directory
from whowas.desktop.kit.dialogs.change_preview import PutBackDialog
from whowas.domain.causation import RestoreOf
from whowas.domain.commands import Command, CreateUser, DeleteUser, UpdateUser
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
    model = shown.list.lines
    rows = ([str(model.index(row, column).data()) for column in range(4)] for row in range(model.rowCount()))
    return [" | ".join(row).rstrip(" |") for row in rows]


def untick(shown: PutBackDialog, row: int) -> None:
    index = shown.list.lines.index(row, 0)
    assert shown.list.lines.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)


def press(desk: Desk, shown: PutBackDialog, text: str) -> None:
    next(one for one in shown.findChildren(QPushButton) if one.text() == text).click()
    desk.settle()


def users(desk: Desk) -> dict[str, User]:
    assert desk.window.session is not None
    rows = [desk.window.session.reads.user_row(user_id, desk.page.view.index.now) for user_id in (ADA, BEN, DAN)]
    return {row.user.id: row.user for row in rows if row is not None}


def test_everybody_comes_back_and_undo_takes_that_back(desk: Desk, before: int) -> None:
    desk.page.view.show_moment(before)
    next(one for one in desk.page.banner.findChildren(QPushButton) if one.text() == "Restore…").click()
    shown = dialog(desk)
    told = lines(shown)
    assert "3 users would change. This takes back work of 3 later changes: 3 by ines." in shown.sentence.text()
    assert told[0] == "Ada | Phone, Title | 1 · Clerk | empty · empty"
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
    assert desk.page.selection.select(ADA)
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
    desk.page.selection.select(ADA)
    desk.window.actions_.restore_moment.trigger()
    shown = dialog(desk)
    untick(shown, 0)
    untick(shown, 1)
    assert not next(one for one in shown.findChildren(QPushButton) if one.text() == "Restore").isEnabled()
    shown.reject()


def test_whoever_is_as_then_is_left_alone(desk: Desk, before: int) -> None:
    desk.page.view.show_moment(before + 1)
    desk.page.selection.select(ADA)
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
