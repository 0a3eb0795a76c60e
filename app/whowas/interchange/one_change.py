"""What it takes to decide what becomes of users: a change as it is being decided, or one as of an earlier moment."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from whowas.command_bus.uniqueness import ContestedValue
from whowas.domain.commands import Command
from whowas.domain.directory import Directory
from whowas.domain.progress import Progress, unwatched
from whowas.domain.users import User


class Owning(Protocol):
    """Who has what only one user may have; see ``Reservations``."""

    def owners_of_email(self, email: str) -> frozenset[str]:
        """Return the ids of the users who hold that email, given as it is written or as its comparison key."""

    def owners_of_external_id(self, external_id: str) -> frozenset[str]:
        """Return the ids of the users with that external id, given as it is written or as its comparison key."""

    def owner_of_email(self, email: str) -> str | None:
        """Return the id of a user who holds that email, the first one of several, or None."""


class OneChange(Protocol):
    """The part of ``Change`` that a list is decided on."""

    @property
    def reservations(self) -> Owning:
        """Who has what only one user may have, after the commands so far."""

    @property
    def events(self) -> int:
        """How many events the commands so far have caused."""

    @property
    def head_position(self) -> int:
        """The last position of the log, 0 where it is empty."""

    def directory(self) -> Directory:
        """Return the directory's own state after the commands so far."""

    def user(self, user_id: str) -> User | None:
        """Return the user after the commands so far, or None."""

    def dispatch(self, *commands: Command) -> None:
        """Decide commands together. Raises RefusedError, and leaves the change as it was before the call."""

    def together(self, *, progress: Progress = unwatched) -> AbstractContextManager[None]:
        """Judge unique values by what all commands dispatched inside the block come to."""

    def contested(self, progress: Progress = unwatched) -> list[ContestedValue]:
        """Return what users came to hold within the block ``together`` so far while other users hold it too."""

    def users_of_source(self, source: str) -> set[str]:
        """Return the ids of all whom earlier imports of a list of that source made, changed or met unchanged."""
