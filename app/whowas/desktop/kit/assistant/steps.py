"""The steps of an assistant, of which one is active."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QWidget

from whowas.desktop.kit.labels import TextLabel

_SIZE = 13


class AssistantSteps(QWidget):
    """Shows all steps, with dots in between."""

    def __init__(self, steps: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        self._labels: dict[str, TextLabel] = {}
        for number, step in enumerate(steps):
            if number:
                row.addWidget(TextLabel("·", token="muted"))
            self._labels[step] = TextLabel(step, token="muted")
            row.addWidget(self._labels[step])

    def show_step(self, active: str) -> None:
        """Show which step it is."""
        for step, label in self._labels.items():
            label.set_token("accent" if step == active else "muted")
            label.set_type(_SIZE, QFont.Weight.DemiBold if step == active else QFont.Weight.Normal)
        number = list(self._labels).index(active) + 1
        self.setAccessibleName(f"Step {number} of {len(self._labels)}: {active}")
