"""What one act does to each of many users: pure functions that make commands of a user, and what they would change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import chain

from whowas.domain.commands import JoinGroup, LeaveGroup, UpdateUser, UserCommand
from whowas.domain.decide import Known, decide
from whowas.domain.directory import Directory
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.domain.streams import fold
from whowas.domain.users import User

Edit = Callable[[User], Sequence[UserCommand]]
"""Returns the commands for one user. What it makes of a user depends on nothing but that user."""


def setting(values: Mapping[str, str | None]) -> Edit:
    """Return what gives fields the same values in every user; None or "" clears a field.

    Fields are named as in LABELS, custom ones with ATTRIBUTE_PREFIX before their id.
    """
    texts, attributes = _apart(values)
    return lambda user: [UpdateUser(user.id, texts, attributes)] if values else []


def moving(join: Collection[str] = (), leave: Collection[str] = ()) -> Edit:
    """Return what makes every user a member of the groups ``join``, and no longer one of those ``leave`` (by id)."""
    return lambda user: [
        *(JoinGroup(user.id, group_id) for group_id in join),
        *(LeaveGroup(user.id, group_id) for group_id in leave),
    ]


def each(command: Callable[[str], UserCommand]) -> Edit:
    """Return what does the same to every user, such as SuspendUser."""
    return lambda user: [command(user.id)]


def rewriting(fields: Collection[str], rewrite: Callable[[str], str]) -> Edit:
    """Return what rewrites the texts that users have in ``fields``, named as for ``setting``; empty ones stay empty."""

    def commands(user: User) -> list[UserCommand]:
        held = ((field, text) for field in fields if (text := user.value(field)) is not None)
        values = {field: new for field, text in held if (new := rewrite(text)) != text}
        return [UpdateUser(user.id, *_apart(values))] if values else []

    return commands


def together(*edits: Edit) -> Edit:
    """Return what does several things to every user, one after the other."""
    return lambda user: list(chain.from_iterable(edit(user) for edit in edits))


def edited(user: User, commands: Iterable[UserCommand], directory: Directory) -> User:
    """Return what commands would make of a user, but for who else has an email or external id. Raises RefusedError."""
    for command in commands:
        known = Known(user, lambda: directory, _nobody, _nobody)
        user = fold(user, decide(command, known)) or user
    return user


def _nobody(_value: str) -> Collection[str]:
    return ()


def _apart(values: Mapping[str, str | None]) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """Return the values of the fields that every directory has, and of the custom ones by their names."""
    texts = {name: text for name, text in values.items() if not name.startswith(ATTRIBUTE_PREFIX)}
    attributes = {name.removeprefix(ATTRIBUTE_PREFIX): text for name, text in values.items() if name not in texts}
    return texts, attributes
