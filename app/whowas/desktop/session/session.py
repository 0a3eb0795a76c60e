"""One open directory as the window sees it: commands go in, snapshots of the read side come out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from whowas.desktop.session.file_follower import FileFollower
from whowas.desktop.session.jobs import Failed, Job, JobRunner
from whowas.desktop.session.lens import Now
from whowas.desktop.session.open_directory import OpenDirectory, open_directory
from whowas.desktop.session.queries import Queries
from whowas.desktop.session.reads import Reads
from whowas.desktop.session.seen_history import SeenHistory
from whowas.desktop.session.shown import Shown
from whowas.desktop.session.undo_state import UndoRedo
from whowas.desktop.session.writer import Writer
from whowas.domain.errors import DamagedError
from whowas.domain.progress import Progress
from whowas.projections.index.version_index import VersionIndex
from whowas.safekeeping.damage_told import why_read_only
from whowas.store.chain import Damage
from whowas.store.event_log import EventLog
from whowas.system import folders

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

    ``begun`` says that the person asked for something, ``damaged`` that the history was found damaged while it was
    open, so that it can only be read from then on.
    """

    begun = Signal()
    damaged = Signal()

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

    @property
    def read_only(self) -> str:
        """Why nothing may be written to the directory, as sentences; "" where it may."""
        return self.log.read_only

    @property
    def damage(self) -> Damage | None:
        """Where the history was found damaged, None where it was not."""
        return None if self._directory is None else self._directory.damage

    @property
    def damaged_change(self) -> int | None:
        """The number of the damaged change, as they were recorded; None where it is no one, or not known yet."""
        return None if self._directory is None else self._directory.damaged_change

    @property
    def ends_before(self) -> Damage | None:
        """The damage before which all that is shown ends, None where everything is shown."""
        return self.damage if self._directory is not None and self._directory.in_part else None

    @property
    def may_write(self) -> bool:
        """Whether anything can be changed: not where the file may only be read, nor under a lens other than ``Now``."""
        return not self.read_only and isinstance(self.shown.lens, Now)

    def found_damaged(self, damage: Damage) -> None:
        """Write nothing any more, and show no more than the last whole change before ``damage``, once that is read."""
        directory = self._directory
        if directory is None or not directory.is_open or _lies_behind(damage, directory.damage):
            return
        directory.damage, directory.damaged_change = damage, None
        log, today = directory.log, directory.today

        def work(progress: Progress) -> VersionIndex:
            from whowas.safekeeping.sound_part import keep_before

            keep_before(log, damage)
            return today.catch_up(progress)

        # At once, as the job may have to wait for another one.
        log.refuse_writing(why_read_only(damage), damage=damage)
        self.shown.show_now()
        self.damaged.emit()
        if damage.position is not None:
            self._runner.submit(work, self._show_sound_part, self.shown.report)

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
        self.file.metDamage.connect(self._look_for_damage)
        self.file.refused.connect(self._tell_refused)

    def _tell_refused(self) -> None:
        """Say that nothing can be written any more, where a job found out: one that saves, or makes a backup."""
        if self.log.damage is not None:
            self.found_damaged(self.log.damage)
        else:
            self.damaged.emit()

    def _show_sound_part(self, index: VersionIndex) -> None:
        if self._directory is not None:
            self._directory.in_part, self._directory.damaged_change = True, index.now + 1
            self.shown.begin_again(index)
            self.damaged.emit()

    def _look_for_damage(self, met: DamagedError) -> None:
        """Find where the damage begins that was met when the file was followed."""
        log = self.log

        def work(progress: Progress) -> Damage:
            from whowas.safekeeping.sound_part import keep_to_sound_part

            return keep_to_sound_part(log, met, progress)

        if not self.read_only:
            self._runner.submit(work, self.found_damaged, self.shown.report)

    def _get_ready(self) -> None:
        """Load what only writing needs, look what could be undone, and sweep away what killed programs left."""
        if self.is_open:
            follower, writer, log, cache = self.file, self.writer, self.log, self._cache

            def work(progress: Progress) -> None:
                from whowas.safekeeping.sweeper import sweep_around

                writer.load_bus()
                follower.catch_up(progress)
                sweep_around(log, cache, folders.drafts(log.directory_id))

            self._runner.submit(work, self._show_ready, self.shown.report)

    def _show_ready(self, _nothing: None) -> None:
        if self.is_open:
            self.shown.refreshed.emit()


def _lies_behind(damage: Damage, known: Damage | None) -> bool:
    """Return whether what is shown already ends before ``damage``."""
    if known is None:
        return False
    return damage.position is None or (known.position is not None and known.position <= damage.position)
