"""The edge of a table with round corners, laid over what is in it: a header would fill them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit import theme

_RADIUS = 6


class RoundEdge(QWidget):
    """Covers the corners of its parent in the colour of what is around it; clicks go through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.signals.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        whole = QRectF(self.rect())
        inside = QPainterPath()
        inside.addRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        outside = QPainterPath()
        outside.addRect(whole)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(outside.subtracted(inside), tokens.surface)
        painter.setPen(tokens.line)
        painter.drawPath(inside)
        painter.end()
