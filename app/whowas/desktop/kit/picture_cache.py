"""Cells kept as pictures by what they show: drawing a text takes ten times as long as copying its picture."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPixmap


class CellPictures:
    """At most ``limit`` pictures, the oldest going first; all are forgotten when the screen's resolution changes."""

    def __init__(self) -> None:
        self._limit = 0
        self._ratio = 1.0
        self._pictures: dict[tuple[Hashable, int, int, int], QPixmap] = {}

    def prepare(self, limit: int, ratio: float) -> None:
        """Keep ``limit`` pictures from now on, for a screen of ``ratio`` pixels to each of ours."""
        self._limit = limit
        if ratio != self._ratio:
            self._ratio = ratio
            self.clear()

    def clear(self) -> None:
        """Forget all, as font or theme have changed."""
        self._pictures.clear()

    def paint(
        self, painter: QPainter, rect: QRect, ground: QColor, key: Hashable, draw: Callable[[QPainter, QRect], None]
    ) -> None:
        """Paint what ``key`` stands for over ``ground`` into ``rect``; ``draw`` is asked where no picture is kept."""
        if not self._ratio.is_integer():
            # A picture would not begin and end with a pixel of the screen, and be blurred.
            painter.fillRect(rect, ground)
            draw(painter, rect)
            return
        width, height = rect.width(), rect.height()
        whole_key = (key, width, height, ground.rgb())
        picture = self._pictures.get(whole_key)
        if picture is None:
            picture = self._pictures[whole_key] = self._drawn(width, height, ground, draw)
            if len(self._pictures) > self._limit:
                del self._pictures[next(iter(self._pictures))]
        painter.drawPixmap(rect.x(), rect.y(), picture)

    def _drawn(self, width: int, height: int, ground: QColor, draw: Callable[[QPainter, QRect], None]) -> QPixmap:
        picture = QPixmap(round(width * self._ratio), round(height * self._ratio))
        picture.setDevicePixelRatio(self._ratio)
        # Opaque before it is drawn on, so that letters get the same edges as elsewhere.
        picture.fill(ground)
        painter = QPainter(picture)
        draw(painter, QRect(0, 0, width, height))
        painter.end()
        return picture
