"""Opening a directory on a server in two jobs: only the second of them has others wait for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from whowas.desktop.session.jobs import Failed, Job, JobRunner, Stage
from whowas.desktop.session.live_directory import LiveDirectory, Reach
from whowas.domain.errors import CancelledError, StoreError
from whowas.domain.progress import Progress, part_of

T = TypeVar("T")


class ReachingJob(Generic[T]):
    """Reaches a server and follows it, beside all other jobs, as it may be silent for long; then ``read`` is a job.

    ``read`` gets what was reached, and closes it where it fails. What is reached after ``cancel`` is closed again, and
    of what is met then nothing is said but that it was cancelled.
    """

    def __init__(
        self,
        runner: JobRunner,
        reach: Reach,
        read: Callable[[LiveDirectory, Progress], T],
        done: Callable[[T], None],
        failed: Failed,
        reported: Callable[[int, int], None] | None,
    ) -> None:
        self._runner = runner
        self._reach = reach
        self._read = read
        self._done = done
        self._failed = failed
        self._reported = reported
        self._job: Job = runner.submit_beside(self._reached, self._go_on, failed, reported)

    def cancel(self) -> bool:
        """Ask to stop, see ``Job.cancel``."""
        return self._job.cancel()

    def _reached(self, progress: Progress) -> LiveDirectory:
        try:
            shared = self._reach(part_of(progress, 0, 2))
        except StoreError:
            progress(0, 0)
            raise
        try:
            progress(0, 0)
        except CancelledError:
            shared.close()
            raise
        return shared

    def _go_on(self, shared: LiveDirectory) -> None:
        if self._job.stage is Stage.CANCELLED:
            self._runner.submit(lambda _progress: shared.close())
            self._failed(CancelledError("Cancelled; nothing was opened."))
        else:
            self._job = self._runner.submit(
                lambda progress: self._read(shared, part_of(progress, 1, 2)), self._done, self._failed, self._reported
            )
