"""A cache of painted cells by their content: drawing a text takes ten times as long as copying its picture."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPixmap


class CellPictures:
    """Keeps at most ``limit`` pictures and drops the oldest first; a change of the screen's resolution drops all."""

    def __init__(self) -> None:
        self._limit = 0
        self._ratio = 1.0
        self._pictures: dict[tuple[Hashable, int, int, int], QPixmap] = {}

    def prepare(self, limit: int, ratio: float) -> None:
        """Keep ``limit`` pictures from now on, for a screen with ``ratio`` pixels to a logical one."""
        self._limit = limit
        if ratio != self._ratio:
            self._ratio = ratio
            self.clear()

    def clear(self) -> None:
        """Drop all pictures, because font or theme have changed."""
        self._pictures.clear()

    def paint(
        self, painter: QPainter, rect: QRect, background: QColor, key: Hashable, draw: Callable[[QPainter, QRect], None]
    ) -> None:
        """Paint the content identified by ``key`` into ``rect``; ``draw`` is called if no picture of it is cached."""
        if not self._ratio.is_integer():
            # The edges of a picture would not fall on pixels of the screen, and it would be blurred.
            painter.fillRect(rect, background)
            draw(painter, rect)
            return
        width, height = rect.width(), rect.height()
        whole_key = (key, width, height, background.rgb())
        picture = self._pictures.get(whole_key)
        if picture is None:
            picture = self._pictures[whole_key] = self._drawn(width, height, background, draw)
            if len(self._pictures) > self._limit:
                del self._pictures[next(iter(self._pictures))]
        painter.drawPixmap(rect.x(), rect.y(), picture)

    def _drawn(self, width: int, height: int, background: QColor, draw: Callable[[QPainter, QRect], None]) -> QPixmap:
        picture = QPixmap(round(width * self._ratio), round(height * self._ratio))
        picture.setDevicePixelRatio(self._ratio)
        # Filled before drawing, because letters get the same anti-aliasing as elsewhere only on an opaque picture.
        picture.fill(background)
        painter = QPainter(picture)
        draw(painter, QRect(0, 0, width, height))
        painter.end()
        return picture
