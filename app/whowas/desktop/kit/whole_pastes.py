"""Lines that take the whole of what is pasted or dropped, or nothing: Qt would take the beginning without a word."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

LINE_MOST = 32_767
"""Characters that a line takes at most; what a field of a user can hold is a matter of saving."""


class WholePastes(QObject):
    """Keeps a ``line`` from being longer than ``limit``; ``refused`` carries a sentence.

    Whoever listens to changes of its text asks ``too_much`` first: text comes from keys, the clipboard, a drag, an
    input method or a screen reader, and only the line itself sees all of it.
    """

    refused = Signal(str)

    def __init__(self, line: QLineEdit, limit: int) -> None:
        super().__init__(line)
        self._line = line
        self._limit = limit
        self._kept = line.text()
        line.setMaxLength(limit + 1)
        line.textChanged.connect(self._keep)

    def too_much(self) -> bool:
        """Take back an edit that made the line too long, and say whether there was one; what is set is no edit."""
        if len(self._line.text()) <= self._limit or not self._line.isUndoAvailable():
            return False
        line, before = self._line, self._kept
        cursor = line.cursorPosition() - (len(line.text()) - len(before))
        line.undo()
        if line.text() != before:  # what was typed before was taken back with it
            line.selectAll()
            line.insert(before)
        line.setCursorPosition(max(0, cursor))
        self.refused.emit(too_long(self._limit))
        return True

    def _keep(self, text: str) -> None:
        if len(text) <= self._limit:
            self._kept = text


def too_long(limit: int) -> str:
    """Say why a text was not taken."""
    return f"That is too long: at most {limit:,} characters fit here. The field is as it was."
