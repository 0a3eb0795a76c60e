"""Which users are selected in the table of a page."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, islice

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, QObject

from whowas.desktop.page.selected_users import Numbering, RememberedUsers, selected_users
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import DirectoryView
from whowas.desktop.table.model import UsersModel
from whowas.desktop.table.view import UsersTable
from whowas.domain.users import User
from whowas.projections.tables.arrays import Int32

USERS_LOOKED_AT = 200
"""How many of the selected users are looked at to know what can be done with them, and kept by id."""


class Selection(QObject):
    """The users whose rows are selected, read from the table each time; the table keeps the selection itself.

    Of two or more users it is also remembered who they are: rows come and go, and are sorted in other ways.
    """

    def __init__(
        self, session: Session, view: DirectoryView, table: UsersTable, model: UsersModel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._view = view
        self._table = table
        self._model = model
        self._remembered: RememberedUsers | None = None
        self._scattered = False

    @property
    def remembered(self) -> int:
        """How many users a person selected together, 0 for fewer than two; the table may not show all of them."""
        return 0 if self._remembered is None else len(self._remembered.users)

    @property
    def remembered_users(self) -> RememberedUsers | None:
        """Who they are, None for fewer than two."""
        return self._remembered

    @property
    def are_deleted(self) -> bool:
        """Whether all users remembered are deleted at the moment shown, or not there at all."""
        users = self._remembered
        return users is None or not users.is_any_kept(self._view.index, self._view.moment)

    @property
    def scattered(self) -> bool:
        """Whether users remembered are not selected in the table because they lie in too many runs of its rows."""
        return self._scattered

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

    def remember(self) -> None:
        """Remember who is selected now, if they are two or more; with Ctrl also those before whom no row shows."""
        numbers = self.numbers()
        others = self._out_of_view() if self._table.adds_to_selection else None
        if others is None and len(numbers) < 2:
            self._remembered, self._scattered = None, False
            return
        few = self.users() if len(numbers) <= USERS_LOOKED_AT else []
        ids = [user.id for user in few] if len(few) == len(numbers) else []
        chosen = selected_users(self._view.index, numbers, self._numbering(), ids)
        if others is not None:
            chosen = chosen.joined_by(others, USERS_LOOKED_AT)
        # One alone is what the table selects, or nobody where no row shows that one.
        self._remembered = chosen if len(chosen.users) > 1 else None
        self._scattered = self._scattered and others is not None

    def take(self, users: RememberedUsers) -> bool:
        """Have these users selected, whoever is, without a signal; say whether the table shows all of them."""
        self._remembered = users
        self.put_back()
        return self._scattered or self.count == self.remembered

    def put_back(self) -> None:
        """Select whom of the users remembered the table shows, without a signal; nobody where they are scattered."""
        if self._remembered is None:
            return
        self._remembered = self._remembered.renumbered(self._numbering(), self._number_of)
        if self._remembered is None or len(self._remembered.users) < 2:
            self._remembered = None
            self.clear_silently()
            return
        spans = self._remembered.among(self._view.index, self._model.all_numbers())
        self._scattered = spans is None
        self._select_silently(spans or [])

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
        chosen = self._items_of(spans)
        if chosen.isEmpty():
            return
        flags, selection = QItemSelectionModel.SelectionFlag, self._table.selectionModel()
        selection.setCurrentIndex(chosen.at(0).topLeft(), flags.NoUpdate)
        selection.select(chosen, flags.ClearAndSelect)

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

    def _select_silently(self, spans: Iterable[range]) -> None:
        selection, flags = self._table.selectionModel(), QItemSelectionModel.SelectionFlag
        chosen, current = self._items_of(spans), selection.currentIndex()
        selection.blockSignals(True)
        # Emptied first: it would compare every run with every one before, for a signal that is not to come.
        selection.reset()
        if not chosen.isEmpty():
            # Where the keys go on from; a row that is not selected would be added by the next key with Shift.
            is_chosen = chosen.contains(current)
            selection.setCurrentIndex(current if is_chosen else chosen.at(0).topLeft(), flags.NoUpdate)
            selection.select(chosen, flags.Select)
        selection.blockSignals(False)
        self._table.viewport().update()

    def _items_of(self, spans: Iterable[range]) -> QItemSelection:
        last = self._model.columnCount() - 1
        chosen = QItemSelection()
        for span in spans:
            # Of runs that do not touch; Qt's own way to add one looks for that first, which for very many takes long.
            chosen.append(QItemSelectionRange(self._model.index(span.start, 0), self._model.index(span.stop - 1, last)))
        return chosen

    def _out_of_view(self) -> RememberedUsers | None:
        """Return whom of the users remembered the table does not show to be selected."""
        users = self._remembered
        if users is None or users.numbering != self._numbering() or self._scattered:
            return users
        return users.not_among(self._view.index, self._model.all_numbers(), self._number_of)

    def _numbering(self) -> Numbering:
        return Numbering(self._session.shown.lens_epoch, self._view.index.epoch.erasure_count)

    def _number_of(self, user_id: str) -> int | None:
        return self._session.reads.user_number(user_id)

    def _row_of(self, user_id: str) -> int | None:
        """Return the table's row of a user, also of one who is there only at the moment compared with."""
        versions = (
            self._session.reads.user_row(user_id, moment)
            for moment in (self._view.moment, self._view.pinned)
            if moment is not None
        )
        rows = (self._model.row_of(version.number) for version in versions if version is not None)
        return next((row for row in rows if row is not None), None)
