"""A text that is too long for a field is not taken at all, and a sentence says so; the window never waits for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from tests.desktop.window.test_main_window import Desk, desk, directory
from whowas.desktop.details.groups_row import GroupsRow
from whowas.desktop.kit.field_row import LineRow
from whowas.desktop.kit.notes_row import NotesRow
from whowas.desktop.kit.search_field import SearchField
from whowas.desktop.kit.whole_pastes import WholePastes

__all__ = ["desk", "directory"]

CTRL = Qt.KeyboardModifier.ControlModifier
TEN_MB = 10_000_000


@pytest.fixture(autouse=True)
def emptied_clipboard(qapp: QApplication) -> Iterator[None]:
    yield
    qapp.clipboard().clear()


def paste(editor: QLineEdit | QPlainTextEdit, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(editor, Qt.Key.Key_V, CTRL)


def line_of(row: LineRow) -> QLineEdit:
    assert isinstance(row.editor, QLineEdit)
    return row.editor


def test_a_line_is_as_it_was(qtbot: QtBot) -> None:
    row = LineRow("title", "Title")
    qtbot.addWidget(row)
    line = line_of(row)
    row.set_text("Clerk")
    QTest.keyClicks(line, "s ")
    line.setSelection(0, 5)
    paste(line, "x" * TEN_MB)
    assert row.text() == "s Clerk"
    assert row.note.sentence() == "That is too long: at most 32,767 characters fit here. The field is as it was."
    assert row.note.is_error()
    QTest.keyClick(line, Qt.Key.Key_End)
    QTest.keyClicks(line, "!")
    assert row.text().endswith("!")
    assert row.note.sentence() == ""


@pytest.mark.parametrize("cursor", [0, 4, 7])
def test_what_was_typed_before_stays(qtbot: QtBot, cursor: int) -> None:
    line = QLineEdit()
    qtbot.addWidget(line)
    whole = WholePastes(line, 10)
    line.textChanged.connect(lambda _text: whole.too_much())
    QTest.keyClicks(line, "one two")
    line.setCursorPosition(cursor)
    line.insert("123456")  # as a screen reader or an input method does, which Qt takes for more typing
    assert (line.text(), line.cursorPosition()) == ("one two", cursor)
    QTest.keyClicks(line, "abcd")
    assert line.text() == "one two"[:cursor] + "abc" + "one two"[cursor:], "each key that fits"
    line.setSelection(0, 3)
    line.insert("x" * 9)
    assert (len(line.text()), line.cursorPosition()) == (10, 3)


def test_a_line_takes_what_fits_and_its_own_long_value(qtbot: QtBot) -> None:
    row = LineRow("title", "Title")
    qtbot.addWidget(row)
    paste(line_of(row), "x" * 32_767)
    assert len(row.text()) == 32_767
    assert row.note.sentence() == ""
    QTest.keyClicks(line_of(row), "y")
    assert row.text() == "x" * 32_767
    assert row.note.sentence()


def test_a_drop_is_as_a_paste(qtbot: QtBot) -> None:
    row = LineRow("title", "Title")
    qtbot.addWidget(row)
    row.set_text("Clerk")
    data = QMimeData()
    data.setText("x" * TEN_MB)
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    line_of(row).dropEvent(event)
    assert row.text() == "Clerk"
    assert row.note.is_error()


def test_notes_are_as_they_were(qtbot: QtBot) -> None:
    row = NotesRow("notes", "Notes")
    qtbot.addWidget(row)
    editor = row.editor
    assert isinstance(editor, QPlainTextEdit)
    row.set_text("one\ntwo")
    edits: list[None] = []
    row.edited.connect(lambda: edits.append(None))
    paste(editor, "line of text\n" * (TEN_MB // 13))
    assert row.text() == "one\ntwo"
    assert row.note.sentence() == "That is too long: at most 100,000 characters fit here. The field is as it was."
    assert not edits
    editor.selectAll()
    paste(editor, "x" * 100_000)
    assert len(row.text()) == 100_000


def test_a_list_of_groups_that_is_too_long_makes_no_chip(qtbot: QtBot) -> None:
    row = GroupsRow()
    qtbot.addWidget(row)
    row.set_groups(["Records"])
    paste(row.adding, "a,b," * (TEN_MB // 4))
    assert row.groups() == ("Records",)
    assert row.note.is_error()
    paste(row.adding, "Legal, Budget, ")
    assert row.groups() == ("Records", "Legal", "Budget")


def test_the_search_goes_on_for_what_it_was(qtbot: QtBot) -> None:
    field = SearchField()
    qtbot.addWidget(field)
    searched: list[str] = []
    field.searchChanged.connect(searched.append)
    QTest.keyClicks(field, "osei")
    with qtbot.waitSignal(field.refused) as refused:
        paste(field, "x" * TEN_MB)
    assert field.text() == "osei"
    assert refused.args == ["That is too long: at most 1,000 characters fit here. The field is as it was."]
    qtbot.waitUntil(lambda: searched == ["osei"])


def test_the_window_says_so_of_its_search(desk: Desk) -> None:
    paste(desk.window.toolbar.search, "x" * TEN_MB)
    assert desk.window.messages.message().startswith("That is too long")
    assert desk.page.model.rowCount() == 3


def test_ten_megabytes_in_one_line_are_no_list(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("x" * TEN_MB)
    desk.page.table.setFocus()
    QTest.keyClick(desk.page.table, Qt.Key.Key_V, CTRL)
    desk.runner.drain()
    assert desk.window.messages.message().startswith("What was copied is no list.")
    assert desk.names() == ["Ada", "Ben", "Chi"]
