"""A directory that is gone or cannot be opened, but of which there is a backup: that can be restored all the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from whowas.desktop.chrome.standing import OPENING
from whowas.desktop.window.main_window import MainWindow
from whowas.desktop.window.opening import Place, is_shared
from whowas.domain.errors import WhowasError
from whowas.domain.progress import Progress

if TYPE_CHECKING:
    from whowas.safekeeping.backups import Backup

RESTORE = "Restore its last backup…"


class LostDirectory(QObject):
    """Adds to the sentence why a directory was not opened a button that restores its last backup into a new file."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._lost: tuple[Path, Backup] | None = None
        window.notOpened.connect(self._look)
        window.messages.acted.connect(self._act)

    def restore(self, backup: Path, target: Path) -> None:
        """Copy a backup to a new file, verify that, and open it."""
        messages = self._window.messages

        def work(_progress: Progress) -> Path:
            from whowas.store.backup import back_up

            back_up(backup, target)
            return target

        messages.go_on()
        self._window.runner.submit(work, self._window.open, messages.failing(OPENING))

    def _look(self, path: Place, error: WhowasError) -> None:
        self._lost = None
        if isinstance(path, str) or is_shared(path):
            return  # what is on a server is restored there

        def work(_progress: Progress) -> Backup | None:
            from whowas.safekeeping.backups import backups_of_path

            return next((one for one in backups_of_path(path) if one.verified), None)

        def found(backup: Backup | None) -> None:
            messages = self._window.messages
            told = next((one for one in messages.standing.conditions if one.about == OPENING), None)
            # Something else may have been opened meanwhile.
            if backup is not None and told is not None and told.sentence == str(error):
                self._lost = path, backup
                messages.hold(told._replace(actions=(*told.actions, RESTORE)))

        self._window.runner.submit(work, found)

    def _act(self, about: str, action: str) -> None:
        if about == OPENING and action == RESTORE and self._lost is not None:
            from whowas.desktop.keeping.restoring_where import ask_where_to_restore

            path, backup = self._lost
            target = ask_where_to_restore(path, self._window)
            if target is not None:
                self.restore(backup.path, target)
