"""Sentences about a change of which nothing is left to take back, or not all."""

from __future__ import annotations

from collections.abc import Mapping

from whowas.corrections.undo.last_change import affected, around, touched
from whowas.domain.compensation import altered, altered_again
from whowas.domain.directory import Directory
from whowas.domain.events import DirectoryEvent, ListImported
from whowas.domain.fields import ATTRIBUTE_PREFIX, listed
from whowas.domain.streams import UserStream
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog


def why_nothing(log: EventLog, done: DoneChange) -> str:
    """Return a sentence about a change of which nothing is left to take back."""
    found = touched(log, done)
    users, own = found.users, found.own
    if not users and all(isinstance(event, ListImported) for _, event in own):
        return "Everybody was already as that list has them."
    if kept := groups_left(log, done):
        return f"Somebody is in a group that it made: {listed(kept)}."
    if kept := fields_left(log, done):
        return f"Somebody has a value in a custom field that it made: {listed(kept)}."
    states = around(log, done)
    if hidden := _hidden(log, found.users, states.now):
        return f"What it changed is in a custom field that was deleted since: {listed(hidden)}. Bring that back first."
    alterations = (affected(_stream(log, user_id), versions) for user_id, versions in users.items())
    if _own(states.before) != _own(states.after) or any(
        alteration is not None and (alteration.before is None or altered(alteration.before, alteration.after))
        for alteration in alterations
    ):
        return "All of it was taken back already."
    if any(
        recorded.occurred_at < recorded.recorded_at
        for recorded in log.read(done.first_position - 1, done.last_position)
    ):
        return "It was true only until what came later, and that stands."
    return "It took back by itself what it did."


def _hidden(log: EventLog, users: Mapping[str, tuple[int, int]], now: Directory) -> list[str]:
    """Return the custom fields, deleted by now, in which users still have what a change gave them.

    Nobody can alter a value that does not show.
    """
    names = {ATTRIBUTE_PREFIX + one: name for one, name in now.deleted_fields.items()}
    found: set[str] = set()
    for user_id, versions in users.items() if names else ():
        stream = _stream(log, user_id)
        alteration = affected(stream, versions)
        if alteration is not None and alteration.before is not None and stream.user is not None:
            since = altered_again(alteration.before, alteration.after, stream.user)
            found |= names.keys() & set(altered(alteration.before, alteration.after)) - set(since)
    return sorted(names[one] for one in found)


def _stream(log: EventLog, user_id: str) -> UserStream:
    stream = UserStream()
    for recorded in log.stream(user_id):
        if not isinstance(recorded.event, DirectoryEvent):
            stream = stream.then(recorded.occurred_at, recorded.event)
    return stream


def _own(state: Directory) -> tuple[object, ...]:
    """Return what can be taken back of what a change did to the directory itself."""
    return state.groups, state.looks, state.fields, tuple(state.fields), state.definitions, state.moments


def groups_left(log: EventLog, done: DoneChange) -> list[str]:
    """Return the names of the groups that a change made and that there are still; undone, somebody else is in them."""
    states = around(log, done)
    made = states.after.groups.keys() - states.before.groups.keys()
    return sorted(states.now.groups[group_id] for group_id in made & states.now.groups.keys())


def fields_left(log: EventLog, done: DoneChange) -> list[str]:
    """Return the names of the custom fields that a change made and that there are still, like ``groups_left``."""
    states = around(log, done)
    made = states.after.fields.keys() - states.before.fields.keys()
    return sorted(states.now.fields[field_id] for field_id in made & states.now.fields.keys())
