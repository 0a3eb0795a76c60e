"""The header of a preview: two titles that a click orders by, and that of the lines above the ends of their numbers."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.desktop.exchange.preview.table.model import ORDERS, TITLES, PreviewColumn
from whowas.desktop.kit import theme
from whowas.desktop.table.cell_painter import PADDING
from whowas.desktop.table.header import TableHeader

_ARROW = 16
_MARK, _USER, _SINCE, _FILE, _LINE = 32, 196, 108, 140, 90
_NARROW_USER = 150
_NARROW = 640
"""A table narrower than that, in pixels, has a narrow column of users."""


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

    def fit(self, rows: PreviewRows | None, room: int, *, lines: bool) -> None:
        """Show the columns that ``rows`` need, and that of ``lines``; what changes takes the rest of ``room``."""
        widths = {PreviewColumn.MARK: _MARK, PreviewColumn.USER: _USER if room >= _NARROW else _NARROW_USER}
        if rows is not None and rows.dated:
            widths[PreviewColumn.SINCE] = _SINCE
        if rows is not None and rows.several_files:
            widths[PreviewColumn.FILE] = _FILE
        if lines:
            widths[PreviewColumn.LINE] = _LINE
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
