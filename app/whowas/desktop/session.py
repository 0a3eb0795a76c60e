"""One open directory as the window sees it: commands go in, snapshots of the read side come out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QTimer, Signal

from whowas.desktop.jobs import Job, JobRunner
from whowas.desktop.moments import microseconds_now
from whowas.desktop.questions import Questions
from whowas.domain.causation import Causation, RedoOf, UndoOf
from whowas.domain.errors import RefusedError, WhowasError
from whowas.domain.progress import Progress
from whowas.projections.as_known import as_known, known_by
from whowas.projections.blame import Span, spans_of
from whowas.projections.read_model import ReadModel
from whowas.projections.read_side import DamagedReadSideError, ReadSide, damage_told
from whowas.projections.undo_list import DoneChange, UndoList, change_called
from whowas.projections.version_index import Mask, VersionIndex
from whowas.store.chain import Damage
from whowas.store.event_log import EventLog

if TYPE_CHECKING:
    from whowas.bus import Bus
    from whowas.change import Change
    from whowas.restoring import Plan
    from whowas.undoing_one import UndoPlan

POLL_MS = 300
READY_AFTER_MS = 100
"""How long after opening the session gets ready to write: the window appears first."""

T = TypeVar("T")

Failed = Callable[[WhowasError], None]


class Session(Questions):
    """Whatever is not among the quick ``Questions`` runs as a job.

    ``refreshed`` says that ``index`` is a new one; ``failed`` carries a sentence about the file or its disk.
    """

    refreshed = Signal()
    failed = Signal(str)

    def __init__(self, runner: JobRunner, cache: Path, actor: str) -> None:
        super().__init__()
        self.actor = actor
        self.undo_sentence: str | None = None
        self.redo_sentence: str | None = None
        self._runner = runner
        self._cache = cache
        self._bus: Bus | None = None
        self._undo_list = UndoList(actor)
        self._began_at = microseconds_now()
        self._data_version = 0
        self._today: tuple[ReadSide, VersionIndex] | None = None
        self._known = ExitStack()
        self._known_by: int | None = None
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self._look_for_others)

    @property
    def path(self) -> Path:
        """The directory file."""
        return self._log.path

    @property
    def log(self) -> EventLog:
        """The event log, for jobs that read all of it."""
        return self._log

    @property
    def directory_id(self) -> str:
        """The id of the directory, the same in every copy of its file."""
        return self._log.directory_id

    @property
    def knowing(self) -> bool:
        """Whether no more is shown than had been recorded by a moment of the past."""
        return self._today is not None

    @property
    def known_by(self) -> int | None:
        """The moment (UTC µs) by which all that is shown had been recorded; None where all is shown."""
        return self._known_by

    def know(
        self,
        recorded_at: int,
        *,
        done: Callable[[], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Show what the directory showed when all up to ``recorded_at`` (UTC µs) had been recorded, and no more.

        The log is folded once more for that, no further than it went then; ``index`` is another one afterwards.
        """
        known = ExitStack()

        def work(progress: Progress) -> tuple[ReadSide, VersionIndex]:
            self._read_side.catch_up(progress)
            position = known_by(self._read_side.read_model, recorded_at, 2**62)
            with ExitStack() as unfinished:
                side = unfinished.enter_context(as_known(self._log, position))
                index = side.catch_up(progress)
                known.push(unfinished.pop_all())
            return side, index

        def found(outcome: tuple[ReadSide, VersionIndex]) -> None:
            self.know_all()
            self._today, self._known, self._known_by = (self._read_side, self.index), known, recorded_at
            self._read_side, self.index = outcome
            self.refreshed.emit()
            done()

        return self._runner.submit(work, found, failed, reported)

    def know_all(self) -> None:
        """Show all that is known today again."""
        if self._today is None:
            return
        self._read_side.close()
        self._runner.submit(partial(_let_go, self._known))
        (self._read_side, self.index), self._today, self._known_by = self._today, None, None
        self.refreshed.emit()
        self._data_version = -1  # what others wrote meanwhile was not looked at

    @property
    def undo_is_from_before(self) -> bool:
        """Whether the next undo takes back something done before this session began."""
        done = self._undo_list.to_undo
        return done is not None and done.recorded_at < self._began_at

    def open(
        self,
        path: Path,
        *,
        create: bool,
        done: Callable[[], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Open or create a directory and bring its read side up."""

        def work(progress: Progress) -> VersionIndex:
            self._log = EventLog.create(path) if create else EventLog.open(path)
            self._read_side = ReadSide(self._log, self._cache)
            self._data_version = self._log.changed_elsewhere()
            return self._read_side.catch_up(progress)

        def opened(index: VersionIndex) -> None:
            self.index = index
            self._poll.start()
            QTimer.singleShot(READY_AFTER_MS, self, self._get_ready)
            done()

        return self._runner.submit(work, opened, failed, reported)

    def close(self) -> None:
        """Stop following the file; the last arrays are kept for the next start."""
        self._poll.stop()
        self.know_all()
        self._runner.submit(self._put_away)
        self._read_side.close()
        self._log.close()

    def change(
        self,
        decide: Callable[[Change], None],
        *,
        done: Callable[[], None],
        failed: Failed,
    ) -> None:
        """Carry out one change; ``decide`` dispatches its commands."""

        def work(bus: Bus, _progress: Progress) -> None:
            with bus.change() as change:
                decide(change)

        self.on_bus(work, done=lambda _: done(), failed=failed)

    def on_bus(
        self,
        work: Callable[[Bus, Progress], T],
        *,
        done: Callable[[T], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Run work that dispatches through the bus, such as an import, and catch up after it."""

        def whole(progress: Progress) -> tuple[T, VersionIndex]:
            result = work(self._writing_bus(), progress)
            return result, self._caught_up(progress)

        def finished(outcome: tuple[T, VersionIndex]) -> None:
            result, index = outcome
            self._take(index)
            done(result)

        return self._runner.submit(whole, finished, failed, reported)

    def follow(self, done: Callable[[], None]) -> None:
        """Take in what others wrote, then call ``done``."""

        def followed(index: VersionIndex) -> None:
            self._take(index)
            done()

        self._runner.submit(self._caught_up, followed, self._report)

    def undo(self, *, done: Callable[[], None], failed: Failed) -> None:
        """Take back the last of the actor's own changes."""
        change = self._undo_list.to_undo
        if change is not None:
            self._take_back(change, UndoOf(change.change_id), done, failed)

    def redo(self, *, done: Callable[[], None], failed: Failed) -> None:
        """Take back the last undo."""
        change = self._undo_list.to_redo
        if change is not None:
            self._take_back(change, RedoOf(change.change_id), done, failed)

    def plan_undoing(self, change_id: str, progress: Progress) -> UndoPlan:
        """Find what undoing any change would do, as work for ``run``. Raises RefusedError where there is none."""
        from whowas.undoing_one import planned

        self._read_side.catch_up(progress)
        done = change_called(self._read_side.read_model, change_id)
        if done is None:
            raise RefusedError("", "There is no such change any more.")
        return planned(self._log, done, progress)

    def sort_by(self, column: str, done: Callable[[], None]) -> None:
        """Have ``index`` sorted by ``column``, then call ``done``; a column that is not known changes nothing."""

        def work(_progress: Progress) -> VersionIndex:
            try:
                return self._read_side.sorted_by(column)
            except KeyError:  # another version of the program may have remembered it
                return self.index

        def sorted_in(index: VersionIndex) -> None:
            if index is self._read_side.index:
                self.index = index
                done()

        if column in self.index.orders:
            done()
        else:
            self._runner.submit(work, sorted_in, self._report)

    def search(self, text: str, done: Callable[[Mask | None, VersionIndex], None]) -> None:
        """Find the rows that match ``text``; ``done`` gets their mask and the index it is for."""

        def work(_progress: Progress) -> tuple[Mask | None, VersionIndex]:
            index = self._read_side.catch_up()
            return self._read_side.matching(text), index

        def found(outcome: tuple[Mask | None, VersionIndex]) -> None:
            mask, index = outcome
            self._take(index)
            done(mask, index)

        self._runner.submit(work, found, self._report)

    def verify(self, done: Callable[[Damage | None], None]) -> None:
        """Check the whole log against its hash chain."""
        self._runner.submit(lambda _: self._log.verify(), done, self._report)

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

    def plan_restoring(
        self, moment: int, user_ids: list[str] | None, *, done: Callable[[Plan], None], failed: Failed
    ) -> Job:
        """Find what bringing ``user_ids``, or everybody, back to ``moment`` of ``index`` would do."""
        steps = self.index.steps
        place = (int(steps.occurred_at[moment - 1]), int(steps.first_position[moment - 1])) if moment else None

        def work(progress: Progress) -> Plan:
            from whowas.restoring import planned

            index = self._read_side.catch_up(progress)
            model = self._read_side.read_model
            checkpoint = model.checkpoint()
            position = checkpoint.position if checkpoint is not None else 0
            return planned(model, index, position, index.steps.moment_of(*place) if place else 0, user_ids)

        return self._runner.submit(work, done, failed)

    def make_anew(self) -> None:
        """Make the read side again, because its tables are damaged."""
        self._runner.submit(self._made_anew, self._take, self._report)

    def field_history(self, user_id: str, field: str, done: Callable[[list[Span]], None]) -> None:
        """Find the values of a user's field, newest first, at the moments of ``index``; see ``blame``."""
        self.find(lambda read_model, index: spans_of(read_model, index, user_id, field), done)

    def find(self, question: Callable[[ReadModel, VersionIndex], T], done: Callable[[T], None]) -> None:
        """Ask as a job what may take long; ``done`` gets the answer when ``index`` is the one it is for."""

        def answered(index: VersionIndex) -> tuple[T, VersionIndex]:
            with damage_told():
                return question(self._read_side.read_model, index), index

        def work(progress: Progress) -> tuple[T, VersionIndex]:
            index = self._read_side.catch_up(progress)
            try:
                return answered(index)
            except DamagedReadSideError:
                return answered(self._made_anew(progress))

        def found(outcome: tuple[T, VersionIndex]) -> None:
            answer, index = outcome
            if self._poll.isActive():
                self._take(index)
                done(answer)

        self._runner.submit(work, found, self._report)

    def _take(self, index: VersionIndex) -> None:
        # What a job found on another read side is not for this one.
        if index is not self.index and index is self._read_side.index:
            self.index = index
            self.refreshed.emit()

    def _take_back(self, change: DoneChange, causation: Causation, done: Callable[[], None], failed: Failed) -> None:
        def work(bus: Bus, progress: Progress) -> None:
            from whowas.undo import take_back

            if not take_back(bus, self._log, change, causation, progress):
                self._undo_list.pass_over(change)

        self.on_bus(work, done=lambda _: done(), failed=failed)

    def _caught_up(self, progress: Progress) -> VersionIndex:
        index = self._read_side.catch_up(progress)
        self._follow_undo()
        return index

    def _made_anew(self, progress: Progress) -> VersionIndex:
        return self._read_side.rebuild(progress)

    def _get_ready(self) -> None:
        """Load what only writing needs, and look what could be undone."""

        def work(_progress: Progress) -> None:
            self._writing_bus()
            self._follow_undo()

        if self._poll.isActive():
            self._runner.submit(work, self._tell_ready, self._report)

    def _tell_ready(self, _nothing: None) -> None:
        self.refreshed.emit()

    def _writing_bus(self) -> Bus:
        if self._bus is None:
            from whowas.bus import Bus

            self._bus = Bus(self._log, clock=microseconds_now, actor=self.actor)
        return self._bus

    def _follow_undo(self) -> None:
        if self._today is not None:
            return
        from whowas.undo import described

        self._undo_list.follow(self._read_side.read_model)
        undo, redo = self._undo_list.to_undo, self._undo_list.to_redo
        self.undo_sentence = described(self._log, undo) if undo else None
        self.redo_sentence = described(self._log, redo) if redo else None

    def _put_away(self, _progress: Progress) -> None:
        self._read_side.keep_index()
        self._read_side.close()
        self._log.close()

    def _look_for_others(self) -> None:
        if self._runner.idle:
            self._runner.submit(self._news, self._take, self._report)

    def _news(self, progress: Progress) -> VersionIndex:
        if self._today is not None:
            return self.index
        version = self._log.changed_elsewhere()
        if version == self._data_version and self._read_side.index is not None:
            return self._read_side.index
        self._data_version = version
        return self._caught_up(progress)

    def _report(self, error: WhowasError) -> None:
        self.failed.emit(str(error))


def _let_go(known: ExitStack, _progress: Progress) -> None:
    known.close()
