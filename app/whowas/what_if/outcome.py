"""What became of a directory that is only imagined, and how it differs from what there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whowas.domain.commands import Command
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.events import DirectoryEvent, UserEvent
from whowas.domain.named_moments import NamedMoment
from whowas.domain.sentences import FieldChange
from whowas.domain.streams import fold
from whowas.domain.users import User


@dataclass(frozen=True, slots=True)
class Refused:
    """A later command that could not have been carried out; ``reason`` is the sentence, ``field`` what it is about.

    The rest of its change stands. ``person`` and ``title`` tell what it did in truth ("Ada Ito", "Title changed");
    the person is empty where it was about the directory itself, and ``user_id`` None. Moments are UTC microseconds.
    """

    user_id: str | None
    person: str
    title: str
    command: Command
    field: str
    reason: str
    change_id: str
    position: int
    recorded_at: int
    occurred_at: int
    actor: str


@dataclass(frozen=True, slots=True)
class UserDifference:
    """How one user would differ from ``now``; ``would_be`` None means that there would be no such user.

    ``changes`` lead from now to what would be, every field that differs.
    """

    now: User
    would_be: User | None
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """A group's name now and as it would be; None where there is, or would be, no such group."""

    group_id: str
    now: str | None
    would_be: str | None


@dataclass(frozen=True, slots=True)
class MomentDifference:
    """A named moment now and as it would be; None where there is, or would be, none."""

    moment_id: str
    now: NamedMoment | None
    would_be: NamedMoment | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The directory without the changes called ``without``, all later ones decided again.

    ``head`` is the position through which the log was looked at. ``users`` and ``directory`` are what would be now;
    ``user_lives`` (by user id) and ``directory_life`` hold (occurred_at, event) in timeline order, as they would be.
    ``fields`` names the custom fields that would not be defined. ``unseen`` are users without a difference, who are
    still members of a group that has ended, would be there again, and would not have them.
    """

    without: tuple[str, ...]
    head: int
    users: Mapping[str, User]
    directory: Directory
    user_lives: Mapping[str, Sequence[tuple[int, UserEvent]]]
    directory_life: Sequence[tuple[int, DirectoryEvent]]
    refused: tuple[Refused, ...]
    user_differences: tuple[UserDifference, ...]
    group_differences: tuple[GroupDifference, ...]
    moment_differences: tuple[MomentDifference, ...]
    fields: tuple[str, ...]
    unseen: tuple[UserDifference, ...]

    def user_at(self, user_id: str, moment: int) -> User | None:
        """Return a user as of a moment (UTC microseconds, all of it included), or None."""
        return fold(None, (event for occurred_at, event in self.user_lives.get(user_id, ()) if occurred_at <= moment))

    def users_at(self, moment: int) -> dict[str, User]:
        """Return everybody as of a moment (UTC microseconds, all of it included), by user id."""
        found = ((user_id, self.user_at(user_id, moment)) for user_id in self.user_lives)
        return {user_id: user for user_id, user in found if user is not None}

    def directory_at(self, moment: int) -> Directory:
        """Return the directory's own state as of a moment (UTC microseconds, all of it included)."""
        directory = Directory()
        for occurred_at, event in self.directory_life:
            if occurred_at <= moment:
                directory = evolve_directory(directory, event)
        return directory
