"""Keeping an open shared directory up to its server, from a thread of its own, and knowing how it stands with it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, Signal

from whowas.desktop.session.live_directory import LiveDirectory
from whowas.domain.errors import StoreError
from whowas.store.server.errors import NotConnectedError
from whowas.store.server.roles import Rights

PRESENCE_S = 5.0
"""How often the server is asked who else is there, at least."""

AGAIN_AFTER_S = 5.0
"""How long after the server could be reached, but not followed, that is tried again."""

ENDED_AFTER_S = 3.0
"""How long the thread is waited for. One that is just connecting ends by itself; it keeps no process from ending."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How it stands with the server.

    ``offline_since`` is in UTC microseconds, None while connected, and ``why`` says why there is no connection.
    ``broken`` is what keeps a server that is there from being followed: it has another history, say. ``present`` are
    the accounts that have a window open, ``attempts`` how often connecting failed since there was a connection.
    """

    rights: Rights | None
    offline_since: int | None = None
    why: str = ""
    broken: StoreError | None = None
    present: tuple[str, ...] = ()
    attempts: int = 0

    @property
    def connected(self) -> bool:
        """Whether the server is there and can be followed."""
        return self.offline_since is None and self.broken is None


class Live(QObject):
    """``came`` says that the file may have grown, ``changed`` that ``reached`` is another one.

    ``looked`` comes each time that it was seen how it stands. All of them come on the GUI thread.
    """

    came = Signal()
    changed = Signal()
    looked = Signal()
    _grown = Signal()
    _learnt = Signal(object)

    def __init__(self, shared: LiveDirectory) -> None:
        super().__init__()
        self.shared = shared
        self._attempts = 0
        self.reached = self._without_asking(None)
        """How it stands as of the last time that ``changed`` was emitted."""
        self._ended = threading.Event()
        self._grown.connect(self.came, Qt.ConnectionType.QueuedConnection)
        self._learnt.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="whowas-live", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def try_again(self) -> None:
        """Connect now, instead of once it is time to."""
        self.shared.hurry()

    def stop(self) -> None:
        """Follow no more, without waiting for the end of that."""
        self._ended.set()

    def end(self) -> None:
        """Close the connections, which wakes the thread, and wait a moment for its end; as part of a job."""
        self.stop()
        self.shared.close()
        if self._thread.is_alive():
            self._thread.join(ENDED_AFTER_S)
            self.shared.log.close()  # the thread may have opened it again to take in what had come by then

    def _run(self) -> None:
        due, broken = True, None
        while not self._ended.is_set():
            if due:
                broken = self._followed()
            if self._ended.is_set():
                return
            self._learnt.emit(self._as_it_stands(broken))
            if broken is None:
                due = self.shared.wait(PRESENCE_S)
            else:
                due = True
                self._ended.wait(AGAIN_AFTER_S)

    def _followed(self) -> StoreError | None:
        """Follow, and tell of it; return what kept it from that while there is a connection."""
        try:
            self.shared.follow()
            # Also where nothing came: another window of this account follows into the same file.
            self._grown.emit()
        except NotConnectedError:
            self._attempts += 1
            return None  # of which the directory itself knows
        except StoreError as error:
            return error
        self._attempts = 0
        return None

    def _as_it_stands(self, broken: StoreError | None) -> Reached:
        reached = self._without_asking(broken)
        if reached.offline_since is not None:
            return reached
        try:
            return replace(reached, present=tuple(self.shared.present()))
        except StoreError:
            return reached  # the next attempt to follow says why

    def _without_asking(self, broken: StoreError | None) -> Reached:
        rights, offline = self.shared.rights, self.shared.offline
        if offline is None:
            return Reached(rights, broken=broken)
        since = self.shared.offline_since or self.shared.clock()
        return Reached(rights, since, str(offline), broken, attempts=self._attempts)

    def _take(self, reached: Reached) -> None:
        if self._ended.is_set():
            return
        if reached != self.reached:
            self.reached = reached
            self.changed.emit()
        self.looked.emit()
