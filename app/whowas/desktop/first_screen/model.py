"""The rows of the first screen, for the table of users: those that were kept, and blank ones below them."""

from __future__ import annotations

from itertools import starmap
from typing import Any

from PySide6.QtCore import QObject, Qt

from whowas.desktop.first_screen.kept import KeptScreen
from whowas.desktop.table.column_model import AnyIndex, ColumnModel
from whowas.desktop.table.columns import Roles, attribute_column, standard_columns


class KeptRows(ColumnModel):
    """Can only be looked at: it knows no more of a user than what the list shows."""

    def __init__(self, screen: KeptScreen, parent: QObject | None = None) -> None:
        columns = (*standard_columns(), *starmap(attribute_column, screen.fields))
        super().__init__(columns, screen.total, parent)
        self._screen = screen
        self._texts = {key: number for number, key in enumerate(screen.columns)}

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
