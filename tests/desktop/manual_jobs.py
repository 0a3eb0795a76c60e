"""A job runner that tests turn by hand."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from whowas.desktop.session.jobs import Job, JobProgress, deliver
from whowas.domain.errors import WhowasError


class ManualJobRunner:
    """Jobs wait until ``turn`` or ``drain`` runs them, on the calling thread; those beside come last."""

    def __init__(self) -> None:
        self.jobs: deque[Job] = deque()
        self.beside: deque[Job] = deque()

    @property
    def idle(self) -> bool:
        return not self.jobs

    @property
    def waiting(self) -> bool:
        return bool(self.jobs)

    def submit(
        self,
        work: Callable[..., Any],
        done: Callable[[Any], None] = lambda _: None,
        failed: Callable[[WhowasError], None] | None = None,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        job = Job(work, done, failed, reported)
        self.jobs.append(job)
        return job

    def submit_beside(
        self,
        work: Callable[..., Any],
        done: Callable[[Any], None] = lambda _: None,
        failed: Callable[[WhowasError], None] | None = None,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        job = Job(work, done, failed, reported)
        self.beside.append(job)
        return job

    def turn(self) -> None:
        """Run the next job and deliver its outcome."""
        job = (self.jobs or self.beside).popleft()

        def report(done: int, total: int) -> None:
            if job.reported is not None:
                job.reported(done, total)

        try:
            result = job.work(JobProgress(job, report))
        except WhowasError as error:
            deliver(job, None, error)
        else:
            deliver(job, result, None)

    def drain(self) -> None:
        """Run jobs until none is left; some hundred that make each other are a bug."""
        for _ in range(500):
            if not self.jobs and not self.beside:
                return
            self.turn()
        raise AssertionError("jobs without end")

    def close(self) -> None:
        self.drain()
