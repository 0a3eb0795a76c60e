"""What writes to an open directory: jobs that dispatch commands through the bus, and show what came of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from whowas.desktop.session.file_follower import FileFollower
from whowas.desktop.session.jobs import Failed, Job, JobProgress, JobRunner
from whowas.domain.errors import UncertainError, UnfinishedError, WhowasError
from whowas.domain.progress import Progress
from whowas.projections.index.version_index import VersionIndex

if TYPE_CHECKING:
    from whowas.command_bus.bus import Bus, Receipt
    from whowas.command_bus.unit_of_work import Change
    from whowas.store.directory_log import DirectoryLog

T = TypeVar("T")


def _nothing(_change_id: str) -> None:
    """Do nothing more."""


SHARED_TOLD = 3
"""How many values that several users share are told of in the window; a bar has no room for more."""


class Writer(QObject):
    """Carries out commands one job at a time, and has the file followed after each.

    ``begun`` says that the person asked for something, ``saving`` whether anything is on its way into the file, and
    ``renewed``, in a few sentences, that a file of an older version was renewed for that. ``settled`` says of a change
    of which it was unknown whether it was saved whether it is.
    """

    begun = Signal()
    saving = Signal(bool)
    renewed = Signal(str)
    settled = Signal(bool)
    _written = Signal()

    def __init__(
        self, runner: JobRunner, log: DirectoryLog, file: FileFollower, actor: str, clock: Callable[[], int]
    ) -> None:
        super().__init__()
        self._runner = runner
        self._log = log
        self._clock = clock
        self._file = file
        self._actor = actor
        self._bus: Bus | None = None
        self._progress: JobProgress | None = None
        """That of the job that is writing."""
        self._writes = 0
        self._unknown: dict[str, Callable[[str], None]] = {}
        """The changes, by their ids, of which it is not known whether they were saved, and what is to be done if so."""
        self._written.connect(self._one_written)

    def change(self, decide: Callable[[Change], None], *, done: Callable[[str], None], failed: Failed) -> None:
        """Carry out one change; ``decide`` dispatches its commands, again where others change what it read.

        ``done`` gets the id of the change, "" where there was nothing to do.
        """

        def work(bus: Bus, _progress: Progress) -> str:
            return bus.carry_out(decide)[1].changed

        self.on_bus(work, done=done, failed=failed, found=done)

    def on_bus(
        self,
        work: Callable[[Bus, JobProgress], T],
        *,
        done: Callable[[T], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None = None,
        writing: bool = True,
        found: Callable[[str], None] = _nothing,
    ) -> Job:
        """Run work that dispatches through the bus, such as an import, and catch up after it.

        It can be cancelled until it commits. From then on it is done, whatever happens: ``failed`` gets an
        UnfinishedError where the rest of the work fails, and where catching up does, the shown side says so and it is
        tried again. ``writing`` is false for work that only finds out what the bus would do. ``failed`` gets an
        UncertainError where it is unknown whether it was saved; ``found`` gets its id if it is found
        out that it was.
        """

        def whole(progress: JobProgress) -> tuple[T | WhowasError, VersionIndex | WhowasError]:
            try:
                return self._worked_and_caught_up(work, progress)
            finally:
                # Here, as a bug comes to neither of the two that wait for the outcome.
                if writing:
                    self._written.emit()

        def finished(outcome: tuple[T | WhowasError, VersionIndex | WhowasError]) -> None:
            result, index = outcome
            if not isinstance(index, WhowasError):
                self._file.show(index)
            if isinstance(result, WhowasError):
                failed(result)
            else:
                done(result)
            if isinstance(index, WhowasError):
                self._file.retry_later(f"This is saved, but not shown yet; it will be tried again. {index}")

        def not_done(error: WhowasError) -> None:
            if isinstance(error, UncertainError) and self._bus is not None and self._bus.asked:
                self._unknown[self._bus.asked] = found
            failed(error)

        self.begun.emit()
        if writing:
            self._writes += 1
            self.saving.emit(True)
        return self._runner.submit(whole, finished, not_done, reported)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The ids of the changes of which it is not known whether they were saved."""
        return tuple(self._unknown)

    def settle(self, saved: Mapping[str, bool]) -> None:
        """Take in which of the changes of which that was unknown were saved."""
        for change_id, was_saved in saved.items():
            found = self._unknown.pop(change_id, None)
            if found is None:
                continue
            if was_saved:
                found(change_id)
            self.settled.emit(was_saved)

    def act_as(self, actor: str) -> None:
        """Make the changes that are begun from now on by another name."""
        self._actor = actor

    def load_bus(self) -> Bus:
        """Return the bus, as part of a job; what only writing needs is imported on the first call."""
        if self._bus is None:
            from whowas.command_bus.bus import Bus
            from whowas.safekeeping.backing_up import copy_before_upgrade

            self._bus = Bus(
                self._log,
                clock=self._clock,
                actor=self._actor,
                before_commit=self._begin_commit,
                copied=copy_before_upgrade,
                renewed=lambda renewal: self.renewed.emit(" ".join(renewal.told(SHARED_TOLD))),
            )
            self._bus.subscribe(self._end_commit)
        self._bus.actor = self._actor
        return self._bus

    def _worked_and_caught_up(
        self, work: Callable[[Bus, JobProgress], T], progress: JobProgress
    ) -> tuple[T | WhowasError, VersionIndex | WhowasError]:
        result = self._worked(work, progress)
        try:
            return result, self._file.catch_up(progress)
        except WhowasError as error:
            if not progress.committed:
                raise
            return result, error

    def _worked(self, work: Callable[[Bus, JobProgress], T], progress: JobProgress) -> T | WhowasError:
        """Return what ``work`` does, or why it failed with its change committed."""
        bus, self._progress = self.load_bus(), progress
        try:
            return work(bus, progress)
        except WhowasError as error:
            if not progress.committed:
                raise
            return UnfinishedError(f"This is saved, but something was left undone after it. {error}")
        finally:
            self._progress = None

    def _one_written(self) -> None:
        self._writes -= 1
        self.saving.emit(self._writes > 0)
        self._file.emit_if_refused()  # before it is said of what was asked for that it was not saved

    def _begin_commit(self) -> None:
        self._file.fall_behind()
        if self._progress is not None:
            self._progress.begin_commit()

    def _end_commit(self, _receipt: Receipt) -> None:
        if self._progress is not None:
            self._progress.end_commit()
