"""One open directory as the window sees it: commands go in, snapshots of the read side come out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.session.damage_found import DamageFound
from whowas.desktop.session.file_follower import FileFollower
from whowas.desktop.session.jobs import Failed, Job, JobRunner
from whowas.desktop.session.lens import Now
from whowas.desktop.session.open_directory import (
    OpenDirectory,
    open_directory,
    open_shared_directory,
)
from whowas.desktop.session.queries import Queries
from whowas.desktop.session.reads import Reads
from whowas.desktop.session.seen_history import SeenHistory
from whowas.desktop.session.shown import Shown
from whowas.desktop.session.undo_state import UndoRedo
from whowas.desktop.session.writer import Writer
from whowas.domain.errors import DamagedError
from whowas.domain.progress import Progress
from whowas.projections.index.version_index import VersionIndex
from whowas.store.chain import Damage
from whowas.store.event_log import EventLog
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.desktop.session.live import Live
    from whowas.desktop.session.live_directory import LiveDirectory, Reach
    from whowas.desktop.session.reaching_job import ReachingJob
    from whowas.desktop.session.server_link import ServerLink

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
    - ``seen``: what this computer saw of the history before;
    - ``live``: of a directory that several people share, what follows its server.

    ``begun`` says that the person asked for something, ``damaged`` that the history was found damaged while it was
    open, so that it can only be read from then on. ``writability`` says that ``not_now`` is another one.
    """

    begun = Signal()
    damaged = Signal()
    writability = Signal()

    def __init__(self, runner: JobRunner, cache: Path, actor: str) -> None:
        super().__init__()
        self.path: Path
        """The directory file; of a shared directory its team file, or what that could be called."""
        self.place: Path | str
        """What to open for the same directory again: ``path``, or an address."""
        self.log: EventLog
        """The event log, for jobs that read all of it; of a shared directory, its follower."""
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
        self._damage_found: DamageFound | None = None
        self._server: ServerLink | None = None
        """Of a shared directory."""
        self._closing = ExitStack()

    @property
    def is_open(self) -> bool:
        """Whether the directory is open: from ``open``, once it succeeded, to ``close``."""
        return self._directory is not None and self._directory.is_open

    @property
    def actor(self) -> str:
        """Who changes are made by; of a shared directory, the account, which nobody can choose here."""
        return self._actor if self._server is None else self._server.live.shared.account

    def act_as(self, actor: str) -> None:
        """Make changes by another name from now on; in a shared directory they are made by the account all the same."""
        self._actor = actor
        if self._directory is not None and self._server is None:
            self.writer.act_as(actor)
            self.undo_redo.act_as(actor)

    @property
    def live(self) -> Live | None:
        """What follows the server of a shared directory; None for a file of its own."""
        return None if self._server is None else self._server.live

    @property
    def read_only(self) -> str:
        """Why nothing may be written to the directory, as sentences; "" where it may, though perhaps not now."""
        return self.log.read_only or ("" if self._server is None else self._server.refused)

    @property
    def not_now(self) -> str:
        """Why nothing can be written now, as sentences: it is read only, or its server is away; "" where it can."""
        return self.read_only or ("" if self._server is None else self._server.away)

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
        """Whether anything can be changed: not where ``not_now`` speaks against it, nor under another lens."""
        return not self.not_now and isinstance(self.shown.lens, Now)

    @property
    def may_draft(self) -> bool:
        """Whether changes can be prepared, to be saved now or once the server is there again."""
        return not self.read_only and isinstance(self.shown.lens, Now)

    def found_damaged(self, damage: Damage) -> None:
        """Write nothing any more, and show no more than the last whole change before ``damage``, once that is read."""
        if self._damage_found is not None:
            self._damage_found.take(damage)

    def open(
        self,
        path: Path,
        *,
        create: bool,
        done: Callable[[], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
        reach: Reach | None = None,
        address: str = "",
    ) -> Job | ReachingJob[tuple[OpenDirectory, VersionIndex]]:
        """Open or create a directory and bring its read side up.

        With ``reach``, which opens it, it is a shared one: ``path`` is then its team file, or what that could be called
        where only an ``address`` is known. No other job waits for its server.
        """
        closing = self._closing = ExitStack()

        def opened(outcome: tuple[OpenDirectory, VersionIndex]) -> None:
            self.path, self.place = path, address or path
            self._assemble(*outcome)
            QTimer.singleShot(READY_AFTER_MS, self, self._get_ready)
            done()

        if reach is None:
            read = partial(open_directory, path, self._cache, closing, create=create)
            return self._runner.submit(lambda progress: read(progress=progress), opened, failed, reported)
        from whowas.desktop.session.reaching_job import ReachingJob

        def read_followed(shared: LiveDirectory, progress: Progress) -> tuple[OpenDirectory, VersionIndex]:
            return open_shared_directory(shared, self._cache, closing, progress)

        return ReachingJob(self._runner, reach, read_followed, opened, failed, reported)

    def close(self) -> None:
        """Stop following the file; the last arrays are kept for the next start."""
        if self._directory is not None:
            self._directory.is_open = False
            self.file.stop()
            if self.live is not None:
                self.live.stop()
            self.shown.show_now()
        closing = self._closing
        self._runner.submit(lambda _progress: closing.close())

    def _assemble(self, directory: OpenDirectory, index: VersionIndex) -> None:
        runner, log, shared = self._runner, directory.log, directory.shared
        self._directory = directory
        self.log, self.shared_folder = log, directory.shared_folder
        actor = self._actor if shared is None else shared.account
        clock = microseconds_now if shared is None else shared.clock
        self.shown = Shown(runner, directory, index)
        self.reads = Reads(directory, self.shown)
        self.queries = Queries(runner, directory, self.shown)
        self.undo_redo = UndoRedo(log, actor, clock())
        self.seen = SeenHistory(directory)
        self._closing.callback(self.seen.note)
        self.file = FileFollower(runner, directory, self.shown, self.undo_redo, self.seen)
        self.writer = Writer(runner, log if shared is None else shared.writes, self.file, actor, clock)
        self.writer.begun.connect(self.begun)
        self._damage_found = DamageFound(runner, directory, self.shown, self.file)
        self._damage_found.told.connect(self.damaged)
        self.file.metDamage.connect(self._look_for_damage)
        if shared is not None:
            self._join_server(shared, directory)

    def _join_server(self, shared: LiveDirectory, directory: OpenDirectory) -> None:
        from whowas.desktop.session.server_link import ServerLink

        self._server = link = ServerLink(
            shared, self._runner, directory, self.shown, self.file, self.writer, self._cache
        )
        self._closing.callback(link.live.end)
        link.writability.connect(self.writability)
        link.start()

    def _look_for_damage(self, met: DamagedError) -> None:
        if self._damage_found is not None and not self.read_only:
            self._damage_found.look(met)

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
