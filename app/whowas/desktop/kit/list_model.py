"""A model for short lists in which each row is one value, drawn by a delegate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit import sizes
from whowas.desktop.kit.plain_text import wrapped_tip
from whowas.domain.fields import shortened

Index = QModelIndex | QPersistentModelIndex
ITEM_ROLE = Qt.ItemDataRole.UserRole
"""The role of the value itself."""

_TIP = 1_000
_NO_PARENT = QModelIndex()


class Spoken(Protocol):
    """A value that can be read aloud."""

    def sentence(self) -> str:
        """Return the whole content of the row as one sentence."""


class ItemModel(QAbstractListModel):
    """Values in the order given; screen readers, type-ahead and tool tips get their sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._item_of: Callable[[int], Spoken]

    def set_rows(self, count: int, item_of: Callable[[int], Spoken]) -> None:
        """Replace all values by ``count`` others; ``item_of`` returns that of a row whenever it is asked for."""
        self.beginResetModel()
        self._count, self._item_of = count, item_of
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self._item_of(index.row())
        if role == ITEM_ROLE:
            return item
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(item.sentence())
        return item.sentence() if role == Qt.ItemDataRole.DisplayRole else None


def tip(sentence: str) -> str:
    """Return a sentence, shortened to what a tool tip can show."""
    return wrapped_tip(shortened(sentence, _TIP))


def sized(base: QFont, pixels: int, *, bold: bool = False) -> QFont:
    """Return ``base`` in a size of ``pixels`` at 100 %, for the lines of a row."""
    font = QFont(base)
    font.setPixelSize(sizes.scaled(pixels))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font
