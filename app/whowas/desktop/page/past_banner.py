"""The amber bar over a moment of the past: which moment it is, and buttons to compare, restore and return to now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from whowas.desktop.chrome.actions import AS_KNOWN, AS_KNOWN_TIP
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.labels import ElidedLabel
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.kit.strip import COMPACT, HEIGHT, Bar
from whowas.desktop.page.legend import Legend

if TYPE_CHECKING:
    from whowas.projections.queries.comparison import DifferenceCounts


class PastBanner(Bar):
    """Says which moment of the past is shown, and leads back."""

    returnToNow = Signal()
    restore = Signal()
    knownWanted = Signal()
    compare = Signal(QPoint)
    """Asks for the menu of comparisons at a place on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_height(self, HEIGHT, COMPACT)
        self._legend = Legend()
        self._compare = QPushButton("Compare…")
        self._compare.clicked.connect(self._ask_to_compare)
        self._restore = QPushButton("Restore…")
        self._restore.clicked.connect(self.restore)
        self._known = QPushButton(AS_KNOWN)
        self._known.setCheckable(True)
        self._known.setToolTip(AS_KNOWN_TIP)
        # Not clicked: assistive programs may toggle the button without that.
        self._known.toggled.connect(self.knownWanted)
        self._moment = ElidedLabel(token="past_text", weight=QFont.Weight.Bold)
        self._note = ElidedLabel(token="muted")
        # It takes what the moment leaves, and so is shortened before that is.
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._return = QPushButton("Return to now")
        self._return.setProperty("primary", True)
        self._return.clicked.connect(self.returnToNow)
        self.row.addWidget(self._moment)
        self.row.addSpacing(4)
        self.row.addWidget(self._note, 1)
        self.row.addWidget(self._legend)
        self.row.addWidget(self._known)
        self.row.addWidget(self._compare)
        self.row.addWidget(self._restore)
        self.row.addWidget(self._return)
        self._legend.hide()
        self.dress("past_soft", "past", "history")

    def show_moment(self, moment: str, note: str) -> None:
        """Show the moment as people say it, and what is hidden by it."""
        self._moment.setText(moment)
        self._note.setText(note)

    def show_differences(self, counts: DifferenceCounts | None) -> None:
        """Show how many users were added, changed and removed in a comparison; None ends it."""
        self._legend.setVisible(counts is not None)
        if counts is not None:
            self._legend.show_counts(counts)

    def set_past(self, past: bool, *, knowing: bool, unknown: str = "") -> None:
        """Say whether there is a now to return to, and whether no more is shown than was known then.

        ``unknown`` says why that cannot be shown, "" where it can.
        """
        self._return.setVisible(past)
        self._restore.setVisible(past and not knowing)
        self._known.setVisible(past)
        self._known.setEnabled(not unknown)
        if unknown != self._known.accessibleDescription():
            self._known.setToolTip(tool_tip(unknown or AS_KNOWN_TIP))
            self._known.setAccessibleDescription(unknown)
        self._known.blockSignals(True)
        self._known.setChecked(knowing)
        self._known.blockSignals(False)

    def allow_restoring(self, allowed: bool) -> None:
        """Say whether users can be brought back to the moment shown."""
        self._restore.setEnabled(allowed)

    def _ask_to_compare(self) -> None:
        self.compare.emit(self._compare.mapToGlobal(self._compare.rect().bottomLeft()))
