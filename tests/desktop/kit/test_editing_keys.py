"""Every shortcut of the window and every editing key, pressed in every text field."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.every_dialog import every_dialog, kinds_of_dialogs
from tests.desktop.putting_back.test_commands import do
from tests.desktop.window.test_main_window import ADA, BEN, Desk, desk, directory
from whowas.desktop.kit.editing_keys import editor_of
from whowas.domain.commands import UpdateUser

__all__ = ["desk", "directory"]

KEYS = QKeySequence.StandardKey
READING = {one for one in KEYS if one.name.startswith(("MoveTo", "Select"))} | {KEYS.Copy, KEYS.Deselect}
WRITING = {one for one in KEYS if one.name.startswith(("Delete", "Insert"))} | {KEYS.Cut, KEYS.Paste, KEYS.Backspace}
TYPED = ["U", "Shift+U", "+", "-", "0", "Space", "Shift+Space", "Ctrl+Space", "a", "1", "?"]
WORDS = "one two three"


def bound(keys: set[QKeySequence.StandardKey]) -> set[str]:
    """Some standard keys of every platform."""
    return {one.toString() for key in keys for one in QKeySequence.keyBindings(key)}


class Shortcuts(QObject):
    """Records whose shortcut was pressed, and does nothing else."""

    def __init__(self, actions: list[QAction]) -> None:
        super().__init__()
        self.pressed: list[QAction] = []
        for action in actions:
            action.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Shortcut and isinstance(watched, QAction):
            self.pressed.append(watched)
            return True
        return False


def press(widget: QWidget, keys: str) -> None:
    pressed: QKeyCombination = QKeySequence(keys)[0]
    QTest.keyClick(widget, pressed.key(), pressed.keyboardModifiers())


def fields(within: QWidget) -> list[QWidget]:
    """The widgets in which text is edited or read, if they can have the focus."""
    found = (one for one in within.findChildren(QWidget) if editor_of(one) is not None)
    return [
        one
        for one in found
        if one.isVisible() and one.focusProxy() is None and one.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]


def name(widget: QWidget) -> str:
    return widget.accessibleName() or type(widget).__name__


def can_take_back(editor: QWidget) -> tuple[bool, bool]:
    if isinstance(editor, QLineEdit):
        return editor.isUndoAvailable(), editor.isRedoAvailable()
    assert isinstance(editor, QPlainTextEdit)
    return editor.document().isUndoAvailable(), editor.document().isRedoAvailable()


def refill(field: QWidget, *, undoable: bool, redoable: bool) -> None:
    """Put words into a field, as if they had just been typed, or had always been there."""
    editor = editor_of(field)
    blocked = editor.blockSignals(True)
    if isinstance(editor, QLineEdit):
        editor.setText(WORDS)
        for _ in range(undoable + redoable):
            editor.end(False)
            editor.insert("!")
            editor.deselect()
            editor.setCursorPosition(0)
        if redoable:
            editor.undo()
    else:
        assert isinstance(editor, QPlainTextEdit)
        editor.setPlainText(WORDS)
        for _ in range(undoable + redoable):
            cursor = editor.textCursor()
            cursor.beginEditBlock()
            cursor.insertText("!")
            cursor.endEditBlock()
            cursor.setPosition(0)
        if redoable:
            editor.undo()
    editor.blockSignals(blocked)
    secret = isinstance(editor, QLineEdit) and editor.echoMode() != QLineEdit.EchoMode.Normal
    assert secret or can_take_back(editor) == (undoable, redoable)


@pytest.fixture
def shown(desk: Desk, qtbot: QtBot) -> Desk:
    """The active window with a user in the form."""
    desk.select("Ada")
    desk.window.resize(1300, 900)
    desk.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is desk.window)
    desk.settle()
    return desk


def expected(desk: Desk, field: QWidget, keys: str, *, undoable: bool, redoable: bool) -> list[QAction]:
    """The rule: editing keys belong to the field, and actions on users, as pasting rows, to the table."""
    actions = desk.window.actions_
    editor = editor_of(field)
    assert editor is not None
    writable = not editor.isReadOnly()
    sequence = QKeySequence(keys)
    own = keys in bound(READING) or (writable and (keys in bound(WRITING) or keys in TYPED))
    if sequence in actions.undo.shortcuts():
        own = writable and undoable
    if sequence in actions.redo.shortcuts():
        own = writable and redoable
    of_table = (*actions.of_user(), actions.paste)
    of_window = [one for one in actions.all() if one not in of_table and sequence in one.shortcuts()]
    return [] if own else of_window


def try_all(desk: Desk, within: QWidget, *, undoable: bool, redoable: bool) -> set[str]:
    """Press every key in every field; return the names of the fields."""
    actions = list(desk.window.actions_.all())
    shortcuts = {keys.toString() for action in actions for keys in action.shortcuts()}
    keys = sorted(shortcuts | bound(READING) | bound(WRITING) | set(TYPED))
    assert len(shortcuts) > 15
    spy = Shortcuts(actions)
    wrong: list[str] = []
    names = {name(field) for field in fields(within)}
    for field in fields(within):
        editor = editor_of(field)
        assert editor is not None
        for pressed in keys:
            for action in actions:
                action.setEnabled(True)
            if not editor.isReadOnly() and isinstance(field, QLineEdit | QPlainTextEdit):
                refill(field, undoable=undoable, redoable=redoable)
            field.setFocus()
            assert QApplication.focusWidget() is field
            can = can_take_back(editor)
            spy.pressed.clear()
            press(field, pressed)
            within.show()  # Enter may have ended it
            wanted = expected(desk, field, pressed, undoable=can[0], redoable=can[1])
            if spy.pressed != wanted:
                got = [action.text() for action in spy.pressed]
                wrong.append(f"{pressed} in {name(field)}: {got}, not {[action.text() for action in wanted]}")
    assert wrong == []
    return names


HISTORIES = [(False, False), (True, False), (False, True)]


@pytest.mark.qt_log_ignore("keyToAscii", extend=True)
@pytest.mark.parametrize(("undoable", "redoable"), HISTORIES)
def test_in_every_field_of_the_window_each_key_is_the_fields_or_the_windows(
    shown: Desk, undoable: bool, redoable: bool
) -> None:
    form = try_all(shown, shown.window, undoable=undoable, redoable=redoable)
    assert {"First name", "Email", "Notes", "Add group", "Search"} <= form
    shown.page.show_changes()
    shown.settle()
    assert len(try_all(shown, shown.page.panel, undoable=undoable, redoable=redoable)) == 1


@pytest.mark.qt_log_ignore("keyToAscii", extend=True)
def test_a_field_that_can_only_be_read_has_no_editing_keys(shown: Desk) -> None:
    shown.page.view.show_moment(3)
    shown.settle()
    assert len(try_all(shown, shown.page.panel, undoable=False, redoable=False)) > 5


@pytest.mark.qt_log_ignore("keyToAscii", extend=True)
@pytest.mark.parametrize(("undoable", "redoable"), HISTORIES)
def test_likewise_in_the_fields_of_dialogs_even_where_they_do_not_keep_the_window_waiting(
    shown: Desk, tmp_path: Path, undoable: bool, redoable: bool
) -> None:
    makers = every_dialog("words", tmp_path)
    assert set(makers) == kinds_of_dialogs()
    found: set[str] = set()
    for make in makers.values():
        dialog = make()
        # A part of the window, so that only the field itself stands between its keys and the window.
        dialog.setParent(shown.window)
        dialog.setWindowFlags(Qt.WindowType.Widget)
        dialog.show()
        found |= try_all(shown, dialog, undoable=undoable, redoable=redoable)
        dialog.setParent(None)
        dialog.deleteLater()
    assert len(found) >= 5


def table_of(desk: Desk) -> QWidget:
    desk.page.table.setFocus()
    return desk.page.table


def test_from_the_table_every_shortcut_is_reached_but_the_one_that_selects_a_row_there(shown: Desk) -> None:
    actions = [action for action in shown.window.actions_.all() if action.shortcuts() and action.text() != "Play"]
    spy = Shortcuts(actions)
    for action in actions:
        for keys in action.shortcuts():
            action.setEnabled(True)
            spy.pressed.clear()
            press(table_of(shown), keys.toString())
            assert spy.pressed == [action], keys.toString()


def test_acts_on_users_are_reached_from_nowhere_else(shown: Desk) -> None:
    acts = [action for action in shown.window.actions_.of_user() if action.shortcuts()]
    assert {action.text() for action in acts} == {"Add to group…", "Delete", "Find and replace…", "Set password…"}
    shown.page.table.clearSelection()  # what they would do now is nothing
    triggered: list[str] = []
    for action in acts:
        action.triggered.connect(partial(triggered.append, action.text()))
    others = [
        one
        for one in shown.window.findChildren(QWidget)
        if one.isVisible() and one.isEnabled() and one.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert len(others) > 20
    for widget in [one for one in others if one is not shown.page.table] + [shown.window, shown.window.menuBar()]:
        widget.setFocus()
        for action in acts:
            action.setEnabled(True)
            for keys in action.shortcuts():
                press(widget, keys.toString())
            assert not triggered, name(widget)
    for action in acts:
        action.setEnabled(True)
        press(table_of(shown), action.shortcut().toString())
    assert triggered == [action.text() for action in acts]


def field_called(desk: Desk, called: str) -> QWidget:
    (found,) = (one for one in fields(desk.window) if name(one) == called)
    found.setFocus()
    return found


@pytest.mark.parametrize("called", ["First name", "Notes", "Search"])
def test_deleting_a_word_deletes_nobody_and_is_taken_back_in_the_field(shown: Desk, called: str) -> None:
    field = field_called(shown, called)
    editor = editor_of(field)
    assert editor is not None
    for end in ("End", "Ctrl+End"):
        press(field, end)
    for letter in "ab cd":
        press(field, "Space" if letter == " " else letter)
    typed = text_of(editor)
    for _ in range(2):
        press(field, "Ctrl+Left")
    press(field, "Ctrl+Del")
    assert text_of(editor) != typed
    assert text_of(editor).endswith("cd")
    press(field, "Ctrl+Z")
    assert text_of(editor) == typed
    for again in ("Ctrl+Y", "Ctrl+Shift+Z"):
        press(field, again)
        assert text_of(editor) != typed, again
        press(field, "Ctrl+Z")
    press(field, "Ctrl+Space")
    assert text_of(editor) == typed
    assert not shown.page.timeline.playback.playing
    shown.window.toolbar.search.clear()
    shown.settle()
    assert shown.names() == ["Ada", "Ben", "Chi"]


def text_of(editor: QWidget) -> str:
    assert isinstance(editor, QLineEdit | QPlainTextEdit)
    return editor.text() if isinstance(editor, QLineEdit) else editor.toPlainText()


def test_a_user_deleted_in_the_table_is_brought_back_from_a_field_with_nothing_to_undo(shown: Desk) -> None:
    shown.select("Ben")
    press(table_of(shown), "Ctrl+Del")
    shown.settle()
    assert shown.names() == ["Ada", "Chi"]
    shown.select("Ada")
    press(field_called(shown, "Title"), "Ctrl+Z")
    shown.settle()
    assert shown.names() == ["Ada", "Ben", "Chi"]
    press(field_called(shown, "Notes"), "Ctrl+Shift+Z")
    shown.settle()
    assert shown.names() == ["Ada", "Chi"]


def test_what_is_typed_is_taken_back_before_what_was_saved(shown: Desk) -> None:
    do(shown, UpdateUser(ADA, {"title": "Clerk"}))
    field = field_called(shown, "Title")
    press(field, "End")
    press(field, "s")
    press(field, "Ctrl+Z")
    shown.settle()
    assert shown.shown(ADA).title == "Clerk"
    press(field, "Ctrl+Z")
    shown.settle()
    assert shown.shown(ADA).title is None
    assert shown.shown(BEN).status == "active"


@pytest.mark.parametrize("called", ["Title", "Notes"])
def test_what_was_saved_is_taken_back_in_the_directory(shown: Desk, called: str) -> None:
    field = field_called(shown, called)
    press(field, "a")
    press(field, "Ctrl+S")
    shown.settle()
    assert getattr(shown.shown(ADA), called.lower()) == "a"
    assert QApplication.focusWidget() is field
    press(field, "Ctrl+Z")
    shown.settle()
    assert getattr(shown.shown(ADA), called.lower()) is None
    press(field, "Ctrl+Shift+Z")
    shown.settle()
    assert getattr(shown.shown(ADA), called.lower()) == "a"


@pytest.mark.parametrize("called", ["Title", "Notes"])
def test_what_was_typed_about_one_user_is_not_taken_back_in_anothers_form(shown: Desk, called: str) -> None:
    do(shown, UpdateUser(BEN, {called.lower(): "a"}))
    press(field_called(shown, called), "a")  # both forms hold the same now
    shown.select("Ben")
    shown.settle()
    field = field_called(shown, called)
    editor = editor_of(field)
    assert editor is not None
    assert can_take_back(editor) == (False, False)
    assert text_of(editor) == "a"
