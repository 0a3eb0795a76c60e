"""The dialog that shows what an import would do, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.list_model import Index
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.interchange.importing.outcome import RowOutcome

_NO_PARENT = QModelIndex()
_ROW = 28


class _RefusedModel(QAbstractTableModel):
    """One row per refused line."""

    HEADINGS: ClassVar[tuple[str, ...]] = ("Line", "Field", "Reason")

    def __init__(self, lines: Sequence[RowOutcome], parent: QWidget | None = None) -> None:
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
        field = refused.field.removeprefix(ATTRIBUTE_PREFIX)
        return (f"{refused.line:,}" if refused.line else "", field, refused.reason)[index.column()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.HEADINGS[section]
        return None


@dataclass(frozen=True, slots=True)
class Previewed:
    """What the dialog shows of an import: in one sentence, what was recognised or supposed, and what is refused.

    ``refused`` are the first of ``refused_lines`` lines that are not taken, or only without one field.
    """

    summary: str
    told: tuple[str, ...]
    refused: tuple[RowOutcome, ...]
    refused_lines: int


class ImportPreviewDialog(DialogFrame):
    """Says what a file holds and lists what of it would be refused. Accepted: go on, without the refused lines."""

    def __init__(self, file: str, previewed: Previewed, parent: QWidget | None = None, *, why: str = "") -> None:
        """``file`` is the name of what would be imported, ``why`` says why it is asked again."""
        super().__init__(f"Import {file}", parent)
        self.setMinimumWidth(480)
        if why:
            self.body.addWidget(TextLabel(why, token="error", wrap=True))
        self.body.addWidget(TextLabel(previewed.summary, wrap=True))
        for sentence in previewed.told:
            self.body.addWidget(TextLabel(sentence, token="muted", wrap=True))
        if previewed.refused:
            self.resize(QSize(720, 480))
            self.body.addSpacing(4)
            self.body.addWidget(TextLabel(_counted(previewed), token="error"))
            self.body.addWidget(_table(previewed.refused), 1)
        self.add_cancel()
        text = "Import the rest" if previewed.refused else "Import"
        going_on = self.add_button(text, primary=True)
        going_on.clicked.connect(self.accept)
        going_on.setFocus()


def _counted(previewed: Previewed) -> str:
    lines = "1 line" if previewed.refused_lines == 1 else f"{previewed.refused_lines:,} lines"
    shown = len(previewed.refused)
    first = "" if shown == previewed.refused_lines else f"; these are the first {shown:,}"
    return f"{lines} cannot be imported{first}:"


def _table(refused: Sequence[RowOutcome]) -> QTableView:
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
