"""A layout that puts its items side by side and wraps to the next line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Left to right, then down. The last item takes the rest of its line if that is at least its minimum width."""

    def __init__(self, spacing: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def insert_widget(self, index: int, widget: QWidget) -> None:
        """Put ``widget`` before the item now at ``index``."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        return len(self._held())

    def itemAt(self, index: int) -> QLayoutItem | None:
        held = self._held()
        return held[index] if 0 <= index < len(held) else None

    def _held(self) -> Sequence[QLayoutItem]:
        """Return the items: none any more where Python has taken the layout apart, which Qt asks until its own end."""
        held: Sequence[QLayoutItem] = self.__dict__.get("_items", ())
        return held

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arranged(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arranged(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        margins = self.contentsMargins()
        size = QSize(0, 0)
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arranged(self, rect: QRect, *, move: bool) -> int:
        """Return the height that the items need within ``rect``, in pixels; with ``move``, also place them."""
        margins = self.contentsMargins()
        area = rect.marginsRemoved(margins)
        x, y, line = area.left(), area.top(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            last = item is self._items[-1]
            wanted = item.minimumSize() if last else item.sizeHint()
            if x > area.left() and x + wanted.width() > area.right() + 1:
                x, y, line = area.left(), y + line + self.spacing(), 0
            width = area.right() + 1 - x if last else min(wanted.width(), area.width())
            height = item.sizeHint().height()
            if move:
                item.setGeometry(QRect(QPoint(x, y), QSize(width, height)))
            x += width + self.spacing()
            line = max(line, height)
        return y + line + margins.bottom() - rect.top()
