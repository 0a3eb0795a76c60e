"""What a unit of work asks of a log: the events to append, and what it read to decide them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whowas.store.chain import Head
from whowas.store.recorded_event import NewEvent

Owners = Sequence[tuple[str, str]]
"""(comparison key, user id) of owners of emails, or of external ids."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One change, decided on a log that ended at ``head``.

    ``read`` maps each stream that was read to the version it had then, 0 for one that there was not: where all of them
    are still at that version, the decision stands, whatever else was appended since. A ``whole`` change, such as an
    import, was decided on everything, and stands only on the same head. ``recorded_at`` (UTC µs) is by the clock of
    whoever decided; a server goes by its own. ``erased`` are the streams whose payloads go with this change.
    """

    change_id: str
    causation: str | None
    recorded_at: int
    events: Sequence[NewEvent]
    head: Head
    read: Mapping[str, int]
    whole: bool
    released_emails: Owners
    claimed_emails: Owners
    released_external_ids: Owners
    claimed_external_ids: Owners
    erased: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Committed:
    """A change that is in the log, from ``first_position`` to ``last_position``; ``repeated`` if it was before."""

    first_position: int
    last_position: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """Nothing was written: what was read is not so any more. ``what`` says what, for whoever looks for the reason."""

    what: str
