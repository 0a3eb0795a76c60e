"""Long work off the GUI thread: one job at a time, results on the GUI thread."""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from whowas.domain.errors import CancelledError, WhowasError
from whowas.domain.progress import Progress

T = TypeVar("T")

_DEFAULT_PATIENCE_S = 30.0
_REPORTED_EVERY_S = 0.03
_BREATH_EVERY_S = 0.002

_TURN_S = 0.0005
"""How long a job may go on in Python while the window waits for its turn; a frame takes several turns of it."""


def _ignored(_result: object) -> None:
    """Take a result that nobody waits for."""


@dataclass(slots=True, weakref_slot=True)
class Job:
    """A piece of work on its way. ``cancel`` makes its next progress report raise CancelledError."""

    work: Callable[[Progress], Any]
    done: Callable[[Any], None]
    failed: Callable[[WhowasError], None] | None
    reported: Callable[[int, int], None] | None
    cancelled: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self.cancelled.set()


class JobRunner(Protocol):
    """What the window asks of whatever runs its jobs."""

    def submit(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], None] = _ignored,
        failed: Callable[[WhowasError], None] | None = None,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Queue ``work``; call ``done`` with its result, or ``failed`` with its error, on the GUI thread.

        An error without ``failed``, and any bug, is raised on the GUI thread, where the excepthook reports it.
        """
        ...

    @property
    def idle(self) -> bool:
        """Whether nothing is queued, running or waiting to be delivered."""
        ...

    def close(self) -> None:
        """Finish what is queued and stop."""
        ...


@dataclass(frozen=True, slots=True)
class _Outcome:
    job: Job
    result: Any
    error: BaseException | None


class SerialJobRunner(QObject):
    """Runs jobs one after the other on one thread of its own."""

    _finished = Signal(object)
    _progressed = Signal(object, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(_TURN_S)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._pending = 0
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._progressed.connect(self._report, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="whowas-jobs")
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Whether nothing is queued, running or waiting to be delivered."""
        return self._pending == 0

    def submit(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], None] = _ignored,
        failed: Callable[[WhowasError], None] | None = None,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Queue ``work``, see ``JobRunner.submit``."""
        job = Job(work, done, failed, reported)
        self._pending += 1
        self._jobs.put(job)
        return job

    def close(self) -> None:
        """Finish what is queued and stop; results not delivered by then are dropped."""
        self._finished.disconnect(self._deliver)
        self._progressed.disconnect(self._report)
        self._jobs.put(None)
        self._thread.join(_DEFAULT_PATIENCE_S)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._finished.emit(self._outcome(job))

    def _outcome(self, job: Job) -> _Outcome:
        try:
            return _Outcome(job, job.work(_Reports(job, self._progressed.emit)), None)
        except BaseException as error:  # noqa: BLE001 - delivered to the GUI thread, which raises it there
            return _Outcome(job, None, error)

    def _report(self, job: Job, done: int, total: int) -> None:
        if job.reported is not None:
            job.reported(done, total)

    def _deliver(self, outcome: _Outcome) -> None:
        self._pending -= 1
        deliver(outcome.job, outcome.result, outcome.error)


class _Reports:
    """What a job reports to: hands on no more than can be seen, and lets the GUI thread have its turn in between."""

    def __init__(self, job: Job, emit: Callable[[Job, int, int], None]) -> None:
        self._job = job
        self._emit = emit
        self._emitted_at = self._breathed_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        if self._job.cancelled.is_set():
            raise CancelledError("Cancelled; nothing was changed.")
        now = time.monotonic()
        if now - self._emitted_at >= _REPORTED_EVERY_S:
            self._emitted_at = now
            self._emit(self._job, done, total)
        if now - self._breathed_at >= _BREATH_EVERY_S:
            # Python hands its lock on of its own accord only every 5 ms, and a frame takes it several times.
            time.sleep(0)
            self._breathed_at = time.monotonic()


def deliver(job: Job, result: object, error: BaseException | None) -> None:
    """Hand a job's outcome to whoever submitted it; raise what nobody takes."""
    if error is None:
        job.done(result)
    elif isinstance(error, WhowasError) and job.failed is not None:
        job.failed(error)
    else:
        raise error
