"""What people are told about a change that could be taken back, and about one of which nothing is left."""

from __future__ import annotations

from whowas.corrections.undo.last_change import affected, around, directory_before, touched
from whowas.domain.causation import ImportOf, RestoreOf, WhatIfOf
from whowas.domain.compensation import altered
from whowas.domain.events import FieldDefined
from whowas.domain.fields import listed
from whowas.domain.sentences import directory_sentence, sentence
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog

EVENTS_TOLD = 50
"""A change of more events is only counted in its sentence, so that telling it never takes long."""


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
        life = affected(log, done, user_id, when_true=True)
        if life is not None:
            names = directory_before(log, done.last_position + 1).groups
            return f"{life.after.name}: {sentence(life.before, life.after, names).title}"
    position, event = next((told for told in found.own if not isinstance(told[1], FieldDefined)), found.own[0])
    return directory_sentence(directory_before(log, position), event)


def why_nothing(log: EventLog, done: DoneChange) -> str:
    """Return a sentence about a change of which nothing is left to take back."""
    found = touched(log, done)
    users, own = found.users, found.own
    if not users and all(isinstance(event, FieldDefined) for _, event in own):
        return "A custom field stays defined."
    if kept := groups_left(log, done):
        return f"Somebody is in a group that it made: {listed(kept)}."
    states = around(log, done)
    lives = (affected(log, done, user_id) for user_id in users)
    if (states.before.groups, states.before.moments) != (states.after.groups, states.after.moments) or any(
        life is not None and (life.before is None or altered(life.before, life.after)) for life in lives
    ):
        return "All of it was taken back already."
    if any(
        recorded.occurred_at < recorded.recorded_at
        for recorded in log.read(done.first_position - 1, done.last_position)
    ):
        return "It was true only until what came later, and that stands."
    return "It took back by itself what it did."


def groups_left(log: EventLog, done: DoneChange) -> list[str]:
    """Return the names of the groups that a change made and that there are still; undone, somebody else is in them."""
    states = around(log, done)
    made = states.after.groups.keys() - states.before.groups.keys()
    return sorted(states.now.groups[group_id] for group_id in made & states.now.groups.keys())
