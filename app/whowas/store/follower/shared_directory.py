"""A directory on a server, as a window or a command has it open: its follower, and the way to write to the server."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress, unwatched
from whowas.store.follower.bringing_up import hides_passwords, new_follower
from whowas.store.follower.link import Link
from whowas.store.follower.lost_changes import LostChanges
from whowas.store.follower.reaching import OpenedFollower, reached
from whowas.store.follower.remembered import Remembered
from whowas.store.follower.shared_log import SharedLog
from whowas.store.follower.verified_rows import DamagedServerError
from whowas.store.follower.waiting import Waiting
from whowas.store.server.errors import AnotherHistoryError, NotConnectedError
from whowas.store.server.roles import Rights

if TYPE_CHECKING:
    from pathlib import Path

    from whowas.store.event_log import EventLog
    from whowas.store.server.address import ServerAddress
    from whowas.store.server.server_log import ServerLog

_REMEMBERED_US = 30_000_000
"""How old what is remembered of when the server was seen may become while it is there."""


class SharedDirectory:
    """One open directory on a server. Whoever opens it closes it.

    Everything reads ``log``, the follower, an ordinary directory file; everything writes through ``writes``. May be
    used from several threads at once: ``follow`` and writing take turns, ``wait`` has a connection of its own.
    """

    address: ServerAddress
    """Where it is, with the id of the directory that was found there."""
    log: EventLog
    """The follower. It is the same object until ``close``."""
    writes: SharedLog
    account: str
    """By which name the server knows whoever opened this; as it was known last where the server is away."""
    rights: Rights | None
    """What that account may do, None for nothing that the server grants; as it was known last likewise."""
    offline: NotConnectedError | None
    """Why there is no connection, as a sentence; None while there is one."""
    offline_since: int | None
    """When the connection was found lost (UTC µs), or, opened without one, ``seen_at``; None while there is one."""
    seen_at: int
    """When the follower was last known to be up to the server, in UTC µs by the server's clock."""
    remark: str | None
    """A sentence about what was done on opening, such as that a damaged follower was made anew; mostly None."""

    @classmethod
    def open(cls, address: ServerAddress, progress: Progress = unwatched) -> SharedDirectory:
        """Connect and bring the follower up to the server; without a connection, open the follower alone.

        ``progress`` is told in events, and may cancel. Raises StoreError where there is neither server nor follower,
        or where the server lets nobody in; AnotherHistoryError, with the follower kept aside, where the server's
        history is not the one this computer saw; CancelledError.
        """
        link = Link(address)
        try:
            opened = cls(link, reached(link, address, progress))
        except BaseException:
            link.close()
            raise
        if opened.offline is None:
            try:
                opened._begin()
            except BaseException:
                link.close()
                opened.log.close()
                raise
        return opened

    def __init__(self, link: Link, found: OpenedFollower) -> None:
        self.address = link.address
        self.log = found.follower.log
        self.account = found.known.account
        self.rights = found.known.rights
        self.offline = found.offline
        self.offline_since = None if found.offline is None else found.known.seen_at
        self.seen_at = found.known.seen_at
        self.remark = found.remark
        self._link = link
        self._remembered = Remembered(found.kept, found.known)
        self._follower = found.follower
        self._is_aside = False
        self._is_refused = False
        self.writes = SharedLog(link, found.follower, self._note_seen)
        link.witness = self._witness
        self._waiting = Waiting(self.address, found.kept.directory_id, self._is_behind)
        if found.offline is not None:
            self._waiting.failed()

    def follow(self, progress: Progress = unwatched) -> bool:
        """Bring the follower up to the server, reconnecting where needed; return whether anything came.

        Afterwards ``offline`` is None. To be called off the GUI thread: it may wait for the network. When it returns
        True and ``log.unswept``, somebody was erased: call ``erasure.finish`` as after opening any such file. Raises
        NotConnectedError, once more on each call, while the server is away; LostChangesError where the server no longer
        has changes that this computer saw: close this and open the directory again, then ``lost`` tells them;
        AnotherHistoryError; CancelledError; StoreError for all else.
        """
        try:
            came = self._link.asked(partial(self._follow, progress))
        except NotConnectedError as error:
            self._note_away(error)
            raise
        except AnotherHistoryError:
            self._is_aside = True
            raise
        except StoreError:
            self.writes.note_stale()
            raise
        self._note_seen()
        return came

    def wait(self, timeout: float) -> bool:
        """Wait until there may be something to follow, at most ``timeout`` seconds; return whether to ``follow``.

        Callable from a thread of its own, as it has a connection of its own; ``close`` wakes it. It tells of
        notifications, and of its own accord looks at the head every 15 seconds, 2 where the server cannot notify.
        While there is no connection it returns True when the next attempt is due: after 1, 2, 5, 15, then 30 seconds,
        and as soon as this computer is in another network.
        Raises nothing: what is wrong is for ``follow`` to find.
        """
        return self._waiting.wait(timeout)

    def hurry(self) -> None:
        """Have ``wait`` return True at once, as when somebody asks to connect now."""
        self._waiting.hurry()

    def present(self) -> list[str]:
        """Return the accounts that have a window open, each once, sorted, by the server's word; empty while offline.

        Where an admin has given this account other rights meanwhile, or none, ``wait`` returns True, and ``follow``
        finds that out.
        """
        if self.offline is not None:
            return []
        try:
            present, rights = self._link.asked(lambda server: (server.present(), server.rights_now()))
        except NotConnectedError:  # following tells
            return []
        except StoreError:  # likewise, and soon: it may be that this account may see nothing any more
            if not self._is_refused:
                self._is_refused = True
                self._waiting.hurry()
            return []
        self._is_refused = False
        if rights != self.rights:
            self._link.drop()  # what this account may do is looked at when it connects
            self._waiting.hurry()
        return present

    def clock(self) -> int:
        """Return the server's time in UTC µs, as far as it is known; no round trip. To be given to ``Bus``."""
        return time.time_ns() // 1_000 + self._link.skew

    def lost(self) -> LostChanges | None:
        """Return the changes that this computer saw and the server no longer has, until they are sent or let go."""
        return self._remembered.lost()

    def keep_aside(self) -> Path:
        """Use this follower no longer than this is open, as it was found damaged; return where it stays.

        Opening the directory again makes one anew from the server.
        """
        self._is_aside = True
        return self.log.path

    def close(self) -> None:
        """Close all connections and the follower, and wake whoever waits."""
        self._waiting.close()
        if self.offline is None:
            with suppress(StoreError):  # it is told when it is opened next
                self._link.asked_if_free(self._confirm_forgotten)
        self._link.close()
        self._remembered.note(seen_at=0 if self._is_aside else self.seen_at)
        self.log.close()
        if self._is_aside:
            new_follower(self._remembered.kept).log.close()

    def _begin(self) -> None:
        """Say what is forgotten here, on the connection with which this was opened."""
        try:
            self._link.asked(self._confirm_forgotten)
        except NotConnectedError as error:
            self._note_away(error)
        else:
            self._note_seen()

    def _follow(self, progress: Progress, server: ServerLog) -> bool:
        try:
            came = self._follower.follow(server, progress)
        except DamagedServerError:
            # To a reader what is hidden looks like that, if it was not before: connecting again finds that out.
            self._link.drop()
            self._link.server()
            raise
        self._confirm_forgotten(server)
        return came

    def _confirm_forgotten(self, server: ServerLog) -> None:
        """Tell the server that whoever was erased is forgotten here, once that is so."""
        if self.log.unswept:  # whoever follows sees to that
            return
        erased_through = self.log.erased_through()
        if erased_through > self._remembered.known.forgotten:
            try:
                server.confirm_forgotten(self._remembered.known.follower_id, self.log.head().position)
            except NotConnectedError:
                raise
            except StoreError:  # as on a full disk: it is said another time, and nobody reads less for it
                return
            self._remembered.note(forgotten=erased_through)

    def _witness(self, server: ServerLog) -> None:
        """See that a new connection leads to the same history, and lets this account do the same as before."""
        if hides_passwords(server.rights) != self._remembered.kept.hides_passwords:
            raise StoreError("What you may do in this directory was changed. Close it and open it again.")
        self._follower.witness(server)
        self.account, self.rights = server.account, server.rights

    def _is_behind(self) -> bool:
        is_behind = self._link.asked(lambda server: server.head()) != self.log.head()
        if not is_behind:
            self._note_seen()
        return is_behind

    def _note_seen(self) -> None:
        """Note that the follower is up to the server just now."""
        self.offline, self.offline_since = None, None
        self.seen_at = self.clock()
        self.writes.note_fresh()
        self._waiting.connected()
        if self.seen_at - self._remembered.known.seen_at > _REMEMBERED_US:
            self._remembered.note(seen_at=self.seen_at, skew=self._link.skew)

    def _note_away(self, error: NotConnectedError) -> None:
        if self.offline is None:
            self.offline_since = self.clock()
            self._remembered.note(seen_at=self.seen_at)
        self.offline = error
        self._waiting.failed()
