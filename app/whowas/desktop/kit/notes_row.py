"""A field with a text of several lines."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.field_row import TextRow
from whowas.desktop.kit.whole_pastes import too_long
from whowas.domain.fields import TEXT_LIMIT

_NOTES_HEIGHT = 64
_NOTES_LINES = 9
"""The minimum height of notes in pixels, and the maximum number of lines that are visible at once."""
_NOTES_FRAME = 22
_LINE_ENDS = ("\r\n", "\r", "\u2028", "\u2029")


class _Notes(QPlainTextEdit):
    """Takes the whole of what is pasted or dropped, or nothing; ``refused`` carries a sentence."""

    refused = Signal(str)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """See QPlainTextEdit, which would lay out a text of any length, for minutes."""
        kept = self.document().characterCount() - 1 - len(self.textCursor().selectedText())
        if kept + len(source.text()) > TEXT_LIMIT:
            self.refused.emit(too_long(TEXT_LIMIT))
        else:
            super().insertFromMimeData(source)


class NotesRow(TextRow):
    """A text of several lines; the height follows the text, within limits."""

    def __init__(self, key: str, label: str, parent: QWidget | None = None) -> None:
        self._notes = _Notes()
        super().__init__(key, label, self._notes, parent=parent)
        self._notes.refused.connect(self.set_note)
        self._notes.setTabChangesFocus(True)
        self._notes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._notes.textChanged.connect(self._text_changed)
        theme.signals.changed.connect(self._fit)
        self._fit()

    def text(self) -> str:
        # Not toPlainText, which turns no-break spaces into spaces.
        return self.as_shown(self._notes.document().toRawText())

    def set_text(self, text: str) -> None:
        if self.as_shown(text) != self.text():
            self._setting = True
            self._notes.setPlainText(text)
            self._setting = False

    def put_back(self, text: str) -> None:
        whole = QTextCursor(self._notes.document())
        whole.select(QTextCursor.SelectionType.Document)
        whole.insertText(text)

    def select_all(self) -> None:
        self._notes.selectAll()

    def forget_typing(self) -> None:
        self._notes.document().clearUndoRedoStacks()

    def as_shown(self, text: str) -> str:
        for line_end in _LINE_ENDS:
            text = text.replace(line_end, "\n")
        return text

    def set_read_only(self, read_only: bool) -> None:
        self._notes.setReadOnly(read_only)

    def set_placeholder(self, text: str) -> None:
        self._notes.setPlaceholderText(text)

    def _text_changed(self) -> None:
        self._fit()
        if not self._setting:
            self._changed()

    def _fit(self) -> None:
        lines = min(self._notes.document().size().toSize().height(), _NOTES_LINES)
        wanted = _NOTES_FRAME + lines * self._notes.fontMetrics().lineSpacing()
        self._notes.setFixedHeight(max(wanted, sizes.scaled(_NOTES_HEIGHT)))
