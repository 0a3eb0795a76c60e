"""Long work off the GUI thread: one job at a time, results on the GUI thread.

No dataclasses, as the window waits for this module.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from whowas.domain.errors import CancelledError, WhowasError
from whowas.domain.progress import Phase

T = TypeVar("T")

Failed = Callable[[WhowasError], None]

_DEFAULT_PATIENCE_S = 30.0
_REPORTED_EVERY_S = 0.03
_BREATH_EVERY_S = 0.002

_TURN_S = 0.0005
"""How long a job may go on in Python while the window waits for its turn; a frame takes several turns of it."""

_SHOWN_WITHIN_S = 0.5
"""How long the next job waits at most until what the last one wrote is shown."""


def _ignored(_result: object) -> None:
    """Take a result that nobody waits for."""


class Stage(Enum):
    """How far a job is on its way to what cannot be taken back; most jobs only read and never go there."""

    CANCELLABLE = auto()
    CANCELLED = auto()
    COMMITTING = auto()
    COMMITTED = auto()


class Job:
    """A piece of work on its way. ``cancel`` makes its next progress report raise CancelledError.

    ``phase`` is what it said last that it is about, None where it says nothing, ``counts_rows`` if that is rows.
    """

    def __init__(
        self,
        work: Callable[[JobProgress], Any],
        done: Callable[[Any], None],
        failed: Callable[[WhowasError], None] | None,
        reported: Callable[[int, int], None] | None,
    ) -> None:
        self.work = work
        self.done = done
        self.failed = failed
        self.reported = reported
        self.stage = Stage.CANCELLABLE
        self.phase: Phase | None = None
        self.counts_rows = False
        self._turn = threading.Lock()

    def cancel(self) -> bool:
        """Ask the work to stop at its next report; say whether it will, as it does until it commits."""
        with self._turn:
            if self.stage is Stage.CANCELLABLE:
                self.stage = Stage.CANCELLED
            return self.stage is Stage.CANCELLED

    def require_wanted(self) -> None:
        """Raise CancelledError where the work is to stop."""
        if self.stage is Stage.CANCELLED:
            raise CancelledError("Cancelled; nothing was changed.")

    def go(self, stage: Stage) -> None:
        """Go on to a stage after which nobody can cancel any more. Raises CancelledError where somebody has."""
        with self._turn:
            self.require_wanted()
            self.stage = stage


class JobProgress:
    """With this the work of a job reports how far it is, and when it passes the point of no return."""

    def __init__(self, job: Job, emit: Callable[[int, int], None]) -> None:
        self._job = job
        self._emit = emit

    @property
    def committed(self) -> bool:
        """Whether what the work was to write is written."""
        return self._job.stage is Stage.COMMITTED

    def __call__(self, done: int, total: int) -> None:
        """See ``whowas.domain.progress``."""
        self._job.require_wanted()
        self._emit(done, total)

    def begin_phase(self, phase: Phase | None, *, counts_rows: bool) -> None:
        """See ``whowas.domain.progress``."""
        self._job.phase, self._job.counts_rows = phase, counts_rows

    def begin_commit(self) -> None:
        """Say that from here on nobody can cancel. Raises CancelledError where somebody has."""
        if self._job.stage is not Stage.COMMITTED:
            self._go(Stage.COMMITTING)

    def end_commit(self) -> None:
        """Say that what was to be written is written."""
        self._go(Stage.COMMITTED)

    def _go(self, stage: Stage) -> None:
        self._job.go(stage)
        self._emit(0, 0)


class JobRunner(Protocol):
    """What the window asks of whatever runs its jobs."""

    def submit(
        self,
        work: Callable[[JobProgress], T],
        done: Callable[[T], None] = _ignored,
        failed: Callable[[WhowasError], None] | None = None,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Queue ``work``; call ``done`` with its result, or ``failed`` with its error, on the GUI thread.

        An error without ``failed``, and any bug, is raised on the GUI thread, where the excepthook reports it.
        """
        ...

    def submit_beside(
        self,
        work: Callable[[JobProgress], T],
        done: Callable[[T], None] = _ignored,
        failed: Callable[[WhowasError], None] | None = None,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Run ``work`` at once, whatever is queued, and have nothing wait for it; otherwise as ``submit``.

        It may do nothing that has to be finished: where the runner is closed, nobody waits for it either.
        """
        ...

    @property
    def idle(self) -> bool:
        """Whether nothing that was submitted is queued, running or waiting to be delivered."""
        ...

    @property
    def waiting(self) -> bool:
        """Whether a job is queued behind the one that runs, which asks this."""
        ...

    def close(self) -> None:
        """Finish what is queued and stop."""
        ...


class _Outcome(NamedTuple):
    job: Job
    result: Any
    error: BaseException | None


class SerialJobRunner(QObject):
    """Runs jobs one after the other on one thread of its own, and those beside on a thread each."""

    _finished = Signal(object)
    _finished_beside = Signal(object)
    _progressed = Signal(object, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(_TURN_S)
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._pending = 0
        self._closed = threading.Event()
        self._shown = threading.Event()
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._finished_beside.connect(self._deliver_beside, Qt.ConnectionType.QueuedConnection)
        self._progressed.connect(self._report, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="whowas-jobs")
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Whether nothing is queued, running or waiting to be delivered."""
        return self._pending == 0

    @property
    def waiting(self) -> bool:
        """Whether a job is queued behind the one that runs, which asks this."""
        return not self._jobs.empty()

    def submit(
        self,
        work: Callable[[JobProgress], T],
        done: Callable[[T], None] = _ignored,
        failed: Callable[[WhowasError], None] | None = None,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Queue ``work``, see ``JobRunner.submit``."""
        job = Job(work, done, failed, reported)
        self._pending += 1
        self._jobs.put(job)
        return job

    def submit_beside(
        self,
        work: Callable[[JobProgress], T],
        done: Callable[[T], None] = _ignored,
        failed: Callable[[WhowasError], None] | None = None,
        reported: Callable[[int, int], None] | None = None,
    ) -> Job:
        """Run ``work`` on a thread of its own, see ``JobRunner.submit_beside``."""
        job = Job(work, done, failed, reported)
        threading.Thread(target=self._run_beside, args=(job,), name="whowas-beside", daemon=True).start()
        return job

    def close(self) -> None:
        """Finish what is queued and stop; results not delivered by then are dropped."""
        self._closed.set()
        self._shown.set()
        self._finished.disconnect(self._deliver)
        self._progressed.disconnect(self._report)
        self._jobs.put(None)
        self._thread.join(_DEFAULT_PATIENCE_S)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._shown.clear()
            self._finished.emit(self._outcome(job))
            # What was written is shown anew all over the window, in many steps: with another job in between, each of
            # them would wait for Python's lock, and on a busy machine for the processor of whoever has it.
            if job.stage is Stage.COMMITTED and not self._closed.is_set():
                self._shown.wait(_SHOWN_WITHIN_S)

    def _run_beside(self, job: Job) -> None:
        outcome = self._outcome(job)
        if not self._closed.is_set():
            self._finished_beside.emit(outcome)

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
        try:
            deliver(outcome.job, outcome.result, outcome.error)
        finally:
            QTimer.singleShot(0, self._shown.set)  # after what is to be painted

    def _deliver_beside(self, outcome: _Outcome) -> None:
        if not self._closed.is_set():
            deliver(outcome.job, outcome.result, outcome.error)


class _Reports(JobProgress):
    """Hands on no more reports than can be seen, and lets the GUI thread have its turn in between."""

    def __init__(self, job: Job, emit: Callable[[Job, int, int], None]) -> None:
        super().__init__(job, partial(emit, job))
        self._emitted_at = self._breathed_at = 0.0

    def __call__(self, done: int, total: int) -> None:
        self._job.require_wanted()
        now = time.monotonic()
        if now - self._emitted_at >= _REPORTED_EVERY_S:
            self._emitted_at = now
            self._emit(done, total)
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
