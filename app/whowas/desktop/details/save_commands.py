"""Converting a user to what the details form shows, and its draft to the commands that save it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import uuid_utils

from whowas.command_bus.unit_of_work import Change
from whowas.desktop.details.draft import Draft, UserForm
from whowas.domain.commands import CreateUser, JoinGroup, LeaveGroup, UpdateUser
from whowas.domain.commands_between import memberships_between
from whowas.domain.directory import Directory
from whowas.domain.fields import LABELS, name_key
from whowas.domain.users import User

Decide = Callable[[Change], None]


def form_of(user: User, directory: Directory) -> UserForm:
    """Return a user as the form shows them, with group names from ``directory``."""
    return UserForm(
        user_id=user.id,
        version=user.version,
        values={name: user.text(name) or "" for name in LABELS if name != "external_id"},
        groups=directory.names_of(user.groups),
        attributes={name: user.attributes.get(name, "") for name in directory.fields},
        status=user.status,
        has_password=user.password is not None,
        external_id=user.external_id or "",
    )


def new_form(key: str, directory: Directory) -> UserForm:
    """Return the form of a user who does not exist yet: what fields begin with is there already."""
    begun = {field_id: directory.definition(field_id).default for field_id in directory.fields}
    return UserForm(user_id=None, new_key=key, attributes=begun)


def new_id() -> str:
    """Return a new id (UUIDv7) for a user or group."""
    return str(uuid_utils.uuid7())


def creating(user_id: str, draft: Draft, since: int | None = None) -> Decide:
    """Return the function that creates the user of ``draft``, true ``since`` (UTC µs; None means now)."""

    def decide(change: Change) -> None:
        groups = _group_ids(change, draft.groups or ())
        change.dispatch(
            # An empty text takes the place of a field's default, which no value at all would not.
            CreateUser(user_id, _cleared(draft.values), draft.attributes),
            *memberships_between(user_id, frozenset(), groups),
            occurred_at=since,
        )

    return decide


def updating(user_id: str, draft: Draft, base_version: int, since: int | None = None) -> Decide:
    """Return the function that saves a ``draft`` based on a version of the user, true ``since`` (UTC µs; None is now).

    It raises ConflictError if there is a later version.
    """

    def decide(change: Change) -> None:
        user = change.user(user_id)
        directory = change.directory()
        commands: list[UpdateUser | JoinGroup | LeaveGroup] = [
            UpdateUser(user_id, _cleared(draft.values), _cleared(draft.attributes))
        ]
        if draft.groups is not None and user is not None:
            wanted = set(_group_ids(change, draft.groups))
            present = {group_id for group_id in user.groups if group_id in directory.groups}
            commands += memberships_between(user_id, present, sorted(wanted))
        change.dispatch(*commands, expected_version=base_version, occurred_at=since)

    return decide


def _group_ids(change: Change, names: Sequence[str]) -> list[str]:
    unique = {name_key(name): name for name in names if name.strip()}
    return [change.group_named(name) for name in unique.values()]


def _cleared(texts: Mapping[str, str]) -> dict[str, str | None]:
    return {name: text or None for name, text in texts.items()}
