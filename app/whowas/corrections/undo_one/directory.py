"""What a change did to groups, how they look, custom fields and named moments, and what became of that since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar, assert_never

from whowas.corrections.undo.last_change import Around
from whowas.corrections.undo_one.plan import (
    FIELD_DEFINITION,
    FIELD_NAME,
    FIELD_ORDER,
    GROUP_COLOUR,
    GROUP_NAME,
    GROUP_ORDER,
    MOMENT_NAME,
    Conflict,
    LooksMet,
)
from whowas.domain.directory import Directory
from whowas.domain.events import (
    DirectoryEvent,
    Event,
    FieldDefined,
    FieldDeleted,
    FieldDescribed,
    FieldRenamed,
    FieldRestored,
    FieldsOrdered,
    GroupColoured,
    GroupCreated,
    GroupDeleted,
    GroupRenamed,
    GroupsOrdered,
    ListImported,
    MomentDeleted,
    MomentNamed,
    MomentRenamed,
)
from whowas.domain.named_moments import NamedMoment
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog

Named = TypeVar("Named", str, NamedMoment)

_Last = Callable[[str], tuple[str, int]]
"""Returns who altered the one with that id last, after the change, and when."""


def groups_met(log: EventLog, done: DoneChange, around: Around) -> tuple[dict[str, str | None], list[Conflict]]:
    """Return the name before the change of each group that is not as it was then, and what was altered since."""
    before, after, now = around.before.groups, around.after.groups, around.now.groups
    return _met(before, after, now, GROUP_NAME, "Group name", _same, last_in(log, done, GROUP_NAME))


def fields_met(log: EventLog, done: DoneChange, around: Around) -> tuple[dict[str, str | None], list[Conflict]]:
    """Return the name before the change of each custom field not as it was then, and what was altered since."""
    before, after, now = around.before.fields, around.after.fields, around.now.fields
    return _met(before, after, now, FIELD_NAME, "Custom field", _same, last_in(log, done, FIELD_NAME))


def moments_met(
    log: EventLog, done: DoneChange, around: Around
) -> tuple[dict[str, NamedMoment | None], list[Conflict]]:
    """Return what each named moment was before the change that is not as it was then, and what was altered since."""
    before, after, now = around.before.moments, around.after.moments, around.now.moments
    return _met(before, after, now, MOMENT_NAME, "Named moment", _moment_text, last_in(log, done, MOMENT_NAME))


def looks_met(log: EventLog, done: DoneChange, around: Around) -> tuple[LooksMet, list[Conflict]]:
    """Return how groups looked before the change that look otherwise now, and what was altered of that since."""
    before, after, now = around.before, around.after, around.now
    old, new, known = (
        {group_id: one for group_id, one in state.looks.colours.items() if group_id in before.groups}
        for state in (before, after, now)
    )
    colours, found = _met(old, new, known, GROUP_COLOUR, "Group colour", _same, last_in(log, done, GROUP_COLOUR))
    conflicts = [replace(one, called=before.groups[one.owner]) for one in found]
    if before.looks.order in (after.looks.order, now.looks.order):
        return LooksMet(colours), conflicts
    if now.looks.order != after.looks.order:
        was, became, is_now = map(_order_text, (before, after, now))
        last = last_in(log, done, GROUP_ORDER)("")
        conflicts.append(Conflict("", "Groups", GROUP_ORDER, "Order", was, became, is_now, *last))
    return LooksMet(colours, before.looks.order), conflicts


def _met(
    before: Mapping[str, Named],
    after: Mapping[str, Named],
    now: Mapping[str, Named],
    field: str,
    label: str,
    text_of: Callable[[Named], str],
    last: _Last,
) -> tuple[dict[str, Named | None], list[Conflict]]:
    back: dict[str, Named | None] = {}
    conflicts: list[Conflict] = []
    for known_id in sorted({*before, *after}):
        old, new, known = before.get(known_id), after.get(known_id), now.get(known_id)
        if old == new or known == old:
            continue
        back[known_id] = old
        if known != new:
            was, became, is_now = (None if value is None else text_of(value) for value in (old, new, known))
            called = is_now or became or was or ""
            conflicts.append(Conflict(known_id, called, field, label, was, became, is_now, *last(known_id)))
    return back, conflicts


def last_in(log: EventLog, done: DoneChange, field: str) -> _Last:
    """Return what returns who altered that field of the one with an id last, after a change, and when."""

    def last(known_id: str) -> tuple[str, int]:
        later = (
            (recorded.actor, recorded.occurred_at)
            for recorded in log.stream(log.directory_id)
            if recorded.position > done.last_position and _about(recorded.event) == (known_id, field)
        )
        return max(later, key=lambda known: known[1])

    return last


def _about(event: Event) -> tuple[str, str] | None:
    """Return the id of the group, custom field or named moment that ``event`` is about, and the field, or None."""
    if not isinstance(event, DirectoryEvent):
        return None
    match event:
        case GroupCreated(group_id) | GroupRenamed(group_id) | GroupDeleted(group_id):
            return group_id, GROUP_NAME
        case GroupColoured(group_id):
            return group_id, GROUP_COLOUR
        case GroupsOrdered():
            return "", GROUP_ORDER
        case MomentNamed(moment_id) | MomentRenamed(moment_id) | MomentDeleted(moment_id):
            return moment_id, MOMENT_NAME
        case FieldDefined(id=field_id) | FieldRenamed(field_id) | FieldDeleted(field_id) | FieldRestored(field_id):
            return field_id, FIELD_NAME
        case FieldDescribed(field_id):
            return field_id, FIELD_DEFINITION
        case FieldsOrdered():
            return "", FIELD_ORDER
        case ListImported():
            return None
        case _:
            assert_never(event)


def _order_text(state: Directory) -> str:
    return ", ".join(name for _, name in state.ordered_groups())


def _same(name: str) -> str:
    return name


def _moment_text(moment: NamedMoment) -> str:
    return f"{moment.name} ({' '.join(moment.note.split())})" if moment.note else moment.name
