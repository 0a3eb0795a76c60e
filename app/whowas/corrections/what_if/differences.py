"""How what would be differs from what is."""

from __future__ import annotations

from collections.abc import Mapping

from whowas.corrections.what_if.outcome import FieldDifference, GroupDifference, MomentDifference, UserDifference
from whowas.domain.directory import Directory
from whowas.domain.sentences import FieldChange, field_changes
from whowas.domain.users import User


def user_differences(
    now: Mapping[str, User], directory: Directory, would_be: Mapping[str, User], directory_would_be: Directory
) -> list[UserDifference]:
    """Return how users differ; memberships count only as far as they show."""
    names = {**directory.names, **directory_would_be.names}
    external_ids = {user.external_id for user in would_be.values() if user.external_id is not None}
    differences: list[UserDifference] = []
    for user_id, user in now.items():
        other = would_be.get(user_id)
        if other is not None:
            shown = _shown(other, directory_would_be)
            changes = field_changes(_shown(user, directory), shown, names)
        elif user.status == "deleted" and user.external_id not in external_ids:
            continue  # nobody could tell this user from none
        else:
            begun = field_changes(None, _shown(user, directory), names)
            changes = [FieldChange(change.field, change.after, None) for change in begun]
        if changes:
            differences.append(UserDifference(user, other, tuple(changes)))
    return differences


def unseen_differences(
    now: Mapping[str, User], directory: Directory, would_be: Mapping[str, User], directory_would_be: Directory
) -> list[UserDifference]:
    """Return of whom nothing that shows differs, while the groups do in which they are.

    They would show as members of a group that is there again, without being that, or be in another group of one name.
    """
    names = {**directory.names, **directory_would_be.names}
    coming = directory_would_be.groups.keys() - directory.groups.keys()
    unseen: list[UserDifference] = []
    for user_id, user in now.items():
        other = would_be.get(user_id)
        if other is not None:
            before, after = _shown(user, directory), _shown(other, directory_would_be)
            otherwise = (user.groups & coming) - other.groups or before.groups != after.groups
            if otherwise and not field_changes(before, after, names):
                unseen.append(UserDifference(user, other, ()))
    return unseen


def group_differences(directory: Directory, would_be: Directory) -> list[GroupDifference]:
    """Return how groups differ."""
    now, other = directory.groups, would_be.groups
    return [
        GroupDifference(group_id, now.get(group_id), other.get(group_id))
        for group_id in sorted({*now, *other})
        if now.get(group_id) != other.get(group_id)
    ]


def field_differences(directory: Directory, would_be: Directory) -> list[FieldDifference]:
    """Return how custom fields differ that there are, or are deleted, in both."""
    now, other = directory.fields, would_be.fields
    return [
        FieldDifference(field_id, now.get(field_id), other.get(field_id))
        for field_id in {**now, **other}
        if now.get(field_id) != other.get(field_id)
        and (field_id in now or field_id in directory.deleted_fields)
        and (field_id in other or field_id in would_be.deleted_fields)
    ]


def moment_differences(directory: Directory, would_be: Directory) -> list[MomentDifference]:
    """Return how named moments differ."""
    now, other = directory.moments, would_be.moments
    return [
        MomentDifference(moment_id, now.get(moment_id), other.get(moment_id))
        for moment_id in sorted({*now, *other})
        if now.get(moment_id) != other.get(moment_id)
    ]


def _shown(user: User, directory: Directory) -> User:
    return user._replace(groups=user.groups & directory.groups.keys())
