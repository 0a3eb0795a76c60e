"""Undo and redo by compensating commands: the log only ever grows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from whowas.command_bus.bus import Bus
from whowas.command_bus.steering import bring
from whowas.command_bus.unit_of_work import Change
from whowas.corrections.undo.met import LOOKED_AT, ending, has_value, is_member, used, who_met
from whowas.domain.causation import Causation
from whowas.domain.compensation import reverted
from whowas.domain.custom_fields import fields_back
from whowas.domain.definitions_back import definitions_back, field_order_back
from whowas.domain.directory import Directory
from whowas.domain.errors import AlteredAgainError, RefusedError
from whowas.domain.events import DirectoryEvent, Forgotten, UserErased
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
            for user_id, versions in watched(found.users.items(), len(found.users), comparing, LOOKED_AT):
                stream = change.stream(user_id)
                alteration, now = affected(stream, versions), stream.user
                if alteration is not None and now is not None:
                    targets[user_id] = reverted(alteration.before, alteration.after, now, names)
            fields = fields_back(states.before.fields, states.after.fields, change.directory())
            described = definitions_back(states.before, states.after, change.directory())
            order = field_order_back(states.before, states.after, change.directory())

            def would_be(user_id: str) -> User | None:
                return targets.get(user_id) or change.user(user_id)

            def was(user_id: str) -> User | None:
                versions = found.users.get(user_id)
                known = None if versions is None else affected(change.stream(user_id), versions)
                return None if known is None else known.before

            _leave_used(log, done, states.before, groups, fields, would_be, was, asking)
            bring(change, targets.values(), groups, bringing, fields, described)
            change.dispatch(*looks, *order)
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
    for recorded in watched(events, done.last_position - done.first_position + 1, progress, LOOKED_AT):
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


def _leave_used(
    log: EventLog,
    done: DoneChange,
    before: Directory,
    groups: dict[str, str | None],
    fields: dict[str, str | None],
    would_be: Callable[[str], User | None],
    was: Callable[[str], User | None],
    progress: Progress,
) -> None:
    """Take the ends of those out of ``groups`` and ``fields`` that somebody uses, as they ``would_be``.

    ``before`` is the directory before the change: a field that this brought back may hold what it held then, which is
    what users ``was``, where the change met them.
    """

    def is_filled(field_id: str, user_id: str) -> bool:
        user = would_be(user_id)
        if field_id not in before.deleted_fields or not has_value(user, field_id):
            return has_value(user, field_id)
        before_it = was(user_id)
        return has_value(user, field_id, None if before_it is None else before_it.attributes.get(field_id))

    found = who_met(log, done, ending(groups), ending(fields), progress)
    for group_id in used(found.joined, lambda one, user_id: is_member(would_be(user_id), one), progress):
        del groups[group_id]
    for field_id in used(found.filled, is_filled, progress):
        del fields[field_id]


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
