"""Undo and redo by compensating commands: the log only ever grows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from whowas.command_bus.bus import Bus
from whowas.command_bus.steering import bring
from whowas.command_bus.unit_of_work import Change
from whowas.corrections.undo.fields import without_used
from whowas.domain.causation import Causation
from whowas.domain.compensation import reverted
from whowas.domain.custom_fields import fields_back
from whowas.domain.directory import Directory
from whowas.domain.errors import AlteredAgainError, RefusedError
from whowas.domain.events import DirectoryEvent, Forgotten, GroupJoined, UserErased
from whowas.domain.looks_back import looks_back
from whowas.domain.named_moments import moments_back
from whowas.domain.progress import Progress, begin_phase, part_of, unwatched, watched
from whowas.domain.streams import DirectoryStream, UserStream, fold
from whowas.domain.users import User
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog
from whowas.store.gc_pauses import let_go

ERASED = "erased"
"""The field of a refusal that is for ever, because somebody was erased."""

_REPORTED_EVERY = 200
"""So many events or users are looked at between two looks at whether somebody cancels."""


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom a change touched: the ids of ``users``, and what it did to the directory itself, by position (``own``).

    Each user's events within it are those that gave them the versions from the first to the last of a pair. ``gone``
    are the ids of users who were erased since, or by it; ``erased`` of the latter only.
    """

    users: dict[str, tuple[int, int]]
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


@dataclass(frozen=True, slots=True)
class Around:
    """The directory's own state around a change."""

    before: Directory
    after: Directory
    now: Directory


def take_back(bus: Bus, log: EventLog, done: DoneChange, causation: Causation, progress: Progress = unwatched) -> str:
    """Append the commands that take ``done`` back, as one change; return its id, "" where there was nothing to do.

    Raises AlteredAgainError when later work stands in the way, RefusedError where a rule does or somebody was erased;
    then appends nothing.
    """

    def decide(change: Change) -> None:
        begin_phase(progress, "comparing", counts_rows=False)
        looking, comparing, asking, bringing = (part_of(progress, part, 4) for part in range(4))
        found = touched(log, done, looking)
        found.require_revocable()
        states = around(log, done)
        groups = _groups_back(states, change)
        names = change.directory().names
        looks = looks_back(states.before, states.after, change.directory())
        targets: dict[str, User] = {}
        try:
            for user_id, versions in watched(found.users.items(), len(found.users), comparing, _REPORTED_EVERY):
                stream = change.stream(user_id)
                alteration, now = affected(stream, versions), stream.user
                if alteration is not None and now is not None:
                    targets[user_id] = reverted(alteration.before, alteration.after, now, names)
            ending = [group_id for group_id, name in groups.items() if name is None]
            for group_id, members in joined(log, done, ending, asking).items():
                if any(is_member(targets.get(one) or change.user(one), group_id) for one in members):
                    del groups[group_id]
            fields = fields_back(states.before.fields, states.after.fields, change.directory())
            fields = without_used(log, done, fields, lambda one: targets.get(one) or change.user(one))
            bring(change, targets.values(), groups, bringing, fields)
            change.dispatch(*looks)
            change.dispatch(*moments_back(states.before.moments, states.after.moments, change.directory().moments))
        finally:
            let_go(targets, found.users)
        bringing(1, 1)  # as letting go took a while, in which somebody may have cancelled

    _, receipt = bus.carry_out(decide, causation=causation, whole=True, progress=progress)
    return receipt.changed


def touched(log: EventLog, done: DoneChange, progress: Progress = unwatched) -> Touched:
    """Return whom and what a change touched. Raises CancelledError."""
    users: dict[str, tuple[int, int]] = {}
    gone: dict[str, None] = {}
    erased: list[str] = []
    own: list[tuple[int, DirectoryEvent]] = []
    events = log.read(done.first_position - 1, done.last_position)
    for recorded in watched(events, done.last_position - done.first_position + 1, progress, _REPORTED_EVERY):
        if isinstance(recorded.event, DirectoryEvent):
            own.append((recorded.position, recorded.event))
        elif isinstance(recorded.event, Forgotten | UserErased):
            gone[recorded.stream] = None
            if isinstance(recorded.event, UserErased):
                erased.append(recorded.stream)
        else:
            first, _ = users.get(recorded.stream, (recorded.version, 0))
            users[recorded.stream] = first, recorded.version
    return Touched(users, own, list(gone), erased)


def affected(stream: UserStream, versions: tuple[int, int]) -> Affected | None:
    """Return what a change made of a user by the events of some versions, see ``Touched``; None if they were erased."""
    first, last = versions
    after = _through(stream, last)
    return None if after is None else Affected(_through(stream, first - 1), after)


def _through(stream: UserStream, version: int) -> User | None:
    """Return the user as they were once that many of their events were recorded."""
    if version >= stream.version:
        return stream.user
    return fold(None, (event for _, index, event in stream.events if index < version))


def _groups_back(states: Around, change: Change) -> dict[str, str | None]:
    """Return the name before the change of every group that it altered, None where there was no such group.

    Raises RefusedError like undo.
    """
    before, after, now = states.before.groups, states.after.groups, change.directory().groups
    back: dict[str, str | None] = {}
    for group_id in sorted({*before, *after}):
        old, new = before.get(group_id), after.get(group_id)
        if old == new:
            continue
        if now.get(group_id) != new:
            raise AlteredAgainError(
                "groups", f"The group {old or new} was changed again since, so this cannot be undone."
            )
        back[group_id] = old
    return back


def joined(
    log: EventLog, done: DoneChange, group_ids: Collection[str], progress: Progress = unwatched
) -> dict[str, list[str]]:
    """Return the ids of all who joined any of some groups in a change or since, whether they left again or not.

    Raises CancelledError.
    """
    found: dict[str, dict[str, None]] = {group_id: {} for group_id in group_ids}
    events = log.read(done.first_position - 1, only=GroupJoined) if found else ()
    for recorded in watched(events, 0, progress, _REPORTED_EVERY):  # how many there are is not known
        if isinstance(recorded.event, GroupJoined) and recorded.event.group_id in found:
            found[recorded.event.group_id][recorded.stream] = None
    return {group_id: list(users) for group_id, users in found.items()}


def is_member(user: User | None, group_id: str) -> bool:
    """Say whether a user is there, and in a group."""
    return user is not None and user.status != "deleted" and group_id in user.groups


def around(log: EventLog, done: DoneChange) -> Around:
    """Return the directory's own state before a change, right after it, and now."""
    stream = DirectoryStream()
    before = after = stream.directory
    for recorded in log.stream(log.directory_id):
        if isinstance(recorded.event, DirectoryEvent):
            stream = stream.then(recorded.occurred_at, recorded.event)
        if recorded.position < done.first_position:
            before = stream.directory
        if recorded.position <= done.last_position:
            after = stream.directory
    return Around(before, after, stream.directory)
