"""Holding what a server has against what this computer kept of it, event by event."""

from __future__ import annotations

from itertools import chain, zip_longest

from whowas.store.event_log import EventLog
from whowas.store.server.server_log import ServerLog


def first_difference(follower: EventLog, server: ServerLog) -> int | None:
    """Return the first position, up to the end of ``follower``, at which the server has another event or payload.

    The chain alone does not show that a payload was altered behind a link. None where all is the same. Raises
    StoreError.
    """
    head = follower.head()
    there = chain.from_iterable(server.pages(0, head.position))
    for position, (own, found) in enumerate(zip_longest(follower.rows(), there), start=1):
        if position > head.position:
            break
        if own == found:
            continue
        is_erased_since = own is not None and found is not None and own[:3] == found[:3] and found[4] is None
        if not is_erased_since or server.head() == head:
            return position
    return None
