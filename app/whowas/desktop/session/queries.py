"""What the window asks of an open directory that may take longer than a frame: jobs, whose answers come back later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal

from whowas.desktop.session.jobs import Job, JobRunner
from whowas.desktop.session.reads import Questions
from whowas.domain.errors import RefusedError, StoreError, WhowasError
from whowas.domain.progress import Progress
from whowas.domain.users import User
from whowas.projections.index.version_index import Mask, VersionIndex
from whowas.projections.queries.differences import ComparedUser, Pairs, group_names, told
from whowas.projections.queries.field_history import Span, spans_of
from whowas.projections.queries.undo_list import change_called
from whowas.projections.sides.read_side import DamagedReadSideError, ReadSide, damage_told
from whowas.projections.tables.read_model import ReadModel, VersionRow, erasures_in
from whowas.store.chain import Damage

if TYPE_CHECKING:
    from whowas.corrections.restore import Plan
    from whowas.corrections.undo_one.plan import UndoPlan

T = TypeVar("T")

Failed = Callable[[WhowasError], None]

_OTHERS = "The directory was read anew meanwhile. Please look again."
_ROWS_AT_ONCE = 1000


class LongQuestions(Questions):
    """``refreshed`` says that ``index`` is a new one; ``failed`` carries a sentence about the file or its disk.

    After that, ``recovered`` says that it is over, as the file could be read again.

    A job asks one read side from its beginning to its end, whichever the window turns to meanwhile.
    """

    refreshed = Signal()
    failed = Signal(str)
    recovered = Signal()

    def __init__(self, runner: JobRunner) -> None:
        super().__init__()
        self._runner = runner
        self._failing = ""
        """The sentence that ``failed`` carried last; "" once that is over."""
        self._following = True
        """Whether what is shown could be brought up to the file when that was tried last."""

    def run(
        self,
        work: Callable[[Progress], T],
        *,
        done: Callable[[T], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Run work that only reads, off the GUI thread."""
        return self._runner.submit(work, done, failed, reported)

    def find(self, question: Callable[[ReadModel, VersionIndex], T], done: Callable[[T], None]) -> None:
        """Ask as a job what may take long; ``done`` gets the answer when ``index`` is the one it is for.

        It gets none where another read side is shown by then; ``refreshed`` told of that.
        """

        def answered(side: ReadSide, index: VersionIndex) -> tuple[T, VersionIndex, ReadSide]:
            with damage_told():
                return question(side.read_model, index), index, side

        def work(progress: Progress) -> tuple[T, VersionIndex, ReadSide]:
            side = self._read_side
            index = side.catch_up(progress)
            try:
                return answered(side, index)
            except DamagedReadSideError:
                return answered(side, side.rebuild(progress))

        def found(outcome: tuple[T, VersionIndex, ReadSide]) -> None:
            answer, index, side = outcome
            if self.is_open and side is self._read_side:
                self._take(index)
                done(answer)

        self._runner.submit(work, found, self._report)

    def field_history(self, user_id: str, field: str, done: Callable[[list[Span]], None]) -> None:
        """Find the values of a user's field, newest first, at the moments of ``index``; see ``blame``."""
        self.find(lambda read_model, index: spans_of(read_model, index, user_id, field), done)

    def search(self, text: str, done: Callable[[Mask | None, VersionIndex], None]) -> None:
        """Find the rows that match ``text``; ``done`` gets their mask and the index it is for."""

        def work(_progress: Progress) -> tuple[Mask | None, VersionIndex, ReadSide]:
            side = self._read_side
            index = side.catch_up()
            return side.matching(text), index, side

        def found(outcome: tuple[Mask | None, VersionIndex, ReadSide]) -> None:
            mask, index, side = outcome
            if self.is_open and side is self._read_side:
                self._take(index)
                done(mask, index)

        self._runner.submit(work, found, self._report)

    def sort_by(self, column: str, done: Callable[[], None]) -> None:
        """Have ``index`` sorted by ``column``, then call ``done``; a column that is not known changes nothing."""

        def work(_progress: Progress) -> VersionIndex:
            try:
                return self._read_side.sorted_by(column)
            except KeyError:  # another version of the program may have remembered it
                return self.index

        def sorted_in(index: VersionIndex) -> None:
            if self.is_open and index is self._read_side.index:
                self.index = index
                done()

        if column in self.index.orders:
            done()
        else:
            self._runner.submit(work, sorted_in, self._report)

    def verify(
        self,
        *,
        done: Callable[[Damage | None], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Check the whole log against its hash chain."""
        return self._runner.submit(lambda progress: self._log.verify(progress=progress), done, failed, reported)

    def plan_undoing(self, change_id: str, progress: Progress) -> UndoPlan:
        """Find what undoing any change would do, as work for ``run``. Raises RefusedError where there is none."""
        from whowas.corrections.undo_one.planning import planned

        side = self._read_side
        side.catch_up(progress)
        done = change_called(side.read_model, change_id)
        if done is None:
            raise RefusedError("", "There is no such change any more.")
        return planned(self._log, done, progress)

    def plan_restoring(
        self,
        place: tuple[int, int] | None,
        among: Sequence[int] | None,
        *,
        generation: int,
        passwords: bool,
        done: Callable[[Plan], None],
        failed: Failed,
        reported: Callable[[int, int], None],
    ) -> Job:
        """Find what bringing everybody, or the users ``among`` some (by number), back to a moment would do.

        The numbers are those of an index of that ``generation``; it fails where they mean others, see ``erasures_in``.
        ``place`` is that of the step before it, (occurred_at, position), and None the beginning.
        """

        def planned_on(side: ReadSide, index: VersionIndex, progress: Progress) -> Plan:
            from whowas.corrections.restore import planned

            if among is not None and erasures_in(index.generation) != erasures_in(generation):
                raise RefusedError("", _OTHERS)
            then = index.steps.moment_of(*place) if place else 0
            owners = None if among is None else self._log
            asked = (side.read_model, index, side.position, then, among)
            with damage_told():
                return planned(*asked, passwords=passwords, owners=owners, progress=progress)

        def work(progress: Progress) -> Plan:
            side = self._read_side
            index = side.catch_up(progress)
            try:
                return planned_on(side, index, progress)
            except DamagedReadSideError:
                return planned_on(side, side.rebuild(progress), progress)

        return self._runner.submit(work, done, failed, reported)

    def users(self, numbers: Sequence[int]) -> Iterator[User]:
        """Return what yields the users of many rows of ``index``, for work that is done later.

        That raises StoreError where one cannot be read any more, RefusedError where the numbers mean others by then.
        """
        side, generation = self._read_side, self.index.generation

        def read() -> Iterator[User]:
            for first in range(0, len(numbers), _ROWS_AT_ONCE):
                _require_same(side.index, generation)
                yield from (row.user for row in _all_rows(side, numbers[first : first + _ROWS_AT_ONCE]))

        return read()

    def told(self, pairs: Pairs, before: int, after: int) -> Iterator[ComparedUser]:
        """Yield what differs within pairs of rows shown at two moments of ``index``, for work of ``run``.

        Raises StoreError where a row cannot be read any more.
        """
        return told(partial(_all_rows, self._read_side), pairs, group_names(self.index, before, after))

    def make_anew(self) -> None:
        """Make the read side again, because its tables are damaged."""
        side = self._read_side
        self._runner.submit(side.rebuild, self._take, self._report)

    def _take(self, index: VersionIndex) -> None:
        if not self.is_open:
            return
        if self._failing and self._following:
            self._failing = ""
            self.recovered.emit()
        # What a job found on another read side is not for this one.
        if index is not self.index and index is self._read_side.index:
            self.index = index
            self.refreshed.emit()

    def _report(self, error: WhowasError) -> None:
        # Of a directory that was closed nobody wants to read any more.
        if self.is_open:
            self._failing = str(error)
            self.failed.emit(self._failing)


def _require_same(index: VersionIndex | None, generation: int) -> None:
    if index is None or index.generation != generation:
        raise RefusedError("", _OTHERS)


def _all_rows(side: ReadSide, numbers: Sequence[int]) -> Iterator[VersionRow]:
    gone = "What is shown has to be made again; try once more when it is there."
    try:
        for row in side.each(numbers):
            if row is None:
                raise StoreError(gone)
            yield row
    except DamagedReadSideError as error:
        raise StoreError(gone) from error
