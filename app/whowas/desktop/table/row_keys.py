"""What keys mean in a table that selects whole rows, where that is not what Qt makes of them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView

_Key, _Modifier, _Cursor = Qt.Key, Qt.KeyboardModifier, QAbstractItemView.CursorAction


def wants_form(event: QKeyEvent) -> bool:
    """Say whether a key leads into the form of the current row's user."""
    return event.key() in (_Key.Key_Return, _Key.Key_Enter) and not _modifiers(event)


def wants_field(event: QKeyEvent) -> bool:
    """Say whether a key leads into the field of the current cell."""
    return event.key() == _Key.Key_F2 and not _modifiers(event)


def copies(event: QKeyEvent) -> bool:
    """Say whether a key copies."""
    return event.matches(QKeySequence.StandardKey.Copy)


def toggles(event: QKeyEvent) -> bool:
    """Say whether a key selects the current row besides the others, or no more."""
    return event.key() == _Key.Key_Space and _modifiers(event) == _Modifier.ControlModifier


def end_of_rows(action: QAbstractItemView.CursorAction, rows: int) -> int | None:
    """Return the row to which a movement goes that ends at the first or the last one, None for all others."""
    if not rows or action not in (_Cursor.MoveHome, _Cursor.MoveEnd):
        return None
    return 0 if action == _Cursor.MoveHome else rows - 1


def _modifiers(event: QKeyEvent) -> Qt.KeyboardModifier:
    return event.modifiers() & ~_Modifier.KeypadModifier
