"""Undoing one change out of the middle: planned first, asking about what somebody altered again since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from whowas.bringing import bring
from whowas.bus import Bus
from whowas.domain.causation import ImportOf, UndoOf
from whowas.domain.compensation import GROUP_PREFIX, altered, altered_again, with_reverted
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent
from whowas.domain.fields import ATTRIBUTE_PREFIX, label, shortened
from whowas.domain.progress import Progress, unwatched
from whowas.domain.streams import UserStream
from whowas.domain.users import User
from whowas.projections.undo_list import DoneChange
from whowas.store.event_log import EventLog
from whowas.undo import directory_before, joined_since, moments_to_before, touched

REASON_LIMIT = 200
"""Characters; every event of the change carries the reason."""

TOLD = 200
"""Characters of what was edited of somebody, where all of it is told in one line."""

BEING_THERE = "being there"
"""The field of a conflict about a user whom the change created and somebody altered since."""

GROUP_NAME = "group"
"""The field of a conflict about a group itself."""

Key = tuple[str, str]
"""A user's or a group's id, and the field."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that the change altered and somebody altered again since.

    ``owner`` is the user or the group, ``called`` by name; ``field`` as in ``compensation``, or one of those above,
    ``label`` what people call it. The values are None where there was none. ``actor`` altered it last, at
    ``occurred_at`` (UTC microseconds).
    """

    owner: str
    called: str
    field: str
    label: str
    before: str | None
    after: str | None
    now: str | None
    actor: str
    occurred_at: int

    @property
    def key(self) -> Key:
        """What ``carried_out`` knows it by."""
        return self.owner, self.field


@dataclass(frozen=True, slots=True)
class Reverted:
    """A user before the change (None if it created them) and now; ``fields`` are those to revert without asking."""

    before: User | None
    now: User
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What undoing a change would do, as of the log's ``position``.

    ``groups`` maps ids to their names before it, None for a group that would end. ``kept`` names those whom an import
    created and who stay, because they were edited since.
    """

    done: DoneChange
    position: int
    users: tuple[Reverted, ...]
    groups: Mapping[str, str | None]
    conflicts: tuple[Conflict, ...]
    kept: tuple[str, ...]


@dataclass(slots=True)
class _Life:
    """A user around a change, and who altered which field last, and when, of what was altered after it."""

    before: User | None = None
    after: User | None = None
    now: User | None = None
    since: dict[str, tuple[str, int]] = field(default_factory=dict)


def planned(log: EventLog, done: DoneChange, progress: Progress = unwatched) -> UndoPlan:
    """Find what taking back ``done`` would do, and what later work it meets.

    Raises RefusedError where it erased somebody, or all whom it changed were erased since; CancelledError, StoreError.
    """
    position = log.head().position
    directory = directory_before(log, position + 1)
    names = {**directory.deleted_groups, **directory.groups}
    found = touched(log, done)
    found.require_revocable()
    user_ids = found.users
    is_import = isinstance(next(log.read(done.first_position - 1, done.first_position)).causation, ImportOf)
    users: list[Reverted] = []
    conflicts: list[Conflict] = []
    kept: list[str] = []
    for count, user_id in enumerate(user_ids):
        progress(count, len(user_ids))
        life = _life(log, done, user_id)
        if life.after is None or life.now is None:
            continue
        met = _conflicts(life, life.after, life.now, names)
        if life.before is None and met and is_import:
            kept.append(life.now.name)
            continue
        contested = {conflict.field for conflict in met}
        fields = () if life.before is None else tuple(n for n in altered(life.before, life.after) if n not in contested)
        if life.before is not None or life.now.status != "deleted":
            users.append(Reverted(life.before, life.now, fields))
            conflicts.extend(met)
    groups, met_groups = _groups(log, done, position)
    return UndoPlan(done, position, tuple(users), groups, (*conflicts, *met_groups), tuple(kept))


def carried_out(
    bus: Bus,
    log: EventLog,
    plan: UndoPlan,
    chosen: Collection[Key] = (),
    reason: str = "",
    progress: Progress = unwatched,
) -> bool:
    """Take the change back, of its conflicts those ``chosen``, as one change; say whether there was anything to do.

    Raises RefusedError when the log has gone on since it was planned, or a rule forbids the state; CancelledError,
    StoreError. Then nothing is appended.
    """
    reason = reason.strip()
    if len(reason) > REASON_LIMIT:
        raise RefusedError("reason", f"A reason is at most {REASON_LIMIT} characters long.")
    causation = UndoOf(plan.done.change_id, shortened(reason, REASON_LIMIT) or None)
    groups = {**plan.groups, **{c.owner: c.before for c in plan.conflicts if c.field == GROUP_NAME and c.key in chosen}}
    with bus.change(causation=causation) as change:
        if change.head_position != plan.position:
            raise RefusedError("", "The directory was changed since you looked at this. Please look again.")
        bring(change, _targets(plan, chosen), groups, progress)
        change.dispatch(*moments_to_before(log, plan.done, change))
        return change.events > 0


