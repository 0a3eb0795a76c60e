"""What the window asks of an open directory that may take longer than a frame: jobs, whose answers come back later."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from whowas.desktop.session.jobs import Failed, Job, JobRunner
from whowas.desktop.session.open_directory import OpenDirectory
from whowas.desktop.session.shown import Shown
from whowas.desktop.session.verification import Verification, verified
from whowas.domain.errors import CancelledError, RefusedError, StoreError
from whowas.domain.progress import Progress
from whowas.domain.users import User
from whowas.projections.index.version_index import Mask, VersionIndex
from whowas.projections.queries.differences import ComparedUser, Pairs, group_names, told
from whowas.projections.queries.field_history import Span, spans_of
from whowas.projections.queries.search import matching
from whowas.projections.queries.undo_list import change_called
from whowas.projections.sides.cache_sentences import DAMAGED_AGAIN
from whowas.projections.sides.read_side import DamagedReadSideError, ReadSide
from whowas.projections.tables.arrays import Int32
from whowas.projections.tables.epoch import Epoch
from whowas.projections.tables.read_model import ReadModel, VersionRow

if TYPE_CHECKING:
    from whowas.corrections.restore import Plan
    from whowas.corrections.undo_one.plan import UndoPlan
    from whowas.interchange.importing.made_import import MadeImport
    from whowas.projections.queries.selection_summary import SelectionSummary

T = TypeVar("T")

OTHERS = "The directory was read anew meanwhile. Please look again."
_ROWS_AT_ONCE = 1000


class Queries:
    """Questions that are asked as jobs, one side each from its beginning to its end, whichever is shown meanwhile.

    What is found on a side that is not shown any more is dropped: ``Shown.refreshed`` said that another one is.
    """

    def __init__(self, runner: JobRunner, directory: OpenDirectory, shown: Shown) -> None:
        self._runner = runner
        self._directory = directory
        self._shown = shown

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

    def ask_server(
        self,
        work: Callable[[Progress], T],
        *,
        done: Callable[[T], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Run work that asks a server and touches nothing here: one that is silent may keep it for long.

        Nothing waits for that, neither a save nor whatever is looked for.
        """
        return self._runner.submit_beside(work, done, failed, reported)

    def run_beside(self, work: Callable[[Progress], T], *, done: Callable[[T], None], failed: Failed) -> Job:
        """Run work on arrays that nobody alters, a few frames long: it does not wait for what takes longer."""
        return self._runner.submit_beside(work, done, failed)

    def run_aside(self, work: Callable[[Progress], T], *, done: Callable[[T], None], failed: Failed) -> Job:
        """Run work that nobody waits for, while nothing else is to be done.

        It ends with CancelledError as soon as something is, or the directory is closed.
        """
        runner = self._runner

        def whole(progress: Progress) -> T:
            def making_way(done: int, total: int) -> None:
                if runner.waiting:
                    raise CancelledError("Something else was to be done first.")
                progress(done, total)

            making_way(0, 0)
            return work(making_way)

        return runner.submit(whole, done, failed)

    def find(self, question: Callable[[ReadModel, VersionIndex], T], done: Callable[[T], None]) -> None:
        """Ask what may take long; ``done`` gets the answer when the index shown is the one it is for."""
        self._find(lambda read_model, index, _progress: question(read_model, index), done)

    def _find(self, question: Callable[[ReadModel, VersionIndex, Progress], T], done: Callable[[T], None]) -> None:
        """Do the same with a question that tells of its progress."""

        def work(progress: Progress) -> tuple[T, VersionIndex, ReadSide]:
            side = self._shown.side
            answer, index = side.asked(lambda index: question(side.read_model, index, progress), progress)
            return answer, index, side

        def found(outcome: tuple[T, VersionIndex, ReadSide]) -> None:
            answer, index, side = outcome
            if self._directory.is_open and side is self._shown.side:
                self._shown.take(index)
                done(answer)

        self._runner.submit(work, found, self._shown.report)

    def field_history(self, user_id: str, field: str, done: Callable[[list[Span]], None]) -> None:
        """Find the values of a user's field, newest first, at the moments of the index shown; see ``blame``."""
        self.find(lambda read_model, index: spans_of(read_model, index, user_id, field), done)

    def search(self, text: str, done: Callable[[Mask | None, VersionIndex], None], moment: int | None = None) -> None:
        """Find the rows that match ``text``; ``done`` gets their mask, None for no words, and the index it is for.

        Of custom fields those count that show at ``moment`` of the index shown, None for now.
        """

        def question(
            read_model: ReadModel, index: VersionIndex, progress: Progress
        ) -> tuple[Mask | None, VersionIndex]:
            hidden = index.hidden_fields(index.now if moment is None else moment)
            return matching(read_model, index, text, progress=progress, hidden=hidden), index

        self._find(question, lambda found: done(*found))

    def sort_by(
        self, order: str, *, done: Callable[[None], None], failed: Failed, reported: Callable[[int, int], None]
    ) -> Job:
        """Lay a sort order in the index shown, see ``order_name``, unless it is unknown, and call ``done``."""

        def work(progress: Progress) -> VersionIndex:
            try:
                return _sorted(self._shown.side, order, progress)
            except KeyError:  # another version of the program may have remembered it
                return self._shown.index

        def sorted_in(index: VersionIndex) -> None:
            if not self._directory.is_open:
                return
            if index is self._shown.side.index:
                # Other steps were met by this job, or by one before it that asked something else.
                is_same = index.steps is self._shown.index.steps
                (self._shown.show_sorted if is_same else self._shown.take)(index)
            done(None)

        return self._runner.submit(work, sorted_in, failed, reported)

    def verify(
        self,
        *,
        done: Callable[[Verification], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Check the whole history."""
        return self._runner.submit(partial(verified, self._directory), done, failed, reported)

    def plan_undoing(self, change_id: str, progress: Progress, among: Collection[str] | None = None) -> UndoPlan:
        """Find what undoing any change would do, as work for ``run``; ``among`` are the ids of users, see ``planned``.

        Raises RefusedError where there is no such change.
        """
        from whowas.corrections.undo_one.planning import planned

        side = self._shown.side
        done, _ = side.asked(lambda _index: change_called(side.read_model, change_id), progress)
        if done is None:
            raise RefusedError("", "There is no such change any more.")
        return planned(self._directory.log, done, progress, among)

    def made_import(self, change_id: str, progress: Progress) -> MadeImport:
        """Read what an import did, as work for ``run``. Raises RefusedError where there is no such import."""
        from whowas.interchange.importing.made_import import made_import

        side = self._shown.side
        made, _ = side.asked(lambda index: made_import(side.read_model, index, change_id, progress), progress)
        return made

    def plan_restoring(
        self,
        key: tuple[int, int] | None,
        among: Sequence[int] | None,
        *,
        erasure_count: int,
        passwords: bool,
        done: Callable[[Plan], None],
        failed: Failed,
        reported: Callable[[int, int], None],
    ) -> Job:
        """Find what bringing everybody, or the users ``among`` some (by number), back to a moment would do.

        The numbers are those of an index of that ``erasure_count``, see ``Epoch``; it fails where they mean others.
        ``key`` is the timeline key of the step before that moment, (occurred_at, position); None is the beginning.
        """

        def work(progress: Progress) -> Plan:
            from whowas.corrections.restore import planned

            side = self._shown.side

            def question(index: VersionIndex) -> Plan:
                if among is not None and index.epoch.erasure_count != erasure_count:
                    raise RefusedError("", OTHERS)
                then = index.steps.moment_of(*key) if key else 0
                owners = None if among is None else self._directory.log
                asked = (side.read_model, index, side.position, then, among)
                return planned(*asked, passwords=passwords, owners=owners, progress=progress)

            plan, _ = side.asked(question, progress)
            return plan

        return self._runner.submit(work, done, failed, reported)

    def selection_summary(
        self,
        numbers: Int32,
        epoch: Epoch,
        *,
        done: Callable[[SelectionSummary], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Find what the users of many rows of an index of that ``epoch`` share; it fails where they mean others."""

        def work(progress: Progress) -> SelectionSummary:
            from whowas.projections.queries.selection_summary import summary_of

            side = self._shown.side

            def question(index: VersionIndex) -> SelectionSummary:
                _require_same(index, epoch)
                return summary_of(side.read_model, index, numbers, progress)

            return side.asked(question, progress)[0]

        return self._runner.submit(work, done, failed, reported)

    def users(self, numbers: Sequence[int]) -> Callable[[], Iterator[User]]:
        """Return what yields the users of many rows of the index shown, for work that is done later, or again.

        That raises StoreError where one cannot be read any more, RefusedError where the numbers mean others by then.
        """
        side, epoch = self._shown.side, self._shown.index.epoch

        def read() -> Iterator[User]:
            for first in range(0, len(numbers), _ROWS_AT_ONCE):
                _require_same(side.index, epoch)
                yield from (row.user for row in _all_rows(side, epoch, numbers[first : first + _ROWS_AT_ONCE]))

        return read

    def differences(self, pairs: Pairs, before: int, after: int) -> Iterator[ComparedUser]:
        """Yield what differs within pairs of rows at two moments of the index shown, for work of ``run``.

        Raises StoreError where a row cannot be read any more.
        """
        side, index = self._shown.side, self._shown.index
        return told(partial(_all_rows, side, index.epoch), pairs, group_names(index, before, after))


def _sorted(side: ReadSide, order: str, progress: Progress) -> VersionIndex:
    """Return the index of a side with one more sort order; of damaged tables, once they are made again."""
    try:
        return side.sorted_by(order, progress)
    except DamagedReadSideError:
        side.rebuild(progress)
    try:
        return side.sorted_by(order, progress)
    except DamagedReadSideError as error:
        raise StoreError(DAMAGED_AGAIN) from error


def _require_same(index: VersionIndex | None, epoch: Epoch) -> None:
    if index is None or index.epoch != epoch:
        raise RefusedError("", OTHERS)


def _all_rows(side: ReadSide, epoch: Epoch, numbers: Sequence[int]) -> Iterator[VersionRow]:
    """Yield the rows with those numbers of an index of that epoch; of damaged tables, once they are made again."""
    read = 0
    try:
        for row in _rows_there(side, numbers):
            yield row
            read += 1
    except DamagedReadSideError:
        _require_same(side.rebuild(), epoch)
    else:
        return
    try:
        yield from _rows_there(side, numbers[read:])
    except DamagedReadSideError as error:
        raise StoreError(DAMAGED_AGAIN) from error


def _rows_there(side: ReadSide, numbers: Sequence[int]) -> Iterator[VersionRow]:
    for row in side.each(numbers):
        if row is None:
            raise StoreError("What is shown has to be made again; try once more when it is there.")
        yield row
