"""The table's view-model: the version rows that are shown, whose users are read only when they become visible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Qt

from whowas.desktop.table.cell_differences import at_both_moments, at_one_moment
from whowas.desktop.table.cell_texts import cell_text
from whowas.desktop.table.column_model import NOWHERE, AnyIndex, ColumnModel
from whowas.desktop.table.columns import CellDifference, Column, Contents, Roles
from whowas.desktop.table.draft_mark import DRAFTED
from whowas.domain.directory import Directory
from whowas.domain.users import STATUS_LABELS, User
from whowas.projections.index.ranks import RowsAt, TouchedRows
from whowas.projections.queries.comparison import Became, Compared
from whowas.projections.tables.arrays import Int32
from whowas.projections.tables.read_model import VersionRow

if TYPE_CHECKING:
    from whowas.desktop.table.copied_rows import CopiedRows

ROWS_AT_ONCE: Final = 64
ROWS_KEPT: Final = 4_096
ROWS_CHANGED_ONE_BY_ONE: Final = 16
_RUNS_LOOKED_UP: Final = 32
"""Of more runs of rows than these it is quicker to look at all rows once."""

Fetch = Callable[[Sequence[int]], list[VersionRow]]


class UsersModel(ColumnModel):
    """Shows the version rows of a moment; ``fetch`` reads their users, a screenful at a time.

    Of the rows shown only those are looked up that somebody asks for, with some around them.
    """

    def __init__(self, fetch: Fetch, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(columns, parent=parent)
        self._fetch = fetch
        self._rows: RowsAt | None = None
        self._numbers: list[int] = []
        self._numbers_from = 0
        self._directory = Directory()
        self._users: dict[int, User] = {}
        self._forgotten = False
        self._comparison: Compared | None = None
        self._shown_is_earlier = True
        self._became: list[int] = []
        self._others: list[int] = []
        self._compared_from = 0
        self._changed_rows: dict[int, Mapping[str, CellDifference]] = {}
        self._named: Mapping[str, CellDifference] = {}
        self._drafted: Set[str] = frozenset()

    @property
    def named(self) -> Mapping[str, CellDifference]:
        """The users, by id, whose rows bear the name of whoever changed them just now, and the words of that."""
        return self._named

    def set_named(self, named: Mapping[str, CellDifference]) -> None:
        """Have exactly these rows bear a name, while nothing is compared."""
        self._named = named
        if self._count:
            self._rows_changed(0, self._count - 1)

    def set_drafted(self, user_ids: Set[str]) -> None:
        """Mark the rows of exactly these users as having a draft, while nothing is compared."""
        if user_ids != self._drafted:
            self._drafted = user_ids
            if self._count:
                self._rows_changed(0, self._count - 1)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Replace the columns, for example after a custom field was defined."""
        if tuple(columns) != self._columns:
            self.beginResetModel()
            self._columns = tuple(columns)
            self._changed_rows.clear()
            self.endResetModel()

    def compare(self, comparison: Compared, directory: Directory, *, shown_is_earlier: bool) -> bool:
        """Show a comparison; return, as ``show`` does, whether a row may show another user than before."""
        self._directory = directory
        self._comparison, self._shown_is_earlier = comparison, shown_is_earlier
        self._became = []
        self._changed_rows.clear()
        self._replace(comparison.rows)
        return True

    def show(self, rows: RowsAt, directory: Directory) -> bool:
        """Show these version rows, with group names from ``directory``, and emit signals only for what has changed.

        Return whether a row of the table may show another user than before.
        """
        if self._comparison is not None or self._forgotten:
            self._comparison, self._directory, self._forgotten = None, directory, False
            self._replace(rows)
            return True
        before = self._directory
        renamed = (directory.groups, directory.definitions) != (before.groups, before.definitions)
        self._directory = directory
        touched = None if self._rows is None else rows.touched(self._rows, ROWS_CHANGED_ONE_BY_ONE)
        if touched is None or not self._touch(rows, touched):
            self._replace(rows)
            return True
        if renamed and self._count:
            self._rows_changed(0, self._count - 1)
        return False

    def forget(self) -> None:
        """Forget all users read so far, because row numbers mean other rows from now on."""
        self._users.clear()
        self._forgotten = True

    def user(self, row: int) -> User | None:
        """Return the user in a row of the table, or None if it cannot be read now."""
        number = self._number(row)
        if number not in self._users:
            self._read_around(row)
        return self._users.get(number)

    def users(self, rows: Sequence[int]) -> dict[int, User]:
        """Return the users in some rows of the table by version row number, without those who cannot be read now."""
        numbers = [self._number(row) for row in rows]
        for row, number in zip(rows, numbers, strict=True):
            if number not in self._users:
                self._read_around(row)
        return {number: self._users[number] for number in numbers if number in self._users}

    @property
    def directory(self) -> Directory:
        """The directory whose group names are shown."""
        return self._directory

    def texts(self, user: User, directory: Directory | None = None) -> dict[str, str]:
        """Return the texts of a user's cells by the key of the column, with group names of another directory."""
        return {column.key: self.text(user, column.key, directory) for column in self._columns}

    def text(self, user: User, key: str, directory: Directory | None = None) -> str:
        """Return the text of a user's cell in the column ``key``, with group names of another directory."""
        return cell_text(user, key, directory or self._directory)

    def groups(self, group_ids: frozenset[str]) -> tuple[str, ...]:
        """Return the names of groups, in the order shown."""
        return self._directory.names_of(group_ids)

    def numbers_within(self, spans: Iterable[range]) -> Int32:
        """Return the version row numbers in some runs of table rows; if runs overlap, with repetitions."""
        import numpy as np

        runs, rows = [*spans], self._rows
        if rows is None or not runs:
            return np.zeros(0, dtype=np.int32)
        if len(runs) <= _RUNS_LOOKED_UP:
            return np.concatenate([rows.numbers(run) for run in runs])
        everybody = rows.all_numbers()
        return np.concatenate([everybody[run.start : run.stop] for run in runs])

    def copied_rows(self, spans: Sequence[range], columns: Sequence[Column]) -> CopiedRows:
        """Return runs of table rows as they are shown now in some columns, to be read later, off the GUI thread."""
        import numpy as np

        from whowas.desktop.table.copied_rows import ComparedRows, CopiedRows

        numbers, comparison = self.numbers_within(spans), self._comparison
        compared = None
        if comparison is not None and len(numbers):
            became = np.concatenate([comparison.became(span) for span in spans])
            others = np.concatenate([comparison.others(span) for span in spans])
            compared = ComparedRows(became, others * (became == Became.CHANGED), self._shown_is_earlier)
        return CopiedRows(tuple(columns), self._columns, self._directory, numbers, compared)

    def all_numbers(self) -> Int32:
        """Return the version row numbers of all rows of the table."""
        import numpy as np

        return np.zeros(0, dtype=np.int32) if self._rows is None else self._rows.all_numbers()

    def row_of(self, number: int) -> int | None:
        """Return the table's row that shows a version row number, or None."""
        return None if self._rows is None else self._rows.row_of(number)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel; texts are plain, and everything painted beside them has a role of its own."""
        if not index.isValid() or role not in _ROLES:
            return None
        user = self.user(index.row())
        if user is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(user, self._columns[index.column()].key)
            case Roles.USER_ID:
                return user.id
            case Roles.STATUS:
                return user.status
            case Roles.DRAFTED:
                return self._is_drafted(user)
            case Roles.DIFFERENCE:
                return self._difference(user, index.row(), self._columns[index.column()].key)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._description(user, index.row(), self._columns[index.column()].key)
            case _:
                return self.groups(user.groups)

    def contents(self, row: int, columns: Sequence[Column]) -> list[Contents] | None:
        """Return what is painted in some columns of a row, or None if it cannot be read now."""
        user = self.user(row)
        if user is None:
            return None
        different = self._comparison is not None or bool(self._named)
        return [
            self._content(user, column, self._difference(user, row, column.key) if different else None)
            for column in columns
        ]

    def _content(self, user: User, column: Column, difference: CellDifference | None) -> Contents:
        match column.kind:
            case "groups":
                return "groups", "", self.groups(user.groups), difference
            case "status":
                return "status", STATUS_LABELS[user.status], (user.status,), difference
            case "name":
                return "name", user.name, DRAFTED if self._is_drafted(user) else (), difference
            case kind:
                return kind, self.text(user, column.key), (), difference

    def _is_drafted(self, user: User) -> bool:
        return user.id in self._drafted and self._comparison is None

    def _description(self, user: User, row: int, key: str) -> str | None:
        difference = self._difference(user, row, key)
        if difference is not None:
            return difference.summary
        return "draft not saved" if key == "name" and self._is_drafted(user) else None

    def _difference(self, user: User, row: int, key: str) -> CellDifference | None:
        if self._comparison is None:
            return self._named.get(user.id) if key == "name" and self._named else None
        if row >= len(self._comparison.rows):
            return None
        self._compare_around(row, self._comparison)
        match Became(self._became[row - self._compared_from]):
            case Became.SAME:
                return None
            case Became.CHANGED:
                return self._changes(user, row).get(key) or CellDifference("changed")
            case became:
                return at_one_moment(became, shown_is_earlier=self._shown_is_earlier)

    def _changes(self, user: User, row: int) -> Mapping[str, CellDifference]:
        """Return how each cell of a row of a user who changed differs; nothing where the other state cannot be read."""
        if row not in self._changed_rows:
            if (other := self._other(row)) is None:
                return {}
            if len(self._changed_rows) > ROWS_KEPT:
                self._changed_rows.clear()
            self._changed_rows[row] = at_both_moments(user, other, self, shown_is_earlier=self._shown_is_earlier)
        return self._changed_rows[row]

    def _other(self, row: int) -> User | None:
        """Return the user of a row in their state at the other moment of the comparison."""
        number = self._others[row - self._compared_from]
        if number not in self._users:
            missing = [other for other in self._others if other and other not in self._users]
            self._users.update((known.number, known.user) for known in self._fetch(missing))
        return self._users.get(number)

    def _compare_around(self, row: int, comparison: Compared) -> None:
        """Look up what became of the users in a row and around it, and their rows at the other moment."""
        if not 0 <= row - self._compared_from < len(self._became):
            around = self._around(row)
            self._compared_from, self._became = around.start, comparison.became(around).tolist()
            self._others = comparison.others(around).tolist()

    def _read_around(self, row: int) -> None:
        if len(self._users) > ROWS_KEPT:
            self._users.clear()
        self._look_up(self._around(row))
        missing = [number for number in self._numbers if number not in self._users]
        self._users.update((row.number, row.user) for row in self._fetch(missing))

    def _number(self, row: int) -> int:
        """Return the version row number that a row of the table shows."""
        if not 0 <= row - self._numbers_from < len(self._numbers):
            self._look_up(self._around(row))
        return self._numbers[row - self._numbers_from]

    def _around(self, row: int) -> range:
        first = max(0, row - ROWS_AT_ONCE // 4)
        return range(first, min(first + ROWS_AT_ONCE, self._count))

    def _look_up(self, rows: range) -> None:
        if self._rows is not None:
            self._numbers_from, self._numbers = rows.start, self._rows.numbers(rows).tolist()

    def _take(self, rows: RowsAt, count: int) -> None:
        """Show the first ``count`` of other rows from now on."""
        self._rows, self._count, self._numbers = rows, count, []

    def _replace(self, rows: RowsAt) -> None:
        """Show other rows: signal that all existing rows changed, and that some were added or removed at the end.

        A reset of the model would make views measure and paint their headers again, at each step of a drag.
        """
        before, after = self._count, len(rows)
        if after < before:
            self.beginRemoveRows(NOWHERE, after, before - 1)
            self._count = after
            self.endRemoveRows()
        self._take(rows, min(before, after))
        if self._count:
            self._rows_changed(0, self._count - 1)
        if after > before:
            self.beginInsertRows(NOWHERE, before, after - 1)
            self._count = after
            self.endInsertRows()

    def _touch(self, rows: RowsAt, touched: TouchedRows) -> bool:
        """Show rows that differ little from those shown, with signals for these alone; return whether that could be."""
        went, came = touched.went, touched.came
        if [row for row, _ in went] == [row for row, _ in came]:
            if not self._same_users([number for _, number in went], [number for _, number in came]):
                return False
            self._take(rows, len(rows))
            if came:
                self._rows_changed(came[0][0], came[-1][0])
            return True
        match went, came:
            case [], [(row, _)]:
                self.beginInsertRows(NOWHERE, row, row)
                self._take(rows, len(rows))
                self.endInsertRows()
            case [(row, _)], []:
                self.beginRemoveRows(NOWHERE, row, row)
                self._take(rows, len(rows))
                self.endRemoveRows()
            case _:
                return False
        return True

    def _same_users(self, before: list[int], after: list[int]) -> bool:
        if len(before) > ROWS_CHANGED_ONE_BY_ONE:
            return False
        missing = [number for number in (*before, *after) if number not in self._users]
        if missing:
            self._users.update((row.number, row.user) for row in self._fetch(missing))
        users = [(self._users.get(old), self._users.get(new)) for old, new in zip(before, after, strict=True)]
        return all(old is not None and new is not None and old.id == new.id for old, new in users)

    def _rows_changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))


_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
    Roles.USER_ID,
    Roles.STATUS,
    Roles.GROUPS,
    Roles.DIFFERENCE,
    Roles.DRAFTED,
)
