"""A sentence over the lower part of a page that says what was done, with one link, and goes by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.labels import ElidedLabel

STAYS_MS = 10_000
"""How long it stays where nobody points at it."""

_HEIGHT, _RADIUS = 40, 8
_ABOVE = 16
"""How far it hangs above the lower part, in pixels."""
_EDGE = 16
_CLOSES = Qt.Key.Key_Escape


class Toast(QWidget):
    """Stands in the middle of ``page``, above ``lower``, a widget of it; a page has one at a time.

    It stays while the pointer is over it, or the keyboard in it. The link closes it, and so does Escape.
    """

    def __init__(self, page: QWidget, lower: QWidget, sentence: str, link: str, do: Callable[[], None]) -> None:
        super().__init__(page)
        for before in page.findChildren(Toast):
            if before is not self:
                before.go()
        self._page, self._lower = page, lower
        self._label = ElidedLabel(sentence, token="toast_text", weight=QFont.Weight.Medium)
        self._link = QPushButton(link)
        self._link.setProperty("toast", True)
        self._link.setAutoDefault(False)
        self._link.setCursor(Qt.CursorShape.PointingHandCursor)
        self._link.clicked.connect(self.go)
        self._link.clicked.connect(do)
        self._link.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(_EDGE, 0, _EDGE - 6, 0)
        row.setSpacing(10)
        row.addWidget(self._label, 1)
        row.addWidget(self._link)
        self.setAccessibleName(sentence)
        self._over = QTimer(self, singleShot=True, interval=STAYS_MS)
        self._over.timeout.connect(self.go)
        page.installEventFilter(self)
        lower.installEventFilter(self)
        theme.signals.changed.connect(self.update)
        self._place()
        self.show()
        self.raise_()
        self._over.start()
        announce(self, sentence)

    def go(self) -> None:
        """Close it."""
        self._over.stop()
        self._page.removeEventFilter(self)
        self._lower.removeEventFilter(self)
        if self._link.hasFocus():
            self._page.focusNextChild()
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place as the page changes its size, and as long as the keyboard is in the link."""
        if watched is self._link:
            if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
                self._wait()
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == _CLOSES:
                self.go()
                return True
        elif event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._over.stop()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._wait()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().colour("toast_edge"), 1))
        painter.setBrush(theme.current().colour("toast"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.end()

    def _wait(self) -> None:
        """Begin to wait anew, unless somebody is at it."""
        if self._link.hasFocus() or self.underMouse():
            self._over.stop()
        else:
            self._over.start()

    def _place(self) -> None:
        widest = self._page.width() - 2 * _EDGE
        wanted = self._label.sizeHint().width() + self._link.sizeHint().width() + 2 * _EDGE + 10
        width = max(0, min(wanted, widest))
        bottom = self._lower.y() - _ABOVE
        self.setGeometry((self._page.width() - width) // 2, bottom - _HEIGHT, width, _HEIGHT)
