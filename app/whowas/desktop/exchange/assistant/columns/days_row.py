"""What a cell means that may be two days: whether days or months come first in a list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QWidget

from whowas.desktop.exchange.assistant.columns.options import LABELS, segments_of
from whowas.desktop.kit import sizes
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.segments import COMPACT, HEIGHT
from whowas.domain.fields import shortened

_DAYS = "Dates"
_LONGEST = 12


class DaysRow(QWidget):
    """Asks what such a cell means, where there is one; ``daysChosen`` tells which part a person says comes first."""

    daysChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.segments = segments_of(_DAYS, {"day first": "Day first", "month first": "Month first"})
        self.segments.chosen.connect(self.daysChosen)
        self._label = TextLabel(weight=QFont.Weight.Normal)
        keep_height(self._label, HEIGHT, COMPACT)
        self._label.setBuddy(self.segments)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._label)
        row.addWidget(self.segments)
        row.addStretch()
        self.hide()

    def show_days(self, cell: str, order: str | None) -> None:
        """Show a cell that may be two days, "" where there is none, and which part of it comes first."""
        text = f"{shortened(cell, _LONGEST)} means" if cell else ""
        # What is hidden is still read by those who look through all that a screen reader finds.
        self._label.setText(text)
        self._label.setMinimumWidth(sizes.scaled(LABELS))
        self.segments.setAccessibleName(text or _DAYS)
        self.segments.choose(order)
        self.setVisible(bool(cell))
