"""The third page: what is known of the server, and what will happen, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from whowas.desktop.kit.labels import ElidedLabel, TextLabel
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.sharing.points import PointsBox, SignedLine, finding_lines
from whowas.desktop.sharing.scrolling import scrolling

if TYPE_CHECKING:
    from whowas.team.checking import Finding

_GAP = 16
_LABEL = "Team file"


class CheckPage(QWidget):
    """``placeWanted`` asks for another place for the team file."""

    placeWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings = PointsBox("The server")
        self._steps = PointsBox("What happens, in order")
        self._place = ElidedLabel()
        change = QPushButton("Another place…")
        change.setAutoDefault(False)
        change.clicked.connect(self.placeWanted)
        place = QWidget()
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(TextLabel(_LABEL, token="muted", size=12))
        row.addWidget(self._place, 1)
        row.addWidget(change)
        body = QWidget()
        boxes = QHBoxLayout(body)
        boxes.setContentsMargins(0, 0, 0, 0)
        boxes.setSpacing(_GAP)
        for widgets in ((self._findings,), (self._steps, place)):
            side = QVBoxLayout()
            side.setSpacing(12)
            for widget in widgets:
                side.addWidget(widget)
            side.addStretch(1)
            boxes.addLayout(side, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(scrolling("Check", body))
        self._change = change

    def take_focus(self) -> None:
        """Put the focus into the first control."""
        self._change.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show what is known of the server."""
        self._findings.show_lines(finding_lines(findings))

    def show_steps(self, steps: Sequence[str], team_file: str) -> None:
        """Show what happens, and where the team file is written."""
        self._steps.show_lines([SignedLine(step, mark=f"{at}") for at, step in enumerate(steps, start=1)])
        self._place.setText(team_file)
        self._place.setToolTip(tool_tip(team_file))
