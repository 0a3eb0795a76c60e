"""The backup that is made once a day of use, when nothing else is going on."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, QTimer

from whowas.desktop.chrome.standing import BACKUPS, Condition, Severity
from whowas.desktop.chrome.standing_shown import StandingShown
from whowas.desktop.session.session import Session
from whowas.domain.errors import CancelledError, WhowasError
from whowas.domain.progress import Progress
from whowas.safekeeping.backing_up import backed_up_today, today

BEGUN_AFTER_MS = 10_000
"""How long after a directory was opened, or after the first save of a day, its backup is begun."""

AGAIN_AFTER_MS = 20_000
"""How long after it had to make way for something else it is begun again."""


class DailyBackup(QObject):
    """Makes the backup of the day on which a directory is opened, and of each later day on which something is saved.

    Whatever else is to be done comes first, and it is begun again later. Where none can be made that is said once.
    """

    def __init__(self, session: Session, messages: StandingShown, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._messages = messages
        self._made_on: date | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.make)
        session.writer.saving.connect(self._see_save)
        self._timer.start(BEGUN_AFTER_MS)

    def stop(self) -> None:
        """Begin no more."""
        self._timer.stop()

    def make(self) -> None:
        """Make the backup of today, unless there is one."""
        log, day = self._session.log, today()

        def work(progress: Progress) -> str:
            return backed_up_today(log, progress)

        def done(sentence: str) -> None:
            self._made_on = day
            if sentence and self._session.is_open:
                self._messages.hold(Condition(BACKUPS, Severity.CALM, sentence))

        self._session.queries.run_aside(work, done=done, failed=self._failed)

    def _see_save(self, saving: bool) -> None:
        if not saving and not self._timer.isActive() and self._made_on != today():
            self._timer.start(BEGUN_AFTER_MS)

    def _failed(self, error: WhowasError) -> None:
        if not self._session.is_open:
            return
        if isinstance(error, CancelledError):
            self._timer.start(AGAIN_AFTER_MS)
        else:
            self._messages.hold(Condition(BACKUPS, Severity.CALM, f"No backup was made. {error}"))
