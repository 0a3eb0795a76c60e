"""The event log as it would be: as it is up to the first change taken out, and then what was decided again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator
from itertools import chain, islice, takewhile
from operator import attrgetter
from pathlib import Path

from whowas.store.chain import GENESIS, Head
from whowas.store.event_log import EventLog
from whowas.store.gc_pauses import let_go
from whowas.store.recorded_event import RecordedEvent


class ImaginedLog:
    """What a read side can be folded from, see ``EventSource``; ``decided`` are the events after position ``kept``.

    Every event keeps the position, the change and the moment that it has in truth, so that what points at one of them,
    such as a named moment, still does. There are gaps, therefore, and no chain.
    """

    def __init__(self, log: EventLog, kept: int, head: int, decided: list[RecordedEvent]) -> None:
        self.path: Path = log.path
        self.directory_id: str = log.directory_id
        self.kept = kept
        self.decided = decided
        self._log = log
        self._head = head
        self._streams: dict[str, list[RecordedEvent]] = {}
        for recorded in decided:
            self._streams.setdefault(recorded.stream, []).append(recorded)

    def close(self) -> None:
        """Forget what was decided again."""
        let_go(self._streams, self.decided)

    def head(self) -> Head:
        """Return the last position of the log that was looked at."""
        return Head(self._head, GENESIS)

    def chain_at(self, _position: int) -> bytes:
        """Return the chain value of everywhere: what is not written needs no protection."""
        return GENESIS

    def read(self, after: int = 0, through: int | None = None) -> Generator[RecordedEvent]:
        """Yield the events after position ``after``, up to and including ``through``, in recorded order."""
        end = self._head if through is None else through
        yield from self._log.read(after, min(end, self.kept))
        for recorded in islice(self.decided, bisect_right(self.decided, after, key=attrgetter("position")), None):
            if recorded.position > end:
                return
            yield recorded

    def timeline_keys_of_change(self, first: int) -> list[tuple[int, int]]:
        """Return (occurred_at, position) of all events of the change that begins at position ``first``."""
        events = self.read(first - 1)
        beginning = next(events)
        of_change = takewhile(lambda recorded: recorded.change_id == beginning.change_id, events)
        return [(recorded.occurred_at, recorded.position) for recorded in chain((beginning,), of_change)]

    def stream(self, stream: str) -> list[RecordedEvent]:
        """Return all events of one user, or of the directory itself, in recorded order."""
        kept = [recorded for recorded in self._log.stream(stream) if recorded.position <= self.kept]
        return [*kept, *self._streams.get(stream, ())]
