"""The switch between two clocks: the directory as it was, or as we knew it then."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from whowas.desktop.actions import AS_KNOWN, Actions
from whowas.desktop.banner import MessageBar
from whowas.desktop.dialogs.progress import ProgressDialog
from whowas.desktop.directory_page import DirectoryPage
from whowas.desktop.session import Session
from whowas.domain.errors import CancelledError, WhowasError


class ClockSwitch(QObject):
    """Shows the moment shown as the directory had it then, without what was only recorded later, and back."""

    def __init__(
        self, window: QWidget, page: DirectoryPage, session: Session, actions: Actions, messages: MessageBar
    ) -> None:
        super().__init__(page)
        self._window = window
        self._page = page
        self._session = session
        self._action = actions.as_known
        self._messages = messages
        self._came_from = 0
        self._progress: ProgressDialog | None = None
        self._action.triggered.connect(self._switch)
        page.banner.knownWanted.connect(self._switch)

    def retire(self) -> None:
        """Let go of the window's action, which outlives the page."""
        self._action.triggered.disconnect(self._switch)

    def _switch(self) -> None:
        view = self._page.view
        if self._session.knowing:
            self._session.know_all()
            view.show_moment(self._came_from)
            return
        occurred_at = view.occurred_at()
        if occurred_at is None or self._progress is not None:
            self._page.show_view()
            return
        self._came_from = view.moment
        self._progress = ProgressDialog(AS_KNOWN, self._window)
        job = self._session.know(
            occurred_at, done=partial(self._show, occurred_at), failed=self._tell, reported=self._report
        )
        self._progress.cancelled.connect(job.cancel)
        self._progress.open()

    def _show(self, occurred_at: int) -> None:
        self._finish()
        view = self._page.view
        view.show_moment(view.index.steps.moment_at(occurred_at))

    def _tell(self, error: WhowasError) -> None:
        self._finish()
        self._page.show_view()
        if not isinstance(error, CancelledError):
            self._messages.show_error(str(error))

    def _report(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress.set_progress(done, total)

    def _finish(self) -> None:
        if self._progress is not None:
            self._progress.finish()
            self._progress.deleteLater()
            self._progress = None
