"""What the window asks of an open directory while it paints: quick answers, on the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from whowas.desktop.kit import dates
from whowas.desktop.session.open_directory import OpenDirectory
from whowas.desktop.session.shown import Shown
from whowas.domain.errors import StoreError
from whowas.projections.queries.change_lines import ChangeLine
from whowas.projections.queries.done_change import DoneInWords
from whowas.projections.queries.history import HistoryEntry, ReadHistory
from whowas.projections.queries.import_marks import ImportMark
from whowas.projections.sides.read_side import DamagedReadSideError, ReadSide, damage_told
from whowas.projections.tables.read_model import ReadModel, VersionRow

T = TypeVar("T")
D = TypeVar("D")


class Reads:
    """Quick answers from the side that is shown; empty ones while it is rebuilt, and once the directory is closed."""

    def __init__(self, directory: OpenDirectory, shown: Shown) -> None:
        self._directory = directory
        self._shown = shown
        self._begun_at: int | None = None

    def rows(self, numbers: Sequence[int]) -> list[VersionRow]:
        """Return version rows by number; none while the side is rebuilt."""
        return self._asked(lambda side: side.rows(numbers), [])

    def knows(self, user_id: str) -> bool:
        """Say whether there is or was a user of that id, who was not erased; True while the side is rebuilt."""
        return self._asked(lambda side: side.user_number(user_id) is not None, True)

    def user_number(self, user_id: str) -> int | None:
        """Return the number that stands for a user in the arrays of the index; None while the side is rebuilt."""
        return self._asked(lambda side: side.user_number(user_id), None)

    def user_row(self, user_id: str, moment: int) -> VersionRow | None:
        """Return a user as of a moment, or None where there was no such user."""
        number = self.user_number(user_id)
        row = None if number is None else self._shown.index.row_of(number, moment)
        rows = [] if row is None else self.rows([row])
        return rows[0] if rows else None

    def history(self, user_id: str, read: ReadHistory | None = None) -> list[HistoryEntry]:
        """Return what happened to a user, oldest first; ``read`` is what was read of them through the same lens.

        Nothing while the side is rebuilt.
        """
        return self._asked(lambda side: side.history_of(user_id, self._shown.index, read), [])

    def change_line(self, moment: int) -> ChangeLine | None:
        """Return what the step before ``moment`` did; None at the beginning, or while the side is rebuilt."""
        if not 0 < moment <= self._shown.index.now:
            return None
        return self._asked(lambda side: side.change_line(self._shown.index, moment), None)

    def done_change(self, change_id: str) -> DoneInWords | None:
        """Return what a change did, to be said right after it; None where that is not known, or not shown yet."""
        return self._asked(lambda side: side.done_change(self._shown.index, change_id), None)

    def import_marks(self) -> list[ImportMark]:
        """Return the imports, with the moment after each; none while the side is rebuilt."""
        return self._asked(lambda side: side.import_marks(self._shown.index), [])

    def ask(self, question: Callable[[ReadModel], T]) -> T | None:
        """Ask what takes a few rows to answer; None while the side is rebuilt."""

        def asked(side: ReadSide) -> T:
            with side.read_model.in_use, damage_told():
                return question(side.read_model)

        return self._asked(asked, None)

    def _asked(self, question: Callable[[ReadSide], T], otherwise: D) -> T | D:
        """Ask the side shown; where its tables are damaged, have them made again, after which everybody looks again."""
        if not self._directory.is_open:
            return otherwise
        side = self._shown.side
        try:
            with side.read_model.in_use:  # until it has answered, no job makes its tables again
                return question(side) if side.has_rows_of(self._shown.index) else otherwise
        except DamagedReadSideError:
            self._shown.rebuild()
            return otherwise

    def why_unknown(self, occurred_at: int | None) -> str:
        """Say why nothing can be shown as it was known at a moment, None being the beginning; "" where it can."""
        if occurred_at is None:
            return "Before the first change nothing was known."
        if self._begun_at is None and self._directory.is_open:
            # Whatever keeps the log from answering is reported by the job that asks it for more.
            with suppress(StoreError):
                self._begun_at = self._directory.log.begun_at()
        begun_at = self._begun_at
        if begun_at is None or begun_at <= occurred_at:
            return ""
        day = dates.day(begun_at)
        when = day if day != dates.day(occurred_at) else dates.precise(begun_at)
        return f"Nothing had been recorded here by then: this directory was begun on {when}."
