"""A user's, or the directory's, events in timeline order, as the write model keeps them while it decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.events import DirectoryEvent, Forgotten, UserErased, UserEvent
from whowas.domain.users import User, evolve


def fold(user: User | None, events: Iterable[UserEvent]) -> User | None:
    """Return the user after ``events``, in the order given."""
    for event in events:
        user = evolve(user, event)
    return user


@dataclass(frozen=True, slots=True)
class UserStream:
    """All events of one user with their moments, in timeline order; ``user`` is their fold.

    Of an erased user there are moments and kinds of events, and nothing else.
    """

    events: tuple[tuple[int, int, UserEvent], ...] = ()
    user: User | None = None

    @property
    def version(self) -> int:
        """How many events there are: the version the next one must follow."""
        return len(self.events)

    @property
    def erased(self) -> bool:
        """Whether there was a user, who was erased."""
        return self.user is None and bool(self.events)

    @property
    def last_occurred_at(self) -> int:
        """The latest moment of the events so far, in UTC microseconds; 0 before it begins."""
        return self.events[-1][0] if self.events else 0

    def as_of(self, occurred_at: int) -> User | None:
        """Return the user as of a moment, everything at that moment included."""
        if occurred_at >= self.last_occurred_at:
            return self.user
        return fold(None, (event for moment, _, event in self.events if moment <= occurred_at))

    def then(self, occurred_at: int, event: UserEvent) -> UserStream:
        """Return this stream with ``event`` at ``occurred_at``, after everything known of that moment."""
        if isinstance(event, UserErased):
            forgotten = ((moment, version, _forgotten(known)) for moment, version, known in self.events)
            return UserStream((*forgotten, (occurred_at, self.version, event)))
        events = (*self.events, (occurred_at, self.version, event))
        if occurred_at >= self.last_occurred_at:
            return UserStream(events, evolve(self.user, event))
        events = tuple(sorted(events, key=lambda known: known[:2]))
        return UserStream(events, fold(None, (known for _, _, known in events)))


def _forgotten(event: UserEvent) -> Forgotten:
    return event if isinstance(event, Forgotten) else Forgotten(type(event).__name__)


@dataclass(frozen=True, slots=True)
class DirectoryStream:
    """All events of the directory's own stream with their moments, in timeline order; ``directory`` is their fold."""

    events: tuple[tuple[int, int, DirectoryEvent], ...] = ()
    directory: Directory = field(default_factory=Directory)

    @property
    def last_occurred_at(self) -> int:
        """The latest moment of the events so far, in UTC microseconds; 0 before it begins."""
        return self.events[-1][0] if self.events else 0

    def then(self, occurred_at: int, event: DirectoryEvent) -> DirectoryStream:
        """Return this stream with ``event`` at ``occurred_at``, after everything known of that moment."""
        events = (*self.events, (occurred_at, len(self.events), event))
        if occurred_at >= self.last_occurred_at:
            return DirectoryStream(events, evolve_directory(self.directory, event))
        events = tuple(sorted(events, key=lambda known: known[:2]))
        directory = Directory()
        for _, _, known in events:
            directory = evolve_directory(directory, known)
        return DirectoryStream(events, directory)
