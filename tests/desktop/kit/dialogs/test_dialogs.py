"""The dialogs: what they answer, and when they refuse to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from PySide6.QtCore import QDate, QDateTime, Qt, QTime
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDateTimeEdit,
    QDialog,
    QLabel,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from whowas.desktop.details.conflict_dialog import ConflictDialog, Contested
from whowas.desktop.kit import theme
from whowas.desktop.kit.dialogs.change_preview import Line, look_line
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.desktop.time_travel.go_to_date_dialog import GoToDateDialog
from whowas.desktop.users.password_dialog import SetPasswordDialog
from whowas.domain.commands import ColourGroup, OrderGroups
from whowas.domain.directory import Directory
from whowas.domain.groups import GroupLooks

Dialog = TypeVar("Dialog", bound=DialogFrame)
ACCEPTED, REJECTED = QDialog.DialogCode.Accepted, QDialog.DialogCode.Rejected


def opened(qtbot: QtBot, dialog: Dialog) -> Dialog:
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def name_of(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def buttons(dialog: QDialog) -> dict[str, QAbstractButton]:
    return {name_of(one): one for one in dialog.findChildren(QAbstractButton) if one.isVisibleTo(dialog)}


def line(dialog: QDialog, name: str) -> QLineEdit:
    (found,) = (one for one in dialog.findChildren(QLineEdit) if name_of(one) == name)
    return found


def sentences(dialog: QDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog)]


def passwords(qtbot: QtBot, dialog: SetPasswordDialog, first: str, again: str) -> None:
    line(dialog, "New password").setText(first)
    line(dialog, "Repeat password").setText(again)
    buttons(dialog)["Set password"].click()


def test_a_password_typed_twice_is_taken(qtbot: QtBot) -> None:
    dialog = opened(qtbot, SetPasswordDialog("Ada Osei", False))
    assert "Clear password" not in buttons(dialog)
    assert dialog.focusWidget() is line(dialog, "New password")
    passwords(qtbot, dialog, " correct horse ", " correct horse ")
    assert dialog.result() == ACCEPTED
    assert dialog.password() == " correct horse "
    assert line(dialog, "New password").text() == ""


@pytest.mark.parametrize(
    ("first", "again", "name", "sentence"),
    [
        ("short", "short", "New password", "A password needs at least 8 characters."),
        ("long enough", "long enougg", "Repeat password", "The two passwords differ."),
    ],
)
def test_a_password_that_will_not_do_is_explained_in_place(
    qtbot: QtBot, first: str, again: str, name: str, sentence: str
) -> None:
    dialog = opened(qtbot, SetPasswordDialog("Ada Osei", True))
    passwords(qtbot, dialog, first, again)
    assert dialog.isVisible()
    assert sentence in sentences(dialog)
    described = QAccessible.queryAccessibleInterface(line(dialog, name)).text(QAccessible.Text.Description)
    assert described == sentence
    assert dialog.focusWidget() is line(dialog, name)
    qtbot.keyClicks(line(dialog, name), "x")
    assert sentence not in sentences(dialog)


def test_a_password_is_hidden_until_it_is_to_be_seen(qtbot: QtBot) -> None:
    dialog = opened(qtbot, SetPasswordDialog("Ada Osei", False))
    fields = [line(dialog, "New password"), line(dialog, "Repeat password")]
    assert [field.echoMode() for field in fields] == [QLineEdit.EchoMode.Password] * 2
    buttons(dialog)["Show password"].click()
    assert [field.echoMode() for field in fields] == [QLineEdit.EchoMode.Normal] * 2
    buttons(dialog)["Show password"].click()
    assert [field.echoMode() for field in fields] == [QLineEdit.EchoMode.Password] * 2


def test_a_password_can_be_cleared_and_the_dialog_left(qtbot: QtBot) -> None:
    dialog = opened(qtbot, SetPasswordDialog("Ada Osei", True))
    buttons(dialog)["Clear password"].click()
    assert (dialog.result(), dialog.password()) == (ACCEPTED, None)
    other = opened(qtbot, SetPasswordDialog("Ada Osei", True))
    qtbot.keyClick(other, Qt.Key.Key_Escape)
    assert other.result() == REJECTED
    assert other.isHidden()


def test_enter_sets_the_password(qtbot: QtBot) -> None:
    dialog = opened(qtbot, SetPasswordDialog("Ada Osei", True))
    line(dialog, "New password").setText("long enough")
    line(dialog, "Repeat password").setText("long enough")
    qtbot.keyClick(line(dialog, "Repeat password"), Qt.Key.Key_Return)
    assert (dialog.result(), dialog.password()) == (ACCEPTED, "long enough")


def microseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond


FIRST, LAST = datetime(2012, 9, 27, 8, 30, 15, 250_000), datetime(2026, 6, 11, 23, 59, 59)  # noqa: DTZ001


def go_to_date(qtbot: QtBot) -> tuple[GoToDateDialog, QDateTimeEdit]:
    shown = datetime(2020, 3, 3, 14, 5, 12, 700_000)  # noqa: DTZ001 (the dialog is in the local zone)
    dialog = opened(qtbot, GoToDateDialog(microseconds(FIRST), microseconds(LAST), microseconds(shown)))
    (edit,) = dialog.findChildren(QDateTimeEdit)
    return dialog, edit


def test_a_date_begins_at_the_moment_shown_and_ends_its_second(qtbot: QtBot) -> None:
    dialog, edit = go_to_date(qtbot)
    assert name_of(edit) == "Date and time"
    assert edit.text() == "3 Mar 2020 14:05:12"
    end = datetime(2020, 3, 3, 14, 5, 12, 999_999)  # noqa: DTZ001
    assert dialog.moment() == microseconds(end)
    edit.setDateTime(QDateTime(QDate(2019, 1, 2), QTime(3, 4, 5)))
    buttons(dialog)["Go"].click()
    assert dialog.result() == ACCEPTED
    assert dialog.moment() == microseconds(datetime(2019, 1, 2, 3, 4, 5, 999_999))  # noqa: DTZ001


def test_a_date_stays_within_the_history(qtbot: QtBot) -> None:
    dialog, edit = go_to_date(qtbot)
    edit.setDateTime(QDateTime(QDate(1999, 1, 1), QTime(0, 0)))
    assert dialog.moment() == microseconds(FIRST.replace(microsecond=999_999))
    edit.setDateTime(QDateTime(QDate(2050, 1, 1), QTime(0, 0)))
    assert dialog.moment() == microseconds(LAST + timedelta(microseconds=999_999))


def test_progress_is_a_share_or_a_busy_bar(qtbot: QtBot) -> None:
    dialog = opened(qtbot, ProgressDialog("Importing history.jsonl"))
    (bar,) = dialog.findChildren(QProgressBar)
    assert (bar.minimum(), bar.maximum()) == (0, 0)
    dialog.set_progress(5_000_000_000, 10_000_000_000, "Halfway")
    assert bar.value() / bar.maximum() == 0.5
    assert "Halfway" in sentences(dialog)
    dialog.set_progress(12, 10)
    assert bar.value() == bar.maximum()
    dialog.finish()
    assert dialog.isHidden()


def test_stopping_is_asked_for_once_and_waits_for_the_end(qtbot: QtBot) -> None:
    dialog = opened(qtbot, ProgressDialog("Importing history.jsonl"))
    asked: list[None] = []
    dialog.cancelled.connect(lambda: asked.append(None))
    dialog.cancelled.connect(dialog.show_stopping)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    dialog.close()
    assert len(asked) == 1
    assert dialog.isVisible()
    assert not buttons(dialog)["Cancel"].isEnabled()
    dialog.set_progress(1, 2, "Still at it")
    assert "Stopping…" in sentences(dialog)
    dialog.finish()
    assert dialog.isHidden()


def test_contested_fields_are_chosen_one_by_one(qtbot: QtBot) -> None:
    contested = [
        Contested("email", "Email", "mine@example.org", "theirs@example.org"),
        Contested("title", "Title", "R&D <b>clerk</b>", ""),
    ]
    dialog = opened(qtbot, ConflictDialog(contested))
    assert dialog.choices() == {"email": "mine", "title": "mine"}
    radios = dialog.findChildren(QRadioButton)
    assert [name_of(one) for one in radios] == [
        "Email, yours: mine@example.org",
        "Email, theirs: theirs@example.org",
        "Title, yours: R&D <b>clerk</b>",
        "Title, theirs: (empty)",
    ]
    radios[3].click()
    assert dialog.choices() == {"email": "mine", "title": "theirs"}
    radios[2].click()
    radios[1].click()
    assert dialog.choices() == {"email": "theirs", "title": "mine"}
    buttons(dialog)["Save these"].click()
    assert dialog.result() == ACCEPTED


def test_the_month_has_no_colours_of_its_own(qtbot: QtBot, request: pytest.FixtureRequest) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    request.addfinalizer(lambda: theme.apply(application, "light"))
    theme.apply(application, "light")
    _, edit = go_to_date(qtbot)
    month = edit.calendarWidget()
    assert month.weekdayTextFormat(Qt.DayOfWeek.Sunday).foreground().color() == theme.LIGHT.text
    theme.apply(application, "dark")
    assert month.weekdayTextFormat(Qt.DayOfWeek.Sunday).foreground().color() == theme.DARK.text
    assert month.firstDayOfWeek() == Qt.DayOfWeek.Monday


def test_another_colour_and_another_order_of_groups_are_lines_too() -> None:
    now = Directory(2, (), {"a": "Day", "b": "Night"}, looks=GroupLooks({"a": "red"}))
    names = {"c": "Legal"}
    assert look_line(ColourGroup("a", None), now, names) == Line("Day", "Colour", "red", "none")
    assert look_line(ColourGroup("c", "blue"), now, names) == Line("Legal", "Colour", "none", "blue")
    ordered = Line("Directory", "Order of groups", "Day, Night", "Night, Day")
    assert look_line(OrderGroups(("b", "a")), now, names) == ordered
