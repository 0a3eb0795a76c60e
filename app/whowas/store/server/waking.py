"""By which names the windows of one directory find each other on a server."""

from __future__ import annotations

from whowas.store.recorded_event import to_blob


def channel_of(directory_id: str) -> str:
    """Return the channel on which the server notifies of each change, with the last position as payload."""
    return f"whowas_{to_blob(directory_id).hex()}"


def presence_lock_of(directory_id: str) -> int:
    """Return the key of the advisory lock, 8 bytes with a sign, that a listening window holds shared."""
    return int.from_bytes(to_blob(directory_id)[8:], "big", signed=True)
