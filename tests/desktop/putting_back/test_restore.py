"""Restoring in the window: whom, what of it, whose later work goes, and what somebody else has by now."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import ADA, BEN, CHI, RECORDS, Desk, desk, directory
from whowas.command_bus.unit_of_work import Change
from whowas.desktop.putting_back.restore_dialog import RestoreDialog
from whowas.desktop.session.jobs import Stage
from whowas.domain.causation import RestoreOf
from whowas.domain.commands import (
    ColourGroup,
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteGroup,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    NameMoment,
    RestoreUser,
    SetPassword,
    UpdateUser,
)
from whowas.domain.users import User

__all__ = ["desk", "directory"]

DAN = "01890000-0000-7000-8000-00000000000d"
MANY = [f"01890000-0000-7000-8000-{number:012}" for number in range(1, 301)]
OLD = "$argon2id$v=19$m=65536,t=3,p=4$b2xk$b2xk"
NEW = "$argon2id$v=19$m=65536,t=3,p=4$bmV3$bmV3"


def do(desk: Desk, *commands: Command, actor: str | None = None) -> None:
    def decide(change: Change) -> None:
        change.dispatch(*commands, actor=actor)

    desk.commands._dispatch(decide)
    desk.settle()


def now(desk: Desk) -> int:
    return desk.page.view.index.now


def asked(desk: Desk, moment: int, *names: str) -> RestoreDialog:
    """Show the moment, select some users, or nobody, and ask for Restore…."""
    desk.page.view.show_moment(moment)
    desk.settle()
    desk.select(*names)
    desk.window.actions_.restore_moment.trigger()
    desk.settle()
    (found,) = (one for one in desk.window.findChildren(RestoreDialog) if one.isVisible())
    return found


def everybody(desk: Desk, moment: int) -> RestoreDialog:
    return asked(desk, moment)


def lines(dialog: RestoreDialog) -> list[str]:
    model = dialog.list.lines
    rows = ([str(model.index(row, column).data()) for column in range(4)] for row in range(model.rowCount()))
    return [" | ".join(row).rstrip(" |") for row in rows]


def later(dialog: RestoreDialog) -> list[str]:
    model = dialog.later.lines
    return [f"{model.index(row, 1).data()}: {model.index(row, 2).data()}" for row in range(model.rowCount())]


def tick(dialog: RestoreDialog, *rows: int, to: Qt.CheckState = Qt.CheckState.Checked) -> None:
    for row in rows:
        assert dialog.list.lines.setData(dialog.list.lines.index(row, 0), to, Qt.ItemDataRole.CheckStateRole)


def untick(dialog: RestoreDialog, *rows: int) -> None:
    tick(dialog, *rows, to=Qt.CheckState.Unchecked)


def button(dialog: RestoreDialog, text: str = "Restore") -> QPushButton:
    return next(one for one in dialog.findChildren(QPushButton) if one.text() == text)


def restore(desk: Desk, dialog: RestoreDialog) -> None:
    assert button(dialog).isEnabled()
    button(dialog).click()
    desk.settle()


def head(desk: Desk) -> object:
    assert desk.window.session is not None
    return desk.window.session.log.head()


def undone(desk: Desk) -> None:
    desk.window.actions_.undo.trigger()
    desk.settle()


def user(desk: Desk, user_id: str) -> User:
    return desk.shown(user_id)


# Whom


def test_all_of_a_long_selection_come_back_as_one_change(desk: Desk) -> None:
    do(desk, *(CreateUser(user_id, {"first_name": f"N{user_id[-3:]}"}) for user_id in MANY))
    moment = now(desk)
    do(desk, *(UpdateUser(user_id, {"title": "Clerk"}) for user_id in [*MANY, ADA]), actor="ben")
    desk.page.view.show_moment(moment)
    desk.page.table.selectAll()
    desk.window.actions_.restore_moment.trigger()
    desk.settle()
    (dialog,) = (one for one in desk.window.findChildren(RestoreDialog) if one.isVisible())
    assert dialog.findChildren(QRadioButton)[0].text() == "The 303 selected users"
    assert "301 users would change. This takes back work of 1 later change: 1 by ben." in dialog.sentence.text()
    assert dialog.list.lines.rowCount() == 301
    steps = now(desk)
    restore(desk, dialog)
    assert now(desk) == steps + 1
    assert {user(desk, user_id).title for user_id in [*MANY, ADA]} == {None}
    undone(desk)
    assert {user(desk, user_id).title for user_id in [*MANY, ADA]} == {"Clerk"}


def test_who_is_not_selected_stays(desk: Desk) -> None:
    moment = now(desk)
    do(desk, *(UpdateUser(user_id, {"title": "Clerk"}) for user_id in (ADA, BEN, CHI)))
    dialog = asked(desk, moment, "Ada", "Chi")
    assert dialog.findChildren(QRadioButton)[0].text() == "The 2 selected users"
    restore(desk, dialog)
    assert [user(desk, user_id).title for user_id in (ADA, BEN, CHI)] == [None, "Clerk", None]


# Whose work it takes back


def test_later_changes_are_told_one_by_one_and_only_those_it_takes_back(desk: Desk) -> None:
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"title": "Clerk"}), actor="ann")
    do(desk, UpdateUser(BEN, {"title": "Head"}), actor="ben")
    do(desk, UpdateUser(BEN, {"title": None}), actor="ben")
    do(desk, DefineField("Room"), actor="cy")
    do(desk, NameMoment(DAN, "Before the move", None, 0, 0), actor="cy")
    do(desk, CreateUser(DAN, {"first_name": "Dan"}), CreateGroup(MANY[0], "Legal"), actor="dee")
    dialog = everybody(desk, moment)
    sentence = dialog.sentence.text()
    assert "2 users and 1 group would change." in sentence
    assert sentence.endswith("This takes back work of 2 later changes: 1 by ann and 1 by dee.")
    assert later(dialog) == ["dee: Dan: Created", "ann: Ada: Title changed (empty → Clerk)"]
    assert all(dialog.later.lines.index(row, 0).data() for row in range(2)), "each says when"
    dialog.reject()


def test_later_changes_are_told_where_one_user_differs_too(desk: Desk) -> None:
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"title": "Clerk"}), actor="ann")
    do(desk, UpdateUser(ADA, {"phone": "1"}), actor="ben")
    dialog = everybody(desk, moment)
    assert later(dialog) == ["ben: Ada: Phone changed (empty → 1)", "ann: Ada: Title changed (empty → Clerk)"]
    assert "This takes back work of 2 later changes: 1 by ann and 1 by ben." in dialog.sentence.text()
    assert dialog.list.lines.chosen() == ["phone", "title"]
    dialog.reject()


def test_nothing_later_is_listed_where_nothing_would_change(desk: Desk) -> None:
    before = head(desk)
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    do(desk, UpdateUser(ADA, {"title": None}))
    dialog = everybody(desk, moment)
    assert lines(dialog) == ["Nothing would change: all of it is as it was then."]
    assert later(dialog) == []
    assert not button(dialog).isEnabled()
    dialog.reject()
    assert head(desk) != before


def test_somebody_in_a_group_made_anew_under_its_old_name_goes_back_into_the_old_one(desk: Desk) -> None:
    moment = now(desk)
    do(desk, LeaveGroup(ADA, RECORDS), DeleteGroup(RECORDS))
    do(desk, CreateGroup(MANY[0], "Records"), JoinGroup(ADA, MANY[0]))
    dialog = everybody(desk, moment)
    assert "Ada | Groups | Records | Records" in lines(dialog)
    restore(desk, dialog)
    assert RECORDS in user(desk, ADA).groups
    assert dict(desk.page.view.index.latest_directory().groups) == {RECORDS: "Records"}


# One user, field by field


def test_a_deleted_user_comes_back_in_the_fields_that_are_ticked(desk: Desk) -> None:
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    do(desk, DeleteUser(ADA))
    dialog = asked(desk, moment, "Ada")
    assert lines(dialog) == ["Ada | Title | Clerk | empty", "Ada | Status | deleted | active"]
    untick(dialog, 0)
    restore(desk, dialog)
    assert (user(desk, ADA).title, user(desk, ADA).status) == ("Clerk", "active")
    undone(desk)
    assert (user(desk, ADA).title, user(desk, ADA).status) == ("Clerk", "deleted")


def test_a_user_deleted_then_takes_the_fields_of_then_and_need_not_go(desk: Desk) -> None:
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    do(desk, DeleteUser(ADA))
    moment = now(desk)
    do(desk, RestoreUser(ADA), UpdateUser(ADA, {"title": "Head"}))
    desk.page.view.show_section("deleted")
    dialog = asked(desk, moment, "Ada")
    assert lines(dialog) == ["Ada | Title | Head | Clerk", "Ada | Status | active | deleted"]
    untick(dialog, 1)
    restore(desk, dialog)
    assert (user(desk, ADA).title, user(desk, ADA).status) == ("Clerk", "active")


def test_an_email_that_another_has_now_is_left_out_and_the_rest_comes_back(desk: Desk) -> None:
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"email": "new@example.org", "title": "Clerk"}))
    do(desk, UpdateUser(BEN, {"email": "Ada@example.org"}))
    dialog = asked(desk, moment, "Ada")
    email, title = lines(dialog)
    assert email == "Ada | Email | new@example.org | new@example.org: Ben has ada@example.org"
    assert title == "Ada | Title | Clerk | empty"
    assert dialog.list.lines.index(0, 0).data(Qt.ItemDataRole.CheckStateRole) is None
    assert dialog.list.lines.chosen() == ["title"]
    restore(desk, dialog)
    assert (user(desk, ADA).email, user(desk, ADA).title) == ("new@example.org", None)
    assert user(desk, BEN).email == "Ada@example.org"


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_deleted_user_comes_back_without_an_email_that_another_has_now(desk: Desk, comes_back: bool) -> None:
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"title": "Clerk"}), DeleteUser(ADA))
    do(desk, UpdateUser(BEN, {"email": "ada@example.org"}))
    dialog = asked(desk, moment, "Ada")
    assert lines(dialog) == [
        "Ada | Email | ada@example.org | empty: Ben has ada@example.org",
        "Ada | Title | Clerk | empty",
        "Ada | Status | deleted | active",
    ]
    if not comes_back:
        untick(dialog, 2)
    restore(desk, dialog)
    ada = user(desk, ADA)
    expected = (None, "active") if comes_back else ("ada@example.org", "deleted")
    assert (ada.title, ada.email, ada.status) == (None, *expected)


def test_an_external_id_that_another_has_now_is_left_out(desk: Desk) -> None:
    do(desk, UpdateUser(ADA, {"external_id": "EMP-1"}))
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"external_id": "EMP-2"}))
    do(desk, UpdateUser(BEN, {"external_id": "EMP-1"}))
    dialog = asked(desk, moment, "Ada")
    assert lines(dialog) == ["Ada | External id | EMP-2 | EMP-2: Ben has EMP-1"]
    assert not button(dialog).isEnabled()
    dialog.reject()


def test_a_selection_comes_back_without_what_others_have_and_swaps_what_its_own_have(desk: Desk) -> None:
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"email": "a@example.org"}))
    do(desk, UpdateUser(BEN, {"email": "ada@example.org"}))
    do(desk, UpdateUser(CHI, {"email": "ben@example.org", "title": "Clerk"}))
    both = asked(desk, moment, "Ada", "Ben")
    assert lines(both) == [
        "Ada | Email | a@example.org | a@example.org: Ben has ada@example.org",
        "Ben | Email | ada@example.org | ada@example.org: Chi has ben@example.org",
    ]
    both.reject()
    desk.settle()
    three = asked(desk, moment, "Ada", "Ben", "Chi")
    assert "without what" not in three.sentence.text()
    restore(desk, three)
    emails = [user(desk, user_id).email for user_id in (ADA, BEN, CHI)]
    assert emails == ["ada@example.org", "ben@example.org", "chi@example.org"]


def test_the_sentence_counts_those_who_come_back_without_something(desk: Desk) -> None:
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"email": "a@example.org", "title": "Clerk"}))
    do(desk, UpdateUser(BEN, {"title": "Clerk"}))
    do(desk, UpdateUser(CHI, {"email": "ada@example.org"}))
    dialog = asked(desk, moment, "Ada", "Ben")
    assert "2 users would change. 1 user does without what somebody else has now." in dialog.sentence.text()
    restore(desk, dialog)
    assert [user(desk, user_id).title for user_id in (ADA, BEN)] == [None, None]
    assert user(desk, ADA).email == "a@example.org"


def test_a_selection_of_those_who_can_have_nothing_back_offers_nothing(desk: Desk) -> None:
    do(desk, UpdateUser(BEN, {"external_id": "EMP-1"}))
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"email": "a@example.org"}), UpdateUser(BEN, {"external_id": None}))
    do(desk, UpdateUser(CHI, {"email": "ada@example.org", "external_id": "EMP-1"}))
    dialog = asked(desk, moment, "Ada", "Ben")
    assert lines(dialog) == [
        "Ada | Email | a@example.org | a@example.org: Chi has ada@example.org",
        "Ben | External id | empty | empty: Chi has EMP-1",
    ]
    assert dialog.sentence.text().endswith(". 2 users do without what somebody else has now.")
    assert not button(dialog).isEnabled()
    dialog.reject()


def test_a_user_who_is_nothing_without_the_email_another_has_is_refused_in_a_sentence(desk: Desk) -> None:
    do(desk, CreateUser(DAN, {"email": "dan@example.org"}))
    moment = now(desk)
    do(desk, DeleteUser(DAN))
    do(desk, UpdateUser(BEN, {"email": "dan@example.org"}))
    before = head(desk)
    restore(desk, asked(desk, moment, "dan@example.org"))
    assert "needs a name" in desk.window.messages.message()
    assert head(desk) == before


# Passwords


def test_the_password_of_then_comes_back_only_if_it_is_ticked(desk: Desk) -> None:
    do(desk, SetPassword(ADA, OLD))
    moment = now(desk)
    do(desk, SetPassword(ADA, NEW))
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    dialog = asked(desk, moment, "Ada")
    assert lines(dialog) == ["Ada | Title | Clerk | empty", "Ada | Password | set | the password of then"]
    assert "Tick Password only if the password of then is to work again" in dialog.sentence.text()
    assert dialog.list.lines.chosen() == ["title"]
    restore(desk, dialog)
    assert (user(desk, ADA).title, user(desk, ADA).password) == (None, NEW)
    again = asked(desk, moment, "Ada")
    assert not button(again).isEnabled()
    tick(again, 0)
    restore(desk, again)
    assert user(desk, ADA).password == OLD


def test_a_password_that_was_not_there_says_so(desk: Desk) -> None:
    moment = now(desk)
    do(desk, SetPassword(ADA, NEW))
    dialog = asked(desk, moment, "Ada")
    assert lines(dialog) == ["Ada | Password | set | none"]
    assert "There was no password then" in dialog.sentence.text()
    dialog.reject()


@pytest.mark.parametrize("ticked", [True, False])
def test_passwords_of_everybody_stay_unless_asked_for(desk: Desk, ticked: bool) -> None:
    do(desk, SetPassword(ADA, OLD), SetPassword(BEN, OLD))
    moment = now(desk)
    do(desk, SetPassword(ADA, NEW), SetPassword(BEN, NEW))
    do(desk, UpdateUser(ADA, {"title": "Clerk"}), UpdateUser(CHI, {"title": "Clerk"}))
    dialog = everybody(desk, moment)
    box = dialog.findChild(QCheckBox)
    assert box is dialog.passwords
    assert box.isVisible()
    assert box.text().startswith("The passwords of 2 users too: those of then would work again")
    assert lines(dialog) == ["Ada | Title | Clerk | empty", "Chi | Title | Clerk | empty"]
    if ticked:
        box.click()
        desk.settle()
        assert lines(dialog)[1] == "Ben | Password | set | the password of then"
        assert len(lines(dialog)) == 3
    restore(desk, dialog)
    expected = OLD if ticked else NEW
    assert [user(desk, user_id).password for user_id in (ADA, BEN)] == [expected, expected]
    assert user(desk, ADA).title is None


def test_where_nothing_but_passwords_differs_there_is_nothing_to_do_unless_they_are_asked_for(desk: Desk) -> None:
    moment = now(desk)
    do(desk, SetPassword(ADA, NEW))
    dialog = everybody(desk, moment)
    assert "Nothing but passwords would change." in dialog.sentence.text()
    assert dialog.passwords.text().startswith("The password of 1 user too:")
    assert not button(dialog).isEnabled()
    dialog.passwords.click()
    desk.settle()
    restore(desk, dialog)
    assert user(desk, ADA).password is None


# Each restoration


@pytest.mark.parametrize("names", [("Ada",), ("Ada", "Ben"), ()], ids=["one", "selection", "everybody"])
def test_each_is_one_change_with_a_reason_and_a_pointer_and_undo_takes_it_back(
    desk: Desk, names: tuple[str, ...]
) -> None:
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"title": "Clerk", "phone": "1"}))
    do(desk, UpdateUser(BEN, {"title": "Head"}))
    do(desk, DeleteUser(CHI))
    assert desk.window.session is not None
    log, steps = desk.window.session.log, desk.window.session.shown.index.steps
    place = int(steps.occurred_at[moment - 1]), int(steps.first_position[moment - 1])
    position = log.head().position
    dialog = asked(desk, moment, *names)
    dialog.findChild(QLineEdit).setText("agreed in the meeting")
    restore(desk, dialog)
    added = list(log.read(position))
    assert len({event.change_id for event in added}) == 1
    assert {event.causation for event in added} == {RestoreOf(*place, "agreed in the meeting")}
    assert now(desk) == moment + 4
    assert not desk.page.view.is_past
    assert user(desk, ADA).title is None
    assert (user(desk, BEN).title is None) == (names != ("Ada",))
    assert (user(desk, CHI).status == "active") == (names == ())
    undone(desk)
    assert [user(desk, user_id).title for user_id in (ADA, BEN)] == ["Clerk", "Head"]
    assert (user(desk, ADA).phone, user(desk, CHI).status) == ("1", "deleted")
    names_again = asked(desk, now(desk) - 1, *names)
    assert button(names_again).isEnabled(), "undone, it could be done again"
    names_again.reject()


@pytest.mark.parametrize("names", [("Ada",), ("Ada", "Ben"), ()], ids=["one", "selection", "everybody"])
def test_none_offers_anything_where_nothing_would_change(desk: Desk, names: tuple[str, ...]) -> None:
    moment = now(desk)
    do(desk, DefineField("Room"))
    before = head(desk)
    dialog = asked(desk, moment, *names)
    all_of_it, others = "all of it is as it was then.", "Only custom fields differ, and stay so."
    told = all_of_it if names else f"users and groups are as they were then. {others}"
    assert lines(dialog) == [f"Nothing would change: {told}"]
    assert not button(dialog).isEnabled()
    dialog.reject()
    assert head(desk) == before


# Looking takes a while


def test_looking_tells_how_far_it_is_and_stops_when_the_dialog_closes(desk: Desk, qtbot: QtBot) -> None:
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"title": "Clerk"}))
    desk.page.view.show_moment(moment)
    desk.settle()
    desk.window.actions_.restore_moment.trigger()
    (dialog,) = (one for one in desk.window.findChildren(RestoreDialog) if one.isVisible())
    job = desk.runner.jobs[-1]
    assert job.reported is not None
    job.reported(1_000, 200_000)
    assert lines(dialog) == ["Looking… 1,000 of 200,000"]
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    assert job.stage is Stage.CANCELLED
    desk.settle()
    assert desk.window.messages.message() == ""


def test_picking_another_scope_stops_looking_for_the_first(desk: Desk) -> None:
    moment = now(desk)
    do(desk, *(UpdateUser(user_id, {"title": "Clerk"}) for user_id in (ADA, BEN)))
    desk.page.view.show_moment(moment)
    desk.select("Ada")
    desk.settle()
    desk.window.actions_.restore_moment.trigger()
    (dialog,) = (one for one in desk.window.findChildren(RestoreDialog) if one.isVisible())
    first = desk.runner.jobs[-1]
    dialog.findChildren(QRadioButton)[1].click()
    assert first.stage is Stage.CANCELLED
    desk.settle()
    assert len(lines(dialog)) == 2
    dialog.reject()


def test_what_is_shown_stays_the_same_moment_and_users_though_somebody_backdates_meanwhile(desk: Desk) -> None:
    moment = now(desk)
    do(desk, UpdateUser(ADA, {"title": "Clerk"}), UpdateUser(BEN, {"title": "Clerk"}))
    dialog = asked(desk, moment, "Ada")
    assert desk.window.session is not None
    first = int(desk.window.session.shown.index.steps.occurred_at[moment - 1])
    desk.commands._dispatch(lambda change: change.dispatch(UpdateUser(CHI, {"phone": "1"}), occurred_at=first - 1))
    desk.settle()
    dialog.findChildren(QRadioButton)[1].click()
    desk.settle()
    assert lines(dialog) == ["Ada | Title | Clerk | empty", "Ben | Title | Clerk | empty"]
    dialog.findChildren(QRadioButton)[0].click()
    desk.settle()
    restore(desk, dialog)
    assert [user(desk, user_id).title for user_id in (ADA, BEN)] == [None, "Clerk"]


def test_what_does_not_come_back_with_a_moment_is_not_said_to_be_as_it_was(desk: Desk) -> None:
    then = now(desk)
    do(desk, ColourGroup(RECORDS, "red"))
    dialog = everybody(desk, then)
    same = "Nothing would change: users and groups are as they were then."
    assert lines(dialog) == [f"{same} Only colours and order of groups differ, and stay so."]
    dialog.reject()
