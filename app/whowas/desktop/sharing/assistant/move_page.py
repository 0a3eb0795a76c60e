"""The last page: how far the move is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.tinted_box import TintedBox
from whowas.desktop.sharing.points import PointsBox, SignedLine

_STEPS = 1000
_EDGE = 150
_STAYS = "The file stays as it is until the server has everything and both heads are equal."


class MovePage(QWidget):
    """Shows what it was told last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ""
        self._box = TintedBox()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        self._box.column.insertWidget(self._box.column.count() - 1, self._bar)
        self._steps = PointsBox("What happens, in order")
        told = TextLabel(_STAYS, token="muted", size=12, wrap=True)
        middle = QVBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self._box)
        middle.addWidget(told)
        middle.addSpacing(8)
        middle.addWidget(self._steps)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, 24, _EDGE, 0)
        column.addLayout(middle)

    def begin(self, title: str, steps: Sequence[str]) -> None:
        """Say what is moved where, and what that does, in order."""
        self._steps.show_lines([SignedLine(step, mark=f"{at}") for at, step in enumerate(steps, start=1)])
        self._title = title
        self.show_progress(0, 0)

    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is; a total of 0 is unknown."""
        self._bar.setRange(0, _STEPS if total else 0)
        if total:
            self._bar.setValue(min(done, total) * _STEPS // total)
        how_far = f"{min(done, total) * 100 // total} %" if total else "Connecting…"
        self._box.say(self._title, how_far, "hover", "server", "accent")
