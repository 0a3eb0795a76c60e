"""A dialog that shows the progress of long work, with a button to cancel it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel

_WIDTH = 440
"""In pixels: numbers of seven digits and a rate fit, so that it does not grow while they do."""

_STEPS = 1000
"""The range of the bar, whatever is counted, because a count may not fit into Qt's int."""


class ProgressDialog(DialogFrame):
    """Shows work that runs elsewhere; its owner calls ``set_progress`` and, at the end, ``finish``."""

    cancelled = Signal()
    """Emitted when the person asks to stop; the owner answers with ``show_stopping`` or ``show_too_late``.

    The dialog stays open until ``finish``.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.ask_width(_WIDTH)
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
        """Show ``done`` of ``total``; a total of 0 means unknown."""
        self._bar.setRange(0, _STEPS if total else 0)
        if total:
            self._bar.setValue(min(done, total) * _STEPS // total)
        if not self._asked:
            self._text.setText(text or " ")

    def show_stopping(self) -> None:
        """Show that the work is going to stop."""
        self._asked = True
        self._cancel.setEnabled(False)
        self._text.setText("Stopping…")

    def show_too_late(self) -> None:
        """Disable cancelling, because the work is about to be committed."""
        if not self._too_late:
            self._too_late = True
            self._cancel.setEnabled(False)
            self._cancel.setText("Too late to cancel")

    def finish(self) -> None:
        """Close the dialog, because the work is over."""
        self.done(self.DialogCode.Accepted)

    def reject(self) -> None:
        """Ask for the work to stop; Escape and the window's close button do the same."""
        if not self._asked and not self._too_late:
            self.cancelled.emit()
