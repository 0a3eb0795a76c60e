"""Lighting up cells of the table for a short time when a step changes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from whowas.desktop.table.delegate import Background, Cell
from whowas.desktop.table.model import UsersModel
from whowas.desktop.table.view import UsersTable
from whowas.domain.users import User

FLASH_MS = 400


class Flashes(QObject):
    """Lights up cells in view that a step changes, and all cells of a user that it creates.

    ``wanted`` is called before each step and returns whether cells may light up at all.
    """

    def __init__(self, table: UsersTable, model: UsersModel, is_new: Callable[[int, int], bool]) -> None:
        """``is_new(row number, moment)`` returns whether the user of a row did not exist at that moment."""
        super().__init__(table)
        self.wanted: Callable[[], bool] = _always
        self._table = table
        self._model = model
        self._is_new = is_new
        self._until: dict[Cell, tuple[Background, int]] = {}
        self._clock = QElapsedTimer()
        self._clock.start()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go_out)

    @contextmanager
    def watching(self, since: int | None) -> Iterator[None]:
        """Light up what the block changes for a person who was shown the moment ``since``; nothing if it is None."""
        if since is None or not self._table.isVisible() or not self.wanted():
            yield
            return
        before, directory = {user.id: (number, user) for number, user in self._in_view().items()}, self._model.directory
        yield
        until = self._clock.elapsed() + FLASH_MS
        renamed = directory.groups != self._model.directory.groups
        for number, user in self._in_view().items():
            known = before.get(user.id)
            if known is not None:
                if renamed or known[0] != number:
                    texts = self._model.texts(known[1], directory)
                    changed = {key for key, text in self._model.texts(user).items() if texts.get(key, text) != text}
                    self._until |= {(user.id, key): ("changed", until) for key in changed}
            elif self._is_new(number, since):
                self._until |= {(user.id, column.key): ("added", until) for column in self._model.columns}
        self._show()

    def _in_view(self) -> dict[int, User]:
        return self._model.users(self._table.rows_in_view())

    def _show(self) -> None:
        if self._until:
            self._table.set_lit({cell: background for cell, (background, _) in self._until.items()})
            if not self._timer.isActive():
                self._timer.start(FLASH_MS)

    def _go_out(self) -> None:
        now = self._clock.elapsed()
        self._until = {cell: lit for cell, lit in self._until.items() if lit[1] > now}
        self._table.set_lit({cell: background for cell, (background, _) in self._until.items()})
        if self._until:
            self._timer.start(max(1, min(until for _, until in self._until.values()) - now))


def _always() -> bool:
    return True
