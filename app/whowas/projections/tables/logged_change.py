"""One change of the log in timeline order, however large: what is too much to hold is taken, or read, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from whowas.domain.weight import weight
from whowas.projections.tables.source import EventSource
from whowas.store.recorded_event import RecordedEvent

HELD_BYTES = 64_000_000
"""So much of a change is read ahead, to find out whether it is in timeline order already."""


EVENTS_BETWEEN_REPORTS = 500


class LoggedChange(NamedTuple):
    """A change: its first event, its last position, and all its ``events`` in timeline order, to be taken once."""

    first: RecordedEvent
    last_position: int
    events: Iterable[RecordedEvent]


def changes_of(
    log: EventSource, events: Iterator[RecordedEvent], reached: Callable[[int], None]
) -> Iterator[LoggedChange | RecordedEvent]:
    """Yield the changes that ``events`` consist of; one of a single event, as almost all are, as that event itself.

    ``reached`` is told of every 500th position.
    """
    first = next(events, None)
    while first is not None:
        following = next(events, None)
        if following is None or following.change_id != first.change_id:
            yield first
            if first.position % EVENTS_BETWEEN_REPORTS == 0:
                reached(first.position)
            first = following
        else:
            together = _Together(first, following, events, reached)
            yield gathered(log, together)
            first = together.following()


class _Together:
    """The events of a change whose first two were taken already, and what follows it."""

    def __init__(
        self,
        first: RecordedEvent,
        second: RecordedEvent,
        events: Iterator[RecordedEvent],
        reached: Callable[[int], None],
    ) -> None:
        self._change_id = first.change_id
        self._next: RecordedEvent | None = first
        self._events = chain([second], events)
        self._reached = reached

    def __iter__(self) -> Iterator[RecordedEvent]:
        return self

    def __next__(self) -> RecordedEvent:
        here = self._next
        if here is None or here.change_id != self._change_id:
            raise StopIteration
        self._next = next(self._events, None)
        if here.position % EVENTS_BETWEEN_REPORTS == 0:
            self._reached(here.position)
        return here

    def following(self) -> RecordedEvent | None:
        """Return the first event that is of another change, past those that nobody took."""
        for _ in self:
            pass
        return self._next


def gathered(log: EventSource, recorded_order: Iterator[RecordedEvent]) -> LoggedChange:
    """Return the change that consists of the events given, which must not be taken any further before its own."""
    first = last = next(recorded_order)
    held, held_bytes = [first], 0
    for last in recorded_order:
        held.append(last)
        held_bytes += weight(last.event)
        if held_bytes > HELD_BYTES:
            return _large(log, held, recorded_order)
    if len(held) > 1:
        held.sort(key=attrgetter("occurred_at"))
    return LoggedChange(first, last.position, held)


def _large(log: EventSource, held: list[RecordedEvent], rest: Iterator[RecordedEvent]) -> LoggedChange:
    first = held[0]
    places = log.timeline_keys_of_change(first.position)
    last_position = places[-1][1]
    if places == sorted(places):
        return LoggedChange(first, last_position, chain(held, rest))
    held.clear()
    return LoggedChange(first, last_position, _read_again(log, places))


def _read_again(log: EventSource, places: list[tuple[int, int]]) -> Iterator[RecordedEvent]:
    """Yield in timeline order the events at (occurred_at, position) of all events of one change, in recorded order."""
    order = sorted(range(len(places)), key=lambda number: places[number][0])
    start = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or order[end] != order[end - 1] + 1:
            after, through = places[order[start]][1] - 1, places[order[end - 1]][1]
            with closing(log.read(after, through)) as run:
                yield from run
            start = end
