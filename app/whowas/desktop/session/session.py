"""One open directory as the window sees it: commands go in, snapshots of the read side come out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QTimer, Signal

from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.session.file_watch import FileWatch
from whowas.desktop.session.jobs import Job, JobProgress, JobRunner
from whowas.desktop.session.other_sides import ShownInstead
from whowas.desktop.session.queries import Failed
from whowas.desktop.session.undo_redo_jobs import taking_back
from whowas.domain.causation import RedoOf, UndoOf
from whowas.domain.errors import UnfinishedError, WhowasError
from whowas.domain.progress import Progress
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.undo_list import DoneChange, UndoList
from whowas.projections.sides.read_side import DamagedReadSideError, ReadSide
from whowas.store.event_log import EventLog
from whowas.store.file.identity import Whereabouts
from whowas.store.file.shared_folders import kind_of_shared_folder
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus, Receipt
    from whowas.command_bus.unit_of_work import Change

POLL_MS = 300
RETRY_MS = 3_000
"""How long after what is shown could not be brought up to the file that is tried again."""

READY_AFTER_MS = 100
"""How long after opening the session gets ready to write: the window appears first."""

T = TypeVar("T")


class Session(ShownInstead):
    """Opens and closes the directory, follows its file, and carries out what changes it.

    What is shown follows the file: where it could not, ``failed`` says so, that is tried again, and ``recovered`` says
    that it has caught up. ``moved`` tells that ``whereabouts`` is another one, ``begun`` that
    the person asked for something, ``saving`` whether anything is on its way into the file.
    """

    moved = Signal()
    begun = Signal()
    saving = Signal(bool)
    _written = Signal()

    def __init__(self, runner: JobRunner, cache: Path, actor: str) -> None:
        super().__init__(runner)
        self.actor = actor
        self.undo_sentence: str | None = None
        self.redo_sentence: str | None = None
        self._cache = cache
        self._kept_open = ExitStack()
        self._bus: Bus | None = None
        self._undo_list = UndoList(actor)
        self._began_at = microseconds_now()
        self._data_version = 0
        self._writing: JobProgress | None = None
        self._behind = False
        self._writes = 0
        self._written.connect(self._one_written)
        self._told: Whereabouts = "in place"
        self.shared_folder: str | None = None
        """What the system calls the network share, or the like, that the file is on."""
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
    def is_open(self) -> bool:
        """Whether the file is followed: from ``open``, once it succeeded, to ``close``."""
        return self._poll.isActive()

    @property
    def directory_id(self) -> str:
        """The id of the directory, the same in every copy of its file."""
        return self._log.directory_id

    @property
    def whereabouts(self) -> Whereabouts:
        """Where the open file is, as of the last look: only in place can anything be saved to it."""
        return self._watch.whereabouts

    @property
    def to_undo(self) -> DoneChange | None:
        """The change that the next undo takes back."""
        return self._undo_list.to_undo

    @property
    def to_redo(self) -> DoneChange | None:
        """The undo that the next redo takes back."""
        return self._undo_list.to_redo

    @property
    def undo_is_from_before(self) -> bool:
        """Whether the next undo takes back something done before this session began."""
        return self.to_undo is not None and self.to_undo.recorded_at < self._began_at

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
            with ExitStack() as unfinished:
                self._log = EventLog.create(path) if create else EventLog.open(path)
                unfinished.callback(self._log.close)
                if self._log.unswept:
                    from whowas.erasure import finish

                    drafts, reports = folders.drafts(self._log.directory_id), folders.reports()
                    finish(self._log, cache=self._cache, drafts=drafts, reports=reports)
                self._watch = FileWatch(self._log)
                self.shared_folder = kind_of_shared_folder(path.resolve().parent)
                self._read_side = self._today = ReadSide(self._log, self._cache)
                unfinished.callback(self._today.close)
                self._data_version = self._log.changed_elsewhere()
                index = self._read_side.catch_up(progress)
                unfinished.callback(self._today.keep_index)
                self._kept_open = unfinished.pop_all()
            return index

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
        work: Callable[[Bus, JobProgress], T],
        *,
        done: Callable[[T], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
        writing: bool = True,
    ) -> Job:
        """Run work that dispatches through the bus, such as an import, and catch up after it.

        It can be cancelled until it commits. From then on it is done, whatever happens: ``failed`` gets an
        UnfinishedError where the rest of the work fails, and where catching up does, that is told and tried again.
        ``writing`` says whether it is to be written, too, not only looked at.
        """

        def whole(progress: JobProgress) -> tuple[T | WhowasError, VersionIndex | WhowasError]:
            try:
                return self._worked_and_shown(work, progress)
            finally:
                # Here, as a bug comes to neither of the two that wait for the outcome.
                if writing:
                    self._written.emit()

        def finished(outcome: tuple[T | WhowasError, VersionIndex | WhowasError]) -> None:
            result, shown = outcome
            if not isinstance(shown, WhowasError):
                self._followed(shown)
            if isinstance(result, WhowasError):
                failed(result)
            else:
                done(result)
            if isinstance(shown, WhowasError):
                self._not_followed(f"This is saved, but not shown yet; it will be tried again. {shown}")

        self.begun.emit()
        if writing:
            self._writes += 1
            self.saving.emit(True)
        return self._runner.submit(whole, finished, failed, reported)

    def _worked_and_shown(
        self, work: Callable[[Bus, JobProgress], T], progress: JobProgress
    ) -> tuple[T | WhowasError, VersionIndex | WhowasError]:
        result = self._worked(work, progress)
        try:
            return result, self._caught_up(progress)
        except WhowasError as error:
            if not progress.committed:
                raise
            return result, error

    def _worked(self, work: Callable[[Bus, JobProgress], T], progress: JobProgress) -> T | WhowasError:
        """Return what ``work`` does, or why it failed with its change committed."""
        bus, self._writing = self._writing_bus(), progress
        try:
            return work(bus, progress)
        except WhowasError as error:
            if not progress.committed:
                raise
            return UnfinishedError(f"This is saved, but something was left undone after it. {error}")
        finally:
            self._writing = None

    def _one_written(self) -> None:
        self._writes -= 1
        self.saving.emit(self._writes > 0)

    def follow(self, done: Callable[[], None]) -> None:
        """Take in what others wrote, then call ``done``."""

        def followed(index: VersionIndex) -> None:
            self._followed(index)
            done()

        self._runner.submit(self._caught_up, followed, self._report)

    def undo(
        self, *, done: Callable[[str], None], failed: Failed, reported: Callable[[int, int], None] | None = None
    ) -> Job:
        """Take back the last of the actor's own changes; ``done`` gets "", or a sentence about what stays."""
        work = taking_back(self._log, self._undo_list, self.to_undo, self.undo_sentence, UndoOf)
        return self.on_bus(work, done=done, failed=failed, reported=reported)

    def redo(
        self, *, done: Callable[[str], None], failed: Failed, reported: Callable[[int, int], None] | None = None
    ) -> Job:
        """Take back the last undo, likewise."""
        work = taking_back(self._log, self._undo_list, self.to_redo, self.redo_sentence, RedoOf)
        return self.on_bus(work, done=done, failed=failed, reported=reported)

    def _caught_up(self, progress: Progress) -> VersionIndex:
        index = self._today.catch_up(progress)
        try:
            self._follow_undo(index)
        except DamagedReadSideError:
            index = self._today.rebuild(progress)
            self._follow_undo(index)
        self._behind = False
        return index

    def _get_ready(self) -> None:
        """Load what only writing needs, and look what could be undone."""

        def work(progress: Progress) -> None:
            self._writing_bus()
            self._caught_up(progress)

        if self.is_open:
            self._runner.submit(work, self._tell_ready, self._report)

    def _tell_ready(self, _nothing: None) -> None:
        if self.is_open:
            self.refreshed.emit()

    def _writing_bus(self) -> Bus:
        if self._bus is None:
            from whowas.command_bus.bus import Bus

            self._bus = Bus(self._log, clock=microseconds_now, actor=self.actor, before_commit=self._begin_commit)
            self._bus.subscribe(self._end_commit)
        return self._bus

    def _begin_commit(self) -> None:
        self._behind = True  # until what is shown has caught up, whatever becomes of the commit
        if self._writing is not None:
            self._writing.begin_commit()

    def _end_commit(self, _receipt: Receipt) -> None:
        if self._writing is not None:
            self._writing.end_commit()

    def _follow_undo(self, index: VersionIndex) -> None:
        self._undo_list.follow(self._today.read_model)
        undo, redo = self._undo_list.to_undo, self._undo_list.to_redo
        titles = self._today.change_titles(index, {done.change_id for done in (undo, redo) if done is not None})
        self.undo_sentence = titles.get(undo.change_id) if undo else None
        self.redo_sentence = titles.get(redo.change_id) if redo else None

    def _put_away(self, _progress: Progress) -> None:
        self._kept_open.close()

    def _look_for_others(self) -> None:
        if self._runner.idle:
            self._runner.submit(self._news, self._take_news, self._news_failed)

    def _take_news(self, index: VersionIndex) -> None:
        self._followed(index)
        self._tell_if_moved()

    def _news(self, progress: JobProgress) -> VersionIndex:
        self._watch.look()
        version = self._log.changed_elsewhere()
        if version == self._data_version and not self._behind and self._today.index is not None:
            return self._today.index
        index = self._caught_up(progress)
        self._data_version = version
        return index

    def _news_failed(self, error: WhowasError) -> None:
        self._not_followed(str(error) if self._following else self._failing)
        self._tell_if_moved()

    def _tell_if_moved(self) -> None:
        if self._told != self.whereabouts:
            self._told = self.whereabouts
            self.moved.emit()

    def _followed(self, index: VersionIndex) -> None:
        """Show what was found, as all is well again."""
        self._following = True
        if self.is_open:
            self._poll.setInterval(POLL_MS)
            self._take(index)

    def _not_followed(self, sentence: str) -> None:
        """Say why what is shown is behind the file, once, and try again later."""
        if self.is_open:
            self._poll.setInterval(RETRY_MS)
            self._following = False
            if sentence != self._failing:
                self._failing = sentence
                self.failed.emit(sentence)