def _targets(plan: UndoPlan, chosen: Collection[Key]) -> list[User]:
    contested = {conflict.owner for conflict in plan.conflicts if conflict.field == BEING_THERE}
    targets: list[User] = []
    for user in plan.users:
        now = user.now
        if user.before is not None:
            also = [field for owner, field in chosen if owner == now.id]
            targets.append(with_reverted(user.before, now, {*user.fields, *also}))
        elif now.id not in contested or (now.id, BEING_THERE) in chosen:
            targets.append(now._replace(status="deleted"))
    return targets


def _life(log: EventLog, done: DoneChange, user_id: str) -> _Life:
    stream = UserStream()
    life = _Life()
    for recorded in log.stream(user_id):
        if isinstance(recorded.event, DirectoryEvent):
            continue
        known = stream.user
        stream = stream.then(recorded.occurred_at, recorded.event)
        if recorded.position < done.first_position:
            life.before = stream.user
        elif recorded.position <= done.last_position:
            life.after = stream.user
        elif known is not None and stream.user is not None:
            who = recorded.actor, recorded.occurred_at
            life.since.update(dict.fromkeys(altered(known, stream.user), who))
    life.now = stream.user
    return life


def _conflicts(life: _Life, after: User, now: User, names: Mapping[str, str]) -> list[Conflict]:
    if life.before is None:
        return _created_conflict(life, after, now, names)
    found: list[Conflict] = []
    different = set(altered(life.before, now))
    for name in altered_again(life.before, after, now):
        if name not in different:
            continue  # somebody took it back already
        values = _text(life.before, name), _text(after, name), _text(now, name)
        found.append(Conflict(now.id, now.name, name, _label(name, names), *values, *life.since[name]))
    return found


def _created_conflict(life: _Life, after: User, now: User, names: Mapping[str, str]) -> list[Conflict]:
    edited = altered(after, now)
    if not edited or now.status == "deleted":
        return []
    told = ", ".join(f"{_label(name, names)}: {_text(now, name) or 'empty'}" for name in edited)
    who = max((life.since[name] for name in edited), key=lambda known: known[1])
    return [Conflict(now.id, now.name, BEING_THERE, "User", None, "created", shortened(told, TOLD), *who)]


def _groups(log: EventLog, done: DoneChange, position: int) -> tuple[dict[str, str | None], list[Conflict]]:
    """Return the name before the change of each group that it alone altered, and what else was altered since."""
    before, after, now = (
        directory_before(log, place).groups for place in (done.first_position, done.last_position + 1, position + 1)
    )
    back: dict[str, str | None] = {}
    conflicts: list[Conflict] = []
    for group_id in sorted({*before, *after}):
        old, new, known = before.get(group_id), after.get(group_id), now.get(group_id)
        if old == new or known == old:
            continue
        if known != new:
            who = _last_of_group(log, done, group_id)
            conflicts.append(
                Conflict(group_id, known or new or old or "", GROUP_NAME, "Group name", old, new, known, *who)
            )
        elif old is not None or not joined_since(log, done, group_id):
            back[group_id] = old
    return back, conflicts


def _last_of_group(log: EventLog, done: DoneChange, group_id: str) -> tuple[str, int]:
    """Return who altered a group last, and when, after a change."""
    later = (
        (recorded.actor, recorded.occurred_at)
        for recorded in log.stream(log.directory_id)
        if recorded.position > done.last_position and getattr(recorded.event, "group_id", None) == group_id
    )
    return max(later, key=lambda known: known[1])


def _label(name: str, names: Mapping[str, str]) -> str:
    if name.startswith(GROUP_PREFIX):
        return f"Group {names.get(name.removeprefix(GROUP_PREFIX), '')}"
    return label(name)


def _text(user: User, name: str) -> str | None:
    match name:
        case "status":
            return user.status
        case "password":
            return "set" if user.password else None
        case _ if name.startswith(GROUP_PREFIX):
            return "member" if name.removeprefix(GROUP_PREFIX) in user.groups else None
        case _ if name.startswith(ATTRIBUTE_PREFIX):
            return user.attributes.get(name.removeprefix(ATTRIBUTE_PREFIX))
        case _:
            return user.text(name)
