"""Opening a directory on a server: which one, signed in as whom, and how far it is."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from whowas.desktop.chrome.standing import OPENING
from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.desktop.session.job_progress import SHOWN_AFTER_MS
from whowas.desktop.window.main_window import MainWindow
from whowas.desktop.window.opening import Place, SignIn, named_path
from whowas.domain.errors import StoreError, WhowasError
from whowas.store.server.errors import AnotherHistoryError, NotLetInError
from whowas.system.person import os_user

if TYPE_CHECKING:
    from whowas.desktop.sharing.open_shared_dialog import OpenSharedDialog
    from whowas.desktop.sharing.sign_in_dialog import SignInDialog


class SharedOpening(QObject):
    """Shows how far the opening of a shared directory is, and asks for account and password where they are missing."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._progress: ProgressDialog | None = None
        self._asking: Place | None = None
        self._another: Place | None = None
        window.messages.acted.connect(self._act)
        window.opening.progressed.connect(self._report)
        window.opening.opened.connect(self._end)
        window.opening.failed.connect(self._end_failed)

    def ask(self, folder: Path) -> None:
        """Ask which one is to be opened, and open it; ``folder`` is where files are looked for."""
        from whowas.desktop.sharing.open_shared_dialog import OpenSharedDialog

        dialog = OpenSharedDialog(folder, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(partial(self._take, dialog))
        dialog.open()

    def begun(self, place: Place) -> None:
        """Show how far the opening of a place on a server is, once that takes long enough to be noticed.

        It stands beside what is open, with which the person can go on.
        """
        self._end()
        self._progress = dialog = ProgressDialog(f"Opening {named_path(place).stem}", self._window)
        dialog.setModal(False)
        dialog.set_progress(0, 0, "Connecting…")
        dialog.cancelled.connect(self._cancel)
        dialog.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, self._window.page is not None)
        QTimer.singleShot(SHOWN_AFTER_MS, dialog, dialog.show)

    def failed(self, place: Place, error: WhowasError) -> None:
        """Ask for account and password, where that is what is missing; it is said already why it was not opened.

        Where the server has another history, it is offered to open that: what this computer saw is kept by then.
        """
        if isinstance(error, AnotherHistoryError):
            from whowas.desktop.sharing.standing_words import OPEN_AGAIN

            self._another = place
            self._window.messages.show_error(str(error), OPEN_AGAIN, about=OPENING)
        if not isinstance(error, NotLetInError) or self._asking == place:
            return
        from whowas.desktop.sharing.sign_in_dialog import SignInDialog

        wrong = str(error) if self._window.opening.has_typed(place) else ""
        dialog = SignInDialog(named_path(place).stem, self._account_at(place), wrong, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(partial(self._sign_in, place, dialog))
        dialog.finished.connect(self._asked)
        self._asking = place
        dialog.open()

    def _act(self, about: str, action: str) -> None:
        if about != OPENING or self._another is None:
            return
        from whowas.desktop.sharing.standing_words import OPEN_AGAIN

        if action == OPEN_AGAIN:
            place, self._another = self._another, None
            self._window.open(place)

    def _take(self, dialog: OpenSharedDialog) -> None:
        match dialog.place():
            case str(address):
                self._window.open_address(address)
            case Path() as path:
                self._window.open(path)

    def _account_at(self, place: Place) -> str:
        """Return the account that libpq would take."""
        from whowas.desktop.session.reaching import address_of

        if typed := self._window.opening.typed_account(place):
            return typed
        try:
            named = address_of(place).user
        except StoreError:
            named = None  # it was read a moment ago
        return named or os.environ.get("PGUSER") or os_user()

    def _sign_in(self, place: Place, dialog: SignInDialog) -> None:
        if (answer := dialog.answer()) is not None:
            self._window.open(place, sign_in=SignIn(*answer))

    def _asked(self, _result: int) -> None:
        self._asking = None

    def _report(self, done: int, total: int) -> None:
        if self._progress is None or not total:
            return
        # Its first half is to fetch what is new, the second to take it in.
        half = total // 2
        what, count = ("Fetched", done) if done < half else ("Taken in", done - half)
        self._progress.set_progress(done, total, f"{what} {count:,} of {half:,} events")

    def _cancel(self) -> None:
        self._end()
        self._window.stop_opening()

    def _end_failed(self, _place: Place, _error: WhowasError, was_last: bool) -> None:
        if was_last:
            self._end()

    def _end(self, *_what: object) -> None:
        if self._progress is not None:
            self._progress.finish()
            self._progress.deleteLater()
            self._progress = None
