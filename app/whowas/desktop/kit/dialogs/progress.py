"""Long work, how far it is, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel

_STEPS = 1000
"""Parts the bar is divided into, whatever is counted: a count need not fit into Qt's int."""


class ProgressDialog(DialogFrame):
    """Shows work that goes on elsewhere; whoever does it calls ``set_progress`` and, at its end, ``finish``."""

    cancelled = Signal()
    """The person asks to stop; whoever does the work answers with ``show_stopping`` or ``show_too_late``.

    The dialog stays until ``finish``.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setMinimumWidth(380)
        self._asked = self._too_late = False
        self._text = TextLabel(" ", token="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(title)
        self.body.addWidget(self._bar)
        self.body.addWidget(self._text)
        self._cancel = self.add_cancel()
        self.set_progress(0, 0)

    def set_progress(self, done: int, total: int, text: str = "") -> None:
        """Show ``done`` of ``total``; a total of 0 means that nobody knows how much there is."""
        self._bar.setRange(0, _STEPS if total else 0)
        if total:
            self._bar.setValue(min(done, total) * _STEPS // total)
        if not self._asked:
            self._text.setText(text or " ")

    def show_stopping(self) -> None:
        """Say that the work will stop."""
        self._asked = True
        self._cancel.setEnabled(False)
        self._text.setText("Stopping…")

    def show_too_late(self) -> None:
        """Offer no longer to stop the work, as what it writes is about to stand."""
        if not self._too_late:
            self._too_late = True
            self._cancel.setEnabled(False)
            self._cancel.setText("Too late to cancel")

    def finish(self) -> None:
        """Close, as the work is over."""
        self.done(self.DialogCode.Accepted)

    def reject(self) -> None:
        """Ask for the work to stop; also what Escape and the window's own button do."""
        if not self._asked and not self._too_late:
            self.cancelled.emit()
