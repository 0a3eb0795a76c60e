"""A shared directory without a server: the directory file in its place is followed as a server is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from tests.unit.store.follower.followed_file import FollowedFile
from whowas.desktop.kit.dates import microseconds_now
from whowas.domain.errors import StoreError, UncertainError
from whowas.domain.progress import Progress, unwatched
from whowas.store.directory_log import Deciding, Reading
from whowas.store.event_log import EventLog
from whowas.store.follower.follower import Follower
from whowas.store.follower.lost_changes import LostChanges
from whowas.store.server.address import ServerAddress
from whowas.store.server.errors import NotConnectedError
from whowas.store.server.roles import Rights

AWAY = "The server db.example.org does not answer. Is this computer online?"


class SharedDouble:
    """One account's window on the directory file at ``server``."""

    def __init__(self, server: Path, follower: Path, account: str = "kim", rights: Rights | None = "editor") -> None:
        self.server = EventLog.open(server)
        self.address = ServerAddress(host="db.example.org", dbname="staff", directory_id=self.server.directory_id)
        self._follower = Follower(follower, self.server.directory_id, hides_passwords=False)
        self.log = self._follower.log
        self.account = account
        self.rights = rights
        self.writes = _Writes(self)
        self.offline: NotConnectedError | None = None
        self.offline_since: int | None = None
        self.broken: StoreError | None = None
        self.remark: str | None = None
        self.here = [account]
        self.lost_changes: LostChanges | None = None
        self.away = False
        self.clock_ahead = 0
        self.follows = 0
        self.is_closed = False
        self._woken = threading.Event()
        self._turn = threading.Lock()
        self.follow()

    def follow(self, progress: Progress = unwatched) -> bool:
        self.follows += 1
        with self._turn:
            if self.away:
                if self.offline is None:
                    self.offline_since = self.clock()
                self.offline = NotConnectedError(AWAY)
                raise NotConnectedError(AWAY)
            self.offline = self.offline_since = None
            if self.broken is not None:
                raise self.broken
            return self._follower.follow(FollowedFile(self.server), progress)

    def wait(self, timeout: float) -> bool:
        woken = self._woken.wait(timeout)
        self._woken.clear()
        return woken

    def hurry(self) -> None:
        self._woken.set()

    def present(self) -> list[str]:
        return [] if self.offline is not None else sorted(self.here)

    def clock(self) -> int:
        return microseconds_now() + self.clock_ahead

    def lost(self) -> LostChanges | None:
        return self.lost_changes

    def close(self) -> None:
        self.is_closed = True
        self._woken.set()
        self.log.close()
        self.server.close()


class _Writes:
    def __init__(self, shared: SharedDouble) -> None:
        self._shared = shared
        self.directory_id = shared.server.directory_id
        self.not_copied = False
        self.answer_is_lost: Literal["", "but it is saved", "and nothing saved"] = ""

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        with self._shared.server.reading() as reading:
            yield reading

    @contextmanager
    def deciding(self, *, locked: bool, copied: Callable[[EventLog], Path] | None = None) -> Iterator[Deciding]:
        if self._shared.away:
            raise NotConnectedError(AWAY)
        with self._shared.server.deciding(locked=locked, copied=copied) as deciding:
            yield deciding
            if self.answer_is_lost == "and nothing saved":
                self._break_off()
        if self.answer_is_lost == "but it is saved":
            self._break_off()
        self._shared.follow()

    def _break_off(self) -> None:
        self.answer_is_lost = ""
        self._shared.away = True
        raise UncertainError("Whether this was saved will be seen as soon as there is a connection again.")
