"""The header of a preview: two titles that a click orders by, and that of the lines above the ends of their numbers."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from whowas.desktop.exchange.preview.model import ORDERS, TITLES, PreviewColumn
from whowas.desktop.kit import theme
from whowas.desktop.table.cell_painter import PADDING
from whowas.desktop.table.header import TableHeader

_ARROW = 16


class PreviewHeader(TableHeader):
    """``edge`` is how far from its right edge the title of the lines ends, in pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edge = 0
        self.setSectionsMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setMinimumSectionSize(0)
        self._ordered_by: tuple[int, Qt.SortOrder] = (PreviewColumn.USER, Qt.SortOrder.AscendingOrder)
        self.setSortIndicator(*self._ordered_by)
        self.sortIndicatorChanged.connect(self._keep_to_orders)

    def fix_widths(self, widths: dict[PreviewColumn, int]) -> None:
        """Give columns their widths; what changes takes the rest, and none can be resized."""
        for column in PreviewColumn:
            self.setSectionHidden(column, column not in widths and column != PreviewColumn.CHANGES)
            if column == PreviewColumn.CHANGES:
                self.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                self.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
                self.resizeSection(column, widths.get(column, 0))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803
        if logicalIndex != PreviewColumn.LINE:
            super().paintSection(painter, rect, logicalIndex)
            return
        title = TITLES[PreviewColumn.LINE]
        metrics = QFontMetrics(self.font())
        arrow = _ARROW if self.sortIndicatorSection() == logicalIndex else 0
        wide = metrics.horizontalAdvance(title) + PADDING + arrow
        painter.fillRect(rect, theme.current().surface)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme.current().line)
        # The base class paints from the left: what it is given begins where the title has to.
        left = rect.right() + 1 - self.edge - wide
        super().paintSection(painter, QRect(left, rect.top(), rect.right() + 1 - left, rect.height()), logicalIndex)

    def _keep_to_orders(self, section: int, order: Qt.SortOrder) -> None:
        """Take back the sign of an order that there is not."""
        if section in ORDERS:
            self._ordered_by = (section, order)
        else:
            self.setSortIndicator(*self._ordered_by)
