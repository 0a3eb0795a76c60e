"""The legend of a comparison: what its colours mean, and how many of each there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.theme import Token
from whowas.desktop.kit.tints import mixed

if TYPE_CHECKING:
    from whowas.projections.queries.comparison import DifferenceCounts


class _Swatch(QWidget):
    def __init__(self, token: Token) -> None:
        super().__init__()
        self._token: Token = token
        self.setFixedSize(10, 10)
        theme.signals.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(mixed(tokens.colour(self._token), tokens.text, 0.3))
        painter.setBrush(tokens.colour(self._token))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 2, 2)
        painter.end()


class Legend(QWidget):
    """Added, changed and removed, each with its colour and its number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(6)
        self._labels: list[TextLabel] = []
        tokens: tuple[Token, ...] = ("added", "changed", "removed")
        for token in tokens:
            label = TextLabel(token=("muted"))
            row.addWidget(_Swatch(token))
            row.addWidget(label)
            row.addSpacing(6)
            self._labels.append(label)

    def show_counts(self, counts: DifferenceCounts) -> None:
        """Say how many users were added, changed and removed."""
        words = (f"{counts.added:,} added", f"{counts.changed:,} changed", f"{counts.removed:,} removed since")
        for label, text in zip(self._labels, words, strict=True):
            label.setText(text)
