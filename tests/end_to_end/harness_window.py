"""A small window with one of everything that the harness must be able to drive; not part of the program."""

from __future__ import annotations

import sys
from typing import TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFormLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QTableView,
    QTabWidget,
    QWidget,
)

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
Kind = TypeVar("Kind", bound=QWidget)


class Grid(QAbstractTableModel):
    """``rows`` × 3 cells that say where they are."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = rows

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        return f"{index.row()}/{index.column()}" if role == Qt.ItemDataRole.DisplayRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        across = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return "ABC"[section] if across else None


class Window(QMainWindow):
    """Says in its status label what it was last told."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.setWindowTitle("Harness — one of everything")
        self._status = _named(QLabel("ready"), "Status")
        self._email = _named(QLineEdit(), "Email")
        self._email.textChanged.connect(self._typed)
        self._email.returnPressed.connect(self._entered)
        self._notes = _named(QPlainTextEdit(), "Notes")
        self._notes.textChanged.connect(self._noted)
        self._slider = _named(QSlider(Qt.Orientation.Horizontal), "Timeline")
        self._slider.setRange(0, 5000)
        self._slider.valueChanged.connect(self._moved)
        self._save = QPushButton("Save")
        self._save.clicked.connect(self._saved)
        self._ask = QPushButton("Ask…")
        self._ask.clicked.connect(self._asked)
        self._table = _named(QTableView(), "Users")
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._grid = Grid(rows)
        self._table.setModel(self._grid)
        # A screen reader that selects a row leaves the current cell where it is.
        self._table.selectionModel().selectionChanged.connect(self._chosen)
        self._table.horizontalHeader().setSectionsClickable(True)
        self._table.horizontalHeader().sectionClicked.connect(self._sorted)
        self._tabs = QTabWidget()
        self._tabs.addTab(QLabel("first page"), "Details")
        self._tabs.addTab(QLabel("second page"), "History")
        self.setCentralWidget(self._laid_out())
        menu = self.menuBar().addMenu("&File")
        quit_action = menu.addAction("&Quit")
        quit_action.setShortcut(QKeySequence("Ctrl+Q"))
        quit_action.triggered.connect(self.close)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()
        self._say("files above")

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._say("dropped " + ", ".join(url.fileName() for url in event.mimeData().urls()))

    def _laid_out(self) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        for widget in (self._status, self._email, self._notes, self._slider, self._save, self._ask):
            form.addRow(widget)
        form.addRow(self._table)
        form.addRow(self._tabs)
        return page

    def _say(self, text: str) -> None:
        self._status.setAccessibleName(text)
        self._status.setText(text)

    def _typed(self, text: str) -> None:
        self._say(f"email {text}")

    def _entered(self) -> None:
        self._say("entered")

    def _noted(self) -> None:
        self._say(f"notes {self._notes.toPlainText()}")

    def _moved(self, value: int) -> None:
        self._say(f"moment {value}")

    def _saved(self) -> None:
        self._say(f"saved {self._email.text()}")
        self._save.setEnabled(False)

    def _asked(self) -> None:
        answer = QMessageBox.question(self, "Really?", "Really do it?")
        self._say(str(answer.name))

    def _chosen(self) -> None:
        for index in self._table.selectionModel().selectedRows():
            self._say(f"row {index.row()}")

    def _sorted(self, column: int) -> None:
        self._say(f"header {column}")


def _named(widget: Kind, name: str) -> Kind:
    widget.setAccessibleName(name)
    return widget


def main() -> int:
    """Open the window on a table of as many rows as the first argument says."""
    app = QApplication(sys.argv)
    window = Window(int(sys.argv[1]))
    window.resize(700, 800)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
