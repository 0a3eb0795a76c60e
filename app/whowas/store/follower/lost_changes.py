"""Changes that a server had acknowledged and no longer has, as after a failover to a standby that lagged behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent


class LostChangesError(StoreError):
    """The server no longer has changes that this computer saw, behind position ``through``.

    Opening the directory again tells which. ``went_on`` says that it has others there by now.
    """

    def __init__(self, sentence: str, through: int, *, went_on: bool = False) -> None:
        super().__init__(sentence)
        self.through = through
        self.went_on = went_on


@dataclass(frozen=True, slots=True)
class LostChange:
    """One of them: its events, in recorded order, of which there is at least one."""

    change_id: str
    actor: str
    recorded_at: int
    events: Sequence[RecordedEvent]


@dataclass(frozen=True, slots=True)
class LostChanges:
    """All of them: what lies behind position ``through`` in the file ``kept``, an ordinary directory file."""

    kept: Path
    through: int
    count: int
    """How many changes."""
    _forget: Callable[[], None] = field(repr=False, compare=False)

    def changes(self) -> Iterator[LostChange]:
        """Yield them in recorded order. Raises StoreError."""
        with closing(EventLog.open(self.kept)) as log:
            yield from changes_after(log, self.through)

    def let_go(self) -> None:
        """Do not tell of them again; the file stays where it is. Raises StoreError."""
        self._forget()


def changes_after(log: EventLog, position: int) -> Iterator[LostChange]:
    """Yield the changes of a log behind a position at which one ends. Raises StoreError."""
    for change_id, events in groupby(log.read(after=position), attrgetter("change_id")):
        known = list(events)
        yield LostChange(change_id, known[0].actor, known[0].recorded_at, known)
