"""What a session does about the server of a shared directory: it shows what comes, and writes only while it may."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from whowas.desktop.session.file_follower import FileFollower
from whowas.desktop.session.jobs import JobRunner
from whowas.desktop.session.live import Live
from whowas.desktop.session.live_directory import LiveDirectory
from whowas.desktop.session.open_directory import OpenDirectory, finish_erasing
from whowas.desktop.session.shown import Shown
from whowas.desktop.session.writer import Writer
from whowas.domain.progress import Progress
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.undo_list import change_called
from whowas.projections.tables.read_model import ReadModel
from whowas.store.server.roles import WRITERS, Rights

NOT_CONNECTED = "There is no connection to the server."


class ServerLink(QObject):
    """Joins what follows the server, ``live``, with the parts of a session; ``start`` begins to follow.

    ``refused`` is why the server lets nothing be written, or why nothing may be written to it, and ``away`` why nothing
    can be while it is away, each "" where that is not so. ``writability`` says that one of them is another one.
    """

    writability = Signal()

    def __init__(
        self,
        shared: LiveDirectory,
        runner: JobRunner,
        directory: OpenDirectory,
        shown: Shown,
        file: FileFollower,
        writer: Writer,
        cache: Path,
    ) -> None:
        super().__init__()
        self.live = Live(shared)
        self.refused = ""
        self.away = ""
        self._runner = runner
        self._directory = directory
        self._shown = shown
        self._file = file
        self._writer = writer
        self._cache = cache

    def start(self) -> None:
        """Take in how it stands with the server, and begin to follow it."""
        self.live.came.connect(self._take_news)
        self.live.changed.connect(self._take_reached)
        self.live.looked.connect(self._find_out)
        self._take_reached()
        self.live.start()

    def _take_news(self) -> None:
        """Show what came from the server, and forget whoever was erased there."""
        if not self._directory.is_open:
            return
        log, cache = self._directory.log, self._cache

        def work(_progress: Progress) -> None:
            finish_erasing(log, cache)

        self._file.wake()
        if log.unswept:
            self._runner.submit(work, failed=self._shown.report)

    def _find_out(self) -> None:
        """Find out what became of changes whose answer was lost, once the server is there again."""
        unknown, shared, today = self._writer.unknown, self.live.shared, self._directory.today
        if not unknown or not self.live.reached.connected or not self._runner.idle:
            return
        follower = self._file

        def work(progress: Progress) -> tuple[VersionIndex, dict[str, bool]]:
            shared.follow(progress)
            index = follower.catch_up(progress)
            saved, _ = today.asked(lambda _index: _known_of(today.read_model, unknown), progress)
            return index, saved

        def found(outcome: tuple[VersionIndex, dict[str, bool]]) -> None:
            index, saved = outcome
            follower.show(index)
            self._writer.settle(saved)

        # Where that fails, it is tried again the next time that the server was asked.
        self._runner.submit(work, found, lambda _error: None)

    def _take_reached(self) -> None:
        """Take in how it stands with the server."""
        before, reached = (self.refused, self.away), self.live.reached
        self.refused = "" if reached.broken is None else str(reached.broken)
        if reached.rights not in WRITERS and not self.refused:
            self.refused = may_only_read(self.live.shared.account, reached.rights)
        self.away = "" if reached.offline_since is None else NOT_CONNECTED
        if (self.refused, self.away) != before:
            self.writability.emit()


def may_only_read(account: str, rights: Rights | None) -> str:
    """Return why nobody signed in by that account can write."""
    if rights == "reader":
        return f"You are signed in as {account}, who may read this directory, but not change it."
    return f"You are signed in as {account}, who may no longer open this directory on the server."


def _known_of(read_model: ReadModel, change_ids: Sequence[str]) -> dict[str, bool]:
    return {change_id: change_called(read_model, change_id) is not None for change_id in change_ids}
