"""The dialogs: what they answer, and when they refuse to."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
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
    QScrollArea,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot
from whowas.desktop.exchange.import_preview import ImportPreviewDialog, Previewed

from whowas.desktop.details.conflict_dialog import ConflictDialog, Contested
from whowas.desktop.kit import theme
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.desktop.time_travel.go_to_date_dialog import GoToDateDialog
from whowas.desktop.users.password_dialog import SetPasswordDialog
from whowas.interchange.importing.outcome import RowOutcome

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


def test_an_import_without_refusals_is_agreed_to(qtbot: QtBot) -> None:
    previewed = Previewed("8,696 changes · 1,138 people", ("This is a change log.",), (), 0)
    dialog = opened(qtbot, ImportPreviewDialog("history.jsonl", previewed))
    assert "8,696 changes · 1,138 people" in sentences(dialog)
    assert "This is a change log." in sentences(dialog)
    description = QAccessible.queryAccessibleInterface(dialog).text(QAccessible.Text.Description)
    assert description == "8,696 changes · 1,138 people"
    assert not dialog.findChildren(QTableView)
    assert list(buttons(dialog)) == ["Cancel", "Import"]
    buttons(dialog)["Import"].click()
    assert dialog.result() == ACCEPTED


def test_refused_lines_are_listed_and_may_be_left_out(qtbot: QtBot) -> None:
    refused = (
        RowOutcome("people.csv", 1204, "refused", column=1, field="email", reason="“<b>x” is not an email address."),
        RowOutcome("people.csv", 7, "refused", column=1, reason="Not JSON."),
    )
    dialog = opened(qtbot, ImportPreviewDialog("people.csv", Previewed("3 people", (), refused, 2)))
    (table,) = dialog.findChildren(QTableView)
    model = table.model()
    assert name_of(table) == "Refused lines"
    rows = [[model.index(row, column).data() for column in range(3)] for row in range(model.rowCount())]
    assert rows == [["1,204", "Email", "“<b>x” is not an email address."], ["7", "", "Not JSON."]]
    headings = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(3)]
    assert headings == ["Line", "Field", "Reason"]
    assert "2 lines cannot be imported:" in sentences(dialog)
    assert {"Cancel", "Import the rest"} <= buttons(dialog).keys()
    assert "Import" not in buttons(dialog)
    buttons(dialog)["Cancel"].click()
    assert dialog.result() == REJECTED


def test_the_whole_reason_of_a_refused_line_can_be_read(qtbot: QtBot) -> None:
    first, second = f"{'This is not so. ' * 12}Say what it means.", "Not JSON."
    refused = tuple(RowOutcome("a.csv", line, "refused", reason=reason) for line, reason in ((1, first), (2, second)))
    dialog = opened(qtbot, ImportPreviewDialog("a.csv", Previewed("Nobody", (), refused, 2)))
    (table,) = dialog.findChildren(QTableView)
    assert first in sentences(dialog)
    assert first in table.model().index(0, 2).data(Qt.ItemDataRole.ToolTipRole)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert second in sentences(dialog)
    assert first not in sentences(dialog)


def test_a_line_taken_without_a_field_is_not_said_to_be_left_out(qtbot: QtBot) -> None:
    row = RowOutcome("a.csv", 2, "created", field="phone", reason="Too long.", taken_without_field=True)
    dialog = opened(qtbot, ImportPreviewDialog("a.csv", Previewed("1 created", (), (row,), 1)))
    assert "1 line cannot be imported as it is:" in sentences(dialog)
    assert "Too long. Taken without this field." in sentences(dialog)


def test_where_nothing_but_refused_lines_is_in_a_file_nothing_can_be_imported(qtbot: QtBot) -> None:
    refused = (RowOutcome("a.csv", 2, "refused", reason="Taken."),)
    dialog = opened(qtbot, ImportPreviewDialog("a.csv", Previewed("Nobody", (), refused, 1, nobody=True)))
    assert buttons(dialog).keys() == {"Close"}
    buttons(dialog)["Close"].click()
    assert dialog.result() == REJECTED


@pytest.mark.parametrize("where", ["told", "refused"])
def test_whoever_is_told_of_an_option_is_told_where_it_can_be_said(where: str, qtbot: QtBot) -> None:
    advice = "Say what it means, as --status Away=suspended."
    told, reason = (advice, "No.") if where == "told" else ("Fine.", advice)
    refused = (RowOutcome("a.csv", 2, "refused", reason=reason),)
    with_it = opened(qtbot, ImportPreviewDialog("a.csv", Previewed("1 created", (told,), refused, 1)))
    assert any("on the command line" in sentence for sentence in sentences(with_it))
    without = opened(qtbot, ImportPreviewDialog("a.csv", Previewed("1 created", ("Fine.",), (), 0)))
    assert not any("on the command line" in sentence for sentence in sentences(without))


@pytest.mark.parametrize("refused_lines", [0, 1])
@pytest.mark.parametrize("long", [1, 16])
def test_sentences_stand_together_and_whole_however_long_they_are(long: int, refused_lines: int, qtbot: QtBot) -> None:
    told = ("a sentence of several lines " * 12, "A short one.", *("one of two lines " * 8 for _ in range(long)))
    refused = (RowOutcome("a.csv", 2, "refused", reason="Taken."),) * refused_lines
    previewed = Previewed("1 created", told, refused, refused_lines)
    dialog = opened(qtbot, ImportPreviewDialog("a.csv", previewed))
    assert dialog.height() <= 640
    dialog.resize(dialog.width(), dialog.height() + 200)
    QApplication.processEvents()
    labels = [label for label in dialog.findChildren(QLabel) if label.text() in told]
    assert {below.y() - above.geometry().bottom() - 1 for above, below in pairwise(labels)} == {dialog.body.spacing()}
    assert all(label.height() == label.heightForWidth(label.width()) for label in labels)
    (area,) = dialog.findChildren(QScrollArea)
    assert name_of(area) == "What was recognised"
    can_be_scrolled = area.verticalScrollBar().maximum() > 0
    assert can_be_scrolled == (long > 1)
    assert (area.focusPolicy() == Qt.FocusPolicy.NoFocus) == (not can_be_scrolled)


def test_a_hundred_thousand_refused_lines_are_shown_at_once(qtbot: QtBot) -> None:
    refused = tuple(RowOutcome("people.csv", line, "refused", reason="Taken.") for line in range(1, 100_001))
    dialog = opened(qtbot, ImportPreviewDialog("people.csv", Previewed("Nobody", (), refused, 200_000)))
    assert "200,000 lines cannot be imported; these are the first 100,000:" in sentences(dialog)
    (table,) = dialog.findChildren(QTableView)
    assert table.model().rowCount() == 100_000
    assert table.rowHeight(99_999) == table.rowHeight(0)


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
