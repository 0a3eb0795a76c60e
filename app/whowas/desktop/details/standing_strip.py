"""A box above the fields of a user that says why they are shown though they are not there, with what can be done."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.metrics import EDGE

_RADIUS = 6


@dataclass(frozen=True, slots=True)
class UserStanding:
    """One sentence about the user shown, and the name of what can be done about it, "" for nothing."""

    sentence: str
    action: str = ""


class StandingStrip(QWidget):
    """Hidden while there is nothing to say; ``acted`` carries the name of what was asked for."""

    acted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = _Box(self)
        self._sentence = TextLabel(wrap=True, parent=self._box)
        self._action = QPushButton(self._box)
        self._action.clicked.connect(self._act)
        inner = QVBoxLayout(self._box)
        inner.setContentsMargins(12, 10, 12, 10)
        inner.setSpacing(8)
        inner.addWidget(self._sentence)
        inner.addWidget(self._action, 0, Qt.AlignmentFlag.AlignLeft)
        around = QHBoxLayout(self)
        around.setContentsMargins(EDGE, 12, EDGE, 0)
        around.addWidget(self._box)
        self._standing: UserStanding | None = None
        self.hide()

    @property
    def standing(self) -> UserStanding | None:
        """What is said."""
        return self._standing

    def show_standing(self, standing: UserStanding | None) -> None:
        """Say something of the user shown, None for nothing."""
        if standing == self._standing:
            return
        self._standing = standing
        if standing is not None:
            self._sentence.setText(standing.sentence)
            self._box.setAccessibleName(standing.sentence)
            self._action.setText(standing.action)
            self._action.setVisible(bool(standing.action))
        self.setVisible(standing is not None)

    def _act(self) -> None:
        if self._standing is not None:
            self.acted.emit(self._standing.action)


class _Box(QWidget):
    """What the sentence stands on."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().colour("hover"))
        painter.drawRoundedRect(self.rect(), _RADIUS, _RADIUS)
        painter.end()
