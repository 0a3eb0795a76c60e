"""A user's, or the directory's, whole life as the write model remembers it while it decides."""

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

    life: tuple[tuple[int, int, UserEvent], ...] = ()
    user: User | None = None

    @property
    def version(self) -> int:
        """How many events there are: the version the next one must follow."""
        return len(self.life)

    @property
    def erased(self) -> bool:
        """Whether there was a user, who was erased."""
        return self.user is None and bool(self.life)

    @property
    def last_occurred_at(self) -> int:
        """The latest moment of the life so far, in UTC microseconds; 0 before it begins."""
        return self.life[-1][0] if self.life else 0

    def as_of(self, occurred_at: int) -> User | None:
        """Return the user as of a moment, everything at that moment included."""
        if occurred_at >= self.last_occurred_at:
            return self.user
        return fold(None, (event for moment, _, event in self.life if moment <= occurred_at))

    def then(self, occurred_at: int, event: UserEvent) -> UserStream:
        """Return this life with ``event`` at ``occurred_at``, after everything known of that moment."""
        if isinstance(event, UserErased):
            forgotten = ((moment, version, _forgotten(known)) for moment, version, known in self.life)
            return UserStream((*forgotten, (occurred_at, self.version, event)))
        life = (*self.life, (occurred_at, self.version, event))
        if occurred_at >= self.last_occurred_at:
            return UserStream(life, evolve(self.user, event))
        life = tuple(sorted(life, key=lambda known: known[:2]))
        return UserStream(life, fold(None, (known for _, _, known in life)))


def _forgotten(event: UserEvent) -> Forgotten:
    return event if isinstance(event, Forgotten) else Forgotten(type(event).__name__)


@dataclass(frozen=True, slots=True)
class DirectoryStream:
    """All events of the directory's own stream with their moments, in timeline order; ``directory`` is their fold."""

    life: tuple[tuple[int, int, DirectoryEvent], ...] = ()
    directory: Directory = field(default_factory=Directory)

    @property
    def last_occurred_at(self) -> int:
        """The latest moment of the life so far, in UTC microseconds; 0 before it begins."""
        return self.life[-1][0] if self.life else 0

    def then(self, occurred_at: int, event: DirectoryEvent) -> DirectoryStream:
        """Return this life with ``event`` at ``occurred_at``, after everything known of that moment."""
        life = (*self.life, (occurred_at, len(self.life), event))
        if occurred_at >= self.last_occurred_at:
            return DirectoryStream(life, evolve_directory(self.directory, event))
        life = tuple(sorted(life, key=lambda known: known[:2]))
        directory = Directory()
        for _, _, known in life:
            directory = evolve_directory(directory, known)
        return DirectoryStream(life, directory)
