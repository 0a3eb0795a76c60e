"""What the rows are sorted by: an order that is not there yet is laid by a job, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

from whowas.desktop.session.jobs import Job
from whowas.desktop.session.session import Session
from whowas.domain.errors import WhowasError

P = ParamSpec("P")

BY_NAME = ("name", False)


class SortOrder:
    """The column asked for, and whether descending.

    ``reported`` is told how many rows of how many are read, ``laid`` is called once the index shown has the order, and
    ``left`` where it will not come and the one before is back.
    """

    def __init__(
        self,
        session: Session,
        *,
        reported: Callable[[int, int], None],
        laid: Callable[[], None],
        left: Callable[[], None],
    ) -> None:
        self._session = session
        self._reported = reported
        self._laid = laid
        self._left = left
        self.column, self.descending = BY_NAME
        self._job: Job | None = None
        self._before: tuple[str, bool] | None = None
        """What was sorted by before the order that is being laid."""

    def ask(self, column: str, *, descending: bool) -> None:
        """Sort by another column, laying that order where it is not there."""
        before = self._before or (self.column, self.descending)
        self.column, self.descending = column, descending
        self._lay(before)

    def ask_again(self) -> None:
        """Lay the order in an index that was taken and does not have it."""
        if self.column not in self._session.shown.index.orders:
            self._lay(BY_NAME)

    def stop(self) -> None:
        """Sort as before an order that is still being laid."""
        if self._before is not None:
            self._leave_job()
            (self.column, self.descending), self._before = self._before, None
            self._left()

    def _lay(self, before: tuple[str, bool]) -> None:
        self._leave_job()
        if self.column in self._session.shown.index.orders:
            self._take()
            return
        self._before = before

        def of_this(act: Callable[P, None]) -> Callable[P, None]:
            def acting(*arguments: P.args, **named: P.kwargs) -> None:
                if self._job is job:
                    act(*arguments, **named)

            return acting

        job = self._job = self._session.queries.sort_by(
            self.column, done=of_this(self._take), failed=of_this(self._fail), reported=of_this(self._reported)
        )

    def _leave_job(self) -> None:
        """Cancel the job; whatever comes of it is not asked for any more."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _take(self, _nothing: None = None) -> None:
        self._before = self._job = None
        self._laid()

    def _fail(self, error: WhowasError) -> None:
        self.stop()
        self._session.shown.report(error)
