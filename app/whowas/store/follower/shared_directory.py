"""A directory on a server, as a window or a command has it open: its follower, and the way to write to the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whowas.domain.progress import Progress, unwatched

if TYPE_CHECKING:
    from typing import Literal

    from whowas.store.event_log import EventLog
    from whowas.store.follower.lost_changes import LostChanges
    from whowas.store.follower.shared_log import SharedLog
    from whowas.store.server.address import ServerAddress
    from whowas.store.server.errors import NotConnectedError


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
    rights: Literal["reader", "editor", "admin"] | None
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
        raise NotImplementedError

    def follow(self, progress: Progress = unwatched) -> bool:
        """Bring the follower up to the server, reconnecting where needed; return whether anything came.

        Afterwards ``offline`` is None. To be called off the GUI thread: it may wait for the network. When it returns
        True and ``log.unswept``, somebody was erased: call ``erasure.finish`` as after opening any such file. Raises
        NotConnectedError, once more on each call, while the server is away; LostChangesError where the server no longer
        has changes that this computer saw: close this and open the directory again, then ``lost`` tells them;
        AnotherHistoryError; CancelledError; StoreError for all else.
        """
        raise NotImplementedError

    def wait(self, timeout: float) -> bool:
        """Wait until there may be something to follow, at most ``timeout`` seconds; return whether to ``follow``.

        Callable from a thread of its own, as it has a connection of its own; ``close`` wakes it. It tells of
        notifications, and of its own accord looks at the head every 15 seconds, 2 where the server cannot notify.
        While there is no connection it returns True when the next attempt is due: after 1, 2, 5, 15, then 30 seconds.
        Raises nothing: what is wrong is for ``follow`` to find.
        """
        raise NotImplementedError

    def hurry(self) -> None:
        """Have ``wait`` return True at once, as after a change of network or when somebody asks to connect now."""
        raise NotImplementedError

    def present(self) -> list[str]:
        """Return the accounts that have a window open, each once, sorted, by the server's word; empty while offline."""
        raise NotImplementedError

    def clock(self) -> int:
        """Return the server's time in UTC µs, as far as it is known; no round trip. To be given to ``Bus``."""
        raise NotImplementedError

    def lost(self) -> LostChanges | None:
        """Return the changes that this computer saw and the server no longer has, until they are sent or let go."""
        raise NotImplementedError

    def close(self) -> None:
        """Close all connections and the follower, and wake whoever waits."""
        raise NotImplementedError
