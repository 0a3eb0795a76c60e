"""Rows while they are dragged: their text is there once somebody takes it, not as the drag begins."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMetaType, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QDropEvent, QFont, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.dragged import DraggedUsers, users_dragged
from whowas.desktop.table.copied_text import CopiedText

_TEXT, _HTML = "text/plain", "text/html"
_ROWS_IN_TABLE = 20_000
LARGEST = 12_000_000
"""So many bytes can be dragged. The X server takes no more than 16 MB in one piece, and breaks off the connection of a
program that sends more; Qt sends what is copied in pieces, but not what is dragged."""

_HEIGHT, _EDGE, _RADIUS, _WIDEST = 28, 12, 6, 260


class DraggedRows(DraggedUsers):
    """The same text and table that copying puts on the clipboard; ``form`` is asked for them at most once.

    It returns None where they cannot be formed; then nothing is dropped. Very many rows have no table.
    """

    def __init__(self, rows: int, form: Callable[[], CopiedText | None]) -> None:
        super().__init__()
        self._formats = [_TEXT, _HTML] if rows <= _ROWS_IN_TABLE else [_TEXT]
        self._form: Callable[[], CopiedText | None] | None = form
        self._formed: CopiedText | None = None

    def formats(self) -> list[str]:
        """See QMimeData."""
        return self._formats

    def hasFormat(self, kind: str) -> bool:
        """See QMimeData."""
        return kind in self._formats

    def retrieveData(self, kind: str, _preferred: QMetaType | QMetaType.Type) -> object:
        """See QMimeData; texts are UTF-8."""
        if kind not in self._formats:
            return None
        if self._form is not None:
            form, self._form = self._form, None
            self._formed = form()
        if self._formed is None:
            return None
        content = self._formed.plain if kind == _TEXT else self._formed.html
        return content if content.size() <= LARGEST else None


class OnlyOn(QObject):
    """Lets users be dropped on one widget of the program only: a text field would take their rows for text.

    To be installed on the application, while they are dragged.
    """

    def __init__(self, target: QWidget) -> None:
        super().__init__()
        self._target = target

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See QObject; events of a window as the system knows it go on to the widget below the pointer."""
        if not isinstance(event, QDropEvent) or not isinstance(watched, QWidget) or not users_dragged(event):
            return False
        if watched is self._target:
            return False
        event.ignore()
        return True


def drag_picture(text: str, ratio: float) -> QPixmap:
    """Return what hangs at the pointer while rows are dragged: their number, or the name of the one that it is."""
    colours, font = theme.current(), QFont()
    font.setPixelSize(sizes.scaled(13))
    font.setWeight(QFont.Weight.Medium)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, _WIDEST)
    width = QFontMetrics(font).horizontalAdvance(shown) + 2 * _EDGE
    picture = QPixmap(round(width * ratio), round(_HEIGHT * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.accent, 1))
    painter.setBrush(colours.accent_soft)
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, _HEIGHT - 1), _RADIUS, _RADIUS)
    painter.setFont(font)
    painter.setPen(colours.text)
    painter.drawText(QRect(0, 0, width, _HEIGHT), Qt.AlignmentFlag.AlignCenter, shown)
    painter.end()
    return picture
