"""The three parts of every question about putting something back: look at it, show a dialog, carry out the answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from whowas.command_bus.bus import Bus
from whowas.desktop.chrome.standing import LOOKING
from whowas.desktop.page.directory_page import DirectoryPage
from whowas.desktop.page.feature import PageContext
from whowas.desktop.session.job_progress import ShownProgress
from whowas.desktop.session.session import Session
from whowas.domain.progress import Progress
from whowas.safekeeping.backing_up import backed_up
from whowas.safekeeping.backups import BEFORE_RESTORE

T = TypeVar("T")


class Conversation:
    """Asks the person at one page, and says what came of it."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._progress = ShownProgress(context.window, context.session)

    @property
    def window(self) -> QWidget:
        """The window that dialogs belong to."""
        return self._context.window

    @property
    def page(self) -> DirectoryPage:
        """The page that shows the moment."""
        return self._context.page

    @property
    def session(self) -> Session:
        """The directory."""
        return self._context.session

    def look(self, title: str, work: Callable[[Progress], T], done: Callable[[T], None]) -> None:
        """Run work that only reads, with its progress shown, and go on with what it found."""
        run, failed = partial(self.session.queries.run, work), self._context.messages.failing(LOOKING)
        self._progress.follow(title, run, done, failed)

    def show(self, dialog: QDialog) -> None:
        """Show a dialog over the window without stopping everything else; it is gone once closed."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def carry_out(
        self, work: Callable[[Bus, Progress], str], answer: Callable[[str], None], *, backing_up: bool = False
    ) -> None:
        """Run ``work(bus, progress)`` as one change, with its progress shown, and with a backup made before it.

        ``work`` returns the id of the change, "" where there was nothing to change; ``answer`` gets it to say so.
        """
        log = self.session.log

        def whole(bus: Bus, progress: Progress) -> tuple[str, str]:
            unmade = backed_up(log, BEFORE_RESTORE, progress) if backing_up else ""
            return work(bus, progress), unmade

        on_bus, failed = partial(self.session.writer.on_bus, whole), self._context.messages.failing()
        self._progress.follow("Putting back", on_bus, partial(self._done, answer), failed)

    def notify(self, sentence: str) -> None:
        """Say that there is nothing to be done."""
        self._context.messages.show_notice(sentence, about=LOOKING)

    def _done(self, answer: Callable[[str], None], outcome: tuple[str, str]) -> None:
        change_id, unmade = outcome
        if change_id:
            self.page.return_to_now()
        if unmade:
            self._context.messages.show_notice(unmade)
        else:
            self._context.messages.succeed()
        answer(change_id)
