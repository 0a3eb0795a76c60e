"""How far a job is, shown over the window once it takes long enough to be noticed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.desktop.session.jobs import Job, Stage
from whowas.desktop.session.progress_words import ProgressWords
from whowas.domain.errors import WhowasError

if TYPE_CHECKING:
    from whowas.desktop.session.session import Session

SHOWN_AFTER_MS = 300
"""How long a job goes on before it is shown: a dialog that comes and goes at once only startles."""

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
        self._words = ProgressWords()

    @property
    def is_busy(self) -> bool:
        """Whether a job is followed just now."""
        return self._dialog is not None

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
            self._dialog.set_progress(done, total, self._words.of(self._job, done, total))

    def _finish(self) -> None:
        if self._dialog is not None:
            self._dialog.finish()
            self._dialog.deleteLater()
            self._dialog = self._job = None
            self._words = ProgressWords()
