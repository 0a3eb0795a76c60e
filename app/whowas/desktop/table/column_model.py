"""What every model of the table of users has: its columns with their titles, and a number of rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from whowas.desktop.table.columns import Column

AnyIndex = QModelIndex | QPersistentModelIndex
NOWHERE: Final = QModelIndex()


class ColumnModel(QAbstractTableModel):
    """Has ``columns``, and ``_count`` rows; what is in them a subclass says."""

    def __init__(self, columns: Iterable[Column], count: int = 0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._count = count

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, shown or not."""
        return self._columns

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: AnyIndex = NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._columns[section].title
        return None
