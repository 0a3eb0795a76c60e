"""The search field, which searches while the person types."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from whowas.desktop.kit import icons, sizes, theme
from whowas.desktop.kit.whole_pastes import WholePastes
from whowas.domain.fields import LINE_LIMIT

PATIENCE_MS = 80
"""The delay between the last key and the search, in milliseconds: the interval between keys when typing fast."""

_ICON = 16
_TEXT_LEFT = 33
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class SearchField(QLineEdit):
    """Emits ``searchChanged(text)`` shortly after typing, and at once on Enter and on clearing.

    ``refused`` carries a sentence about a text that nobody can look for.
    """

    searchChanged = Signal(str)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._emitted = ""
        self._hint = QKeySequence(QKeySequence.StandardKey.Find).toString(QKeySequence.SequenceFormat.NativeText)
        self.setObjectName("search")
        self.setAccessibleName("Search")
        self.setPlaceholderText("Search name, email, group, anything…")
        self._clear = QToolButton(self)
        self._clear.setObjectName("clearSearch")
        self._clear.setIcon(icons.icon("x", "muted"))
        self._clear.setIconSize(QSize(14, 14))
        self._clear.setAccessibleName("Clear search")
        self._clear.setToolTip("Clear search (Esc)")
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        self._whole = WholePastes(self, LINE_LIMIT)
        self._whole.refused.connect(self.refused)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self._emit_search)
        self.textChanged.connect(self._text_changed)
        theme.signals.changed.connect(self._look_again)
        self._take_text("")

    def go_on_with(self, text: str) -> None:
        """Go on here with what was typed elsewhere."""
        self.setFocus()
        self.insert(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in _ENTER and not event.modifiers():
            self._emit_search()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self.height() - 8
        self._clear.setGeometry(self.width() - side - 4, 4, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = sizes.scaled(_ICON)
        icons.icon("search", "muted").paint(painter, QRect(10, (self.height() - side) // 2, side, side))
        if not self.text():
            painter.setPen(theme.current().muted)
            area = self.rect().adjusted(0, 0, -11, 0)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area, int(flags), self._hint.replace("+", " "))
        painter.end()

    def _text_changed(self) -> None:
        if not self._whole.too_much():
            self._take_text(self.text())

    def _take_text(self, text: str) -> None:
        self._leave_room()
        self._clear.setVisible(bool(text))
        if text:
            self._timer.start()
        else:
            self._emit_search()

    def _leave_room(self) -> None:
        """Let the text keep clear of the icon, and of the key or the button."""
        right = self.height() if self.text() else self.fontMetrics().horizontalAdvance(self._hint) + 18
        # The rest is padding from the stylesheet.
        self.setTextMargins(_TEXT_LEFT - 12 + sizes.scaled(_ICON) - _ICON, 0, right - 10, 0)

    def _look_again(self) -> None:
        self._leave_room()
        self.update()

    def _emit_search(self) -> None:
        self._timer.stop()
        if self.text() != self._emitted:
            self._emitted = self.text()
            self.searchChanged.emit(self._emitted)
