"""Everything that is done is said in one sentence, whose link takes back that very change or says why it cannot."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from tests.desktop.putting_back.test_commands import do
from tests.desktop.putting_back.test_undo_one import log_of, together
from tests.desktop.putting_back.test_undo_redo import by_ben
from tests.desktop.window.test_main_window import ADA, BEN, CHI, RECORDS, Desk, desk, dialog, directory, press
from whowas.desktop.kit.toast import Toast
from whowas.desktop.time_travel.moment_name_dialog import MomentNameDialog
from whowas.desktop.users.password_dialog import SetPasswordDialog
from whowas.domain.commands import DeleteGroup, JoinGroup, LeaveGroup, RenameGroup, SuspendUser, UpdateUser

__all__ = ["desk", "directory"]


def toast(desk: Desk) -> Toast:
    """Return the one that is shown; there is never another."""
    (shown,) = (one for one in desk.page.findChildren(Toast) if one.isVisible())
    return shown


def said(desk: Desk) -> str:
    """Return the sentence of the toast, and its link."""
    shown = toast(desk)
    links = [button.text() for button in shown.findChildren(QPushButton) if button.isVisible()]
    return " · ".join([shown.accessibleName(), *links])


def follow(desk: Desk) -> None:
    (link,) = toast(desk).findChildren(QPushButton)
    link.click()
    desk.settle()


@pytest.mark.parametrize(
    ("users", "action", "sentence"),
    [
        (["Ada"], "suspend", "Ada suspended"),
        (["Ada", "Ben"], "suspend", "Suspended 2 users"),
        (["Ada"], "delete", "Ada deleted"),
        (["Ada", "Ben", "Chi"], "delete", "Deleted 3 users"),
    ],
)
def test_an_act_is_said_and_undone(desk: Desk, users: list[str], action: str, sentence: str) -> None:
    before = [desk.shown(one) for one in (ADA, BEN, CHI)]
    desk.select(*users)
    desk.trigger(action)
    assert said(desk) == f"{sentence} · Undo"
    follow(desk)
    assert said(desk) == f"Undid “{sentence}” · Redo"
    after = [desk.shown(one) for one in (ADA, BEN, CHI)]
    assert [one._replace(version=0) for one in after] == [one._replace(version=0) for one in before]
    follow(desk)
    assert said(desk) == f"{sentence} · Undo"


def test_who_is_brought_back_is_named(desk: Desk) -> None:
    do(desk, SuspendUser(ADA))
    desk.select("Ada")
    desk.trigger("reactivate")
    assert said(desk) == "Ada reactivated · Undo"


def test_undo_and_redo_of_the_menu_answer_too(desk: Desk) -> None:
    desk.select("Ada")
    desk.trigger("suspend")
    desk.trigger("undo")
    assert said(desk) == "Undid “Ada suspended” · Redo"
    assert desk.shown(ADA).status == "active"
    desk.trigger("redo")
    assert said(desk) == "Ada suspended · Undo"
    assert desk.shown(ADA).status == "suspended"


def test_a_save_names_the_fields(desk: Desk) -> None:
    desk.select("Ada")
    desk.page.panel.form.rows.texts["phone"].line.setText("1")
    desk.page.panel.form.rows.texts["title"].line.setText("Clerk")
    desk.trigger("save")
    assert said(desk) == "Saved Ada: Phone, Title · Undo"
    follow(desk)
    assert (desk.shown(ADA).phone, desk.shown(ADA).title) == (None, None)


def test_a_new_user_is_created(desk: Desk) -> None:
    desk.trigger("new_user")
    desk.page.panel.form.rows.texts["email"].line.setText("dan@example.org")
    desk.trigger("save")
    assert said(desk) == "dan@example.org created · Undo"
    follow(desk)
    assert said(desk) == "Undid “dan@example.org created” · Redo"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (JoinGroup(BEN, RECORDS), "Added Ben to Records"),
        (LeaveGroup(ADA, RECORDS), "Removed Ada from Records"),
        (RenameGroup(RECORDS, "Archive"), "Group Records renamed to Archive"),
        (DeleteGroup(RECORDS), "Group Records deleted"),
    ],
    ids=str,
)
def test_what_groups_become_is_said(desk: Desk, command: object, sentence: str) -> None:
    do(desk, command)  # type: ignore[arg-type]
    assert said(desk) == f"{sentence} · Undo"
    follow(desk)
    assert desk.page.view.directory.groups == {RECORDS: "Records"}
    assert (RECORDS in desk.shown(ADA).groups, RECORDS in desk.shown(BEN).groups) == (True, False)


def test_several_users_are_added_to_a_group(desk: Desk) -> None:
    desk.commands._dispatch(lambda change: change.dispatch(JoinGroup(BEN, RECORDS), JoinGroup(CHI, RECORDS)))
    desk.settle()
    assert said(desk) == "Added 2 users to Records · Undo"


def test_a_feature_may_say_it_in_its_own_words(desk: Desk) -> None:
    desk.commands._dispatch(lambda change: change.dispatch(SuspendUser(BEN)), lambda whom: f"Sent {whom} home")
    desk.settle()
    assert said(desk) == "Sent Ben home · Undo"


def test_a_password_and_a_name_are_said(desk: Desk) -> None:
    desk.select("Ada")
    desk.trigger("set_password")
    asked = dialog(SetPasswordDialog)
    for line in asked.findChildren(QLineEdit):
        line.setText("correct horse")
    press(asked, "Set password")
    desk.settle()
    assert said(desk) == "Password set for Ada · Undo"
    desk.trigger("name_moment")
    named = dialog(MomentNameDialog)
    named.findChildren(QLineEdit)[0].setText("Before the move")
    press(named, "Save")
    desk.settle()
    assert said(desk) == "Named this moment “Before the move” · Undo"
    follow(desk)
    assert not desk.page.view.directory.moments


def test_nothing_is_said_of_a_change_that_did_not_happen(desk: Desk) -> None:
    head = log_of(desk).head()
    do(desk, UpdateUser(ADA, {"first_name": "Ada"}))
    assert log_of(desk).head() == head
    assert said(desk) == "Nothing changed"


def test_undo_takes_back_that_change_and_no_later_one(desk: Desk) -> None:
    desk.select("Ada")
    desk.trigger("suspend")
    together(desk, UpdateUser(BEN, {"title": "Mine"}))
    by_ben(desk, UpdateUser(CHI, {"title": "Theirs"}))
    follow(desk)
    assert desk.shown(ADA).status == "active"
    assert (desk.shown(BEN).title, desk.shown(CHI).title) == ("Mine", "Theirs")


def test_undo_refuses_where_the_same_was_changed_since(desk: Desk) -> None:
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    by_ben(desk, UpdateUser(ADA, {"title": "Head"}))
    head = log_of(desk).head()
    follow(desk)
    assert log_of(desk).head() == head
    assert desk.window.messages.message().startswith("Ada was changed again since (title), so this cannot be undone.")
    assert not [one for one in desk.page.findChildren(Toast) if one.isVisible()]


def test_what_was_undone_already_is_not_undone_again(desk: Desk) -> None:
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    by_ben(desk, UpdateUser(ADA, {"title": None}))
    head = log_of(desk).head()
    follow(desk)
    assert log_of(desk).head() == head
    assert desk.window.messages.message().startswith("Ada was changed again since")
