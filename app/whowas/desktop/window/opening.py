"""Opening a directory while the window goes on."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from whowas.desktop.kit.loading_parts import LoadingParts
from whowas.desktop.session.jobs import Job, JobRunner
from whowas.desktop.window.preload import PAGE_PARTS, import_reading
from whowas.domain.errors import CancelledError, WhowasError
from whowas.system import folders

if TYPE_CHECKING:
    from whowas.desktop.session.live_directory import LiveDirectory
    from whowas.desktop.session.reaching_job import ReachingJob
    from whowas.desktop.session.session import Session
    from whowas.domain.progress import Progress

Place = Path | str
"""What is opened: a file, which may be a team file, or the address of a directory on a server."""


class SignIn(NamedTuple):
    """What a person typed to be let in, "" for what libpq is to find by itself; it is kept in memory only."""

    account: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Return it without the password, as it may stand in a report of what went wrong."""
        return f"{type(self).__name__}({self.account!r})"


def is_shared(place: Place) -> bool:
    """Say whether a place is on a server."""
    return isinstance(place, str) or place.suffix.lower() == folders.TEAM_SUFFIX


def named_path(place: Place) -> Path:
    """Return the absolute path after which a directory is named; where there is only an address, none that is there."""
    if isinstance(place, Path):
        return place.absolute()
    name = place.partition("://")[2].partition("?")[0].rstrip("/").rpartition("/")[2].rpartition("@")[2]
    return folders.data() / f"{name or 'directory'}{folders.TEAM_SUFFIX}"


class Opening(QObject):
    """Opens the directory that was asked for last; one asked for before that is closed again once it is open.

    ``opened`` carries the Session. ``failed`` carries the place, a WhowasError, and whether that was the directory
    asked for last, so that nothing is being opened any more. ``progressed`` says how far it is, as (done, total).
    """

    opened = Signal(object)
    failed = Signal(object, object, bool)
    progressed = Signal(int, int)

    def __init__(self, runner: JobRunner, actor: str, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._actor = actor
        self._place: Place | None = None
        self._session: Session | None = None
        self._job: Job | ReachingJob[Any] | None = None
        self._parts = LoadingParts(PAGE_PARTS, self)
        self._typed: dict[Place, SignIn] = {}
        """What was typed for places on servers."""

    def act_as(self, actor: str) -> None:
        """Have the directories that are opened from now on changed by another name."""
        self._actor = actor
        if self._session is not None:
            self._session.act_as(actor)

    def typed_account(self, place: Place) -> str:
        """Return the account with which somebody signed in at a place before; "" where nobody typed one."""
        return self._typed.get(place, SignIn()).account

    def has_typed(self, place: Place) -> bool:
        """Say whether somebody typed how to be let in at a place."""
        return place in self._typed

    @property
    def place(self) -> Place | None:
        """What is being opened, None for nothing."""
        return self._place

    def begin(self, place: Place, *, create: bool, sign_in: SignIn | None = None) -> None:
        """Open a directory, or create it; on a server with what was typed now, or before."""
        if self._job is not None:
            self._job.cancel()  # a silent server would be waited for
        self._place, self._session = place, None
        if sign_in is not None:
            self._typed[place] = sign_in
        self._job = self._runner.submit(import_reading, partial(self._open, place, create))

    def stop(self) -> None:
        """Open nothing any more."""
        self._place = None
        if self._job is not None:
            self._job.cancel()
        if self._session is not None:
            self._session.close()
            self._session = None

    def _open(self, place: Place, create: bool, _loaded: None) -> None:
        from whowas.desktop.session.session import Session

        if self._place != place:
            return  # nobody wants it any more
        session = self._session = Session(self._runner, folders.cache(), self._actor)
        self._job = session.open(
            named_path(place),
            create=create,
            done=partial(self._opened, place, session),
            failed=partial(self._not_opened, place, session),
            reported=partial(self._report, session),
            reach=partial(_reached, place, self._typed.get(place, SignIn())) if is_shared(place) else None,
            address=place if isinstance(place, str) else "",
        )
        self._parts = LoadingParts(PAGE_PARTS, self)
        self._parts.then(_go_on)  # meanwhile

    def _report(self, session: Session, done: int, total: int) -> None:
        if session is self._session:
            self.progressed.emit(done, total)

    def _opened(self, place: Place, session: Session) -> None:
        # All that is left of the page in one go would stop the window.
        self._parts.then(partial(self._hand_over, place, session))

    def _hand_over(self, place: Place, session: Session) -> None:
        if session is not self._session or self._place != place:
            session.close()
            return
        self._end()
        self.opened.emit(session)

    def _not_opened(self, place: Place, session: Session, error: WhowasError) -> None:
        was_last = session is self._session and self._place == place
        if was_last:
            self._end()
        if was_last or not isinstance(error, CancelledError):
            self.failed.emit(place, error, was_last)

    def _end(self) -> None:
        self._place = self._job = self._session = None


def _go_on() -> None:
    """Do nothing more once everything is imported."""


def _reached(place: Place, sign_in: SignIn, progress: Progress) -> LiveDirectory:
    """Open what is on a server, as part of a job. Raises CancelledError or StoreError."""
    from whowas.desktop.session.reaching import reached  # only who shares a directory waits for that

    return reached(place, sign_in.account, sign_in.password, progress)
