"""Putting it back: undoing a change, and restoring to the moment shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from whowas.command_bus.bus import Bus
from whowas.desktop.chrome.actions import Actions
from whowas.desktop.chrome.standing import LOOKING
from whowas.desktop.chrome.standing_shown import StandingShown
from whowas.desktop.page.directory_page import DirectoryPage
from whowas.desktop.putting_back.restore import RestoreQuestion
from whowas.desktop.putting_back.undo_one import UndoThis
from whowas.desktop.session.job_progress import ShownProgress
from whowas.desktop.session.lens import Now
from whowas.desktop.session.session import Session
from whowas.domain.progress import Progress

T = TypeVar("T")


class PutBackCommands(QObject):
    """Shows what would become of whom, and does it when told so."""

    def __init__(
        self, window: QWidget, page: DirectoryPage, session: Session, actions: Actions, messages: StandingShown
    ) -> None:
        super().__init__(page)
        self._window = window
        self._page = page
        self._session = session
        self._actions = actions
        self._messages = messages
        self._progress = ShownProgress(window, session)
        self._connections = [
            (actions.undo_this, self._undo_this),
            (actions.restore_moment, self._restore),
        ]
        for action, slot in self._connections:
            action.triggered.connect(slot)
        page.banner.restore.connect(self._restore)
        page.undoRequested.connect(self.undo_change)

    def retire(self) -> None:
        """Let go of the window's actions, which outlive the page."""
        for action, slot in self._connections:
            action.triggered.disconnect(slot)

    def refresh(self) -> None:
        """Bring the actions to the moment that is shown."""
        view = self._page.view
        # No more than was known once: what is shown may not be what is to be put back.
        today = isinstance(self._session.shown.lens, Now)
        self._actions.restore_moment.setEnabled(today and view.is_past)
        self._actions.undo_this.setEnabled(today and view.moment > 0)

    def undo_change(self, change_id: str, called: str) -> None:
        """Undo one change, whose sentence is ``called``."""
        self._session.shown.show_now()
        UndoThis(self, change_id, called).begin()

    def look(self, title: str, work: Callable[[Progress], T], done: Callable[[T], None]) -> None:
        """Run work that only reads, with its progress shown, and go on with what it found."""
        self._progress.follow(title, partial(self._session.queries.run, work), done, self._messages.failing(LOOKING))

    def show(self, dialog: QDialog) -> None:
        """Show a dialog over the window without stopping everything else; it is gone once closed."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def carry_out(self, work: Callable[[Bus, Progress], bool]) -> None:
        """Run ``work(bus, progress)`` as one change, with its progress shown."""
        self._progress.follow(
            "Putting back", partial(self._session.writer.on_bus, work), self._done, self._messages.failing()
        )

    def notify(self, sentence: str) -> None:
        """Say that there is nothing to be done."""
        self._messages.show_notice(sentence, about=LOOKING)

    @property
    def window(self) -> QWidget:
        """The window that dialogs belong to."""
        return self._window

    @property
    def page(self) -> DirectoryPage:
        """The page that shows the moment."""
        return self._page

    @property
    def session(self) -> Session:
        """The directory."""
        return self._session

    def _restore(self) -> None:
        if self._page.view.is_past:
            RestoreQuestion(self).ask()

    def _undo_this(self) -> None:
        if (line := self._session.reads.change_line(self._page.view.moment)) is not None:
            self.undo_change(line.change_id, line.text)

    def _done(self, changed: bool) -> None:
        if changed:
            self._page.return_to_now()
            self._messages.show_notice("Done. It can be taken back like any other change.")
        else:
            self._messages.show_notice("There was nothing to change.")
