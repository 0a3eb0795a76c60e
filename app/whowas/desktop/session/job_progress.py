"""How far a job is, shown over the window once it takes long enough to be noticed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.desktop.session.jobs import Job, Stage
from whowas.desktop.session.rate import Rate
from whowas.desktop.session.session import Session
from whowas.domain.errors import WhowasError
from whowas.domain.progress import Phase

SHOWN_AFTER_MS = 300
"""How long a job goes on before it is shown: a dialog that comes and goes at once only startles."""

_PHASES: Mapping[Phase, str] = {
    "reading": "Reading",
    "backing up": "Making a backup first",
    "comparing": "Comparing",
    "saving": "Saving",
}

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Start(Protocol[T_co]):
    """Submits a job that is told to whoever follows it."""

    def __call__(
        self,
        *,
        done: Callable[[T_co], None],
        failed: Callable[[WhowasError], None],
        reported: Callable[[int, int], None],
    ) -> Job: ...


class ShownProgress:
    """Follows one job at a time and lets the person cancel it."""

    def __init__(self, window: QWidget, session: Session) -> None:
        self._window = window
        self._session = session
        self._dialog: ProgressDialog | None = None
        self._job: Job | None = None
        self._phase: Phase | None = None
        self._rate = Rate()

    def follow(
        self, title: str, start: Start[T], done: Callable[[T], None], failed: Callable[[WhowasError], None]
    ) -> None:
        """Start a job and show how far it is until its end; ``done`` or ``failed`` comes then.

        Neither comes once the directory was closed, because whoever waits for it is gone. While one is followed no
        other is started: the person can hardly have meant to ask twice.
        """
        if self._dialog is not None:
            return

        self._session.begun.emit()

        def succeeded(result: T) -> None:
            self._finish()
            if self._session.is_open:
                done(result)

        def stopped(error: WhowasError) -> None:
            self._finish()
            if self._session.is_open:
                failed(error)

        self._dialog = dialog = ProgressDialog(title, self._window)
        self._job = start(done=succeeded, failed=stopped, reported=self._report)
        dialog.cancelled.connect(self._cancel)
        QTimer.singleShot(SHOWN_AFTER_MS, dialog, dialog.open)

    def _cancel(self) -> None:
        if self._dialog is not None and self._job is not None:
            if self._job.cancel():
                self._dialog.show_stopping()
            else:
                self._dialog.show_too_late()

    def _report(self, done: int, total: int) -> None:
        if self._dialog is not None and self._job is not None:
            if self._job.stage in (Stage.COMMITTING, Stage.COMMITTED):
                self._dialog.show_too_late()
            rate = self._rate_of(self._job).seen(done)
            self._dialog.set_progress(done, total, _text(self._job, done, total, rate))

    def _rate_of(self, job: Job) -> Rate:
        """Return the rate of what the job is about just now."""
        if self._phase != job.phase:
            self._phase, self._rate = job.phase, Rate()
        return self._rate

    def _finish(self) -> None:
        if self._dialog is not None:
            self._dialog.finish()
            self._dialog.deleteLater()
            self._dialog = self._job = self._phase = None


def _text(job: Job, done: int, total: int, rate: int) -> str:
    counted = f"{done:,} of {total:,}" if total else f"{done:,}"
    match job.stage:
        case Stage.COMMITTING:
            return "Saving…"
        case Stage.COMMITTED:
            catching_up = "Saved; bringing the table up to date"
            return f"{catching_up}: {counted}" if total else f"{catching_up}…"
        case Stage.CANCELLABLE | Stage.CANCELLED if job.phase is None:
            return counted
        case Stage.CANCELLABLE | Stage.CANCELLED:
            return f"{_PHASES[job.phase]}{_how_far(done, total, rate, counts_rows=job.counts_rows)}"


def _how_far(done: int, total: int, rate: int, *, counts_rows: bool) -> str:
    """Return how far a phase is: in rows where those are counted, else as a share."""
    if not counts_rows:
        return f": {done * 100 // total} %" if total and done <= total else "…"
    if not done:
        return "…"
    rows = f": {done:,} of {total:,} rows" if total else f": {done:,} rows"
    return f"{rows} · {rate:,} a second" if rate else rows
