"""Copying from the table: selected rows, emails, one cell; now, in the past and while comparing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu

from tests.desktop.window.test_main_window import ADA, BEN, CHI, RECORDS, Desk, desk, directory, somebody_else
from whowas.desktop.kit.toast import Toast
from whowas.desktop.users.copy_rows import CopiedEmails, emails_copied
from whowas.domain.commands import JoinGroup, SetPassword, SuspendUser, UpdateUser
from whowas.system.passwords import hashed

__all__ = ["desk", "directory"]

CTRL = Qt.KeyboardModifier.ControlModifier


def copy(desk: Desk) -> str:
    desk.page.table.setFocus()
    QTest.keyClick(desk.page.table, Qt.Key.Key_C, CTRL)
    desk.runner.drain()
    return QGuiApplication.clipboard().text()


def told(desk: Desk) -> str:
    """Return what the toast says, "" without one."""
    shown = [toast.accessibleName() for toast in desk.page.findChildren(Toast) if toast.isVisible()]
    return shown[0] if shown else ""


def change(desk: Desk, *commands: object) -> None:
    assert desk.window.session is not None
    somebody_else(desk.window.session.path, *commands)  # type: ignore[arg-type]
    desk.settle()
    desk.window.session.file.follow(lambda: None)
    desk.runner.drain()


def show_only(desk: Desk, *keys: str) -> None:
    for column in desk.page.table.columns.all():
        desk.page.table.columns.show(column.key, shown=column.key in keys)


def test_the_selected_rows_are_copied_with_the_columns_shown_in_their_order(desk: Desk) -> None:
    show_only(desk, "email", "groups", "status")
    desk.page.table.columns.move("status", -3)
    desk.select("Chi", "Ada")
    assert copy(desk) == (
        "Status\tName\tEmail\tGroups\nActive\tAda\tada@example.org\tRecords\nActive\tChi\tchi@example.org\t\n"
    )
    html = QGuiApplication.clipboard().mimeData().html()
    assert "<tr><td>Active</td><td>Ada</td><td>ada@example.org</td><td>Records</td></tr>" in html
    assert told(desk) == "Copied 2 rows"


def test_a_text_is_copied_whole_and_stays_text(desk: Desk) -> None:
    notes = 'first\tline\n"second" <b>bold</b>' + " and so on" * 200
    change(desk, UpdateUser(ADA, {"notes": notes, "title": "=HYPERLINK(1)"}))
    show_only(desk, "title", "notes")
    desk.select("Ada")
    quoted = notes.replace('"', '""')
    assert copy(desk) == f'Name\tTitle\tNotes\nAda\t\'=HYPERLINK(1)\t"{quoted}"\n'
    html = QGuiApplication.clipboard().mimeData().html()
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "=HYPERLINK(1)</td>" in html


def test_no_password_is_ever_copied(desk: Desk) -> None:
    secret = hashed("correct horse")
    change(desk, SetPassword(ADA, secret))
    for column in desk.page.table.columns.all():
        desk.page.table.columns.show(column.key)
    desk.page.view.compare_with(1)
    desk.page.table.selectAll()
    assert "Ada" in copy(desk)
    data = QGuiApplication.clipboard().mimeData()
    for form in data.formats():
        assert secret.encode() not in bytes(data.data(form).data())
        assert b"argon2" not in bytes(data.data(form).data())


def test_the_past_is_copied_as_it_was(desk: Desk) -> None:
    change(desk, UpdateUser(ADA, {"title": "Clerk"}))
    desk.page.view.show_moment(2)
    show_only(desk, "title", "groups")
    desk.page.table.selectAll()
    assert copy(desk) == "Name\tTitle\tGroups\nAda\t\t\n"


def test_a_comparison_is_copied_as_it_is_shown(desk: Desk) -> None:
    change(desk, UpdateUser(ADA, {"title": "Clerk", "phone": "1"}), SuspendUser(CHI))
    desk.page.view.compare_with(3)
    show_only(desk, "title", "groups")
    desk.page.table.selectAll()
    assert copy(desk) == ("Name\tTitle\tGroups\nAda\tempty → Clerk\tempty → Records\nBen\t\t\nChi (added since)\t\t\n")


def test_a_change_in_a_hidden_column_is_said_beside_the_name(desk: Desk) -> None:
    change(desk, UpdateUser(BEN, {"phone": "1"}))
    desk.page.view.compare_with(5)
    show_only(desk, "title")
    desk.select("Ben")
    assert copy(desk) == "Name\tTitle\nBen (Phone changed)\t\n"


def test_what_was_selected_is_copied_though_something_else_is_shown_by_then(desk: Desk) -> None:
    desk.select("Ben")
    show_only(desk, "email")
    desk.window.actions_.copy_rows.trigger()
    desk.page.view.show_moment(2)
    desk.runner.drain()
    assert QGuiApplication.clipboard().text() == "Name\tEmail\nBen\tben@example.org\n"


def test_a_copy_that_is_cancelled_leaves_the_clipboard_as_it_was(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("before")
    desk.select("Ada")
    desk.window.actions_.copy_rows.trigger()
    assert desk.runner.jobs[-1].cancel()
    desk.runner.drain()
    assert QGuiApplication.clipboard().text() == "before"
    assert told(desk) == ""


def test_nothing_selected_is_not_copied(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("before")
    desk.page.table.clearSelection()
    desk.page.table.setCurrentIndex(desk.page.model.index(0, 0))
    desk.page.table.clearSelection()
    assert not desk.window.actions_.copy_rows.isEnabled()
    assert copy(desk) == "before"


def test_a_field_copies_its_own_text_also_from_the_menu(desk: Desk) -> None:
    desk.select("Ada")
    desk.page.view.search("A")
    field = desk.window.toolbar.search
    assert isinstance(field, QLineEdit)
    field.setText("osei")
    desk.select("Ada")
    field.setFocus()
    field.selectAll()
    desk.window.actions_.copy_rows.trigger()
    desk.runner.drain()
    assert QGuiApplication.clipboard().text() == "osei"


def test_emails_are_copied_each_once_and_those_without_are_counted(desk: Desk) -> None:
    change(desk, UpdateUser(BEN, {"email": None}))
    desk.page.table.selectAll()
    desk.trigger("copy_emails")
    assert QGuiApplication.clipboard().text() == "ada@example.org, chi@example.org"
    assert told(desk) == "Copied 2 emails; 1 user without one"


def test_where_nobody_has_an_email_nothing_is_copied(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("before")
    change(desk, UpdateUser(BEN, {"email": None}))
    desk.select("Ben")
    desk.trigger("copy_emails")
    assert QGuiApplication.clipboard().text() == "before"
    assert told(desk) == "None of the selected users has an email; nothing was copied"


@pytest.mark.parametrize(
    ("emails", "without", "sentence"),
    [
        (1, 0, "Copied 1 email"),
        (1200, 2, "Copied 1,200 emails; 2 users without one"),
        (0, 1, "None of the selected users has an email; nothing was copied"),
    ],
)
def test_how_many_were_copied_is_said(emails: int, without: int, sentence: str) -> None:
    assert emails_copied(CopiedEmails([f"{number}@example.org" for number in range(emails)], without)) == sentence


def test_one_cell_is_copied_from_its_menu(desk: Desk) -> None:
    model = desk.page.model
    (column,) = [number for number, column in enumerate(model.columns) if column.key == "email"]
    desk.select("Ada")
    desk.page.table.contextRequested.emit(model.index(0, column), QPoint(0, 0))
    (menu,) = [menu for menu in desk.window.findChildren(QMenu) if menu.isVisible()]
    texts = {action.text(): action for action in menu.actions()}
    assert {"Copy", "Copy emails", "Copy “ada@example.org”"} <= texts.keys()
    texts["Copy “ada@example.org”"].trigger()
    assert QGuiApplication.clipboard().text() == "ada@example.org"
    menu.close()


def test_a_group_joined_since_is_told(desk: Desk) -> None:
    change(desk, JoinGroup(BEN, RECORDS))
    show_only(desk, "groups")
    desk.select("Ben")
    assert copy(desk) == "Name\tGroups\nBen\tRecords\n"
