"""Learning at once that somebody appended something, by a connection that does nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whowas.store.server.address import ServerAddress


class Listener:
    """A connection that waits for notifications of one directory, and shows by its lock that a window is open."""

    def __init__(self, address: ServerAddress) -> None:
        """Connect, and listen from now on: whoever reads the log afterwards misses nothing. Raises StoreError."""
        raise NotImplementedError

    def wait(self, timeout: float) -> bool:
        """Wait until notified, at most ``timeout`` seconds; return whether it was. Raises StoreError when cut off."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the connection, from whichever thread, and wake whoever waits."""
        raise NotImplementedError
