"""Saving a change that has been true for some time: it occurred then, and is recorded now."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QDateTimeEdit, QPushButton

from tests.desktop.window.test_main_window import ADA, Desk, desk, directory
from whowas.desktop.details.true_since_dialog import TrueSinceDialog
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.kit.field_row import LineRow
from whowas.domain.commands import CreateUser, UpdateUser

__all__ = ["desk", "directory"]

EVA = "01890000-0000-7000-8000-0000000000ea"
HOUR = 3_600_000_000


@pytest.fixture(autouse=True)
def eva(desk: Desk) -> int:
    """Eva came a year ago and became Head an hour ago; return when she came."""
    came = microseconds_now() - 24 * 365 * HOUR
    dispatch(desk, came, CreateUser(EVA, {"first_name": "Eva", "title": "Clerk"}))
    dispatch(desk, microseconds_now() - HOUR, UpdateUser(EVA, {"phone": "1"}))
    assert desk.page.selection.select(EVA)
    desk.settle()
    return came


def dispatch(desk: Desk, occurred_at: int, command: CreateUser | UpdateUser) -> None:
    desk.commands._dispatch(lambda change: change.dispatch(command, occurred_at=occurred_at))
    desk.settle()


def type_into(desk: Desk, field: str, text: str) -> None:
    row = desk.page.panel.form.rows.texts[field]
    assert isinstance(row, LineRow)
    row.line.setText(text)
    desk.settle()


def type_title(desk: Desk, text: str) -> None:
    type_into(desk, "title", text)


def since_button(desk: Desk) -> QPushButton:
    (found,) = (one for one in desk.page.panel.findChildren(QPushButton) if one.accessibleName() == "True since")
    return found


def asked(desk: Desk) -> TrueSinceDialog:
    since_button(desk).click()
    desk.settle()
    return next(one for one in desk.window.findChildren(TrueSinceDialog) if one.isVisible())


def choose(desk: Desk, moment: int) -> None:
    dialog = asked(desk)
    dialog.findChild(QDateTimeEdit).setDateTime(QDateTime.fromSecsSinceEpoch(moment // 1_000_000))
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "Set").click()
    desk.settle()


def save(desk: Desk) -> None:
    desk.page.panel.form.save()
    desk.settle()


def test_it_stands_at_its_own_moment_and_is_recorded_now(desk: Desk, eva: int) -> None:
    steps = desk.page.view.index.now
    type_title(desk, "Bursar")
    choose(desk, eva + HOUR)
    assert since_button(desk).text() != "True since now"
    save(desk)
    assert desk.window.session is not None
    index, log = desk.page.view.index, desk.window.session.log
    last = log.stream(EVA)[-1]
    assert last.occurred_at == (eva + HOUR) // 1_000_000 * 1_000_000
    assert last.recorded_at > last.occurred_at
    assert index.now == steps + 1
    place = index.steps.moment_at(last.occurred_at)
    assert place < index.now
    before, after = (desk.window.session.reads.user_row(EVA, moment) for moment in (place - 1, place))
    assert before is not None
    assert after is not None
    assert (before.user.title, after.user.title) == ("Clerk", "Bursar")
    assert since_button(desk).text() == "True since now", "the next save is true now again"
    assert "What was changed later stands" in desk.page.panel.form._foot.note.sentence()
    assert desk.page.panel.form.draft() is None


def test_nothing_is_saved_from_before_somebody_was_there(desk: Desk, eva: int) -> None:
    assert desk.window.session is not None
    head = desk.window.session.log.head()
    type_title(desk, "Bursar")
    choose(desk, eva - HOUR)
    save(desk)
    assert desk.window.session.log.head() == head
    assert desk.page.panel.form._foot.note.sentence().startswith("There was no such user yet")
    assert desk.page.panel.form.draft() is not None, "what was typed stays"


def test_now_is_now_again(desk: Desk, eva: int) -> None:
    type_title(desk, "Bursar")
    choose(desk, eva + HOUR)
    dialog = asked(desk)
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "Now").click()
    assert desk.page.panel.form.since is None
    save(desk)
    assert desk.window.session is not None
    last = desk.window.session.log.stream(EVA)[-1]
    assert last.occurred_at == last.recorded_at


def test_no_moment_to_come_can_be_chosen(desk: Desk) -> None:
    type_title(desk, "Bursar")
    choose(desk, microseconds_now() + 1000 * HOUR)
    assert desk.page.panel.form.since is None


def test_a_moment_that_lies_ahead_all_the_same_is_refused_beside_the_form(desk: Desk) -> None:
    """For example because the clock was set back after the time was chosen."""
    assert desk.window.session is not None
    head = desk.window.session.log.head()
    type_title(desk, "Bursar")
    desk.page.panel.form.set_since(microseconds_now() + HOUR)
    save(desk)
    assert desk.window.session.log.head() == head
    assert "lies in the future" in desk.page.panel.form._foot.note.sentence()
    assert desk.page.panel.form.draft() is not None, "what was typed stays"


def test_another_user_s_form_starts_from_now(desk: Desk, eva: int) -> None:
    type_title(desk, "Bursar")
    choose(desk, eva + HOUR)
    desk.page.selection.select(ADA)
    desk.settle()
    assert desk.page.panel.form.since is None


def test_a_user_can_be_created_as_there_for_some_time(desk: Desk, eva: int) -> None:
    desk.page.start_new_user()
    desk.settle()
    type_into(desk, "first_name", "Fay")
    choose(desk, eva + HOUR)
    save(desk)
    index = desk.page.view.index
    assert int(index.steps.created[index.steps.moment_at(eva + HOUR) - 1]) == 1
