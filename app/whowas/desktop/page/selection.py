"""Which users are selected in the table of a page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, islice

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject

from whowas.desktop.session.session import Session
from whowas.desktop.session.view import DirectoryView
from whowas.desktop.table.model import UsersModel
from whowas.desktop.table.view import UsersTable
from whowas.domain.users import User
from whowas.projections.tables.arrays import Int32

USERS_LOOKED_AT = 200
"""How many of the selected users are looked at to know what can be done with them."""


class Selection(QObject):
    """The users whose rows are selected, read from the table each time; the table keeps the selection itself."""

    def __init__(
        self, session: Session, view: DirectoryView, table: UsersTable, model: UsersModel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._view = view
        self._table = table
        self._model = model

    @property
    def count(self) -> int:
        """How many users are selected."""
        return sum(map(len, self._table.selected_spans()))

    def users(self, limit: int = USERS_LOOKED_AT) -> list[User]:
        """Return the first users selected, in the table's order."""
        rows = islice(chain.from_iterable(self._table.selected_spans()), limit)
        return [user for row in rows if (user := self._model.user(row)) is not None]

    def numbers(self) -> Int32:
        """Return the row numbers of all users selected, in the table's order; quick even where everybody is."""
        return self._model.numbers_within(self._table.selected_spans())

    def select(self, user_id: str) -> bool:
        """Select a user and scroll there; say whether the table shows that user."""
        row = self._row_of(user_id)
        if row is None:
            return False
        self._table.selectRow(row)
        self._table.scrollTo(self._model.index(row, 0))
        return True

    def select_rows(self, spans: Iterable[range]) -> None:
        """Select runs of the table's rows, whoever they show, and nobody else; the first is the current one."""
        table, last = self._table, self._model.columnCount() - 1
        chosen = QItemSelection()
        for span in spans:
            chosen.select(self._model.index(span.start, 0), self._model.index(span.stop - 1, last))
        if chosen.isEmpty():
            return
        flags = QItemSelectionModel.SelectionFlag
        table.selectionModel().setCurrentIndex(chosen.at(0).topLeft(), flags.NoUpdate)
        table.selectionModel().select(chosen, flags.ClearAndSelect)

    def select_silently(self, user_id: str) -> None:
        """Select the user shown before again, without a signal; the table forgot it where its rows were replaced."""
        row = self._row_of(user_id)
        if row is None:
            self.clear_silently()
            return
        selection = self._table.selectionModel()
        selection.blockSignals(True)
        self._table.selectRow(row)
        selection.blockSignals(False)
        self._table.viewport().update()

    def clear_silently(self) -> None:
        """Select nothing, without a signal, where rows show other users now: the details shown stay as they are."""
        selection = self._table.selectionModel()
        if selection.hasSelection() or selection.currentIndex().isValid():
            selection.blockSignals(True)
            selection.clear()
            selection.blockSignals(False)
            self._table.viewport().update()

    def _row_of(self, user_id: str) -> int | None:
        """Return the table's row of a user, also of one who is there only at the moment compared with."""
        versions = (
            self._session.reads.user_row(user_id, moment)
            for moment in (self._view.moment, self._view.pinned)
            if moment is not None
        )
        rows = (self._model.row_of(version.number) for version in versions if version is not None)
        return next((row for row in rows if row is not None), None)
