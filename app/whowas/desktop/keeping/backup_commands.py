"""What can be done with the backups of a directory: look at them, open one, restore one into a new file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices

from whowas.desktop.chrome.standing import BACKUP, LOOKING, OPENING, RENEWED, Condition, Severity
from whowas.desktop.keeping.backups_dialog import BackupsDialog
from whowas.desktop.keeping.daily_backup import DailyBackup
from whowas.desktop.keeping.restoring_where import ask_where_to_restore
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress
from whowas.safekeeping.backups import Backup, backups_of
from whowas.store.backup import back_up
from whowas.store.chain import Head
from whowas.store.event_log import EventLog


class BackupCommands(PageFeature):
    """Shows the backups of a session's directory, and makes the one of the day.

    ``openRequested`` carries the path of a file that is to be opened: a backup, or what was restored from one.
    """

    openRequested = Signal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.daily = DailyBackup(context.session, context.messages, self)
        context.page.closing.connect(self.daily.stop)
        self._on(context.actions.backups.triggered, self.ask)
        self._on(context.messages.acted, self._act)
        context.session.writer.renewed.connect(self._tell_renewed)
        context.actions.backups.setEnabled(True)

    def ask(self) -> None:
        """Look which backups there are, then list them."""
        session = self._session

        def work(_progress: Progress) -> tuple[list[Backup], set[Head]]:
            found = backups_of(session.log)
            return found, _heads_of(session.log, found)

        failed = self._messages.failing(LOOKING)
        self._progress.follow("Looking for backups", partial(session.queries.run, work), self._list, failed)

    def restore(self, source: Path, target: Path) -> None:
        """Copy a backup to a new file, verify that, and open it."""

        def work(progress: Progress) -> int:
            return back_up(source, target, progress)

        def done(_position: int) -> None:
            self.openRequested.emit(target)

        failed = self._messages.failing(OPENING)
        self._progress.follow("Restoring", partial(self._session.queries.run, work), done, failed)

    def _tell_renewed(self, told: str) -> None:
        """Say that the file was renewed, as a save needed that, and which users share something now."""
        if self._session.is_open:
            self._messages.hold(Condition(RENEWED, Severity.CALM, told))

    def _list(self, found: tuple[list[Backup], set[Head]]) -> None:
        backups, known = found
        # The changes of one that holds another history could only be counted by reading all of it.
        held = {one.path: one.head.position for one in backups if one.head is not None and one.head in known}
        changes = {path: self._session.shown.changes_through(position) for path, position in held.items()}
        shared = self._session.live is not None
        dialog = BackupsDialog(self._session.path.name, backups, changes, self._window, shared=shared)
        dialog.opened.connect(partial(self._open_backup, dialog))
        dialog.restored.connect(partial(self._ask_where, dialog))
        dialog.shown.connect(partial(self._show_in_folder, dialog))
        self._open(dialog)

    def _open_backup(self, dialog: BackupsDialog, backup: Backup) -> None:
        dialog.accept()
        self.openRequested.emit(backup.path)

    def _ask_where(self, dialog: BackupsDialog, backup: Backup) -> None:
        target = ask_where_to_restore(self._session.path, dialog)
        if target is not None:
            dialog.accept()
            self.restore(backup.path, target)

    def _show_in_folder(self, dialog: BackupsDialog, backup: Backup) -> None:
        folder = backup.path.parent
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            dialog.say(f"Nothing here can show folders. It is in {folder}.")

    def _act(self, about: str, _action: str) -> None:
        if about == BACKUP:
            target = ask_where_to_restore(self._session.path, self._window)
            if target is not None:
                self.restore(self._session.path, target)


def _heads_of(log: EventLog, backups: list[Backup]) -> set[Head]:
    """Return which of the backups' heads are part of a history, as far as that is sound and can be read."""
    heads = {one.head for one in backups if one.head is not None}
    try:
        last = log.head().position
        chains = log.chains_at([head.position for head in heads if head.position <= last])
    except StoreError:
        return set()  # its backups are to be seen all the more
    return {head for head in heads if chains.get(head.position) == head.chain}
