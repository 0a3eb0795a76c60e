"""The rows of the first screen, for the table of users: those that were kept, and blank ones below them."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from whowas.desktop.first_screen.kept import KeptScreen
from whowas.desktop.table.columns import Column, Roles, attribute_column, standard_columns

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class KeptRows(QAbstractTableModel):
    """Can only be looked at: it knows no more of a user than what the list shows."""

    def __init__(self, screen: KeptScreen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._screen = screen
        self._columns = (*standard_columns(), *map(attribute_column, screen.fields))
        self._texts = {key: number for number, key in enumerate(screen.columns)}

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, shown or not."""
        return self._columns

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else self._screen.total

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._columns[section].title
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel."""
        if not index.isValid() or index.row() >= len(self._screen.rows):
            return None
        row = self._screen.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                number = self._texts.get(self._columns[index.column()].key)
                return None if number is None else row.texts[number]
            case Roles.USER_ID:
                return row.user_id
            case Roles.STATUS:
                return row.status
            case Roles.GROUPS:
                return row.groups
            case _:
                return None
