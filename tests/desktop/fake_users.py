"""A model of users as the table wants it, that needs no directory."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from whowas.desktop.table.columns import Column, Roles, standard_columns

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str = ""
    groups: tuple[str, ...] = ()
    status: str = "active"


class FakeUsers(QAbstractTableModel):
    """Shows ``people``; columns other than name, email, groups and status are empty."""

    def __init__(self, *people: Person, columns: tuple[Column, ...] = standard_columns()) -> None:
        super().__init__()
        self.people = list(people)
        self.columns = columns
        self.asked: set[int] = set()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.people)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        horizontal = orientation == Qt.Orientation.Horizontal
        return self.columns[section].title if horizontal and role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        self.asked.add(index.row())
        person = self.people[index.row()]
        match role:
            case Roles.GROUPS:
                return person.groups
            case Roles.STATUS:
                return person.status
            case Qt.ItemDataRole.DisplayRole:
                shown = replace(person, status=person.status.title())
                groups = ", ".join(person.groups)
                return groups if self._key(index) == "groups" else getattr(shown, self._key(index), "")
            case _:
                return None

    def show(self, *people: Person, columns: tuple[Column, ...] | None = None) -> None:
        """Show other people, in other columns if given."""
        self.beginResetModel()
        self.people = list(people)
        self.columns = columns or self.columns
        self.endResetModel()

    def _key(self, index: Index) -> str:
        return self.columns[index.column()].key
