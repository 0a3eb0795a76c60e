"""The commands that lead a user from one state to another."""

from __future__ import annotations

from collections.abc import Collection, Set

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
from whowas.domain.fields import LABELS
from whowas.domain.users import User


def commands_between(now: User, target: User) -> list[UserCommand]:
    """Return what makes a user who is as ``now`` be as ``target``, versions aside; nothing where they are alike.

    Whoever is deleted and stays so, but differently, is restored for as long as it takes, unless only groups differ.
    """
    others = [*_fields(now, target), *_password(now, target)]
    stays_deleted = now.status == target.status == "deleted" and not others
    memberships = memberships_between(now.id, now.groups, sorted(target.groups), even_deleted=stays_deleted)
    if stays_deleted:
        return [*memberships]
    inner = [*_fields(now, target), *memberships, *_password(now, target)]
    match (now.status, target.status):
        case ("deleted", "deleted"):
            return [RestoreUser(now.id), *inner, DeleteUser(now.id)]
        case (_, "deleted"):
            return [*inner, DeleteUser(now.id)]
        case ("deleted", "active"):
            return [RestoreUser(now.id), *inner]
        case ("deleted", "suspended"):
            return [RestoreUser(now.id), *inner, SuspendUser(now.id)]
        case ("active", "suspended"):
            return [*inner, SuspendUser(now.id)]
        case ("suspended", "active"):
            return [*inner, ReactivateUser(now.id)]
        case _:
            return inner


def memberships_between(
    user_id: str, now: Set[str], wanted: Collection[str], *, even_deleted: bool = False
) -> list[JoinGroup | LeaveGroup]:
    """Return what makes a user who is in the groups ``now`` a member of those ``wanted`` alone; they join in order."""
    left = sorted(group_id for group_id in now if group_id not in wanted)
    return [
        *(JoinGroup(user_id, group_id, even_deleted) for group_id in wanted if group_id not in now),
        *(LeaveGroup(user_id, group_id, even_deleted) for group_id in left),
    ]


def _fields(now: User, target: User) -> list[UserCommand]:
    changes = {name: target.text(name) for name in LABELS if now.text(name) != target.text(name)}
    attributes = {
        name: target.attributes.get(name)
        for name in sorted({*now.attributes, *target.attributes})
        if now.attributes.get(name) != target.attributes.get(name)
    }
    return [UpdateUser(now.id, changes, attributes)] if changes or attributes else []


def _password(now: User, target: User) -> list[UserCommand]:
    if now.password == target.password:
        return []
    return [SetPassword(now.id, target.password) if target.password else ClearPassword(now.id)]
