"""Bringing users and groups to given states within one change, even if unique values pass from one to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import CreateGroup, DeleteGroup, RenameGroup, RestoreUser, SuspendUser, UpdateUser
from whowas.domain.commands_between import commands_between
from whowas.domain.fields import name_key
from whowas.domain.progress import Progress, unwatched
from whowas.domain.unique import Unique, reserved
from whowas.domain.users import User

_NAMING = ("first_name", "last_name", "email", "external_id")
"""The fields of which a user must have at least one at any time."""


def bring(
    change: Change, users: Iterable[User], groups: Mapping[str, str | None], progress: Progress = unwatched
) -> None:
    """Dispatch the commands that give users and groups these states.

    ``groups`` maps group ids to names, None for a group that is to be deleted. A value that must be unique may pass
    from one user or group to another, also in a circle: the present owner gives it up first. Memberships of deleted
    groups are left alone, as they do not show.
    Raises RefusedError if such a value belongs to somebody else, or another rule forbids a state.
    """
    _name_groups(change, groups)
    _Bringing(change, users).bring_all(progress)
    ended = (group_id for group_id, name in groups.items() if name is None)
    change.dispatch(*(DeleteGroup(group_id) for group_id in ended if group_id in change.directory().groups))


def _name_groups(change: Change, groups: Mapping[str, str | None]) -> None:
    coming = dict(groups)
    for group_id, name in groups.items():
        if name is None:
            continue
        del coming[group_id]
        owner = change.directory().group_named(name)
        if owner in coming and name_key(coming[owner] or "") != name_key(name):
            # Use the id as a temporary name that no other group has; the final name, or deletion, follows.
            change.dispatch(RenameGroup(owner, owner))
        known = group_id in change.directory().groups
        change.dispatch(RenameGroup(group_id, name) if known else CreateGroup(group_id, name))


class _Bringing:
    """Brings users to their target states one after the other; ``_coming`` holds the targets still to be reached."""

    def __init__(self, change: Change, users: Iterable[User]) -> None:
        self._change = change
        # Users to be deleted come first, because deleting them frees their emails for others.
        self._coming = {user.id: user for user in sorted(users, key=lambda user: user.status != "deleted")}
        # A step has at most one change of status a user, so users restored as suspended are suspended at the end.
        self._suspended: list[SuspendUser] = []

    def bring_all(self, progress: Progress) -> None:
        done = 0
        while self._coming:
            progress(done, done + len(self._coming))
            self._bring(self._coming.pop(next(iter(self._coming))))
            done += 1
        self._change.dispatch(*self._suspended)

    def _bring(self, target: User) -> None:
        now = self._user(target.id)
        target = target._replace(groups=target.groups & (now.groups | self._change.directory().groups.keys()))
        if not commands_between(now, target):
            return
        self._clear("external_id", target.external_id, target, for_good=True)
        self._clear("email", target.email, target, for_good=target.status != "deleted")
        if now.status == "deleted":
            self._restore(target)
            if target.status == "suspended":
                self._suspended.append(SuspendUser(target.id))
                target = target._replace(status="active")
        self._change.dispatch(*commands_between(self._user(target.id), target))

    def _restore(self, target: User) -> None:
        email = self._user(target.id).email
        taken = self._owner("email", email) not in (None, target.id)
        if taken and not _named_without("email", self._user(target.id)):
            self._clear("email", email, target, for_good=False)
            taken = False
        self._change.dispatch(RestoreUser(target.id, keep_email=not taken))

    def _clear(self, field: Unique, value: str | None, target: User, *, for_good: bool) -> None:
        """Make another user who holds ``value`` give it up, if their own target state has a different value.

        When the value is needed only for a while (not ``for_good``), any user gives it up, and gets it back in turn.
        """
        owner = self._owner(field, value)
        if owner is None or owner == target.id:
            return
        if not for_good:
            self._coming.setdefault(owner, self._user(owner))
        coming = self._coming.get(owner)
        if coming is not None and not (for_good and reserved(field, coming) == reserved(field, self._user(owner))):
            self._take_away(field, coming)

    def _take_away(self, field: Unique, coming: User) -> None:
        if self._user(coming.id).status == "deleted":
            self._restore(coming)
        now = self._user(coming.id)
        changes: dict[str, str | None] = {field: None}
        if not _named_without(field, now):
            changes["first_name"] = now.text(field)
        self._change.dispatch(UpdateUser(now.id, changes))

    def _owner(self, field: Unique, value: str | None) -> str | None:
        if value is None:
            return None
        reservations = self._change.reservations
        return reservations.owner_of_email(value) if field == "email" else reservations.owner_of_external_id(value)

    def _user(self, user_id: str) -> User:
        user = self._change.user(user_id)
        assert user is not None, "only existing users have a target state or hold a unique value"
        return user


def _named_without(field: Unique, user: User) -> bool:
    return any(user.text(name) for name in _NAMING if name != field)
