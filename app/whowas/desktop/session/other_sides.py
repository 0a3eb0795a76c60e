"""What a session may show instead of today's directory: what was known once, or what would be without some changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from whowas.desktop.kit import dates
from whowas.desktop.session.jobs import Job, JobRunner
from whowas.desktop.session.queries import Failed, LongQuestions
from whowas.domain.errors import CancelledError, StoreError
from whowas.domain.progress import Progress, part_of
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.sides.as_known import as_known, known_by
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.sides.temporary import temporary_side
from whowas.projections.tables.read_model import erasures_in
from whowas.store.gc_pauses import unfreeze

if TYPE_CHECKING:
    from whowas.corrections.what_if.outcome import WhatIf


@dataclass(frozen=True, slots=True)
class KnownBy:
    """Shown is no more than had been recorded by a moment (UTC µs)."""

    recorded_at: int


@dataclass(frozen=True, slots=True)
class Imagined:
    """Shown is what would be without some changes; ``called`` says which."""

    what_if: WhatIf
    called: str


Instead = KnownBy | Imagined

Lay = Callable[[Progress], tuple[Instead, AbstractContextManager[ReadSide]]]
"""Work that says what is to be shown, and the read side of it, which is still to be folded."""


class ShownInstead(LongQuestions):
    """Turns to another read side and back to today's; all that asks is none the wiser.

    Nothing is written while another one is shown, and what others write is not seen before today's is back.
    """

    def __init__(self, runner: JobRunner) -> None:
        super().__init__(runner)
        self._today: ReadSide
        self._index_of_today: VersionIndex
        self._instead: Instead | None = None
        self._laid = ExitStack()
        self._turns = 0
        self._begun_at: int | None = None

    @property
    def instead(self) -> Instead | None:
        """What is shown instead of today's directory; None where that is shown."""
        return self._instead

    @property
    def known_by(self) -> int | None:
        """The moment (UTC µs) by which all that is shown had been recorded; None where that is no matter."""
        return self._instead.recorded_at if isinstance(self._instead, KnownBy) else None

    @property
    def changes_recorded(self) -> int:
        """How many changes the directory has, whatever is shown of it."""
        return (self.index if self._instead is None else self._index_of_today).now

    @property
    def knowing(self) -> bool:
        """Whether no more is shown than had been recorded by a moment of the past."""
        return isinstance(self._instead, KnownBy)

    @property
    def imagining(self) -> bool:
        """Whether what is shown is what would be without some changes."""
        return isinstance(self._instead, Imagined)

    @property
    def turns(self) -> int:
        """How often another read side was turned to: rows of different ones have nothing to do with each other."""
        return self._turns

    def why_unknown(self, occurred_at: int | None) -> str:
        """Say why nothing can be shown as it was known at a moment, None being the beginning; "" where it can."""
        if occurred_at is None:
            return "Before the first change nothing was known."
        if self._begun_at is None:
            # Whatever keeps the log from answering is told by the job that asks it for more.
            with suppress(StoreError):
                self._begun_at = self._log.begun_at()
        begun_at = self._begun_at
        if begun_at is None or begun_at <= occurred_at:
            return ""
        day = dates.day(begun_at)
        when = day if day != dates.day(occurred_at) else dates.precise(begun_at)
        return f"Nothing had been recorded here by then: this directory was begun on {when}."

    def know(
        self,
        recorded_at: int,
        *,
        done: Callable[[VersionIndex], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Show what the directory showed when all up to ``recorded_at`` (UTC µs) had been recorded, and no more.

        The log is folded once more for that, no further than it went then; ``done`` gets the ``index`` of that.
        """
        today = self._today

        def lay(progress: Progress) -> tuple[Instead, AbstractContextManager[ReadSide]]:
            today.catch_up(progress)
            return KnownBy(recorded_at), as_known(self._log, known_by(today.read_model, recorded_at, 2**62))

        return self._turn_to(lay, 1, done, failed, reported)

    def imagine(
        self,
        change_ids: Sequence[str],
        called: str,
        *,
        done: Callable[[VersionIndex], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Show what would be without those changes, which are ``called`` so; ``done`` gets the ``index`` of that.

        All later changes are decided again for that, and the log that comes out is folded; nothing is written.
        """

        def lay(progress: Progress) -> tuple[Instead, AbstractContextManager[ReadSide]]:
            from whowas.corrections.what_if.rerun import imagine

            what_if = imagine(self._log, change_ids, progress)
            return Imagined(what_if, called), _side_of(what_if)

        return self._turn_to(lay, 2, done, failed, reported)

    def know_all(self) -> None:
        """Show today's directory again, with all that is known."""
        if self._instead is not None:
            self._let_go()
            self._turns += 1
            self._read_side = self._today
            self.index = self._index_of_today
            self.refreshed.emit()

    def _turn_to(
        self,
        lay: Lay,
        parts: int,
        done: Callable[[VersionIndex], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None,
    ) -> Job:
        """Lay a read side and turn to it; folding it is the last of so many parts of the work."""
        laid = ExitStack()

        def work(progress: Progress) -> tuple[Instead, ReadSide, VersionIndex]:
            instead, laying = lay(part_of(progress, 0, parts))
            with ExitStack() as unfinished:
                side = unfinished.enter_context(laying)
                index = side.catch_up(part_of(progress, parts - 1, parts))
                laid.push(unfinished.pop_all())
            return instead, side, index

        def found(outcome: tuple[Instead, ReadSide, VersionIndex]) -> None:
            if not self.is_open:
                self._runner.submit(partial(_close, laid))
                failed(CancelledError("The directory was closed."))
                return
            if self._instead is None:
                self._index_of_today = self.index
            self._let_go()
            self._turns += 1
            self._laid = laid
            self._instead, self._read_side, self.index = outcome
            self.refreshed.emit()
            done(self.index)

        return self._runner.submit(work, found, failed, reported)

    def _take(self, index: VersionIndex) -> None:
        if self._instead is not None and index is self._today.index:
            erased = erasures_in(index.generation) > erasures_in(self._index_of_today.generation)
            self._index_of_today = index
            if erased:
                # What is shown instead may hold whoever that was.
                self.know_all()
        super()._take(index)

    def _let_go(self) -> None:
        """Put away what is shown instead of today's directory, if anything is."""
        if self._instead is not None:
            self._runner.submit(partial(_close, self._laid))
            self._instead = None


@contextmanager
def _side_of(what_if: WhatIf) -> Iterator[ReadSide]:
    try:
        with temporary_side(what_if.log) as side:
            yield side
    finally:
        what_if.close()
        unfreeze()


def _close(laid: ExitStack, _progress: Progress) -> None:
    laid.close()
