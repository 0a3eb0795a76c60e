"""Keeping what is shown up to the open file, whoever writes to it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from whowas.desktop.session.file_watch import FileWatch
from whowas.desktop.session.jobs import JobRunner
from whowas.desktop.session.open_directory import OpenDirectory
from whowas.desktop.session.seen_history import SeenHistory
from whowas.desktop.session.shown import Shown
from whowas.desktop.session.undo_state import UndoRedo
from whowas.domain.errors import DamagedError, WhowasError
from whowas.domain.progress import Progress
from whowas.projections.index.version_index import VersionIndex
from whowas.store.file.identity import Whereabouts

POLL_MS = 300
RETRY_MS = 3_000
"""How long after what is shown could not be brought up to the file that is tried again."""


class FileFollower(QObject):
    """Looks at the file several times a second, and brings the shown side and the undo list up to it.

    Where it could not, the shown side says so with ``failed``, and it is tried again until ``recovered``. ``moved``
    says that ``whereabouts`` is another one; ``metDamage`` carries a DamagedError, where what was written is damaged;
    ``refused`` says that nothing can be written to the file any more, for what was found in it.
    """

    moved = Signal()
    metDamage = Signal(object)
    refused = Signal()

    def __init__(
        self, runner: JobRunner, directory: OpenDirectory, shown: Shown, undo_redo: UndoRedo, seen: SeenHistory
    ) -> None:
        super().__init__()
        self._runner = runner
        self._directory = directory
        self._shown = shown
        self._undo_redo = undo_redo
        self._seen = seen
        self._watch = FileWatch(directory.log)
        self._known_whereabouts: Whereabouts = "in place"
        self._data_version = directory.data_version
        self._behind = False
        self._read_only = directory.log.read_only
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self.look)
        self._poll.start()
        self._woken = False

    @property
    def whereabouts(self) -> Whereabouts:
        """Where the open file is, as of the last look: only in place can anything be saved to it."""
        return self._watch.whereabouts

    def stop(self) -> None:
        """Look no more."""
        self._poll.stop()

    def look(self) -> None:
        """See where the file is and what others wrote, unless a job is on its way."""
        if self._runner.idle:
            self._runner.submit(self._news, self._take_news, self._news_failed)

    def wake(self) -> None:
        """Look at once, or after the job that is on its way, as somebody is known to have written."""
        if not self._woken and self._directory.is_open:
            self._woken = True
            self._runner.submit(self._woken_up, self._take_news, self._news_failed)

    def follow(self, done: Callable[[], None]) -> None:
        """Take in what others wrote, then call ``done``."""

        def followed(index: VersionIndex) -> None:
            self.show(index)
            done()

        self._runner.submit(self.catch_up, followed, self._shown.report)

    def catch_up(self, progress: Progress) -> VersionIndex:
        """Bring today's side and the undo list up to the log, as part of a job. Raises CancelledError or StoreError."""
        today = self._directory.today
        _, index = today.asked(lambda index: self._undo_redo.follow(today, index), progress)
        self._behind = False
        return index

    def fall_behind(self) -> None:
        """Have the next look catch up, as the job that calls this is about to commit."""
        self._behind = True  # whatever becomes of the commit

    def show(self, index: VersionIndex) -> None:
        """Show what ``catch_up`` returned, as all is well again."""
        if self._directory.is_open:
            self._poll.setInterval(POLL_MS)
            self._shown.take_latest(index)

    def retry_later(self, sentence: str) -> None:
        """Say why what is shown is behind the file, once, and try again later."""
        if self._directory.is_open:
            self._poll.setInterval(RETRY_MS)
            self._shown.report_behind(sentence)

    def emit_if_refused(self) -> None:
        """Tell of it where a job has found out that nothing can be written any more."""
        if self._directory.is_open and self._read_only != self._directory.log.read_only:
            self._read_only = self._directory.log.read_only
            self.refused.emit()

    def _woken_up(self, progress: Progress) -> VersionIndex:
        self._woken = False  # whoever writes from here on wakes it again
        return self._news(progress)

    def _news(self, progress: Progress) -> VersionIndex:
        self._watch.look()
        if self._watch.quiet:
            self._seen.note()
        version = self._directory.log.changed_elsewhere()
        index = self._directory.today.index
        if version == self._data_version and not self._behind and index is not None:
            return index
        index = self.catch_up(progress)
        self._data_version = version
        return index

    def _take_news(self, index: VersionIndex) -> None:
        self.show(index)
        self._emit_if_moved()
        self.emit_if_refused()

    def _news_failed(self, error: WhowasError) -> None:
        # The reason for which it fell behind stands until it has caught up.
        self.retry_later(self._shown.why_behind or str(error))
        self._emit_if_moved()
        if isinstance(error, DamagedError):
            self.metDamage.emit(error)

    def _emit_if_moved(self) -> None:
        if self._known_whereabouts != self.whereabouts:
            self._known_whereabouts = self.whereabouts
            self.moved.emit()
