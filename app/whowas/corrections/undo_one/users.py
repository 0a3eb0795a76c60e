"""What a change did to one user, and what became of that since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from whowas.corrections.undo_one.plan import WHOLE_USER, Conflict, Reverted
from whowas.domain.compensation import GROUP_PREFIX, altered, altered_again
from whowas.domain.events import DirectoryEvent
from whowas.domain.fields import label, shortened
from whowas.domain.streams import UserStream
from whowas.domain.users import User
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog

VALUES_LIMIT = 200
"""Characters of what was edited of somebody, where all of it stands in one line."""


@dataclass(slots=True)
class UserAround:
    """A user around a change, and who altered which field last, and when, of what was altered after it."""

    before: User | None = None
    after: User | None = None
    now: User | None = None
    since: dict[str, tuple[str, int]] = field(default_factory=dict)


def user_around(log: EventLog, done: DoneChange, user_id: str) -> UserAround:
    """Read one user's stream. Raises StoreError."""
    stream = UserStream()
    around = UserAround()
    for recorded in log.stream(user_id):
        if isinstance(recorded.event, DirectoryEvent):
            continue
        known = stream.user
        stream = stream.then(recorded.occurred_at, recorded.event)
        if recorded.position < done.first_position:
            around.before = stream.user
        elif recorded.position <= done.last_position:
            around.after = stream.user
        elif known is not None and stream.user is not None:
            who = recorded.actor, recorded.occurred_at
            around.since.update(dict.fromkeys(altered(known, stream.user), who))
    around.now = stream.user
    return around


def user_met(around: UserAround, names: Mapping[str, str], *, whole: bool) -> tuple[Reverted | None, list[Conflict]]:
    """Return what would go back of a user, None where nothing is left of the change, and what it meets.

    ``names`` is that of ``Directory``. With ``whole``, as for an import, somebody edited since is one conflict as a
    whole, whichever field that was in; so is always whom the change created.
    """
    before, after, now = around.before, around.after, around.now
    if after is None or now is None:
        return None, []
    edited = altered(after, now)
    if before is None:
        if now.status == "deleted":
            return None, []
        return Reverted(None, now, ()), [_of_whole(around, now, edited, names, None, "created")] if edited else []
    different = set(altered(before, now))
    fields = tuple(name for name in altered(before, after) if name in different)
    if not fields:
        return None, []  # somebody took it back already
    reverted = Reverted(before, now, fields)
    if whole:
        values = _values(before, fields, names), _values(after, fields, names)
        # What is as before the change again was only taken back: nothing would be lost.
        edited = [name for name in edited if name in different]
        return reverted, [_of_whole(around, now, edited, names, *values)] if edited else []
    again = set(altered_again(before, after, now))
    conflicts: list[Conflict] = []
    for name in fields:
        if name in again:
            was, became, is_now = _text(before, name), _text(after, name), _text(now, name)
            who = around.since[name]
            conflicts.append(Conflict(now.id, now.name, name, _label(name, names), was, became, is_now, *who))
    return reverted, conflicts


def _of_whole(
    around: UserAround, now: User, edited: list[str], names: Mapping[str, str], before: str | None, after: str
) -> Conflict:
    who = max((around.since[name] for name in edited), key=lambda known: known[1])
    return Conflict(now.id, now.name, WHOLE_USER, "User", before, after, _values(now, edited, names), *who)


def _values(user: User, fields: list[str] | tuple[str, ...], names: Mapping[str, str]) -> str:
    return shortened(
        ", ".join(f"{_label(name, names)}: {_text(user, name) or 'empty'}" for name in fields), VALUES_LIMIT
    )


def _label(name: str, names: Mapping[str, str]) -> str:
    if name.startswith(GROUP_PREFIX):
        return f"Group {names.get(name.removeprefix(GROUP_PREFIX), '')}"
    return names.get(name) or label(name)


def _text(user: User, name: str) -> str | None:
    match name:
        case "status":
            return user.status
        case "password":
            return "set" if user.password else None
        case _ if name.startswith(GROUP_PREFIX):
            return "member" if name.removeprefix(GROUP_PREFIX) in user.groups else None
        case _:
            return user.value(name)
