"""The menus that were asked for before the page of a directory could show any: they come as soon as it can."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPoint, Qt

from whowas.desktop.page.directory_page import DirectoryPage


class AskedEarly(QObject):
    """Keeps the menu asked for last, of a user or of a group; the pointer says meanwhile that the window is busy."""

    def __init__(self, page: DirectoryPage) -> None:
        super().__init__(page)
        self._page = page
        self._cell: tuple[int, int] | None = None
        self._group = ""
        self._place = QPoint()
        page.setCursor(Qt.CursorShape.BusyCursor)
        page.table.contextRequested.connect(self._keep_cell)
        page.groupMenuRequested.connect(self._keep_group)

    def ask_again(self) -> None:
        """Have the menu shown, now that there is somebody who does; not where another user was chosen since."""
        page, table = self._page, self._page.table
        page.unsetCursor()
        table.contextRequested.disconnect(self._keep_cell)
        page.groupMenuRequested.disconnect(self._keep_group)
        if self._group:
            page.groupMenuRequested.emit(self._group, self._place)
        elif self._cell is not None:
            cell = page.model.index(*self._cell)
            if not cell.isValid() or cell.row() == table.currentIndex().row():
                table.contextRequested.emit(cell, self._place)

    def _keep_cell(self, cell: QModelIndex, place: QPoint) -> None:
        self._cell, self._group, self._place = (cell.row(), cell.column()), "", place

    def _keep_group(self, group: str, place: QPoint) -> None:
        self._group, self._place = group, place
