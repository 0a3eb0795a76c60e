"""One open directory as the window sees it: commands go in, snapshots of the read side come out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QTimer, Signal

from whowas import places
from whowas.desktop.file_watch import FileWatch
from whowas.desktop.jobs import Job, JobRunner
from whowas.desktop.long_questions import Failed
from whowas.desktop.moments import microseconds_now
from whowas.desktop.shown_instead import ShownInstead
from whowas.desktop.taking_back import taking_back
from whowas.domain.causation import RedoOf, UndoOf
from whowas.domain.progress import Progress
from whowas.projections.read_side import ReadSide
from whowas.projections.undo_list import DoneChange, UndoList
from whowas.projections.version_index import VersionIndex
from whowas.store.event_log import EventLog
from whowas.store.file_identity import Whereabouts
from whowas.store.shared_folders import kind_of_shared_folder

if TYPE_CHECKING:
    from whowas.bus import Bus
    from whowas.change import Change

POLL_MS = 300
READY_AFTER_MS = 100
"""How long after opening the session gets ready to write: the window appears first."""

T = TypeVar("T")


class Session(ShownInstead):
    """Opens and closes the directory, follows its file, and carries out what changes it.

    ``moved`` tells that ``whereabouts`` is another one.
    """

    moved = Signal()

    def __init__(self, runner: JobRunner, cache: Path, actor: str) -> None:
        super().__init__(runner)
        self.actor = actor
        self.undo_sentence: str | None = None
        self.redo_sentence: str | None = None
        self._cache = cache
        self._bus: Bus | None = None
        self._undo_list = UndoList(actor)
        self._began_at = microseconds_now()
        self._data_version = 0
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
            self._log = EventLog.create(path) if create else EventLog.open(path)
            if self._log.unswept:
                from whowas.erasing import finish

                drafts, reports = places.drafts(self._log.directory_id), places.reports()
                finish(self._log, cache=self._cache, drafts=drafts, reports=reports)
            self._watch = FileWatch(self._log)
            self.shared_folder = kind_of_shared_folder(path.resolve().parent)
            self._read_side = self._today = ReadSide(self._log, self._cache)
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

    def undo(
        self, *, done: Callable[[str], None], failed: Failed, reported: Callable[[int, int], None] | None = None
    ) -> Job:
        """Take back the last of the actor's own changes; ``done`` gets "", or a sentence about what stays."""
        work = taking_back(self._log, self._undo_list, self.to_undo, UndoOf)
        return self.on_bus(work, done=done, failed=failed, reported=reported)

    def redo(
        self, *, done: Callable[[str], None], failed: Failed, reported: Callable[[int, int], None] | None = None
    ) -> Job:
        """Take back the last undo, likewise."""
        work = taking_back(self._log, self._undo_list, self.to_redo, RedoOf)
        return self.on_bus(work, done=done, failed=failed, reported=reported)

    def _caught_up(self, progress: Progress) -> VersionIndex:
        index = self._today.catch_up(progress)
        self._follow_undo()
        return index

    def _get_ready(self) -> None:
        """Load what only writing needs, and look what could be undone."""

        def work(_progress: Progress) -> None:
            self._writing_bus()
            self._follow_undo()

        if self.is_open:
            self._runner.submit(work, self._tell_ready, self._report)

    def _tell_ready(self, _nothing: None) -> None:
        self.refreshed.emit()

    def _writing_bus(self) -> Bus:
        if self._bus is None:
            from whowas.bus import Bus

            self._bus = Bus(self._log, clock=microseconds_now, actor=self.actor)
        return self._bus

    def _follow_undo(self) -> None:
        from whowas.undo_sentences import described

        self._undo_list.follow(self._today.read_model)
        undo, redo = self._undo_list.to_undo, self._undo_list.to_redo
        self.undo_sentence = described(self._log, undo) if undo else None
        self.redo_sentence = described(self._log, redo) if redo else None

    def _put_away(self, _progress: Progress) -> None:
        self._today.keep_index()
        self._today.close()
        self._log.close()

    def _look_for_others(self) -> None:
        if self._runner.idle:
            self._runner.submit(self._news, self._take_news, self._report)

    def _take_news(self, index: VersionIndex) -> None:
        self._take(index)
        if self._told != self.whereabouts:
            self._told = self.whereabouts
            self.moved.emit()

    def _news(self, progress: Progress) -> VersionIndex:
        self._watch.look()
        version = self._log.changed_elsewhere()
        if version == self._data_version and self._today.index is not None:
            return self._today.index
        self._data_version = version
        return self._caught_up(progress)
