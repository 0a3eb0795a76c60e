"""The dialog that shows what an import would do, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.list_model import Index
from whowas.interchange.report import RefusedLine

_NO_PARENT = QModelIndex()
_ROW = 28


class _RefusedModel(QAbstractTableModel):
    """One row per refused line."""

    HEADINGS: ClassVar[tuple[str, ...]] = ("Line", "Field", "Reason")

    def __init__(self, lines: Sequence[RefusedLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role != Qt.ItemDataRole.DisplayRole or not index.isValid():
            return None
        refused = self._lines[index.row()]
        return (f"{refused.line:,}", refused.field, refused.reason)[index.column()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.HEADINGS[section]
        return None


class ImportPreviewDialog(DialogFrame):
    """Says what a file holds and lists what of it would be refused. Accepted: go on, without the refused lines."""

    def __init__(
        self, file: str, summary: str, refused: Sequence[RefusedLine], parent: QWidget | None = None, *, why: str = ""
    ) -> None:
        """``summary`` counts what would be imported, ``file`` is its name, ``why`` says why it is asked again."""
        super().__init__(f"Import {file}", parent)
        self.setMinimumWidth(480)
        if why:
            self.body.addWidget(TextLabel(why, token="error", wrap=True))
        self.body.addWidget(TextLabel(summary, wrap=True))
        if refused:
            self.resize(QSize(720, 480))
            lines = "1 line" if len(refused) == 1 else f"{len(refused):,} lines"
            self.body.addSpacing(4)
            self.body.addWidget(TextLabel(f"{lines} cannot be imported:", token="error"))
            self.body.addWidget(_table(refused), 1)
        self.add_cancel()
        text = "Import the rest" if refused else "Import"
        going_on = self.add_button(text, primary=True)
        going_on.clicked.connect(self.accept)
        going_on.setFocus()


def _table(refused: Sequence[RefusedLine]) -> QTableView:
    table = QTableView()
    table.setAccessibleName("Refused lines")
    table.setModel(_RefusedModel(tuple(refused), table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    # Fixed heights: measuring every row of a bad file of a million lines would take minutes.
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(_ROW)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setStretchLastSection(True)
    table.setColumnWidth(0, 72)
    table.setColumnWidth(1, 120)
    return table
