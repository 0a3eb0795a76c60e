"""The left part of an assistant's foot: what there is to know before going on, or how far a job is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.labels import ElidedLabel

_STEPS = 1000
"""The range of the bar, whatever is counted, because a count may not fit into Qt's int."""
_ICON = 16
_BAR = 160
_HEIGHT = 34


class Foot(QWidget):
    """One line, or two with the undo sign before them; while something is on its way, a bar instead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = QLabel()
        self._sign.setFixedWidth(_ICON)
        self._upper = ElidedLabel()
        self._lower = ElidedLabel(token="muted", size=12)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(_BAR)
        self._bar.setAccessibleName("Progress")
        lines = QVBoxLayout()
        lines.setSpacing(1)
        lines.addStretch(1)
        lines.addWidget(self._upper)
        lines.addWidget(self._lower)
        lines.addWidget(self._bar)
        lines.addStretch(1)
        keep_height(self, _HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self._sign.setContentsMargins(0, 2, 0, 0)
        row.addLayout(lines, 1)
        theme.signals.changed.connect(self._draw)
        self._draw()
        self.say("")

    def say(self, sentence: str) -> None:
        """Show one muted line."""
        self._show(sentence, "", sign=False, bar=False, muted=True)

    def promise(self, sentence: str, counts: str) -> None:
        """Show a line with the undo sign, and what it comes to below."""
        self._show(sentence, counts, sign=True, bar=False, muted=False)

    def show_progress(self, sentence: str, done: int, total: int) -> None:
        """Show how far something is; a total of 0 is unknown."""
        self._bar.setRange(0, _STEPS if total else 0)
        if total:
            self._bar.setValue(min(done, total) * _STEPS // total)
        self._show(sentence, "", sign=False, bar=True, muted=True)

    def _show(self, upper: str, lower: str, *, sign: bool, bar: bool, muted: bool) -> None:
        self._upper.setText(upper)
        self._upper.set_token("muted" if muted else "text")
        self._upper.set_type(12 if muted else 13, QFont.Weight.Normal)
        self._lower.setText(lower)
        self._sign.setVisible(sign)
        self._lower.setVisible(bool(lower))
        self._bar.setVisible(bar)

    def _draw(self) -> None:
        self._sign.setPixmap(pixmap("undo", _ICON, self.devicePixelRatioF(), "muted"))
