"""What the window asks of an open directory while it paints: quick answers, on the GUI thread."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject

from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.change_lines import ChangeLine
from whowas.projections.queries.history import HistoryEntry
from whowas.projections.queries.import_marks import ImportMark
from whowas.projections.sides.read_side import DamagedReadSideError, ReadSide, damage_told
from whowas.projections.tables.read_model import ReadModel, VersionRow
from whowas.store.event_log import EventLog

T = TypeVar("T")


class Questions(QObject):
    """Answers from ``index``, the snapshot that is shown, and the tables it was made from.

    Who still asks once the directory was closed, as a timer of a page that is going may, learns nothing of it: asking
    would open the file again, and nobody would close it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.index: VersionIndex
        self._log: EventLog
        self._read_side: ReadSide

    @property
    @abstractmethod
    def is_open(self) -> bool:
        """Whether the file is followed: from ``open``, once it succeeded, to ``close``."""

    @abstractmethod
    def make_anew(self) -> None:
        """Have the read side made again, because its tables are damaged."""

    def rows(self, numbers: Sequence[int]) -> list[VersionRow]:
        """Return version rows by number; none while the read side is being made anew."""
        if not self.is_open:
            return []
        try:
            return self._read_side.rows(numbers)
        except DamagedReadSideError:
            self.make_anew()
            return []

    def knows(self, user_id: str) -> bool:
        """Say whether there is or was a user of that id, who was not erased."""
        if not self.is_open:
            return True
        try:
            return self._read_side.user_number(user_id) is not None
        except DamagedReadSideError:
            return True

    def user_row(self, user_id: str, moment: int) -> VersionRow | None:
        """Return a user as of a moment, or None where there was no such user."""
        number = self._read_side.user_number(user_id) if self.is_open else None
        row = None if number is None else self.index.row_of(number, moment)
        rows = [] if row is None else self.rows([row])
        return rows[0] if rows else None

    def history(self, user_id: str) -> list[HistoryEntry]:
        """Return a user's whole life, oldest first."""
        return self._read_side.history_of(user_id, self.index) if self.is_open else []

    def change_line(self, moment: int) -> ChangeLine | None:
        """Return what the step before ``moment`` did; None at the beginning, or while the read side is made anew."""
        if not self.is_open or not 0 < moment <= self.index.now:
            return None
        try:
            return self._read_side.change_line(self.index, moment)
        except DamagedReadSideError:
            return None

    def import_marks(self) -> list[ImportMark]:
        """Return the imports, with the moment after each; none while the read side is being made anew."""
        if not self.is_open:
            return []
        try:
            return self._read_side.import_marks(self.index)
        except DamagedReadSideError:
            return []

    def ask(self, question: Callable[[ReadModel], T]) -> T | None:
        """Ask what takes a few rows to answer; None while the read side is being made anew."""
        if not self.is_open:
            return None
        try:
            read_model = self._read_side.read_model
            with read_model.in_use, damage_told():
                return question(read_model)
        except DamagedReadSideError:
            self.make_anew()
            return None

    def change_of(self, moment: int) -> str | None:
        """Return the id of the change whose step lies right before ``moment``; None at the beginning."""
        if not self.is_open or not 0 < moment <= self.index.now:
            return None
        return self._log.change_at(int(self.index.steps.first_position[moment - 1]))
