"""A user's, or the directory's, whole life as the write model remembers it while it decides."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.events import DirectoryEvent, UserEvent
from whowas.domain.users import User, evolve


def fold(user: User | None, events: Iterable[UserEvent]) -> User | None:
    """Return the user after ``events``, in the order given."""
    for event in events:
        user = evolve(user, event)
    return user


@dataclass(slots=True)
class UserStream:
    """All events of one user with their moments, kept in timeline order; ``user`` is their fold."""

    life: list[tuple[int, int, UserEvent]] = field(default_factory=list)
    user: User | None = None

    @property
    def version(self) -> int:
        """How many events there are: the version the next one must follow."""
        return len(self.life)

    @property
    def last_occurred_at(self) -> int:
        """The latest moment of the life so far, in UTC microseconds; 0 before it begins."""
        return self.life[-1][0] if self.life else 0

    def as_of(self, occurred_at: int) -> User | None:
        """Return the user as of a moment, everything at that moment included."""
        if occurred_at >= self.last_occurred_at:
            return self.user
        return fold(None, (event for moment, _, event in self.life if moment <= occurred_at))

    def add(self, occurred_at: int, event: UserEvent) -> None:
        """Let ``event`` have happened at ``occurred_at``, after everything known of that moment."""
        entry = (occurred_at, self.version, event)
        if occurred_at >= self.last_occurred_at:
            self.life.append(entry)
            self.user = evolve(self.user, event)
        else:
            insort(self.life, entry, key=lambda known: known[:2])
            self.user = fold(None, (known for _, _, known in self.life))

    def copy(self) -> UserStream:
        """Return an independent stream with the same life."""
        return UserStream(self.life.copy(), self.user)


@dataclass(slots=True)
class DirectoryStream:
    """The directory's own state; its fields and groups count from when they were recorded."""

    directory: Directory = field(default_factory=Directory)
    last_occurred_at: int = 0

    def add(self, occurred_at: int, event: DirectoryEvent) -> None:
        """Let ``event`` have happened at ``occurred_at``."""
        self.directory = evolve_directory(self.directory, event)
        self.last_occurred_at = max(occurred_at, self.last_occurred_at)

    def copy(self) -> DirectoryStream:
        """Return an independent stream with the same state."""
        return DirectoryStream(self.directory, self.last_occurred_at)
