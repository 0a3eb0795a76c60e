"""What a unit of work asks of a log: the events to append, and what it read to decide them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from whowas.store.chain import Head
from whowas.store.recorded_event import NewEvent

Owners = Sequence[tuple[str, str]]
"""(comparison key, user id) of owners of emails, or of external ids."""


class Decided(NamedTuple):
    """One change, decided on a log that ended at ``head``.

    On that head it stands. Where others have appended since, it stands as long as all of this is so:

    - It is not ``whole``. A ``whole`` change was decided on everything, as an import is; or somebody comes to own a
      value of which the decision knew other owners, who could not be told from those who came since.
    - Each stream that was read is still at its version, 0 for one that there was not: ``read`` maps the one to the
      other. The streams of ``events`` are among them.
    - Nobody but its claimant owns what is claimed, once what is released is given up. In both are the values that
      somebody gave up and took again.
    - None of the command ids of ``events`` is in the log.

    ``recorded_at`` (UTC µs) is by the clock of whoever decided. A server goes by its own: then what ``is_backdated``
    occurred as it says, and all else occurs when it is recorded, but not before what comes earlier in its stream.
    ``erased`` are the streams whose payloads go with this change.

    A named tuple, as the next class, because every save makes one.
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


class Committed(NamedTuple):
    """A change that is in the log, from ``first_position`` to ``last_position``; ``repeated`` if it was there before.

    Then it was appended twice: a command of it stands in the log, and in a change of the same id.
    """

    first_position: int
    last_position: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """Nothing was written: what was read is not so any more. ``what`` says what, for whoever looks for the reason.

    That is also the answer where a command of the change stands in the log already, in a change of another id: whoever
    decides again is told of it by ``change_of_command``.
    """

    what: str
