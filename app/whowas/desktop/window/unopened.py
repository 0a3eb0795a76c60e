"""A directory that is too damaged to be opened: what can be read of it can be saved all the same."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from whowas.desktop.chrome.standing import OPENING, Condition, Severity
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.window.file_commands import NEW_DIRECTORY
from whowas.desktop.window.main_window import MainWindow
from whowas.desktop.window.opening import Place, is_shared
from whowas.domain.errors import DamagedError, WhowasError
from whowas.domain.progress import Progress

if TYPE_CHECKING:
    from whowas.desktop.kit.dialogs.progress import ProgressDialog
    from whowas.desktop.session.jobs import Job
    from whowas.safekeeping.salvage import Salvaged

SAVE = "Save what can be read…"
OPEN_IT = "Open it"


class Unopened(QObject):
    """Adds to the sentence why a damaged directory was not opened a button that saves what can be read of it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._damaged: Path | None = None
        self._saved: Path | None = None
        window.notOpened.connect(self._offer)
        window.messages.acted.connect(self._act)

    def save(self, source: Path, target: Path) -> None:
        """Save everything up to the first damage of ``source`` to ``target``, and say what is missing."""
        from whowas.desktop.kit.dialogs.progress import ProgressDialog

        def work(progress: Progress) -> Salvaged:
            from whowas.safekeeping.salvage import salvage
            from whowas.system.person import os_user

            return salvage(source, target, os_user(), microseconds_now(), progress)

        dialog = ProgressDialog("Saving what can be read", self._window)

        def report(done: int, total: int) -> None:
            dialog.set_progress(done, total, f"{done:,} of {total:,}" if total else f"{done:,}")

        done, failed = partial(self._tell, dialog), partial(self._not_saved, dialog)
        job = self._window.runner.submit(work, done, failed, report)
        dialog.cancelled.connect(partial(self._cancel, dialog, job))
        dialog.open()

    def _offer(self, path: Place, error: WhowasError) -> None:
        if isinstance(error, DamagedError) and isinstance(path, Path) and not is_shared(path):
            self._damaged = path
            self._window.messages.hold(Condition(OPENING, Severity.RED, str(error), (SAVE,), passing=True))

    def _act(self, about: str, action: str) -> None:
        if about == OPENING and action == SAVE and self._damaged is not None:
            self._ask(self._damaged)
        elif about == OPENING and action == OPEN_IT and self._saved is not None:
            saved, self._saved = self._saved, None
            self._window.open(saved)

    def _ask(self, path: Path) -> None:
        from whowas.desktop.kit.save_as import ask_where_to_save

        proposed = str(path.with_name(f"{path.stem} salvaged{path.suffix}"))
        target = ask_where_to_save(self._window, "Save what can be read", proposed, NEW_DIRECTORY, replacing=False)
        if target is not None:
            self.save(path, target)

    def _tell(self, dialog: ProgressDialog, found: Salvaged) -> None:
        self._end(dialog)
        self._saved = found.target
        self._window.messages.hold(Condition(OPENING, Severity.CALM, found.told(), (OPEN_IT,), passing=True))

    def _not_saved(self, dialog: ProgressDialog, error: WhowasError) -> None:
        self._end(dialog)
        self._window.messages.show_failure(error, about=OPENING)

    @staticmethod
    def _cancel(dialog: ProgressDialog, job: Job) -> None:
        if job.cancel():
            dialog.show_stopping()

    @staticmethod
    def _end(dialog: ProgressDialog) -> None:
        dialog.finish()
        dialog.deleteLater()
