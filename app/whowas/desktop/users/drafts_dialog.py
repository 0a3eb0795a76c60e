"""The dialog that lists what is not saved yet, leads to it, and discards it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QPushButton, QWidget

from whowas.desktop.kit import sizes
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.lines_table import LinesView, row_height
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.users.draft_words import DraftLine

_WIDTH, _ROWS = 640, 6
_NAME_WIDTH, _DISCARD_WIDTH = 200, 96
_SAYS = "What was typed and not saved. It is kept on this computer, and nobody else sees it."


class DraftsDialog(DialogFrame):
    """``chosen`` carries the key of the draft that the person wants to go on with, ``discarded`` that of another."""

    chosen = Signal(str)
    discarded = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Drafts not saved", parent)
        self._keys: Sequence[str] = ()
        self.ask_width(_WIDTH)
        self.body.addWidget(TextLabel(_SAYS, token="muted", size=12, wrap=True))
        self._list = _DraftsView()
        self._list.setMinimumSize(QSize(_WIDTH - 40, _ROWS * row_height()))
        self._list.clicked.connect(self._clicked)
        self._list.discardWanted.connect(self._discard)
        self.body.addWidget(self._list, 1)
        self.add_button("Close").clicked.connect(self.reject)
        self.add_button("Open", primary=True).clicked.connect(self._open_current)
        self._list.setFocus()

    def show_drafts(self, keys: Sequence[str], lines: Sequence[DraftLine]) -> None:
        """List drafts by their keys, with the row of each; without any, the dialog closes."""
        row = max(self._list.currentIndex().row(), 0)
        self._keys = keys
        self._list.show_lines(lines)
        if not keys:
            self.reject()
            return
        self._list.selectRow(min(row, len(keys) - 1))
        self._list.setFocus()

    def _clicked(self, index: QModelIndex) -> None:
        self._choose(index.row())

    def _open_current(self) -> None:
        self._choose(self._list.currentIndex().row())

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._keys):
            key = self._keys[row]
            self.accept()
            self.chosen.emit(key)

    def _discard(self, row: int) -> None:
        if 0 <= row < len(self._keys):
            self.discarded.emit(self._keys[row])


class _DraftsView(LinesView):
    """Has a button in the last column of every row that was ever in view; the Delete key does the same."""

    discardWanted = Signal(int)
    _LAST: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__("Drafts", ("User", "Edited", ""), (_NAME_WIDTH,))
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(self._LAST, sizes.scaled(_DISCARD_WIDTH))
        self._lines: Sequence[DraftLine] = ()
        self.verticalScrollBar().valueChanged.connect(self._add_buttons)

    def show_lines(self, lines: Sequence[DraftLine]) -> None:
        """Show these rows."""
        self._lines = lines
        self.lines.show(lines)
        self._add_buttons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See QTableView."""
        super().resizeEvent(event)
        self._add_buttons()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See LinesView."""
        if event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.discardWanted.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def _add_buttons(self) -> None:
        first = max(0, self.rowAt(0))
        for row in range(first, min(first + self.viewport().height() // row_height() + 2, len(self._lines))):
            index = self.lines.index(row, self._LAST)
            if self.indexWidget(index) is None:
                self.setIndexWidget(index, self._button(row))

    def _button(self, row: int) -> QPushButton:
        button = QPushButton("Discard")
        button.setProperty("link", "cell")
        button.setAutoDefault(False)
        button.setAccessibleName(f"Discard {self._lines[row].name}")
        button.clicked.connect(partial(self.discardWanted.emit, row))
        return button
