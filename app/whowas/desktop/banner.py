"""Bars across the window: the amber one of the past, and the one for errors and notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFont
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from whowas.desktop.actions import AS_KNOWN, AS_KNOWN_TIP
from whowas.desktop.bar import HEIGHT, Bar
from whowas.desktop.icons import icon
from whowas.desktop.legend import Legend
from whowas.desktop.spoken import announce
from whowas.desktop.text_label import ElidedLabel, TextLabel
from whowas.domain.errors import CancelledError, WhowasError

if TYPE_CHECKING:
    from whowas.projections.compared import DifferenceCounts


class PastBanner(Bar):
    """Says which moment of the past is shown, and leads back."""

    returnToNow = Signal()
    restore = Signal()
    knownWanted = Signal()
    compare = Signal(QPoint)
    """Asks for the menu of comparisons at a place on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
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
        self._return = QPushButton("Return to now")
        self._return.setProperty("primary", True)
        self._return.clicked.connect(self.returnToNow)
        self.row.addWidget(self._moment)
        self.row.addSpacing(4)
        self.row.addWidget(self._note)
        self.row.addStretch(1)
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
        self._known.setToolTip(unknown or AS_KNOWN_TIP)
        self._known.setAccessibleDescription(unknown)
        self._known.blockSignals(True)
        self._known.setChecked(knowing)
        self._known.blockSignals(False)

    def _ask_to_compare(self) -> None:
        self.compare.emit(self._compare.mapToGlobal(self._compare.rect().bottomLeft()))


class MessageBar(Bar):
    """One sentence about something that went wrong or was done, until it is closed. Begins hidden."""

    actionRequested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(HEIGHT)
        self._sentence = TextLabel(wrap=True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = QPushButton()
        self._action.clicked.connect(self.actionRequested)
        self._close = QToolButton()
        self._close.setIcon(icon("x"))
        self._close.setIconSize(QSize(16, 16))
        self._close.setAccessibleName("Close message")
        self._close.setToolTip("Close message")
        self._close.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._close.clicked.connect(self._dismiss)
        self.row.addWidget(self._sentence, 1)
        self.row.addWidget(self._action)
        self.row.addWidget(self._close)
        self.dress("accent_soft", "accent", "circle-check")
        self.hide()

    def show_error(self, sentence: str, action: str = "") -> None:
        """Say what went wrong, in place of the sentence before; ``action`` names a button, if there is to be one."""
        self.dress("removed", "error", "alert")
        self._show("Error", sentence, action)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        announce(self, sentence, urgent=True)

    def show_failure(self, error: WhowasError) -> None:
        """Say why something was not done; nothing where the person stopped it."""
        if not isinstance(error, CancelledError):
            self.show_error(str(error))

    def show_notice(self, sentence: str, action: str = "") -> None:
        """Say what was done, in place of the sentence before."""
        self.dress("accent_soft", "accent", "circle-check")
        self._show("Notice", sentence, action)
        announce(self, sentence)

    def message(self) -> str:
        """Return the sentence shown, "" while there is none."""
        return "" if self.isHidden() else self._sentence.text()

    def clear(self) -> None:
        """Take the message away, as what it tells of is over."""
        self.hide()

    def _show(self, name: str, sentence: str, action: str) -> None:
        self._sentence.setText(sentence)
        self._action.setText(action.replace("&", "&&"))
        self._action.setVisible(bool(action))
        self.setAccessibleName(name)
        self.setAccessibleDescription(sentence)
        self.show()

    def _dismiss(self) -> None:
        self.hide()
        self.closed.emit()
