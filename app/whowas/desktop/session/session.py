"""One open directory as the window sees it: commands go in, snapshots of the read side come out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from whowas.desktop.session.file_follower import FileFollower
from whowas.desktop.session.jobs import Failed, Job, JobRunner
from whowas.desktop.session.open_directory import OpenDirectory, open_directory
from whowas.desktop.session.queries import Queries
from whowas.desktop.session.reads import Reads
from whowas.desktop.session.seen_history import SeenHistory
from whowas.desktop.session.shown import Shown
from whowas.desktop.session.undo_state import UndoRedo
from whowas.desktop.session.writer import Writer
from whowas.domain.progress import Progress
from whowas.projections.index.version_index import VersionIndex
from whowas.store.event_log import EventLog

READY_AFTER_MS = 100
"""How long after opening the session gets ready to write: the window appears first."""


class Session(QObject):
    """Opens and closes a directory. Its parts are there once ``open`` succeeded:

    - ``shown``: the side shown, through which lens, and the signals of what is shown;
    - ``reads``: quick questions to that side, on the GUI thread;
    - ``queries``: long questions, run as jobs;
    - ``file``: follows the file, and where it is;
    - ``writer``: carries out commands;
    - ``undo_redo``: what can be undone and redone;
    - ``seen``: what this computer saw of the history before.

    ``begun`` says that the person asked for something.
    """

    begun = Signal()

    def __init__(self, runner: JobRunner, cache: Path, actor: str) -> None:
        super().__init__()
        self.path: Path
        """The directory file."""
        self.log: EventLog
        """The event log, for jobs that read all of it."""
        self.shared_folder: str | None
        """What the system calls the network share, or the like, that the file is on."""
        self.shown: Shown
        self.reads: Reads
        self.queries: Queries
        self.file: FileFollower
        self.writer: Writer
        self.undo_redo: UndoRedo
        self.seen: SeenHistory
        self._runner = runner
        self._cache = cache
        self._actor = actor
        self._directory: OpenDirectory | None = None
        self._closing = ExitStack()

    @property
    def is_open(self) -> bool:
        """Whether the directory is open: from ``open``, once it succeeded, to ``close``."""
        return self._directory is not None and self._directory.is_open

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
        closing = self._closing = ExitStack()

        def work(progress: Progress) -> tuple[OpenDirectory, VersionIndex]:
            return open_directory(path, self._cache, closing, create=create, progress=progress)

        def opened(outcome: tuple[OpenDirectory, VersionIndex]) -> None:
            self._assemble(*outcome)
            QTimer.singleShot(READY_AFTER_MS, self, self._get_ready)
            done()

        return self._runner.submit(work, opened, failed, reported)

    def close(self) -> None:
        """Stop following the file; the last arrays are kept for the next start."""
        if self._directory is not None:
            self._directory.is_open = False
            self.file.stop()
            self.shown.show_now()
        closing = self._closing
        self._runner.submit(lambda _progress: closing.close())

    def _assemble(self, directory: OpenDirectory, index: VersionIndex) -> None:
        runner, log = self._runner, directory.log
        self._directory = directory
        self.path, self.log, self.shared_folder = log.path, log, directory.shared_folder
        self.shown = Shown(runner, directory, index)
        self.reads = Reads(directory, self.shown)
        self.queries = Queries(runner, directory, self.shown)
        self.undo_redo = UndoRedo(log, self._actor)
        self.seen = SeenHistory(directory)
        self._closing.callback(self.seen.note)
        self.file = FileFollower(runner, directory, self.shown, self.undo_redo, self.seen)
        self.writer = Writer(runner, log, self.file, self._actor)
        self.writer.begun.connect(self.begun)

    def _get_ready(self) -> None:
        """Load what only writing needs, and look what could be undone."""
        if self.is_open:
            follower, writer = self.file, self.writer

            def work(progress: Progress) -> None:
                writer.load_bus()
                follower.catch_up(progress)

            self._runner.submit(work, self._show_ready, self.shown.report)

    def _show_ready(self, _nothing: None) -> None:
        if self.is_open:
            self.shown.refreshed.emit()
