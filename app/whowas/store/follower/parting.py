"""What it means that the history on a server parts from the one that a computer saw: changes lost, or rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from whowas.domain.errors import StoreError
from whowas.domain.fields import counted
from whowas.store.chain import ChainedRow, linked
from whowas.store.follower.lost_changes import LostChangesError
from whowas.store.server.errors import AnotherHistoryError

if TYPE_CHECKING:
    from whowas.store.event_log import EventLog

_IN_THEIR_PLACE = " Others were saved in their place."
_BEFORE_THE_LAST = (
    " Others stand in their place, recorded before the last of those: two servers were saved to at the same time, or "
    "their clocks differ, or somebody rewrote the history there."
)


class Pages(Protocol):
    """The rows of a log on a server, see ``ServerLog``."""

    def pages(self, after: int, through: int | None = None) -> Iterator[list[ChainedRow]]:
        """Yield the rows behind ``after``, some at a time."""


def parting_of(log: EventLog, server: Pages, through: int) -> StoreError:
    """Return what is wrong where ``log``, which is sound, and the server have the same up to ``through``, then not.

    A server that took the place of another one and lagged behind it has lost what this computer saw, and goes on with
    events of its own: each has an id that was never seen, and was recorded later. Where an event that was seen stands
    there otherwise, or what stands there does not follow from what was before, or nothing is the same, the past was
    rewritten.
    """
    seen, chain = log.recorded_after(through), log.chain_at(through)
    earliest: int | None = None
    for page in server.pages(through):
        for columns, digest, linked_to, *_ in page:
            assert chain is not None, "the log has what both have"
            if not through or columns[1] in seen or linked(chain, columns, digest) != linked_to:
                return another_history(through + 1)
            chain = linked_to
            earliest = columns[6] if earliest is None else min(earliest, columns[6])
    if earliest is None:
        return lost_changes(len(seen), through)
    is_later = earliest >= max(seen.values(), default=earliest)
    return lost_changes(len(seen), through, _IN_THEIR_PLACE if is_later else _BEFORE_THE_LAST)


def another_history(position: int) -> AnotherHistoryError:
    """Return the error that the histories differ from a position on, and that this cannot be for want of a few."""
    return AnotherHistoryError(
        f"The history on the server is not the one this computer saw, from change {position:,} on.", position
    )


def lost_changes(count: int, through: int, and_now: str = "") -> LostChangesError:
    """Return the error that the server no longer has ``count`` events behind ``through``; what it has now, if any."""
    return LostChangesError(
        f"The server no longer has {counted(count, 'event')} that this computer saw, after position {through:,}."
        f"{and_now}",
        through,
        went_on=bool(and_now),
    )
