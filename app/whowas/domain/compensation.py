"""Taking back: the commands that undo what a change did, and nothing else."""

from __future__ import annotations

from whowas.domain.commands import (
    ClearPassword,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    ReactivateUser,
    RestoreUser,
    SetPassword,
    SuspendUser,
    UpdateUser,
    UserCommand,
)
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, label
from whowas.domain.users import User


def compensation(before: User | None, after: User, now: User) -> list[UserCommand]:
    """Return the commands that bring a user from ``after`` a change back to ``before`` it.

    Only what the change altered is touched. Raises RefusedError when some of that was altered again since, as
    ``now`` shows: taking back must not silently revert later work.
    """
    if before is None:
        _require_untouched(after, now, list(_differences(after, now)))
        return [] if now.status == "deleted" else [DeleteUser(after.id)]
    altered = _differences(before, after)
    _require_untouched(after, now, [name for name in altered if name in _differences(after, now)])
    commands: list[UserCommand] = []
    if after.status == "deleted" and before.status != "deleted":
        commands.append(RestoreUser(now.id))
    commands.extend(_fields_back(before, after))
    commands.extend(JoinGroup(now.id, group_id) for group_id in sorted(before.groups - after.groups))
    commands.extend(LeaveGroup(now.id, group_id) for group_id in sorted(after.groups - before.groups))
    if "password" in altered:
        commands.append(SetPassword(now.id, before.password) if before.password else ClearPassword(now.id))
    if "status" in altered:
        commands.extend(_status_back(before, after))
    return commands


def _differences(one: User, other: User) -> dict[str, None]:
    """Return the names of what differs, as an ordered set; groups count one by one."""
    names = [name for name in (*LABELS, "password", "status") if getattr(one, name) != getattr(other, name)]
    names.extend(
        ATTRIBUTE_PREFIX + name
        for name in sorted({*one.attributes, *other.attributes})
        if one.attributes.get(name) != other.attributes.get(name)
    )
    names.extend(f"groups.{group_id}" for group_id in sorted(one.groups ^ other.groups))
    return dict.fromkeys(names)


def _require_untouched(after: User, now: User, touched: list[str]) -> None:
    if touched:
        field = touched[0]
        what = "a group" if field.startswith("groups.") else label(field).lower()
        raise RefusedError(
            field, f"{now.name or after.name} was changed again since ({what}), so this cannot be undone."
        )


def _fields_back(before: User, after: User) -> list[UserCommand]:
    changes = {name: before.text(name) for name in LABELS if before.text(name) != after.text(name)}
    attributes = {
        name: before.attributes.get(name)
        for name in sorted({*before.attributes, *after.attributes})
        if before.attributes.get(name) != after.attributes.get(name)
    }
    return [UpdateUser(before.id, changes, attributes)] if changes or attributes else []


def _status_back(before: User, after: User) -> list[UserCommand]:
    match before.status:
        case "deleted":
            return [DeleteUser(before.id)]
        case "suspended":
            return [SuspendUser(before.id)]
        case "active":
            return [ReactivateUser(before.id)] if after.status == "suspended" else []
