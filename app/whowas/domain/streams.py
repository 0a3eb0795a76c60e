"""The events of a user, or of the directory, in timeline order, as the write model keeps them while it decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.events import DirectoryEvent, Forgotten, ListImported, UserErased, UserEvent
from whowas.domain.users import User, evolve


def fold(user: User | None, events: Iterable[UserEvent]) -> User | None:
    """Return the user after ``events``, in the order given."""
    for event in events:
        user = evolve(user, event)
    return user


class UserStream(NamedTuple):
    """One user's events in timeline order, as (occurred_at, index in recorded order, event); ``user`` is their fold.

    Of an erased user only times and event types are left. A named tuple, because every event decided makes one.
    """

    events: tuple[tuple[int, int, UserEvent], ...] = ()
    user: User | None = None

    @property
    def version(self) -> int:
        """The number of events, which is the user's version."""
        return len(self.events)

    @property
    def erased(self) -> bool:
        """Whether there was a user who was erased."""
        return self.user is None and bool(self.events)

    @property
    def last_occurred_at(self) -> int:
        """When the last event in timeline order occurred, in UTC microseconds; 0 without events."""
        return self.events[-1][0] if self.events else 0

    def as_of(self, occurred_at: int) -> User | None:
        """Return the user as of ``occurred_at`` (UTC microseconds), including everything that occurred just then."""
        if occurred_at >= self.last_occurred_at:
            return self.user
        return fold(None, (event for when_us, _, event in self.events if when_us <= occurred_at))

    def then(self, occurred_at: int, event: UserEvent) -> UserStream:
        """Return this stream with ``event`` added at ``occurred_at``, after all other events of that time."""
        before, user = self
        if isinstance(event, UserErased):
            forgotten = ((when_us, version, _forgotten(known)) for when_us, version, known in before)
            return UserStream((*forgotten, (occurred_at, self.version, event)))
        events = (*before, (occurred_at, len(before), event))
        if not before or occurred_at >= before[-1][0]:
            return _new(UserStream, (events, evolve(user, event)))
        events = tuple(sorted(events, key=lambda known: known[:2]))
        return UserStream(events, fold(None, (known for _, _, known in events)))


_new = tuple.__new__  # UserStream() ends up here too, after one more call


def _forgotten(event: UserEvent) -> Forgotten:
    return event if isinstance(event, Forgotten) else Forgotten(type(event).__name__)


@dataclass(frozen=True, slots=True)
class DirectoryStream:
    """All events of the directory's own stream, ordered as in UserStream; ``directory`` is their fold."""

    events: tuple[tuple[int, int, DirectoryEvent], ...] = ()
    directory: Directory = field(default_factory=Directory)

    @property
    def last_occurred_at(self) -> int:
        """When the last event in timeline order occurred, in UTC microseconds; 0 without events."""
        return self.events[-1][0] if self.events else 0

    def as_of(self, occurred_at: int) -> Directory:
        """Return the directory as of ``occurred_at`` (UTC µs), including everything that occurred just then."""
        if occurred_at >= self.last_occurred_at:
            return self.directory
        directory = Directory()
        for when_us, _, event in self.events:
            if when_us <= occurred_at:
                directory = evolve_directory(directory, event)
        return directory

    def then(self, occurred_at: int, event: DirectoryEvent) -> DirectoryStream:
        """Return this stream with ``event`` added at ``occurred_at``, after all other events of that time.

        Of a ListImported the ids are left out: they alter nothing, and may be thousands.
        """
        if isinstance(event, ListImported):
            event = ListImported(event.source, ())
        events = (*self.events, (occurred_at, len(self.events), event))
        if occurred_at >= self.last_occurred_at:
            return DirectoryStream(events, evolve_directory(self.directory, event))
        events = tuple(sorted(events, key=lambda known: known[:2]))
        directory = Directory()
        for _, _, known in events:
            directory = evolve_directory(directory, known)
        return DirectoryStream(events, directory)
