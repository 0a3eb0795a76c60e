"""A box with round corners that says a few things below each other, each with a sign before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.theme import Token
from whowas.desktop.sharing.words import SIGNS

if TYPE_CHECKING:
    from whowas.team.checking import Finding

_ICON = 16
_RADIUS = 6


class SignedLine(QWidget):
    """A sentence behind its sign, and behind a ``word`` of the same colour where there is one.

    Without a drawing the sign is ``mark``, such as the number of a step.
    """

    def __init__(
        self, sentence: str, drawing: str = "", token: Token = "muted", *, word: str = "", mark: str = ""
    ) -> None:
        super().__init__()
        self._drawing, self._token = drawing, token
        self._sign = TextLabel(mark, token=token, size=12, weight=QFont.Weight.DemiBold)
        self._sign.setFixedWidth(_ICON)
        self._sign.setContentsMargins(0, 1, 0, 0)
        self.sentence = TextLabel(sentence, wrap=True)
        if word:  # a finding may hold a command to be copied
            self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        if word:
            said = TextLabel(word, token=token, weight=QFont.Weight.DemiBold)
            said.setFixedWidth(said.fontMetrics().horizontalAdvance("To know") + 4)
            row.addWidget(said, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.sentence, 1)
        self.setAccessibleName(f"{word}: {sentence}" if word else f"{mark} {sentence}".strip())
        theme.signals.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        if self._drawing:
            self._sign.setPixmap(pixmap(self._drawing, _ICON, self.devicePixelRatioF(), self._token))


class PointsBox(QWidget):
    """Lines below a heading in a frame."""

    def __init__(self, heading: str, lines: Sequence[SignedLine] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 13, 16, 15)
        self._column.setSpacing(11)
        title = TextLabel(heading, token="muted", size=12, weight=QFont.Weight.DemiBold)
        self._column.addWidget(title)
        self._lines: list[SignedLine] = []
        self.setAccessibleName(heading)
        self.show_lines(lines)
        theme.signals.changed.connect(self.update)

    def show_lines(self, lines: Sequence[SignedLine]) -> None:
        """Show other lines."""
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = list(lines)
        for line in lines:
            self._column.addWidget(line)

    def add(self, widget: QWidget) -> None:
        """Let something else stand below the lines."""
        self._column.addStretch(1)
        self._column.addWidget(widget)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.current().line)
        painter.setBrush(theme.current().surface)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.end()


def finding_lines(findings: Sequence[Finding]) -> list[SignedLine]:
    """Return a line for each finding, the wrong first: icon and word of its state, and its sentence."""
    order = list(SIGNS)
    lines = []
    for finding in sorted(findings, key=lambda one: order.index(one.state)):
        sign = SIGNS[finding.state]
        lines.append(SignedLine(finding.sentence, sign.drawing, sign.token, word=sign.word))
    return lines
