"""The dialog that says what a server promises for the directory on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import ElidedLabel
from whowas.desktop.kit.tinted_box import TintedBox
from whowas.desktop.sharing.points import PointsBox, finding_lines
from whowas.desktop.sharing.scrolling import scrolling
from whowas.domain.fields import counted

if TYPE_CHECKING:
    from whowas.desktop.kit.theme import Token
    from whowas.team.checking import Finding

_SIZE: Final = QSize(640, 560)


class CheckServerDialog(DialogFrame):
    """Shows a check that runs elsewhere; ``againWanted`` asks for another one."""

    againWanted = Signal()

    def __init__(self, place: str, parent: QWidget | None = None) -> None:
        """``place`` says where the directory is."""
        super().__init__("What the server promises", parent)
        self.resize(_SIZE)
        self._box = TintedBox()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName("Checking")
        self._box.column.insertWidget(self._box.column.count() - 1, self._bar)
        self._findings = PointsBox("What was found")
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._findings)
        column.addStretch(1)
        self.body.setSpacing(0)
        self.body.addWidget(ElidedLabel(place, token="muted"))
        self.body.addSpacing(12)
        self.body.addWidget(self._box)
        self.body.addSpacing(12)
        self.body.addWidget(scrolling("Findings", body), 1)
        self._again = self.add_button("Check again")
        self._again.clicked.connect(self.againWanted)
        self._close = self.add_button("Close", primary=True)
        self._close.clicked.connect(self.reject)
        self.show_checking()
        self._close.setFocus()

    def show_checking(self) -> None:
        """Say that it is being found out."""
        self._bar.show()
        self._findings.hide()
        self._again.setEnabled(False)
        self._box.say("Checking the server…", "", "hover", "server", "muted")

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show what was found."""
        wrong = sum(finding.state == "wrong" for finding in findings)
        self._findings.show_lines(finding_lines(findings))
        self._findings.show()
        if wrong:
            self._finish(
                f"{counted(wrong, 'thing')} {'is' if wrong == 1 else 'are'} wrong", "removed", "alert", "error"
            )
        else:
            self._finish("Nothing is wrong", "added", "shield-check", "active_text")

    def show_failure(self, sentence: str) -> None:
        """Say why nothing could be found out."""
        self._finish("The server could not be checked", "removed", "alert", "error", sentence)

    def _finish(
        self, title: str, fill: Literal["added", "removed"], drawing: str, colour: Token, detail: str = ""
    ) -> None:
        self._bar.hide()
        self._again.setEnabled(True)
        self._box.say(title, detail, fill, drawing, colour)
        announce(self._box, f"{title}. {detail}".strip())
