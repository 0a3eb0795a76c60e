"""The switch between two clocks: the directory as it was, or as we knew it then."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from whowas.desktop.chrome.actions import AS_KNOWN, Actions
from whowas.desktop.chrome.standing import LOOKING
from whowas.desktop.chrome.standing_shown import StandingShown
from whowas.desktop.page.directory_page import DirectoryPage
from whowas.desktop.session.job_progress import ShownProgress
from whowas.desktop.session.lens import AsKnown
from whowas.desktop.session.session import Session
from whowas.domain.errors import WhowasError


class ClockSwitch(QObject):
    """Shows the moment shown as the directory had it then, without what was only recorded later, and back."""

    def __init__(
        self, window: QWidget, page: DirectoryPage, session: Session, actions: Actions, messages: StandingShown
    ) -> None:
        super().__init__(page)
        self._page = page
        self._session = session
        self._action = actions.as_known
        self._messages = messages
        self._progress = ShownProgress(window, session)
        self._action.triggered.connect(self._switch)
        page.banner.knownWanted.connect(self._switch)

    def retire(self) -> None:
        """Let go of the window's action, which outlives the page."""
        self._action.triggered.disconnect(self._switch)

    def _switch(self) -> None:
        view = self._page.view
        if isinstance(self._session.shown.lens, AsKnown):
            self._session.shown.show_now()
            return
        occurred_at = view.occurred_at()
        if occurred_at is None:
            self._page.show_view()
            return
        # Where it goes on from is no question: the view keeps its place.
        self._progress.follow(
            AS_KNOWN, partial(self._session.shown.show_as_known, occurred_at), lambda _: None, self._tell
        )

    def _tell(self, error: WhowasError) -> None:
        self._page.show_view()
        self._messages.show_failure(error, about=LOOKING)
