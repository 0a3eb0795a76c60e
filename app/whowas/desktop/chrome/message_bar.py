"""Bars across the window: the amber one of the past, and those of what went wrong, was done, or is so."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import assert_never

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from whowas.desktop.chrome.standing import Condition, Severity
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.plain_text import label
from whowas.desktop.kit.strip import HEIGHT, Bar
from whowas.desktop.kit.theme import Token

_BETWEEN = 10
_ABOVE = 1
_AROUND = 5
"""Pixels between a heading and its sentence beside it, or below it, and above and below both of these."""


class MessageBar(Bar):
    """One condition: its heading and sentence, a button for each of its actions, and one that closes it."""

    acted = Signal(object, str)
    closed = Signal(object)
    """Either carries the condition, and the first the action chosen."""

    def __init__(self, condition: Condition, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.condition = condition
        self.setMinimumHeight(HEIGHT)
        red = condition.severity is Severity.RED
        self.row.addWidget(_Told(condition, "error" if red else "text"), 1)
        for name in condition.actions:
            action = QPushButton(label(name))
            action.clicked.connect(partial(self._act, name))
            self.row.addWidget(action)
        if condition.closable:
            self.row.addWidget(self._close_button())
        match condition.severity:
            case Severity.CALM:
                self.dress("accent_soft", "accent", "circle-check" if condition.passing else "info")
            case Severity.AMBER:
                self.dress("past_soft", "past", "server-off")
            case Severity.RED:
                self.dress("removed", "error", "alert")
            case never:
                assert_never(never)
        self.setAccessibleName("Error" if red else "Notice")
        self.setAccessibleDescription(condition.text)

    def tell(self) -> None:
        """Say it to a screen reader."""
        urgent = self.condition.severity is Severity.RED
        if urgent:
            from PySide6.QtGui import QAccessible, QAccessibleEvent

            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        announce(self, self.condition.text, urgent=urgent)

    def _act(self, action: str) -> None:
        self.acted.emit(self.condition, action)

    def _close(self) -> None:
        self.closed.emit(self.condition)

    def _close_button(self) -> QToolButton:
        close = QToolButton()
        close.setIcon(icon("x"))
        close.setIconSize(QSize(16, 16))
        close.setAccessibleName("Close message")
        close.setToolTip("Close message")
        close.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        close.clicked.connect(self._close)
        return close


class _Told(QWidget):
    """A heading before its sentence, or above it where that would break into a column of its own."""

    def __init__(self, condition: Condition, token: Token) -> None:
        super().__init__()
        self._heading = TextLabel(condition.heading, token=token, weight=QFont.Weight.DemiBold)
        self._heading.setVisible(bool(condition.heading))
        self._sentence = TextLabel(condition.sentence, wrap=True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._heading)
        self._row.addWidget(self._sentence, 1)
        self._arrange(stacked=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self._sentence.fontMetrics().horizontalAdvance(self._sentence.text())
        room = self.width() - self._heading.sizeHint().width() - _BETWEEN
        self._arrange(stacked=not self._heading.isHidden() and wide > room)

    def _arrange(self, *, stacked: bool) -> None:
        way = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        edge = _AROUND if stacked else 0
        self._row.setDirection(way)
        self._row.setSpacing(_ABOVE if stacked else _BETWEEN)
        self._row.setContentsMargins(0, edge, 0, edge)


class MessageBars(QWidget):
    """One bar for each condition, in the order given; no room where there is none."""

    acted = Signal(object, str)
    closed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[MessageBar] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.hide()

    def show_conditions(self, conditions: Sequence[Condition]) -> None:
        """Show these and no others; what stands already is not told once more."""
        standing = {bar.condition: bar for bar in self._shown}
        for condition, bar in standing.items():
            if condition not in conditions:
                self._column.removeWidget(bar)
                bar.hide()
                bar.deleteLater()
        self._shown = [standing.get(condition) or self._made(condition) for condition in conditions]
        for place, bar in enumerate(self._shown):
            if self._column.indexOf(bar) != place:
                self._column.insertWidget(place, bar)
                bar.show()
        self.setVisible(bool(conditions))
        for bar in self._shown:
            if bar.condition not in standing:
                bar.tell()

    def _made(self, condition: Condition) -> MessageBar:
        bar = MessageBar(condition, self)
        bar.acted.connect(self.acted)
        bar.closed.connect(self.closed)
        return bar
