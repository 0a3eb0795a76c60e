"""The user shown is said to be deleted, or left out of the list; what is not up to date cannot be edited."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from tests.desktop.page.test_answers import said
from tests.desktop.putting_back.test_commands import do
from tests.desktop.putting_back.test_undo_redo import by_ben
from tests.desktop.window.test_main_window import ADA, BEN, RECORDS, Desk, desk, directory
from whowas.desktop.details.form import DetailsForm
from whowas.desktop.details.standing_strip import UserStanding
from whowas.desktop.session.view import EVERYONE, GROUP_PREFIX
from whowas.domain.commands import CreateUser, DeleteUser, UpdateUser

__all__ = ["desk", "directory"]


def form(desk: Desk) -> DetailsForm:
    return desk.page.panel.form


def standing(desk: Desk) -> UserStanding | None:
    """Return what is said, which is hidden where that is nothing."""
    strip = form(desk).standing
    assert strip.isVisible() is (strip.standing is not None)
    return strip.standing


def act(desk: Desk) -> None:
    (button,) = form(desk).standing.findChildren(QPushButton)
    assert button.isVisible()
    button.click()
    desk.settle()


def plain(desk: Desk) -> bool:
    """Say whether no field looks as if it could be edited, nor can be; either all do or none."""
    rows = list(form(desk).rows.all())
    looks = {bool(row.editor.property("plain")) for row in rows}
    (look,) = looks
    texts = [row.line for row in form(desk).rows.texts.values() if isinstance(getattr(row, "line", None), QLineEdit)]
    assert {line.isReadOnly() for line in texts} == {look}
    saves = [one for one in form(desk).findChildren(QPushButton) if one.text() in ("Save", "Discard")]
    assert {one.isVisible() for one in saves} == {not look}
    return look


def test_who_is_in_the_list_needs_no_word(desk: Desk) -> None:
    desk.select("Ada")
    assert standing(desk) is None
    assert not plain(desk)


def test_a_deleted_user_is_said_to_be_so_and_brought_back(desk: Desk) -> None:
    desk.select("Ada")
    desk.trigger("delete")
    desk.settle()
    shown = standing(desk)
    assert shown is not None
    assert shown.sentence.startswith("Deleted today ")
    assert shown.sentence.endswith(" by ines")
    assert plain(desk)
    act(desk)
    assert desk.shown(ADA).status == "active"
    assert said(desk) == "Ada restored · Undo"
    assert standing(desk) is None
    assert not plain(desk)


def test_the_day_of_a_deletion_long_ago_is_said(desk: Desk) -> None:
    user_id = "0199a3c4-0000-7000-8000-000000000009"
    began = 1_571_000_000_000_000
    desk.commands._dispatch(
        lambda change: change.dispatch(CreateUser(user_id, {"first_name": "Old"}), occurred_at=began)
    )
    desk.settle()
    gone = 1_573_992_000_000_000
    desk.commands._dispatch(lambda change: change.dispatch(DeleteUser(user_id), occurred_at=gone))
    desk.settle()
    desk.page.sidebar.select("deleted")
    desk.select("Old")
    assert standing(desk) == UserStanding("Deleted on 17 Nov 2019 by ines", "Bring back")


def test_a_deleted_user_of_the_past_is_not_brought_back_there(desk: Desk) -> None:
    do(desk, DeleteUser(ADA))
    do(desk, UpdateUser(BEN, {"title": "Clerk"}))
    desk.page.sidebar.select("deleted")
    desk.select("Ada")
    desk.page.view.show_moment(desk.page.view.index.now - 1)
    shown = standing(desk)
    assert shown is not None
    assert shown.sentence.startswith("Deleted today ")
    assert shown.action == ""
    assert plain(desk)


def test_a_refusal_to_bring_back_is_said(desk: Desk) -> None:
    desk.select("Ada")
    desk.trigger("delete")
    by_ben(desk, UpdateUser(BEN, {"email": "ada@example.org"}))
    act(desk)
    assert "ada@example.org" in desk.window.messages.message()
    assert desk.shown(ADA).status == "deleted"


def test_a_draft_waits_while_its_user_is_deleted(desk: Desk) -> None:
    desk.select("Ada")
    form(desk).rows.texts["title"].line.setText("Clerk")
    by_ben(desk, DeleteUser(ADA))
    assert plain(desk)
    assert form(desk).rows.texts["title"].text() == ""
    assert not desk.window.actions_.save.isEnabled()
    act(desk)
    assert not plain(desk)
    assert form(desk).rows.texts["title"].text() == "Clerk"
    assert desk.window.actions_.save.isEnabled()


def test_the_search_that_leaves_somebody_out_is_said_and_cleared(desk: Desk) -> None:
    desk.select("Ada")
    desk.window.toolbar.search.setText("ben")
    desk.window.toolbar.search._emit_search()
    desk.settle()
    assert desk.names() == ["Ben"]
    assert standing(desk) == UserStanding("Not in this list: the search leaves Ada out.", "Clear search")
    act(desk)
    desk.window.toolbar.search._emit_search()
    desk.settle()
    assert desk.window.toolbar.search.text() == ""
    assert standing(desk) is None
    assert [user.id for user in desk.page.selection.users()] == [ADA]


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ("suspended", "Not in this list: Ben is not suspended."),
        (GROUP_PREFIX + RECORDS, "Not in this list: Ben is not in Records."),
    ],
)
def test_the_section_that_leaves_somebody_out_is_said_and_left(desk: Desk, section: str, sentence: str) -> None:
    desk.select("Ben")
    desk.page.sidebar.select(section)
    desk.settle()
    assert standing(desk) == UserStanding(sentence, "Show everyone")
    act(desk)
    assert desk.page.view.section == EVERYONE
    assert standing(desk) is None
    assert [user.id for user in desk.page.selection.users()] == [BEN]


def test_the_form_is_plain_in_the_past_and_again_a_form_at_now(desk: Desk) -> None:
    desk.select("Ada")
    desk.page.view.show_moment(desk.page.view.index.now - 1)
    assert plain(desk)
    desk.page.return_to_now()
    assert not plain(desk)


def test_the_form_is_plain_while_what_it_shows_is_behind(desk: Desk) -> None:
    desk.select("Ada")
    assert desk.window.session is not None
    shown = desk.window.session.shown
    shown.report_behind("The disk failed.")
    assert plain(desk)
    shown.take_latest(shown.index)
    assert not plain(desk)
