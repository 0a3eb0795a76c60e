"""Bringing users and groups to given states within one change, even if unique values pass from one to another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from whowas.command_bus.field_steering import FieldNames, end_fields, name_fields
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import CreateGroup, DeleteGroup, DescribeField, RenameGroup
from whowas.domain.commands_between import commands_between
from whowas.domain.custom_fields import left_alone
from whowas.domain.describing import require_whole
from whowas.domain.fields import ATTRIBUTE_PREFIX, name_key
from whowas.domain.progress import Progress, unwatched
from whowas.domain.unique import unique_fields
from whowas.domain.users import User

_NONE: FieldNames = MappingProxyType({})


def bring(
    change: Change,
    users: Iterable[User],
    groups: Mapping[str, str | None],
    progress: Progress = unwatched,
    fields: FieldNames = _NONE,
    described: Collection[DescribeField] = (),
    *,
    relaxes: bool = False,
) -> None:
    """Dispatch the commands that give users, groups and custom fields these states.

    ``groups`` maps group ids to names, None for a group that is to be deleted; ``fields`` does so of custom fields,
    which are to be as ``described``, whatever users have in them: all of that was so before. A value that must be
    unique may pass from one user or group to another, also in a circle: what all users come to counts. With
    ``relaxes`` a custom field is unique no more in which several come to hold the same. Memberships of deleted groups
    and values of deleted fields are left alone, as they do not show. All these values were held before, so they are
    taken to the letter. Raises RefusedError if such a value belongs to somebody else, if a field would be as none can
    be, or another rule forbids a state.
    """
    group_names = _name_groups(change, groups)
    field_names = name_fields(change, fields)
    with change.as_recorded():
        # Values may be unique again only once they are.
        change.dispatch(*(one for one in described if not one.unique))
        with change.together():
            # Who is to be deleted comes first, as a person would do it.
            _bring(change, sorted(users, key=lambda user: user.status != "deleted"), progress)
            if relaxes:
                change.dispatch(*_relaxed(change, progress))
        change.dispatch(*(one for one in described if one.unique))
    ended = (group_id for group_id, name in groups.items() if name is None)
    change.dispatch(*(DeleteGroup(group_id) for group_id in ended if group_id in change.directory().groups))
    with change.as_recorded():  # nobody else renames what is deleted
        change.dispatch(*(RenameGroup(group_id, name) for group_id, name in group_names.items()))
    end_fields(change, fields, field_names)
    directory = change.directory()
    for field_id in sorted({one.field_id for one in described} & directory.fields.keys()):
        require_whole("name", directory.fields[field_id], directory.definition(field_id))


def _name_groups(change: Change, groups: Mapping[str, str | None]) -> dict[str, str]:
    """Dispatch the commands that give groups these names; none is deleted yet.

    Return the names of those to be deleted that have another one until then, by their ids.
    """
    coming = dict(groups)
    let_go: dict[str, str] = {}
    for group_id, name in groups.items():
        if name is None:
            continue
        del coming[group_id]
        owner = change.directory().group_named(name)
        if owner in coming and name_key(coming[owner] or "") != name_key(name):
            let_go[owner] = change.directory().groups[owner]
            # Use the id as a temporary name that no other group has; the final name, or deletion, follows.
            change.dispatch(RenameGroup(owner, owner))
        known = group_id in change.directory().groups
        change.dispatch(RenameGroup(group_id, name) if known else CreateGroup(group_id, name))
    return {group_id: name for group_id, name in let_go.items() if groups[group_id] is None}


def _relaxed(change: Change, progress: Progress) -> list[DescribeField]:
    """Return the commands by which fields are unique no more in which several came to hold the same."""
    if not unique_fields(change.directory()):
        return []
    fields = {one.field for one in change.contested(progress) if one.field.startswith(ATTRIBUTE_PREFIX)}
    return [DescribeField(field.removeprefix(ATTRIBUTE_PREFIX), unique=False) for field in sorted(fields)]


def _bring(change: Change, users: Sequence[User], progress: Progress) -> None:
    for done, target in enumerate(users):
        progress(done, len(users))
        now = _user(change, target.id)
        directory = change.directory()
        wanted = target._replace(groups=target.groups & (now.groups | directory.groups.keys()))
        if directory.deleted_fields:
            wanted = wanted._replace(attributes=left_alone(wanted.attributes, now.attributes, directory.fields))
        change.dispatch(*commands_between(now, wanted))


def _user(change: Change, user_id: str) -> User:
    user = change.user(user_id)
    assert user is not None, "only existing users have a target state"
    return user
