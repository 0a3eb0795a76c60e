"""The table's header: muted titles, an arrow beside the sorted one, sections that can be moved and resized."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QMouseEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.line_text import one_line
from whowas.desktop.kit.viewports import own_viewport
from whowas.desktop.table.cell_painter import PADDING

HEIGHT = 32
_COMPACT = 26
"""Its height where rows lie close to each other."""
_ARROW = 14
_RIGHT = 8


class TableHeader(QHeaderView):
    """Paints itself; the sort indicator shows which column is sorted by.

    ``resizedByHand(sections)`` is emitted when the person has finished resizing sections.
    """

    resizedByHand = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        viewport = own_viewport(self)
        viewport.setMouseTracking(True)
        viewport.setBackgroundRole(QPalette.ColorRole.Button)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(48)
        self.setResizeContentsPrecision(0)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setSortIndicatorShown(True)
        self._sizes: list[int] = []
        theme.signals.changed.connect(self._set_font)
        self._set_font()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), sizes.spaced(HEIGHT, _COMPACT))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._set_font()

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803
        tokens = theme.current()
        painter.fillRect(rect, tokens.surface)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), tokens.line)
        sorted_by = self.sortIndicatorSection() == logicalIndex
        room = rect.width() - PADDING - _RIGHT - (_ARROW + 2 if sorted_by else 0)
        metrics = QFontMetrics(self.font())
        title = one_line(str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or ""))
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
        painter.setFont(self.font())
        painter.setPen(tokens.text if self._is_hovered(rect) else tokens.muted)
        area = rect.adjusted(PADDING, 0, -_RIGHT, -1)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        if sorted_by:
            self._paint_arrow(painter, area.left() + metrics.horizontalAdvance(shown) + 8.5, rect)
        if self.underMouse():
            painter.fillRect(QRect(rect.right(), rect.top() + 8, 1, rect.height() - 17), tokens.line)

    def _paint_arrow(self, painter: QPainter, middle: float, rect: QRect) -> None:
        """Paint an arrow with the stroke width of the letters beside it; an icon's lines would be thinner."""
        up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        base = rect.top() + rect.height() / 2
        tip, end, wing = (base - 4.5, base + 4.0, 3.5) if up else (base + 4.0, base - 4.5, -3.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().muted, 1.4, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawLine(QPointF(middle, tip), QPointF(middle, end))
        wings = [QPointF(middle - 3.5, tip + wing), QPointF(middle, tip), QPointF(middle + 3.5, tip + wing)]
        painter.drawPolyline(wings)
        painter.restore()

    def sectionSizeFromContents(self, logicalIndex: int) -> QSize:  # noqa: N803
        title = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        width = QFontMetrics(self.font()).horizontalAdvance(title) + PADDING + _RIGHT + _ARROW + 2
        return QSize(width, self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._sizes = self._section_sizes()
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._sizes = self._section_sizes()
        super().mouseDoubleClickEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        after = enumerate(self._section_sizes())
        changed = [section for section, size in after if section < len(self._sizes) and size != self._sizes[section]]
        if changed:
            self.resizedByHand.emit(changed)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.viewport().update()

    def _section_sizes(self) -> list[int]:
        return [self.sectionSize(section) for section in range(self.count())]

    def _is_hovered(self, rect: QRect) -> bool:
        return self.underMouse() and rect.contains(self.viewport().mapFromGlobal(self.cursor().pos()))

    def _set_font(self) -> None:
        font = QFont(self.font())
        font.setPixelSize(sizes.scaled(12))
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)
        self.setFixedHeight(sizes.spaced(HEIGHT, _COMPACT))
