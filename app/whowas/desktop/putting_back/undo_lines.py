"""What undoing a change would do, in lines and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whowas.corrections.undo_one.outcome import Outcome, outcome
from whowas.corrections.undo_one.plan import Extent, UndoPlan
from whowas.desktop.kit.dialogs.change_preview import (
    Line,
    definition_line,
    directory_line,
    field_order_line,
    lines_of,
    look_line,
)
from whowas.domain.commands import DeleteMoment, MomentCommand, NameMoment, RenameMoment
from whowas.domain.fields import counted, listed, shortened
from whowas.domain.named_moments import Moments
from whowas.domain.sentences import field_changes
from whowas.domain.users import User

_NAMES_TOLD = 5
_SOURCE = 120
"""Characters of the name of an import, which lists every file."""
_ALL = "All of it is taken back that nobody changed since."


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan, and lines of what it would do while none of its conflicts is chosen.

    ``kept`` says which groups and custom fields stay, and why.
    """

    plan: UndoPlan
    lines: Sequence[Line]
    kept: Sequence[str]


def preview(plan: UndoPlan) -> Preview:
    """Return what ``plan`` would do; for a job, because there may be many lines."""
    would_be = outcome(plan)
    return Preview(plan, _lines(plan, would_be), _kept(plan, would_be))


def part_for(extent: Extent, users: int) -> str:
    """Say which part of a change goes back, where that is what it did to some of its users."""
    whose = f"{users:,} of {counted(extent.users, 'user')}"
    return f"What the import did to {whose} goes back where nobody changed it since; groups and fields it made stay."


def part_of(extent: Extent) -> str:
    """Say which larger change a step is part of, "" where the change is no more than it."""
    users = counted(extent.users, "user")
    size = users if extent.steps == 1 else f"{users}, {extent.steps:,} steps"
    source = None if extent.source is None else shortened(extent.source, _SOURCE)
    if extent.steps > 1:
        whole = "a larger change" if source is None else f"the import {source}"
        return f"This step is part of {whole}: {size}. {_ALL}"
    if source is not None:
        return f"This is the whole import {source}: {size}. {_ALL}"
    return f"This change is to {size}. {_ALL}" if extent.users > 1 else ""


def _lines(plan: UndoPlan, would_be: Outcome) -> list[Line]:
    names, now = plan.names(), plan.directory
    lines = [line for user, then in would_be.users for line in lines_of(user.name, field_changes(user, then, names))]
    lines += [directory_line("Group", now.groups.get(group_id), name) for group_id, name in would_be.groups.items()]
    lines += [directory_line("Custom field", now.fields.get(key), name) for key, name in would_be.fields.items()]
    lines += [definition_line(command, now) for command in would_be.described]
    if would_be.field_order is not None:
        coming = {key: name for key, name in would_be.fields.items() if name is not None}
        lines.append(field_order_line(now, would_be.field_order, coming))
    lines += [look_line(command, plan.directory, names) for command in would_be.looks]
    return lines + [_moment_line(command, now.moments) for command in would_be.moments]


def _moment_line(command: MomentCommand, moments: Moments) -> Line:
    known = moments.get(command.moment_id)
    now = None if known is None else known.name
    match command:
        case DeleteMoment():
            return directory_line("Named moment", now, None)
        case RenameMoment(_, name, note) if known is not None and known.name == name:
            return Line(name, "Note", known.note or "empty", note or "empty")
        case NameMoment(_, name) | RenameMoment(_, name):
            return directory_line("Named moment", now, name)


def _kept(plan: UndoPlan, would_be: Outcome) -> list[str]:
    groups, fields = plan.directory.groups, plan.directory.fields
    return [
        *(
            f"The group {groups.get(group_id, '')} stays as long as somebody is in it: {_named(members)}."
            for group_id, members in would_be.kept.items()
        ),
        *(
            f"The custom field {fields.get(field_id, '')} stays as long as somebody has a value in it: {_named(users)}."
            for field_id, users in would_be.kept_fields.items()
        ),
    ]


def _named(users: Sequence[User]) -> str:
    names = [user.name for user in users[:_NAMES_TOLD]]
    if others := len(users) - len(names):
        names.append(f"{others:,} more")
    return listed(names)
