"""Accounts of a server, a row each, and what they may do in a directory: one of four cells of the row is chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.list_model import Index
from whowas.desktop.kit.plain_text import tool_tip, wrapped_tip
from whowas.store.server.roles import RIGHTS, Rights

CHOICES: Final[tuple[Rights | None, ...]] = (None, *RIGHTS)
FIRST_CHOICE = 1
"""The column of the first of ``CHOICES``."""
WORDS: Final[Mapping[Rights | None, str]] = {
    None: "No rights",
    "reader": "Reader",
    "editor": "Editor",
    "admin": "Admin",
}
MEANINGS: Final[Mapping[Rights | None, str]] = {
    None: "Cannot open the directory",
    "reader": "Sees everything but passwords, now and in the past",
    "editor": "Reads and changes users, groups and fields",
    "admin": "Does everything: erases, and says who may do what",
}
HERE = "Here now"
_NOWHERE: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account with what it may do; a ``fixed`` one cannot be given other rights, and ``note`` says why or who."""

    account: str
    rights: Rights | None
    note: str = ""
    fixed: bool = False


class RightsModel(QAbstractTableModel):
    """``chosen`` is emitted after a person has given an account other rights."""

    chosen = Signal()

    def __init__(self, *, shows_notes: str, parent: QWidget | None = None) -> None:
        """``shows_notes`` is the heading of the column of notes."""
        super().__init__(parent)
        self._headings = ("Account", *(WORDS[choice] for choice in CHOICES), shows_notes)
        self._lines: Sequence[AccountLine] = ()
        self._rights: list[Rights | None] = []
        self._editable = True

    def show(self, lines: Sequence[AccountLine], kept: Mapping[str, Rights | None] | None = None) -> None:
        """Show other accounts; what is ``kept`` was chosen before."""
        kept = kept or {}
        self.beginResetModel()
        self._lines = lines
        self._rights = [line.rights if line.fixed or line.account not in kept else kept[line.account] for line in lines]
        self.endResetModel()

    def set_editable(self, editable: bool) -> None:
        """Let people choose, or only see."""
        self._editable = editable
        self._tell(range(len(self._lines)))

    @property
    def rights(self) -> dict[str, Rights | None]:
        """What each account may do as it is chosen."""
        return {line.account: rights for line, rights in zip(self._lines, self._rights, strict=True)}

    @property
    def changes(self) -> dict[str, Rights | None]:
        """What accounts may do for which something else was chosen."""
        return {
            line.account: rights
            for line, rights in zip(self._lines, self._rights, strict=True)
            if rights != line.rights
        }

    def choose(self, row: int, choice: Rights | None) -> None:
        """Give the account of a row other rights, as a person does."""
        if self.may_choose(row) and self._rights[row] != choice:
            self._rights[row] = choice
            self._tell([row])
            self.chosen.emit()

    def may_choose(self, row: int) -> bool:
        """Whether something else can be chosen for a row."""
        return self._editable and not self._lines[row].fixed

    def choice_of(self, row: int) -> int:
        """Return the column that is chosen in a row."""
        return FIRST_CHOICE + CHOICES.index(self._rights[row])

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._headings)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """See QAbstractItemModel."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        may = choice_at(index.column()) is not None and self.may_choose(index.row())
        return flags | Qt.ItemFlag.ItemIsUserCheckable if may else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """See QAbstractItemModel; a screen reader reads what a choice is of."""
        if not index.isValid():
            return None
        line, choice = self._lines[index.row()], choice_at(index.column())
        if choice is None:
            text = line.account if index.column() == 0 else line.note
            if role == Qt.ItemDataRole.DisplayRole:
                return " ".join(text.split())
            return wrapped_tip(text) if role == Qt.ItemDataRole.ToolTipRole and text else None
        rights = CHOICES[choice]
        match role:
            case Qt.ItemDataRole.CheckStateRole:
                chosen = self._rights[index.row()] == rights
                return Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{line.account}: {WORDS[rights]}"
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(MEANINGS[rights])
            case _:
                return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """See QAbstractItemModel; one of a row is chosen, by checking it."""
        choice = choice_at(index.column())
        if role != Qt.ItemDataRole.CheckStateRole or choice is None or not self.may_choose(index.row()):
            return False
        self.choose(index.row(), CHOICES[choice])
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """See QAbstractItemModel."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        choice = choice_at(section)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._headings[section]
            case Qt.ItemDataRole.ToolTipRole if choice is not None:
                return tool_tip(MEANINGS[CHOICES[choice]])
            case Qt.ItemDataRole.TextAlignmentRole if choice is not None:
                return Qt.AlignmentFlag.AlignCenter
            case _:
                return None

    def _tell(self, rows: Collection[int]) -> None:
        for row in rows:
            first, last = self.index(row, FIRST_CHOICE), self.index(row, FIRST_CHOICE + len(CHOICES) - 1)
            self.dataChanged.emit(first, last, [Qt.ItemDataRole.CheckStateRole])


def choice_at(column: int) -> int | None:
    """Return which of ``CHOICES`` a column is, None if it is none."""
    at = column - FIRST_CHOICE
    return at if 0 <= at < len(CHOICES) else None
