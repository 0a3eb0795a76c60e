"""Deciding, while a text field has the focus, whether a key belongs to the field or is a shortcut of the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

_Key = QKeySequence.StandardKey
_Modifier = Qt.KeyboardModifier

_READING = [key for key in _Key if key.name.startswith(("MoveTo", "Select"))] + [_Key.Copy, _Key.Deselect]
_WRITING = [key for key in _Key if key.name.startswith(("Delete", "Insert"))] + [_Key.Cut, _Key.Paste, _Key.Backspace]

_NOT_TYPING = _Modifier.ControlModifier | _Modifier.AltModifier | _Modifier.MetaModifier
_ALT_GR = _Modifier.ControlModifier | _Modifier.AltModifier
"""How some systems report AltGr, the key that types the third character on another key."""

_Editor = QLineEdit | QPlainTextEdit | QTextEdit


class EditingKeys(QObject):
    """Makes the focused text field keep its own editing keys, and pass on those that it cannot use.

    Qt asks the focused widget before it looks for a shortcut. By itself, a field then leaves some of its editing keys
    to the window, and takes the keys of undo and redo even when it has nothing to undo or redo.
    """

    def __init__(self, parent: QObject, undo: QAction, redo: QAction) -> None:
        super().__init__(parent)
        self._undo = undo
        self._redo = redo
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)
        self._follow(None, application.focusWidget())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See QObject; ``watched`` is the focused field."""
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            editor = editor_of(watched)
            if editor is not None:
                overriding = event.type() == QEvent.Type.ShortcutOverride
                return self._override_shortcut(editor, event) if overriding else self._press_key(editor, event)
        return False

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        # Only the focused field is watched, because every event of a watched widget comes through this filter.
        if before is not None:
            before.removeEventFilter(self)
        if now is not None and editor_of(now) is not None:
            now.installEventFilter(self)

    def _override_shortcut(self, editor: _Editor, event: QKeyEvent) -> bool:
        """Answer Qt in place of the field where the field's own answer would be wrong; return whether it was."""
        for action, available in ((self._undo, _can_undo(editor)), (self._redo, _can_redo(editor))):
            if _is_of(event, action):
                event.setAccepted(available)
                return True
        if _is_own(editor, event):
            event.accept()
            return True
        return False

    def _press_key(self, editor: _Editor, event: QKeyEvent) -> bool:
        """Undo or redo in the field also with those keys of the window that the platform's fields do not support."""
        if _is_of(event, self._undo) and _can_undo(editor):
            editor.undo()
            return True
        if _is_of(event, self._redo) and _can_redo(editor):
            editor.redo()
            return True
        return False


class OnlyFrom(QObject):
    """Makes the shortcuts of some actions work only while one widget has the focus.

    Without this, Qt would also trigger them from a button or menu bar whose menu contains the actions.
    """

    def __init__(self, widget: QWidget, actions: Sequence[QAction]) -> None:
        super().__init__(widget)
        self._widget = widget
        widget.addActions(actions)
        for action in actions:
            action.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See QObject; ``watched`` is one of the actions."""
        return event.type() == QEvent.Type.Shortcut and not self._widget.hasFocus()


def editor_of(widget: QObject | None) -> _Editor | None:
    """Return the widget that edits the text of a field, which may be a part of it; None for other widgets."""
    match widget:
        case QLineEdit() | QPlainTextEdit() | QTextEdit():
            return widget
        case QComboBox():
            return widget.lineEdit()
        case QAbstractSpinBox():
            line = widget.findChild(QLineEdit)
            return line if isinstance(line, QLineEdit) else None
        case _:
            return None


def _is_own(editor: _Editor, event: QKeyEvent) -> bool:
    if any(event.matches(key) for key in _READING):
        return True
    return not editor.isReadOnly() and (any(event.matches(key) for key in _WRITING) or _types(event))


def _types(event: QKeyEvent) -> bool:
    """Return whether a key types something; Ctrl+Space counts too, because in a field it is meant as a space."""
    modifiers = event.modifiers() & _NOT_TYPING
    if event.key() == Qt.Key.Key_Space:
        return not modifiers & (_Modifier.AltModifier | _Modifier.MetaModifier)
    return event.text().isprintable() and event.text() != "" and modifiers in (_Modifier.NoModifier, _ALT_GR)


def _is_of(event: QKeyEvent, action: QAction) -> bool:
    pressed = QKeyCombination(event.modifiers() & ~_Modifier.KeypadModifier, event.keyCombination().key())
    return QKeySequence(pressed) in action.shortcuts()


def _can_undo(editor: _Editor) -> bool:
    if isinstance(editor, QLineEdit):
        return editor.isUndoAvailable()
    return not editor.isReadOnly() and editor.document().isUndoAvailable()


def _can_redo(editor: _Editor) -> bool:
    if isinstance(editor, QLineEdit):
        return editor.isRedoAvailable()
    return not editor.isReadOnly() and editor.document().isRedoAvailable()
