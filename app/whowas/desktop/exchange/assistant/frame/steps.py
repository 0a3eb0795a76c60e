"""The steps of the assistant, of which one is active."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QWidget

from whowas.desktop.kit.labels import TextLabel

Step = Literal["Columns", "Preview", "Done"]
STEPS: Final[tuple[Step, ...]] = ("Columns", "Preview", "Done")

_SIZE = 13


class AssistantSteps(QWidget):
    """Shows all steps, with dots in between."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(7)
        self._labels: dict[Step, TextLabel] = {}
        for number, step in enumerate(STEPS):
            if number:
                row.addWidget(TextLabel("·", token="muted"))
            self._labels[step] = TextLabel(step, token="muted")
            row.addWidget(self._labels[step])

    def show_step(self, active: Step) -> None:
        """Show which step it is."""
        for step, label in self._labels.items():
            label.set_token("accent" if step == active else "muted")
            label.set_type(_SIZE, QFont.Weight.DemiBold if step == active else QFont.Weight.Normal)
        self.setAccessibleName(f"Step {STEPS.index(active) + 1} of {len(STEPS)}: {active}")
