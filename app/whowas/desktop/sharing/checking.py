"""What goes on while it is shown what a server promises."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from whowas.desktop.session.latest_job import LatestJob
from whowas.desktop.session.session import Session
from whowas.desktop.sharing.check_dialog import CheckServerDialog
from whowas.desktop.sharing.words import place_told
from whowas.domain.errors import CancelledError, WhowasError
from whowas.domain.progress import Progress

if TYPE_CHECKING:
    from whowas.desktop.session.live_directory import LiveDirectory
    from whowas.team.checking import Finding


class ServerCheck(QObject):
    """Fills its ``dialog``, which owns it."""

    def __init__(self, session: Session, shared: LiveDirectory, window: QWidget) -> None:
        self._session = session
        self._shared = shared
        self.dialog = CheckServerDialog(place_told(shared.address), window)
        super().__init__(self.dialog)
        self._job = LatestJob()
        self.dialog.againWanted.connect(self._check)
        self.dialog.finished.connect(self._job.stop)
        self._check()

    def _check(self) -> None:
        self.dialog.show_checking()
        start = partial(self._session.queries.ask_server, partial(_found, self._shared))
        self._job.start(start, self.dialog.show_findings, self._refuse)

    def _refuse(self, error: WhowasError) -> None:
        if not isinstance(error, CancelledError):
            self.dialog.show_failure(str(error))


def _found(shared: LiveDirectory, progress: Progress) -> list[Finding]:
    from whowas.team.checking import check
    from whowas.team.connected import server_at

    progress(0, 0)
    with server_at(shared.address) as server:
        return check(server, shared.log)
