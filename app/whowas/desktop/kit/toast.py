"""A sentence over the lower part of a page that says what was done, with one link, and goes by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from whowas.desktop.kit import icons, theme
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.labels import ElidedLabel, TextLabel
from whowas.desktop.kit.plain_text import tool_tip

STAYS_MS = 6_000
"""How long it stays where nobody points at it."""

_HEIGHT, _RADIUS = 40, 8
_ABOVE = 16
"""How far it hangs above the lower part, in pixels."""
_EDGE = 16
_ICON = 16
_GAP = 8
_LINK_PADDING = 6
"""Around the words of the link, so that the ring of the focus has room."""
_CLOSES = Qt.Key.Key_Escape


class Toast(QWidget):
    """Stands in the middle of ``page``, above ``lower``, a widget of it; a page has one at a time.

    It leaves what lies to the right and left of ``beside`` free. It stays while the pointer is over it, or the keyboard
    in it. The link closes it, and so does Escape, there or wherever nothing else takes it. Without a ``link`` it only
    says something.
    """

    def __init__(
        self,
        page: QWidget,
        lower: QWidget,
        sentence: str,
        link: str = "",
        do: Callable[[], object] | None = None,
        *,
        beside: QWidget | None = None,
    ) -> None:
        super().__init__(page)
        for before in page.findChildren(Toast):
            if before is not self:
                before.go()
        self._page, self._lower, self._beside = page, lower, page if beside is None else beside
        self._do = do
        self._label = ElidedLabel(sentence, token="toast_text")
        self._link = QPushButton(link, self)
        self._link.setProperty("toast", True)
        self._link.setAutoDefault(False)
        self._link.setCursor(Qt.CursorShape.PointingHandCursor)
        self._link.clicked.connect(self.go)
        self._link.clicked.connect(self._follow)
        self._link.installEventFilter(self)
        self._check = QLabel()
        self._check.setFixedSize(_ICON, _ICON)
        self._row = self._laid_out(linked=bool(link))
        self.setAccessibleName(sentence)
        self._over = QTimer(self, singleShot=True, interval=STAYS_MS)
        self._over.timeout.connect(self.go)
        for watched in self._watched():
            watched.installEventFilter(self)
        theme.signals.changed.connect(self._recolour)
        self._recolour()
        self._place()
        self.show()
        self.raise_()
        self._over.start()
        announce(self, sentence)

    def go(self) -> None:
        """Close it."""
        self._over.stop()
        for watched in self._watched():
            watched.removeEventFilter(self)
        if self._link.hasFocus():
            self._page.focusNextChild()
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place as the page changes its size, and as long as the keyboard is in the link."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == _CLOSES and watched in (self._link, self._page):
                self.go()
                return True
        elif watched is self._link:
            if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
                self._wait()
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

    def _laid_out(self, *, linked: bool) -> QHBoxLayout:
        row = QHBoxLayout(self)
        row.setContentsMargins(_EDGE, 0, _EDGE - (_LINK_PADDING if linked else 0), 0)
        row.setSpacing(0)
        row.addWidget(self._check)
        row.addSpacing(_GAP)
        row.addWidget(self._label, 1)
        self._link.setVisible(linked)
        if linked:
            row.addSpacing(_GAP)
            row.addWidget(TextLabel("·", token="toast_link"))
            row.addSpacing(_GAP - _LINK_PADDING)
            row.addWidget(self._link)
        return row

    def _watched(self) -> tuple[QWidget, ...]:
        return self._page, self._lower, self._beside

    def _recolour(self) -> None:
        self._check.setPixmap(icons.pixmap("check", _ICON, self.devicePixelRatioF(), "toast_link"))
        self.update()

    def _follow(self) -> None:
        if self._do is not None:
            self._do()

    def _wait(self) -> None:
        """Begin to wait anew, unless somebody is at it."""
        if self._link.hasFocus() or self.underMouse():
            self._over.stop()
        else:
            self._over.start()

    def _place(self) -> None:
        beside, page = self._beside, self._page
        left = beside.mapTo(page, QPoint(0, 0)).x() if beside is not page else 0
        widest = beside.width() - 2 * _EDGE
        whole = self._row.sizeHint().width()
        width = max(0, min(whole, widest))
        self._label.setToolTip(tool_tip(self._label.text() if width < whole else ""))
        x = min((page.width() - width) // 2, left + beside.width() - _EDGE - width)
        bottom = self._lower.y() - _ABOVE
        self.setGeometry(max(left + _EDGE, x), bottom - _HEIGHT, width, _HEIGHT)
