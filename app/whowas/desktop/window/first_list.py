"""The first list: what the last start kept of a directory stands in the window until the real page is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget

from whowas.desktop.chrome.standing_shown import StandingShown
from whowas.desktop.kit.search_field import SearchField
from whowas.desktop.session.jobs import JobRunner
from whowas.desktop.settings.stored import Settings
from whowas.desktop.window.opening import Place, is_shared
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.desktop.first_screen.finding import Found
    from whowas.desktop.first_screen.page import FirstPage
    from whowas.desktop.page.directory_page import DirectoryPage
    from whowas.desktop.session.session import Session

_KEPT = ("active", "suspended")
"""The sections that nobody is in two of."""


class FirstList:
    """Puts a page into the stack of the window that can only be looked at, where one was kept and still holds."""

    def __init__(
        self,
        stack: QStackedWidget,
        settings: Settings,
        runner: JobRunner,
        messages: StandingShown,
        search: SearchField,
    ) -> None:
        """``search`` takes what is typed into the list."""
        self._stack = stack
        self._search = search
        self._settings = settings
        self._runner = runner
        self._messages = messages
        self._page: FirstPage | None = None
        self._place: Place | None = None

    def show(self, place: Place) -> None:
        """Show what was kept of the directory at ``place``, if anything."""
        log = self._settings.followed(place) if is_shared(place) else Path(place)
        if log is None:
            return
        from whowas.desktop.first_screen.finding import found
        from whowas.desktop.table.column_layout import layout_from_json

        columns = self._settings.columns() or {}
        kept = found(log, folders.cache(), layout_from_json(columns))
        if kept is not None:
            from whowas.desktop.first_screen.page import FirstPage

            self._page, self._place = FirstPage(kept, columns, self._settings.splitter()), place
            self._stack.addWidget(self._page)
            self._stack.setCurrentWidget(self._page)
            self._page.table.typed.connect(self._search.go_on_with)
            self._page.table.setFocus()
            self._tell(kept)

    def once_painted(self, do: Callable[[], None]) -> None:
        """Do something once the window that is being painted is on the screen, with the list where there is one.

        It may be done more than once.
        """
        if self._page is None:
            QTimer.singleShot(0, self._stack, do)
        else:
            self._page.completed.connect(do)

    def stands_for(self, place: Place) -> bool:
        """Say whether what is shown was kept of the directory at ``place``; let it go where it is of another one."""
        if place != self._place:
            if self._page is not None:
                self._search.clear()  # it was typed for the directory shown
            self.let_go()
        return self._page is not None

    def give_way_to(self, page: DirectoryPage) -> None:
        """Let the page of the directory, which is shown now, go on where this one was: same rows, same user."""
        if self._page is not None:
            self._page.hand_over(page)
            self.let_go()

    def let_go(self) -> None:
        """Show nothing any more that was kept."""
        if self._page is not None:
            self._stack.removeWidget(self._page)
            self._page.deleteLater()
            self._page = self._place = None

    def keep(self, page: DirectoryPage, session: Session) -> None:
        """Keep what the next start shows first of a directory that is about to be closed."""
        from whowas.desktop.first_screen.keeping import keep, screen_of

        screen = screen_of(page, session)
        if screen is not None:
            if is_shared(session.place):
                self._settings.set_followed(session.place, session.log.path)
            index, side, log = session.shown.index, session.shown.side, session.log
            self._runner.submit(partial(keep, screen, index, side, log, folders.cache()))

    def _tell(self, kept: Found) -> None:
        screen = kept.screen
        users = sum(one.users for one in screen.statuses if one.key in _KEPT)
        self._messages.count(users, screen.changes, screen.changes, "past" if kept.is_behind else "now")
