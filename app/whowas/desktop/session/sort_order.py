"""What the rows are sorted by: an order that is not there yet is laid by a job, one at a time.

A custom field that is defined as something else from a moment on has another order from there on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

from whowas.desktop.session.jobs import Job
from whowas.desktop.session.session import Session
from whowas.domain.directory import Directory
from whowas.domain.errors import WhowasError
from whowas.projections.index.order_names import column_of, order_name
from whowas.projections.index.version_index import DEFAULT_ORDER, VersionIndex

P = ParamSpec("P")

BY_NAME = ("name", False)


class SortOrder:
    """The column asked for, and whether descending; ``directory`` gives the state by whose definitions it sorts.

    ``reported`` is told how many rows of how many are read, ``laid`` is called once the index shown has the order, and
    ``left`` where it will not come and the one before is back.
    """

    def __init__(
        self,
        session: Session,
        directory: Callable[[], Directory],
        *,
        reported: Callable[[int, int], None],
        laid: Callable[[], None],
        left: Callable[[], None],
    ) -> None:
        self._session = session
        self._directory = directory
        self._reported = reported
        self._laid = laid
        self._left = left
        self.column, self.descending = BY_NAME
        self._job: Job | None = None
        self._laying = ""
        """The name of the order that the job lays."""
        self._before: tuple[str, bool] | None = None
        """What was sorted by before the order that is being laid."""

    def within(self, index: VersionIndex) -> str:
        """Return the name of the order of an index that comes nearest to what is asked for.

        Until the order by a definition is there it is that by another one of the field, else that by name.
        """
        wanted = self._wanted()
        if wanted in index.orders:
            return wanted
        return next((name for name in index.orders if column_of(name) == self.column), DEFAULT_ORDER)

    def ask(self, column: str, *, descending: bool) -> None:
        """Sort by another column, laying that order where it is not there."""
        before = self._before or (self.column, self.descending)
        self.column, self.descending = column, descending
        self._lay(before)

    def ask_again(self) -> None:
        """Lay the order in an index that was taken and does not have it."""
        if self._wanted() not in self._session.shown.index.orders:
            self._lay(BY_NAME)

    def follow_definition(self) -> None:
        """Lay the order by the definition of the moment shown where the rows are still in that of another one."""
        wanted, index = self._wanted(), self._session.shown.index
        if wanted in index.orders or (self._job is not None and self._laying == wanted):
            return
        if self._job is not None or column_of(self.within(index)) == self.column:
            self._lay(self._before or BY_NAME)

    def stop(self) -> None:
        """Sort as before an order that is still being laid."""
        if self._before is not None:
            self._leave_job()
            (self.column, self.descending), self._before = self._before, None
            self._left()

    def _lay(self, before: tuple[str, bool]) -> None:
        self._leave_job()
        wanted = self._wanted()
        if wanted in self._session.shown.index.orders:
            self._take()
            return
        self._before, self._laying = before, wanted

        def of_this(act: Callable[P, None]) -> Callable[P, None]:
            def acting(*arguments: P.args, **named: P.kwargs) -> None:
                if self._job is job:
                    act(*arguments, **named)

            return acting

        job = self._job = self._session.queries.sort_by(
            wanted, done=of_this(self._take), failed=of_this(self._fail), reported=of_this(self._reported)
        )

    def _wanted(self) -> str:
        return order_name(self.column, self._directory())

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
