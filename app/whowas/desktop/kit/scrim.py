"""What dims a window while a large dialog is open over it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

from whowas.desktop.kit import theme


class Scrim(QWidget):
    """Covers all of ``over`` until ``dialog`` is closed."""

    def __init__(self, over: QWidget, dialog: QDialog) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._over = over
        over.installEventFilter(self)
        theme.signals.changed.connect(self.update)
        dialog.finished.connect(self._go)
        self._cover()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as what is covered."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._cover()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().colour("scrim"))
        painter.end()

    def _cover(self) -> None:
        self.setGeometry(self._over.rect())
        self.raise_()

    def _go(self) -> None:
        self._over.removeEventFilter(self)
        self.hide()
        self.deleteLater()
