"""Files dragged over the window from elsewhere: it says that they can be dropped, and hands on which ones were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.theme import Token

_EDGE = 12
_RADIUS = 10
_CARD = QSize(400, 128)
_ICON = 32
_PADDING = 24
_VEIL = 0.78
"""How much of the window the highlight hides: what lies below it is still seen."""


def _nothing_against_it() -> str:
    return ""


class FileDrop(QObject):
    """Takes the files that are dropped on a window, wherever in it, unless a dialog waits for an answer.

    ``dropped`` carries the paths, a list; ``refused`` a sentence where what was dropped is none of this computer's
    files. ``why_not`` says in a sentence why files are of no use just now, "" where they are; that is shown as they are
    dragged, and they are handed on all the same, for the sentence to stay.
    """

    dropped = Signal(list)
    refused = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._highlight: DropHighlight | None = None
        self.why_not: Callable[[], str] = _nothing_against_it
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        self._watch()

    def welcome_all(self) -> None:
        """Have nothing against files any more."""
        self.why_not = _nothing_against_it

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See QObject; ``watched`` is the window, as a widget or as the system knows it."""
        if event.type() == QEvent.Type.Show:
            self._watch()
        if isinstance(event, QDropEvent):  # that of entering and those of moving are such events too
            return self._take(event)
        if event.type() in (QEvent.Type.DragLeave, QEvent.Type.WindowDeactivate):
            self._hide()
        elif event.type() == QEvent.Type.Resize and self._highlight is not None:
            self._highlight.setGeometry(self._window.rect())
        return False

    def _watch(self) -> None:
        # Before Qt looks for a widget at that place: a text field would take the address of a file for text.
        handle = self._window.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def _take(self, event: QDropEvent) -> bool:
        urls = event.mimeData().urls()
        if not urls or QApplication.activeModalWidget() is not None:
            return False
        # The files stay where they are, whatever whoever drags them proposes.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if isinstance(event, QDragEnterEvent):
            self._show(urls)
        elif not isinstance(event, QDragMoveEvent):
            self._hide()
            self._hand_on(urls)
        return True

    def _show(self, urls: list[QUrl]) -> None:
        self._hide()
        self._highlight = DropHighlight(self._window, _called(urls), self.why_not())
        self._highlight.setGeometry(self._window.rect())
        self._highlight.show()
        self._highlight.raise_()

    def _hide(self) -> None:
        if self._highlight is not None:
            self._highlight.hide()
            self._highlight.deleteLater()
            self._highlight = None

    def _hand_on(self, urls: list[QUrl]) -> None:
        if all(url.isLocalFile() for url in urls):
            self.dropped.emit([Path(url.toLocalFile()) for url in urls])
        else:
            self.refused.emit("Only files of this computer can be dropped here: save what you dragged, then drop that.")


class DropHighlight(QWidget):
    """Covers a window while files are dragged over it, and says what becomes of them if they are dropped."""

    def __init__(self, window: QWidget, files: str, why_not: str) -> None:
        """``files`` is what the files are called; ``why_not`` is as FileDrop has it."""
        super().__init__(window)
        self._title = "Nothing can be imported now" if why_not else "Drop to import"
        self._detail = why_not or files
        self._colour: Token = "muted" if why_not else "accent"
        self._drawing = "info" if why_not else "import"
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self._detail)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a veil with a dashed edge, and a card in its middle."""
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = colours.colour("accent_soft" if self._colour == "accent" else "window")
        painter.setOpacity(_VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setOpacity(1)
        painter.setPen(QPen(colours.colour(self._colour), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE), _RADIUS, _RADIUS)
        card = QRect(0, 0, min(_CARD.width(), self.width() - 6 * _EDGE), _CARD.height())
        card.moveCenter(self.rect().center())
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(colours.surface)
        painter.drawRoundedRect(card, _RADIUS, _RADIUS)
        self._write(painter, card)
        painter.end()

    def _write(self, painter: QPainter, card: QRect) -> None:
        colours = theme.current()
        middle = card.center().x()
        drawing = pixmap(self._drawing, _ICON, self.devicePixelRatioF(), self._colour)
        painter.drawPixmap(middle - _ICON // 2, card.top() + 18, drawing)
        font = QFont(self.font())
        font.setPixelSize(16)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colours.text)
        line = QRect(card.left() + _PADDING, card.top() + 58, card.width() - 2 * _PADDING, 22)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self._title)
        font.setPixelSize(12)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(colours.muted)
        below = QRect(line.left(), line.bottom() + 2, line.width(), card.bottom() - line.bottom() - 8)
        wrapped = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        fits = self._detail if self._colour == "muted" else _in_one_line(painter, self._detail, below.width())
        painter.drawText(below, wrapped, fits)


def _in_one_line(painter: QPainter, text: str, width: int) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, width)


def _called(urls: list[QUrl]) -> str:
    return urls[0].fileName() if len(urls) == 1 else f"{len(urls):,} files"


def file_drop_on(window: QWidget) -> FileDrop:
    """Return what takes the files dropped on a window, made when it is first asked for."""
    found = window.findChild(FileDrop)
    return found if isinstance(found, FileDrop) else FileDrop(window)
