"""A press of the mouse on a row, of which a click or a drag may come."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

_LEFT = Qt.MouseButton.LeftButton
_SELECTING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class RowPress:
    """Knows whether a drag comes of a press.

    Qt would ask the model of every cell whether it can be dragged, which takes long where very many are selected.
    """

    def __init__(self) -> None:
        self._at: QPointF | None = None
        self._dragged = False

    def press(self, event: QMouseEvent, *, on_row: bool) -> None:
        """Begin anew; with Shift or Ctrl, and beside the rows, the mouse selects."""
        may_drag = on_row and event.button() == _LEFT and not event.modifiers() & _SELECTING
        self._at = event.position() if may_drag else None
        self._dragged = False

    def holds(self, event: QMouseEvent) -> bool:
        """Say whether a movement belongs to a press of which a drag came, or may come."""
        return bool(event.buttons() & _LEFT) and (self._at is not None or self._dragged)

    def becomes_drag(self, event: QMouseEvent) -> bool:
        """Say, once, that a movement went far enough to be a drag."""
        if self._at is None:
            return False
        way = (event.position() - self._at).manhattanLength()
        if way < QApplication.startDragDistance():
            return False
        self._at, self._dragged = None, True
        return True

    def release(self) -> bool:
        """End it; say whether a drag came of it, so that this is no click."""
        dragged, self._at, self._dragged = self._dragged, None, False
        return dragged
