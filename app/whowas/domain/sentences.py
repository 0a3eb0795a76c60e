"""What people are told about changes: one sentence each, shared by history, undo and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, assert_never

from whowas.domain.directory import Directory
from whowas.domain.events import (
    DirectoryEvent,
    FieldDefined,
    GroupCreated,
    GroupDeleted,
    GroupRenamed,
    MomentDeleted,
    MomentNamed,
    MomentRenamed,
)
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, label, listed
from whowas.domain.users import User

Kind = Literal["created", "restored", "deleted", "suspended", "reactivated", "password", "groups", "changed"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's value before and after; None where it was or became empty."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """What became of one user: ``title`` names it ("Title changed"), ``detail`` gives the values."""

    kind: Kind
    title: str
    detail: str

    @property
    def text(self) -> str:
        """Title and detail as one."""
        return f"{self.title}: {self.detail}" if self.detail else self.title


def field_changes(before: User | None, after: User, groups: Mapping[str, str]) -> list[FieldChange]:
    """Return every field that differs, in the order of the form; a password's value is never told.

    ``groups`` maps group ids to names.
    """
    fields = [FieldChange(name, before.text(name) if before else None, after.text(name)) for name in LABELS]
    old = before.attributes if before else {}
    fields.extend(
        FieldChange(ATTRIBUTE_PREFIX + name, old.get(name), after.attributes.get(name))
        for name in sorted({*old, *after.attributes})
    )
    fields.append(FieldChange("groups", _groups(before, groups), _groups(after, groups)))
    fields.append(FieldChange("status", before.status if before else None, after.status))
    if (before.password if before else None) != after.password:
        fields.append(FieldChange("password", None, "set" if after.password else "cleared"))
    return [change for change in fields if change.before != change.after]


def sentence(before: User | None, after: User, groups: Mapping[str, str]) -> Sentence:
    """Return what happened between two states of a user; None as ``before`` means the user began.

    ``groups`` maps group ids to names.
    """
    if before is None:
        return Sentence("created", "Created", after.name)
    changes = field_changes(before, after, groups)
    detail = _detail(changes)
    match (before.status, after.status):
        case (old, new) if old == new:
            return _changed(before, after, changes, groups)
        case (_, "deleted"):
            return Sentence("deleted", "Deleted", after.name)
        case ("deleted", _):
            return Sentence("restored", "Restored", detail or after.name)
        case (_, "suspended"):
            return Sentence("suspended", "Suspended", detail or after.name)
        case _:
            return Sentence("reactivated", "Reactivated", detail or after.name)


def directory_sentence(before: Directory, event: DirectoryEvent) -> str:
    """Return what ``event`` did to the directory itself, as it was ``before``."""
    match event:
        case FieldDefined():
            return "Custom field defined"
        case GroupCreated(_, name):
            return f"Group {name} created"
        case GroupRenamed(_, name):
            return f"Group renamed to {name}"
        case GroupDeleted(group_id):
            return f"Group {before.groups.get(group_id, '')} deleted"
        case MomentNamed(_, name):
            return f"Moment named {name}"
        case MomentRenamed(moment_id, name):
            known = before.moments.get(moment_id)
            return f"Note of moment {name} changed" if known and known.name == name else f"Moment renamed to {name}"
        case MomentDeleted(moment_id):
            known = before.moments.get(moment_id)
            return f"Name of moment {known.name if known else ''} deleted"
        case _:
            assert_never(event)


def _changed(before: User, after: User, changes: list[FieldChange], groups: Mapping[str, str]) -> Sentence:
    others = [change for change in changes if change.field not in ("groups", "password")]
    if not others and before.password != after.password:
        return Sentence("password", "Password set" if after.password else "Password cleared", "")
    if not others and before.groups != after.groups:
        joined = sorted(groups.get(group_id, "a deleted group") for group_id in after.groups - before.groups)
        left = sorted(groups.get(group_id, "a deleted group") for group_id in before.groups - after.groups)
        titles = ([f"Added to {_counted(joined)}"] if joined else []) + (
            [f"Removed from {_counted(left)}"] if left else []
        )
        return Sentence("groups", "; ".join(titles), "; ".join(listed(names) for names in (joined, left) if names))
    if len(others) == 1:
        return Sentence("changed", f"{label(others[0].field)} changed", _arrow(others[0]))
    if not others:
        return Sentence("changed", "Nothing changed", "")
    return Sentence("changed", f"{listed(label(change.field) for change in others)} changed", _detail(others))


def _counted(names: list[str]) -> str:
    return "group" if len(names) == 1 else f"{len(names)} groups"


def _detail(changes: list[FieldChange]) -> str:
    told = [change for change in changes if change.field not in ("status", "password")]
    return "; ".join(f"{label(change.field)}: {_arrow(change)}" for change in told)


def _arrow(change: FieldChange) -> str:
    return f"{change.before or 'empty'} → {change.after or 'empty'}"


def _groups(user: User | None, names: Mapping[str, str]) -> str | None:
    if user is None:
        return None
    return ", ".join(sorted(names.get(group_id, "a deleted group") for group_id in user.groups)) or None
