"""The files of one import in a table: how many rows each has, since when it is true, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QDate, QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDateEdit,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from whowas.desktop.exchange.assistant.jobs.looking import SeenFile
from whowas.desktop.kit import dates, theme
from whowas.desktop.kit.dates import day_words
from whowas.desktop.kit.dialogs.calendar import MonthView
from whowas.desktop.kit.list_model import Index
from whowas.desktop.kit.plain_text import wrapped_tip
from whowas.desktop.kit.theme import Token
from whowas.interchange.importing.dates.list_dates import moment_of

ROW: Final = 32
_HEADINGS: Final = ("File", "Rows", "True since", "")
_NAME, _ROWS, _DATE, _WRONG = range(4)
_WIDTHS: Final = (230, 64, 116)
_NOWHERE: Final = QModelIndex()


class FilesModel(QAbstractTableModel):
    """A row for each file; ``changed`` is emitted after a date was."""

    changed = Signal()

    def __init__(self, files: Sequence[SeenFile], days: Sequence[date | None], parent: QWidget | None = None) -> None:
        """``days`` has the date of each file, None where it is not known."""
        super().__init__(parent)
        self._files = files
        self._days = list(days)
        self._dated = False
        self._on = self._names_by_day()

    @property
    def right(self) -> list[SeenFile]:
        """The files that can be taken."""
        return [seen for seen in self._files if not seen.wrong]

    def moments(self) -> Mapping[str, int]:
        """Return since when each file is true (UTC µs), by its name; of those alone that have a date."""
        return {
            seen.file.source.name: moment_of(day)
            for seen, day in zip(self._files, self._days, strict=True)
            if day is not None and not seen.wrong
        }

    def in_order(self) -> list[SeenFile]:
        """Return the files that can be taken in the order of their dates."""
        pairs = [
            (day or date.max, at)
            for at, (seen, day) in enumerate(zip(self._files, self._days, strict=True))
            if not seen.wrong
        ]
        return [self._files[at] for _, at in sorted(pairs)]

    def show_dates(self, dated: bool) -> None:
        """Say whether dates count."""
        self._dated = dated
        self._tell()

    def what_is_wrong(self) -> str:
        """Say of the first file with which something is wrong what that is; "" where all can be taken."""
        for row, seen in enumerate(self._files):
            if not seen.wrong and (wrong := self._wrong(row)):
                return f"“{seen.file.source.name}”: {wrong}"
        return ""

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._files)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """See QAbstractItemModel."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _HEADINGS[section]
        return int(_alignment(section)) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """See QAbstractItemModel."""
        flags = super().flags(index)
        can_be_dated = index.column() == _DATE and self._dated and not self._files[index.row()].wrong
        return flags | Qt.ItemFlag.ItemIsEditable if can_be_dated else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """See QAbstractItemModel."""
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(index.row(), index.column())
            case Qt.ItemDataRole.EditRole if index.column() == _DATE:
                return self._days[index.row()]
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(_alignment(index.column()))
            case Qt.ItemDataRole.ForegroundRole if (token := self._token(index.row(), index.column())) is not None:
                return theme.current().colour(token)
            case Qt.ItemDataRole.ToolTipRole:
                return wrapped_tip(self._text(index.row(), index.column()))
            case _:
                return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """See QAbstractItemModel; takes the date of a file."""
        if role != Qt.ItemDataRole.EditRole or index.column() != _DATE or not isinstance(value, date):
            return False
        self._days[index.row()] = value
        self._tell()
        return True

    def _tell(self) -> None:
        self._on = self._names_by_day()
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._files) - 1, len(_HEADINGS) - 1))
        self.changed.emit()

    def _names_by_day(self) -> Mapping[date, list[str]]:
        on: dict[date, list[str]] = {}
        for seen, day in zip(self._files, self._days, strict=True):
            if day is not None and not seen.wrong:
                on.setdefault(day, []).append(seen.file.source.name)
        return on

    def _text(self, row: int, column: int) -> str:
        seen, day = self._files[row], self._days[row]
        match column:
            case 0:
                return seen.file.source.name
            case 1:
                return "" if seen.rows is None else f"{seen.rows:,}"
            case 2:
                if seen.wrong or not self._dated:
                    return ""
                return "choose a date" if day is None else day_words(day)
            case _:
                return self._wrong(row)

    def _token(self, row: int, column: int) -> Token | None:
        if column == _WRONG:
            return "error"
        if column == _DATE and self._days[row] is None:
            return "accent"
        return "muted" if self._files[row].wrong else None

    def _wrong(self, row: int) -> str:
        seen, day = self._files[row], self._days[row]
        if seen.wrong or not self._dated:
            return seen.wrong
        if day is None:
            return "Its name says no date that can be read."
        if day > date.today():  # noqa: DTZ011 (people mean the day of where they are)
            return "This date is still to come."
        other = next((name for name in self._on[day] if name != seen.file.source.name), "")
        return f"“{other}” has the same date." if other else ""


class _DateDelegate(QStyledItemDelegate):
    """Lets a date be typed, or chosen in a calendar."""

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        editor = QDateEdit(parent)
        editor.setCalendarPopup(True)
        editor.setDisplayFormat(dates.date_pattern())
        editor.setCalendarWidget(MonthView(editor.locale()))
        editor.setMaximumDate(QDate.currentDate())
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QDateEdit)
        day = index.data(Qt.ItemDataRole.EditRole)
        editor.setDate(QDate(day.year, day.month, day.day) if isinstance(day, date) else QDate.currentDate())

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, QDateEdit)
        chosen = editor.date()
        model.setData(index, date(chosen.year(), chosen.month(), chosen.day()))


class FilesView(QTableView):
    """Shows the files; Enter, F2 or a click on a date lets it be altered."""

    def __init__(self, model: FilesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Files")
        self.setModel(model)
        self.setItemDelegateForColumn(_DATE, _DateDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.SelectedClicked | triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == _ROWS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
