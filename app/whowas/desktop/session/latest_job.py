"""The job that somebody waits for: another one takes its place, and what comes of the one before is dropped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from whowas.desktop.session.job_progress import Start
from whowas.desktop.session.jobs import Failed, Job
from whowas.desktop.session.progress_words import ProgressWords
from whowas.domain.errors import WhowasError

T = TypeVar("T")


Told = Callable[[str, int, int], None]
"""Is told how far a job is: in words, and as (done, total); a total of 0 is unknown."""


def _untold(_words: str, _done: int, _total: int) -> None:
    """Tell nobody how far a job is."""


class LatestJob:
    """Follows one job at a time. Its outcome comes only as long as no other one was started, and none stopped."""

    def __init__(self) -> None:
        self._number = 0
        self._job: Job | None = None

    def start(
        self,
        start: Start[T],
        done: Callable[[T], None],
        failed: Failed,
        told: Told = _untold,
    ) -> None:
        """Start a job in place of the one before, which is cancelled."""
        self.stop()
        number = self._number

        def succeeded(result: T) -> None:
            if number == self._number:
                self._job = None
                done(result)

        def stopped(error: WhowasError) -> None:
            if number == self._number:
                self._job = None
                failed(error)

        words = ProgressWords()

        def reported(count: int, total: int) -> None:
            if number == self._number and self._job is not None:
                told(words.of(self._job, count, total), count, total)

        self._job = start(done=succeeded, failed=stopped, reported=reported)

    def stop(self) -> None:
        """Cancel the job, and drop what comes of it."""
        self._number += 1
        if self._job is not None:
            self._job.cancel()
            self._job = None
