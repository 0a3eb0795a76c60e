"""The moment that the one shown is compared with, and the comparison laid out for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from whowas.desktop.session.session import Session
from whowas.domain.progress import Progress
from whowas.projections.index.steps import TimelineKey
from whowas.projections.index.version_index import Mask, VersionIndex
from whowas.projections.queries.comparison import Compared, Comparing

ROWS_COMPARED_AT_ONCE = 250_000
"""With more rows it would take longer than 50 ms to begin comparing."""

Pin = TimelineKey | Literal["now"]


@dataclass(frozen=True, slots=True)
class RowsCompared:
    """Which rows are compared, and how they are sorted; ``passing`` gives those that pass, None for all."""

    index: VersionIndex
    column: str
    descending: bool
    passing: Callable[[], Mask | None]


class PinnedMoment:
    """``pin`` is what people chose: a step, after which the moment stays whatever comes in before it, or now.

    ``laid_out`` is called whenever a comparison is there, of which any moment can be asked; ``late`` as well where
    that took a job, until which there is none.
    """

    def __init__(self, session: Session, laid_out: Callable[[], None], late: Callable[[], None]) -> None:
        self._session = session
        self._laid_out = laid_out
        self._late = late
        self.pin: Pin | None = None
        self.only_differences = False
        self._comparing: Comparing | None = None
        self._compared: tuple[int, bool, bool, Compared] | None = None
        self._asked: object | None = None
        """Stands for the comparison that a job is making."""

    @property
    def comparing(self) -> Comparing | None:
        """The comparison laid out; None where nothing is compared, or not yet."""
        return self._comparing

    def moment(self, index: VersionIndex) -> int | None:
        """Return the pinned moment in an index; None where nothing is compared."""
        match self.pin:
            case None:
                return None
            case TimelineKey() as step:
                return index.steps.moment_after(step)
            case "now":
                return index.now

    def let_go(self) -> None:
        """Drop what is laid out, as other rows are compared from now on, or with another moment."""
        self._comparing = self._compared = self._asked = None

    def against(self, moment: int, rows: RowsCompared) -> Compared | None:
        """Return how ``moment`` compares; None where nothing is compared, or not yet."""
        pinned = self.moment(rows.index)
        if pinned is None:
            return None
        if self._comparing is None:
            self._lay_out(pinned, rows)
        if self._comparing is None:
            return None
        asked = moment, self.only_differences, rows.descending
        if self._compared is None or self._compared[:3] != asked:
            compared = self._comparing.at(moment, only_differences=self.only_differences, descending=rows.descending)
            self._compared = (*asked, compared)
        return self._compared[3]

    def _lay_out(self, pinned: int, rows: RowsCompared) -> None:
        """Lay a comparison out: at once, or where there are very many rows in a job."""
        if self._asked is not None:
            return
        index, column, passing = rows.index, rows.column, rows.passing()
        if len(index.numbers) < ROWS_COMPARED_AT_ONCE:
            self._comparing = Comparing(index, column, passing=passing, pinned=pinned)
            self._laid_out()
            return
        asked = self._asked = object()

        def work(_progress: Progress) -> Comparing | None:
            return Comparing(index, column, passing=passing, pinned=pinned) if self._asked is asked else None

        def done(comparing: Comparing | None) -> None:
            if comparing is not None and self._asked is asked:
                self._comparing, self._asked = comparing, None
                self._laid_out()
                self._late()

        self._session.queries.run(work, done=done, failed=self._session.shown.report)
