"""The view-model of the changes list: the listed steps, whose text is read only when it becomes visible."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from whowas.desktop.history.items import ChangeItem, item_of_line, item_of_user
from whowas.desktop.kit.fold_rows import Unfolding
from whowas.desktop.kit.list_model import ITEM_ROLE, Index, tip
from whowas.projections.queries.change_lines import ChangeLine, UserLine
from whowas.projections.tables.arrays import Int32

LINES_AT_ONCE: Final = 16
LINES_KEPT: Final = 4_096

_NOWHERE: Final = QModelIndex()
_ROLES: Final = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, ITEM_ROLE)


class ChangeSource(Protocol):
    """Reads lines; those that cannot be read now are left out. See ``projections.queries.change_lines``."""

    def lines(self, moments: Sequence[int]) -> list[ChangeLine]: ...
    def rows_of(self, moment: int) -> Int32: ...
    def users(self, moment: int, numbers: Sequence[int]) -> list[UserLine]: ...


class ChangesModel(QAbstractTableModel):
    """One row for each listed step, newest first, and below an unfolded one a row for each of its users.

    A table of one column, because no other view of Qt lays out a million rows without querying each of them.
    """

    def __init__(self, source: ChangeSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._moments: Int32 = np.zeros(0, dtype=np.int32)
        self._numbers: Int32 = self._moments
        self._shown = 0
        self._unfolding = Unfolding()
        self._open: set[int] = set()
        self._lines: dict[int, ChangeLine] = {}
        self._users: dict[tuple[int, int], UserLine] = {}

    @property
    def listed(self) -> int:
        """The number of listed steps."""
        return len(self._moments)

    def show(self, moments: Int32, numbers: Int32, *, forget: bool = False) -> None:
        """List the steps of these moments, newest first; ``numbers`` are the step numbers, which identify them.

        A step that was listed before keeps its row, selected and unfolded as it was, even if it has moved.
        ``forget`` drops all texts read so far, because moments mean other steps from now on.
        """
        added = len(numbers) - len(self._numbers)
        self._forget_imports()
        if not forget and added >= 0 and np.array_equal(numbers[added:], self._numbers):
            if added:
                self.beginInsertRows(_NOWHERE, 0, added - 1)
                self._moments, self._numbers = moments, numbers
                self._unfolding.shift(added)
                self.endInsertRows()
                self._rows_changed(0, self.rowCount() - 1)
            return
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        located = [self._unfolding.locate(index.row()) for index in held]
        lines = self._lines_now({line for line, _ in located} | set(self._unfolding.lines()), numbers)
        self._moments, self._numbers = moments, numbers
        if forget:
            self._lines.clear()
            self._users.clear()
        self._move_unfolded(lines)
        rows = [self._row_now(lines.get(line), inner) for line, inner in located]
        self.changePersistentIndexList(held, [_NOWHERE if row is None else self.index(row, 0) for row in rows])
        self.layoutChanged.emit()

    def show_moment(self, moment: int) -> None:
        """Show the steps after ``moment`` as being in the future."""
        before, self._shown = self._shown, moment
        first, last = sorted((self._line_at(before), self._line_at(moment)))
        if before != moment and first < len(self._moments):
            self._rows_changed(self._unfolding.row_of(first), min(self._unfolding.row_of(last), self.rowCount() - 1))

    def row_shown(self) -> int | None:
        """Return the row of the last step that has happened at the moment shown, or None."""
        line = self._line_at(self._shown)
        return self._unfolding.row_of(line) if line < len(self._moments) else None

    def row_of_step(self, number: int) -> int | None:
        """Return the row of the step with that number, or None where it is not listed."""
        found = np.flatnonzero(self._numbers == number)
        return self._unfolding.row_of(int(found[0])) if len(found) else None

    def line_row(self, row: int) -> int:
        """Return the row of the line that a row belongs to."""
        return self._unfolding.row_of(self._unfolding.locate(row)[0])

    def item(self, row: int) -> ChangeItem | None:
        """Return what a row shows, or None if it cannot be read now."""
        line, inner = self._unfolding.locate(row)
        moment = int(self._moments[line])
        future = moment > self._shown
        if inner is not None:
            user = self._user(line, inner)
            return None if user is None else item_of_user(user, moment, future=future)
        known = self._line(line)
        if known is None:
            return None
        unfolded = int(self._numbers[line]) in self._open
        shown = line == self._line_at(self._shown)
        return item_of_line(known, future=future, unfolded=unfolded, shown=shown)

    def line(self, row: int) -> ChangeLine | None:
        """Return the line that a row belongs to, or None if it cannot be read now."""
        return self._line(self._unfolding.locate(row)[0])

    def user(self, row: int) -> UserLine | None:
        """Return the user of a row below an unfolded line; None for a line, and if it cannot be read now."""
        line, inner = self._unfolding.locate(row)
        return None if inner is None else self._user(line, inner)

    def unfold(self, row: int) -> None:
        """Show the users of a row's line below it, if there are several."""
        line, inner = self._unfolding.locate(row)
        known = self._line(line)
        if inner is not None or known is None or known.users < 2 or self._unfolding.inner(line) is not None:
            return
        numbers = self._source.rows_of(known.moment)
        if len(numbers):
            self.beginInsertRows(_NOWHERE, row + 1, row + len(numbers))
            self._unfolding.unfold(line, numbers)
            self.endInsertRows()
            # Not before, because no other row may change while rows are inserted or removed.
            self._open.add(int(self._numbers[line]))
            self._rows_changed(row, row)

    def fold(self, row: int) -> None:
        """Hide the users below a row's line."""
        line, _ = self._unfolding.locate(row)
        inner = self._unfolding.inner(line)
        if inner is not None:
            first = self._unfolding.row_of(line)
            self._open.discard(int(self._numbers[line]))
            self._rows_changed(first, first)
            self.beginRemoveRows(_NOWHERE, first + 1, first + len(inner))
            self._unfolding.fold(line)
            self.endRemoveRows()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else len(self._moments) + self._unfolding.rows

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """See QAbstractItemModel."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """See QAbstractItemModel; the text of a row is its whole content."""
        if not index.isValid() or role not in _ROLES:
            return None
        item = self.item(index.row())
        if item is None or role == ITEM_ROLE:
            return item
        sentence = item.sentence()
        return sentence if role == Qt.ItemDataRole.DisplayRole else tip(sentence)

    def _forget_imports(self) -> None:
        """Have imports read again, which may have been undone by what came since."""
        self._lines = {moment: line for moment, line in self._lines.items() if line.source is None}

    def _line_at(self, moment: int) -> int:
        """Return the newest line that has happened at ``moment``; the number of lines if none has."""
        return bisect_left(self._moments, -moment, key=lambda one: -int(one))

    def _line(self, line: int) -> ChangeLine | None:
        moment = int(self._moments[line])
        if moment not in self._lines:
            if len(self._lines) > LINES_KEPT:
                self._lines.clear()
            first = max(0, line - LINES_AT_ONCE // 4)
            around = self._moments[first : first + LINES_AT_ONCE].tolist()
            missing = [one for one in around if one not in self._lines]
            self._lines.update((known.moment, known) for known in self._source.lines(missing))
        return self._lines.get(moment)

    def _user(self, line: int, inner: int) -> UserLine | None:
        moment, numbers = int(self._moments[line]), self._unfolding.inner(line)
        if numbers is None:
            return None
        number = int(numbers[inner])
        if (moment, number) not in self._users:
            if len(self._users) > LINES_KEPT:
                self._users.clear()
            first = max(0, inner - LINES_AT_ONCE // 4)
            around = numbers[first : first + LINES_AT_ONCE].tolist()
            missing = [one for one in around if (moment, one) not in self._users]
            users = self._source.users(moment, missing)
            self._users.update(((moment, known.number), known) for known in users)
        return self._users.get((moment, number))

    def _lines_now(self, lines: set[int], numbers: Int32) -> dict[int, int]:
        """Return {present line: its line among ``numbers``}, without lines that are not listed any more."""
        wanted = {int(self._numbers[line]): line for line in lines}
        found = np.flatnonzero(np.isin(numbers, list(wanted))).tolist()
        return {wanted[int(numbers[line])]: line for line in found}

    def _move_unfolded(self, lines: Mapping[int, int]) -> None:
        """Keep those lines unfolded that still have the same rows below them."""
        kept: dict[int, int] = {}
        for line in self._unfolding.lines():
            inner, now = self._unfolding.inner(line), lines.get(line)
            if inner is None or now is None:
                continue
            if np.array_equal(inner, self._source.rows_of(int(self._moments[now]))):
                kept[line] = now
        self._unfolding.move(kept)
        self._open = {int(self._numbers[line]) for line in kept.values()}

    def _row_now(self, line: int | None, inner: int | None) -> int | None:
        if line is None:
            return None
        if inner is None:
            return self._unfolding.row_of(line)
        return None if self._unfolding.inner(line) is None else self._unfolding.row_of(line) + 1 + inner

    def _rows_changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, 0))
