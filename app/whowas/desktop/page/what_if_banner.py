"""The amber bar over a directory that is only imagined."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QPushButton, QWidget

from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.labels import ElidedLabel
from whowas.desktop.kit.strip import COMPACT, HEIGHT, Bar


class WhatIfBanner(Bar):
    """Says what is imagined, and leads on or back. Begins hidden."""

    differences = Signal()
    makeSo = Signal()
    discard = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_height(self, HEIGHT, COMPACT)
        self._called = ElidedLabel(token="past_text", weight=QFont.Weight.Bold)
        self._note = ElidedLabel(token="muted")
        self._see = QPushButton("See what differs…")
        self._see.clicked.connect(self.differences)
        self._make_so = QPushButton("Make it so…")
        self._make_so.clicked.connect(self.makeSo)
        discard = QPushButton("Discard")
        discard.setToolTip("Leave what is imagined; nothing was written")
        discard.setProperty("primary", True)
        discard.clicked.connect(self.discard)
        self.row.addWidget(self._called)
        self.row.addSpacing(4)
        self.row.addWidget(self._note)
        self.row.addStretch(1)
        for button in (self._see, self._make_so, discard):
            self.row.addWidget(button)
        self.dress("past_soft", "past", "history")
        self.hide()

    def show_imagined(self, called: str, note: str, *, differing: bool, possible: bool) -> None:
        """Say what is imagined and how it differs; ``possible`` says whether that can be made so."""
        self._called.setText(called)
        self._note.setText(note)
        self._see.setEnabled(differing)
        self._make_so.setEnabled(possible)
        if self.isHidden():
            self.show()
            announce(self, f"{called} · {note}")
