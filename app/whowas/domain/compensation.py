"""Taking back: the commands that undo what a change did, and nothing else."""

from __future__ import annotations

from typing import Any

from whowas.domain.commands import UserCommand
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, label
from whowas.domain.transitions import commands_between
from whowas.domain.users import User


def compensation(before: User | None, after: User, now: User) -> list[UserCommand]:
    """Return the commands that bring a user from ``after`` a change back to ``before`` it.

    Raises RefusedError as ``reverted`` does.
    """
    return commands_between(now, reverted(before, after, now))


def reverted(before: User | None, after: User, now: User) -> User:
    """Return the user as of ``now``, but with all that a change altered as it was ``before``, and not ``after`` it.

    Only what the change altered is touched; a user who began with it will be deleted. Raises RefusedError when some
    of that was altered again since, as ``now`` shows: taking back must not silently revert later work.
    """
    if before is None:
        _require_untouched(after, now, list(_differences(after, now)))
        return now._replace(status="deleted")
    altered = _differences(before, after)
    _require_untouched(after, now, [name for name in altered if name in _differences(after, now)])
    fields: Any = {name: getattr(before, name) for name in (*LABELS, "password", "status") if name in altered}
    kept = {name: value for name, value in now.attributes.items() if ATTRIBUTE_PREFIX + name not in altered}
    back = {name: value for name, value in before.attributes.items() if ATTRIBUTE_PREFIX + name in altered}
    groups = (now.groups | (before.groups - after.groups)) - (after.groups - before.groups)
    return now._replace(attributes={**kept, **back}, groups=groups, **fields)


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
