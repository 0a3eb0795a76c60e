"""Undo and redo by compensating commands: the log only ever grows."""

from __future__ import annotations

from dataclasses import dataclass

from whowas.bringing import bring
from whowas.bus import Bus
from whowas.change import Change
from whowas.domain.causation import Causation, ImportOf, RestoreOf, WhatIfOf
from whowas.domain.commands import MomentCommand
from whowas.domain.compensation import reverted
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent, FieldDefined, Forgotten, GroupJoined, UserErased
from whowas.domain.named_moments import moments_back
from whowas.domain.progress import Progress, unwatched
from whowas.domain.sentences import directory_sentence, sentence
from whowas.domain.streams import DirectoryStream, UserStream
from whowas.domain.users import User
from whowas.projections.undo_list import DoneChange
from whowas.store.event_log import EventLog

EVENTS_TOLD = 50
"""A change of more events is only counted in its sentence, so that telling it never takes long."""


ERASED = "erased"
"""The field of a refusal that is for ever, because somebody was erased."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom a change touched: the ids of ``users``, and what it did to the directory itself, by position (``own``).

    ``gone`` are the ids of users who were erased since, ``erased`` of those whom it erased itself.
    """

    users: list[str]
    own: list[tuple[int, DirectoryEvent]]
    gone: list[str]
    erased: list[str]

    def require_revocable(self) -> None:
        """Raise RefusedError, its field ERASED, where nothing of the change can ever be taken back."""
        if self.erased:
            raise RefusedError(ERASED, "Erasing is for ever: it cannot be undone.")
        if self.gone and not self.users and not self.own:
            raise RefusedError(ERASED, "Whoever this changed was erased since, so it cannot be undone.")


@dataclass(frozen=True, slots=True)
class Affected:
    """One user whom a change altered: before it (None when it created them) and right after it."""

    before: User | None
    after: User


def take_back(bus: Bus, log: EventLog, done: DoneChange, causation: Causation, progress: Progress = unwatched) -> bool:
    """Append the commands that take ``done`` back, as one change; say whether there was anything to take back.

    Raises RefusedError when later work stands in the way, or somebody was erased, and then appends nothing.
    """
    with bus.change(causation=causation) as change:
        found = touched(log, done)
        found.require_revocable()
        users = found.users
        groups = _groups_back(log, done, change)
        targets: list[User] = []
        for count, user_id in enumerate(users):
            progress(count, 2 * len(users))
            affected = _affected(log, done, user_id)
            now = change.user(user_id)
            if affected is not None and now is not None:
                targets.append(reverted(affected.before, affected.after, now))
        bring(change, targets, groups, lambda count, total: progress(total + count, 2 * total))
        change.dispatch(*moments_to_before(log, done, change))
        return change.events > 0


def described(log: EventLog, done: DoneChange) -> str:
    """Return the sentence of a change, as menus and histories call it."""
    first = next(log.read(done.first_position - 1, done.first_position))
    events = done.last_position - done.first_position + 1
    match first.causation:
        case ImportOf(source):
            return f"Import of {source}: {events:,} changes"
        case RestoreOf():
            return f"Restored to an earlier moment: {events:,} change{'' if events == 1 else 's'}"
        case WhatIfOf():
            return f"What-if applied: {events:,} change{'' if events == 1 else 's'}"
        case _:
            pass
    if events > EVENTS_TOLD:
        return f"{events:,} changes at once"
    found = touched(log, done)
    count = len(found.users) + len(found.gone)
    if found.erased:
        return "User erased" if len(found.erased) == 1 else f"{len(found.erased):,} users erased"
    if count > 1:
        return f"Changes to {count:,} users"
    if found.gone:
        return "Change to an erased user"
    for user_id in found.users:
        affected = _affected(log, done, user_id)
        if affected is not None:
            names = directory_before(log, done.last_position + 1).groups
            return f"{affected.after.name}: {sentence(affected.before, affected.after, names).title}"
    position, event = next((told for told in found.own if not isinstance(told[1], FieldDefined)), found.own[0])
    return directory_sentence(directory_before(log, position), event)


def touched(log: EventLog, done: DoneChange) -> Touched:
    """Return whom and what a change touched."""
    users: dict[str, None] = {}
    gone: dict[str, None] = {}
    erased: list[str] = []
    own: list[tuple[int, DirectoryEvent]] = []
    for recorded in log.read(done.first_position - 1, done.last_position):
        if isinstance(recorded.event, DirectoryEvent):
            own.append((recorded.position, recorded.event))
        elif isinstance(recorded.event, Forgotten | UserErased):
            gone[recorded.stream] = None
            if isinstance(recorded.event, UserErased):
                erased.append(recorded.stream)
        else:
            users[recorded.stream] = None
    return Touched(list(users), own, list(gone), erased)


def _affected(log: EventLog, done: DoneChange, user_id: str) -> Affected | None:
    stream = UserStream()
    before: User | None = None
    for recorded in log.stream(user_id):
        if recorded.position > done.last_position:
            break
        if not isinstance(recorded.event, DirectoryEvent):
            stream = stream.then(recorded.occurred_at, recorded.event)
        if recorded.position < done.first_position:
            before = stream.user
    return None if stream.user is None else Affected(before, stream.user)


def _groups_back(log: EventLog, done: DoneChange, change: Change) -> dict[str, str | None]:
    """Return the name before the change of every group that it altered, None where there was no such group.

    Raises RefusedError like undo.
    """
    before = directory_before(log, done.first_position).groups
    after = directory_before(log, done.last_position + 1).groups
    now = change.directory().groups
    back: dict[str, str | None] = {}
    for group_id in sorted({*before, *after}):
        old, new = before.get(group_id), after.get(group_id)
        if old == new:
            continue
        if now.get(group_id) != new:
            raise RefusedError("groups", f"The group {old or new} was changed again since, so this cannot be undone.")
        if old is not None or not joined_since(log, done, group_id):
            back[group_id] = old
    return back


def moments_to_before(log: EventLog, done: DoneChange, change: Change) -> list[MomentCommand]:
    """Return what brings every named moment back to before the change. Raises RefusedError like undo."""
    before = directory_before(log, done.first_position).moments
    after = directory_before(log, done.last_position + 1).moments
    return moments_back(before, after, change.directory().moments)


def joined_since(log: EventLog, done: DoneChange, group_id: str) -> bool:
    """Say whether anybody became a member of a group after a change."""
    return any(recorded.event == GroupJoined(group_id) for recorded in log.read(done.last_position))


def directory_before(log: EventLog, position: int) -> Directory:
    """Return the directory's own state as it was before the event at ``position`` was recorded."""
    stream = DirectoryStream()
    for recorded in log.stream(log.directory_id):
        if recorded.position < position and isinstance(recorded.event, DirectoryEvent):
            stream = stream.then(recorded.occurred_at, recorded.event)
    return stream.directory
