"""What would be different: a list to look through, however long it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from whowas.desktop.dialogs.frame import DialogFrame
from whowas.desktop.dialogs.put_back import ROW, Line
from whowas.desktop.text_label import TextLabel

_HEADINGS = "Who", "What", "Now", "Would be"
_WIDTHS = 180, 190, 150
_WIDTH, _HEIGHT = 820, 380

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class DifferencesDialog(DialogFrame):
    """Lists lines and does nothing; ``lines`` are asked for only where they are seen."""

    def __init__(self, title: str, sentence: str, lines: Sequence[Line], parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setMinimumWidth(_WIDTH)
        self.sentence = TextLabel(sentence, token="muted", wrap=True)
        self.list = _table(_Lines(lines, self))
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.list, 1)
        self.add_button("Close", primary=True).clicked.connect(self.accept)


class _Lines(QAbstractTableModel):
    def __init__(self, lines: Sequence[Line], parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = lines

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, _parent: _Index = _NOWHERE) -> int:
        return len(_HEADINGS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        line = self._lines[index.row()]
        return " ".join((line.who, line.what, line.now, line.then)[index.column()].split())

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        across = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _HEADINGS[section] if across else None


def _table(lines: _Lines) -> QTableView:
    table = QTableView()
    table.setModel(lines)
    table.setAccessibleName("What would be different")
    table.setMinimumHeight(_HEIGHT)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    rows = table.verticalHeader()
    rows.hide()
    # Fixed, so that no row need be looked at for its height.
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(ROW)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setStretchLastSection(True)
    for column, width in enumerate(_WIDTHS):
        table.setColumnWidth(column, width)
    return table
