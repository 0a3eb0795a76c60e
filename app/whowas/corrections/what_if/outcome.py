"""What became of a directory that is only imagined, and how it differs from what there is."""

from __future__ import annotations

from dataclasses import dataclass

from whowas.corrections.what_if.imagined_log import ImaginedLog
from whowas.domain.commands import Command, DescribeField, LookCommand, OrderFields
from whowas.domain.directory import Directory
from whowas.domain.named_moments import NamedMoment
from whowas.domain.sentences import FieldChange
from whowas.domain.users import User
from whowas.store.gc_pauses import let_go


@dataclass(frozen=True, slots=True)
class Refused:
    """A later command that could not have been carried out; ``reason`` is the sentence, ``field`` what it is about.

    The rest of its change stands. ``person`` and ``title`` say what it did in truth ("Ada Ito", "Title changed");
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
class FieldDifference:
    """A custom field's name now and as it would be; None where it is, or would be, deleted."""

    field_id: str
    now: str | None
    would_be: str | None


@dataclass(frozen=True, slots=True)
class MomentDifference:
    """A named moment now and as it would be; None where there is, or would be, none."""

    moment_id: str
    now: NamedMoment | None
    would_be: NamedMoment | None


@dataclass(frozen=True, slots=True)
class WhatIfOutcome:
    """The directory without the changes called ``without``, all later ones decided again.

    ``head`` is the position through which the log was looked at, ``directory_now`` the directory's own state there.
    ``users`` and ``directory`` are what would be now; ``log`` is the log as it would be, from which a read side can be
    folded. ``looks`` are the commands that would give groups their other colours and order. ``fields`` names the custom
    fields that would not be defined; ``field_differences`` are those with another name, or deleted at one of both.
    ``described`` and ``field_order`` are the commands that would make fields what they would be. ``unseen`` are users
    without a difference, who are still members of a group that has ended, would be there again, and would not have
    them.
    """

    without: tuple[str, ...]
    head: int
    directory_now: Directory
    users: dict[str, User]
    directory: Directory
    log: ImaginedLog
    refused: list[Refused]
    user_differences: list[UserDifference]
    group_differences: tuple[GroupDifference, ...]
    moment_differences: tuple[MomentDifference, ...]
    looks: tuple[LookCommand, ...]
    fields: tuple[str, ...]
    field_differences: tuple[FieldDifference, ...]
    described: tuple[DescribeField, ...]
    field_order: tuple[OrderFields, ...]
    unseen: tuple[UserDifference, ...]

    def close(self) -> None:
        """Forget the most of it, as nobody looks at it any more; that takes a while."""
        let_go(self.refused, self.user_differences, self.users)
        self.log.close()

    @property
    def differs(self) -> bool:
        """Whether there is anything that could be made so: a custom field, once defined, stays defined."""
        fields = self.field_differences or self.described or self.field_order
        directory = self.group_differences or fields or self.looks or self.moment_differences
        return bool(self.user_differences or directory)
