"""Opening a directory while the window goes on."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from whowas.desktop.session.jobs import JobRunner
from whowas.desktop.window.preload import import_reading
from whowas.domain.errors import WhowasError
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.desktop.session.session import Session


class Opening(QObject):
    """Opens the directory that was asked for last; one asked for before that is closed again once it is open.

    ``opened`` carries the Session. ``failed`` carries the path, a WhowasError, and whether that was the directory
    asked for last, so that nothing is being opened any more. ``progressed`` says how far it is, as (done, total).
    """

    opened = Signal(object)
    failed = Signal(object, object, bool)
    progressed = Signal(int, int)

    def __init__(self, runner: JobRunner, actor: str, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._actor = actor
        self._path: Path | None = None
        self._session: Session | None = None

    @property
    def path(self) -> Path | None:
        """What is being opened, None for nothing."""
        return self._path

    def begin(self, path: Path, *, create: bool) -> None:
        """Open a directory, or create it."""
        self._path = path
        self._runner.submit(import_reading, partial(self._open, path, create))

    def stop(self) -> None:
        """Open nothing any more, before exit."""
        self._path = None
        if self._session is not None:
            self._session.close()

    def _open(self, path: Path, create: bool, _loaded: None) -> None:
        from whowas.desktop.session.session import Session

        session = self._session = Session(self._runner, folders.cache(), self._actor)
        session.open(
            path.absolute(),
            create=create,
            done=partial(self._opened, path, session),
            failed=partial(self._not_opened, path),
            reported=self.progressed.emit,
        )

    def _opened(self, path: Path, session: Session) -> None:
        if session is self._session:
            self._session = None
        if self._path != path:
            session.close()
            return
        self._path = None
        self.opened.emit(session)

    def _not_opened(self, path: Path, error: WhowasError) -> None:
        was_last = self._path == path
        if was_last:
            self._path = None
        self.failed.emit(path, error, was_last)
