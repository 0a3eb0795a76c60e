"""Finding what undoing a change would do: nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from whowas.corrections.undo.last_change import around, touched
from whowas.corrections.undo.met import LOOKED_AT, ending, who_met
from whowas.corrections.undo_one.definitions import definitions_met, field_order_met
from whowas.corrections.undo_one.directory import fields_met, groups_met, looks_met, moments_met
from whowas.corrections.undo_one.plan import Conflict, Extent, LooksMet, Reverted, UndoPlan
from whowas.corrections.undo_one.users import user_around, user_met
from whowas.domain.causation import ImportOf
from whowas.domain.events import DirectoryEvent, Forgotten, UserErased
from whowas.domain.progress import Progress, unwatched, watched
from whowas.domain.steps import StepSplitter
from whowas.domain.users import User
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog


def planned(
    log: EventLog, done: DoneChange, progress: Progress = unwatched, among: Collection[str] | None = None
) -> UndoPlan:
    """Find what taking back ``done`` would do, and what later work it meets.

    With ``among``, the ids of some users, only what it did to those of them whom it touched: groups, fields and named
    moments stay as they are. Raises RefusedError where it erased somebody, or all whom it changed were erased since;
    CancelledError, StoreError.
    """
    touched(log, done).require_revocable()
    position = log.head().position
    states = around(log, done)
    groups, met_groups = groups_met(log, done, states) if among is None else ({}, [])
    looks, met_looks = looks_met(log, done, states) if among is None else (LooksMet(), [])
    moments, met_moments = moments_met(log, done, states) if among is None else ({}, [])
    fields, met_fields = fields_met(log, done, states) if among is None else ({}, [])
    described, met_definitions = definitions_met(log, done, states) if among is None else ((), [])
    field_order, met_order = field_order_met(log, done, states) if among is None else (None, [])
    names = {**states.now.deleted_groups, **states.now.names}
    extent, user_ids = _extent(log, done)
    if among is not None:
        user_ids = [user_id for user_id in user_ids if user_id in among]
    users: list[Reverted] = []
    conflicts: list[Conflict] = []
    known: dict[str, User] = {}
    for count, user_id in enumerate(user_ids):
        progress(count, len(user_ids))
        user = user_around(log, done, user_id)
        if user.now is not None:
            known[user_id] = user.now
        reverted, met = user_met(user, names, whole=extent.source is not None)
        if reverted is not None:
            users.append(reverted)
            conflicts.extend(met)
    found = who_met(log, done, ending(groups), ending(fields), progress)
    members = _users_now(log, done, found.joined, known, progress)
    holders = _users_now(log, done, found.filled, known, progress)
    restored = {field_id: users for field_id, users in holders.items() if field_id in states.before.deleted_fields}
    conflicts += [*met_groups, *met_looks, *met_fields, *met_definitions, *met_order, *met_moments]
    return UndoPlan(
        done,
        extent,
        position,
        states.now,
        tuple(users),
        groups,
        moments,
        looks,
        members,
        tuple(conflicts),
        for_some=among is not None,
        fields=fields,
        holders=holders,
        described=described,
        field_order=field_order,
        held_before=_held_before(log, done, restored, progress),
    )


def _held_before(
    log: EventLog, done: DoneChange, holders: Mapping[str, tuple[User, ...]], progress: Progress
) -> dict[tuple[str, str], str]:
    """Return what ``holders`` held before the change in the custom fields that it brought back."""
    held: dict[tuple[str, str], str] = {}
    for field_id, users in holders.items():
        for user in watched(users, len(users), progress, LOOKED_AT):
            before = user_around(log, done, user.id).before
            if before is not None and field_id in before.attributes:
                held[field_id, user.id] = before.attributes[field_id]
    return held


def _extent(log: EventLog, done: DoneChange) -> tuple[Extent, list[str]]:
    """Return how large a change is, and the ids of the users it touched who were not erased since."""
    users: dict[str, None] = {}
    gone: set[str] = set()
    splitters: dict[int, StepSplitter] = {}
    steps = 0
    source: str | None = None
    for recorded in log.read(done.first_position - 1, done.last_position):
        # Recorded in another order than it occurred, perhaps; but no step goes beyond its moment.
        splitter = splitters.setdefault(recorded.occurred_at, StepSplitter())
        steps += splitter.begins(recorded.occurred_at, recorded.actor, recorded.stream, recorded.event)
        if isinstance(recorded.causation, ImportOf):
            source = recorded.causation.source
        if isinstance(recorded.event, Forgotten | UserErased):
            gone.add(recorded.stream)
        elif not isinstance(recorded.event, DirectoryEvent):
            users[recorded.stream] = None
    return Extent(source, len(users) + len(gone), steps), list(users)


def _users_now(
    log: EventLog, done: DoneChange, met: Mapping[str, list[str]], known: Mapping[str, User], progress: Progress
) -> dict[str, tuple[User, ...]]:
    """Return as they are now those who met a group or field that would end, by its id, and were not erased."""
    others = sorted({user_id for user_ids in met.values() for user_id in user_ids} - known.keys())
    users_now = dict(known)
    for count, user_id in enumerate(others):
        progress(count, len(others))
        if (now := user_around(log, done, user_id).now) is not None:
            users_now[user_id] = now
    return {
        # Also whoever is deleted now: they may come back with what goes back.
        ending: tuple(users_now[user_id] for user_id in user_ids if user_id in users_now)
        for ending, user_ids in met.items()
    }
