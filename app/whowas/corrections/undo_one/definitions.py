"""What a change did to custom fields beside their names, and what became of that since."""

from __future__ import annotations

from whowas.corrections.undo.last_change import Around
from whowas.corrections.undo_one.directory import last_in
from whowas.corrections.undo_one.plan import FIELD_DEFINITION, FIELD_ORDER, Conflict
from whowas.domain.commands import DescribeField
from whowas.domain.definitions_back import order_before, redescribed, was_reordered
from whowas.domain.events import FieldRestored, FieldsOrdered
from whowas.domain.field_sentences import definition_text, order_text
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog


def definitions_met(
    log: EventLog, done: DoneChange, around: Around
) -> tuple[tuple[DescribeField, ...], list[Conflict]]:
    """Return what makes each custom field again what it was before the change, and what was altered of that since."""
    back: list[DescribeField] = []
    conflicts: list[Conflict] = []
    for field_id, aspects in redescribed(around.before, around.after):
        old, new, now = (state.definition(field_id) for state in (around.before, around.after, around.now))
        different = {aspect: getattr(old, aspect) for aspect in aspects if getattr(old, aspect) != getattr(now, aspect)}
        if not different:
            continue  # somebody took it back already
        back.append(DescribeField(field_id, **different))
        if any(getattr(now, aspect) != getattr(new, aspect) for aspect in different):
            known = around.now
            called = known.fields.get(field_id) or known.deleted_fields.get(field_id, field_id)
            was, became, is_now = map(definition_text, (old, new, now))
            last = last_in(log, done, FIELD_DEFINITION)(field_id)
            conflicts.append(Conflict(field_id, called, FIELD_DEFINITION, "Type and rules", was, became, is_now, *last))
    return tuple(back), conflicts


def field_order_met(log: EventLog, done: DoneChange, around: Around) -> tuple[tuple[str, ...] | None, list[Conflict]]:
    """Return the order of custom fields before the change, None where it is as then, and whether it changed since."""
    before, after, now = around.before, around.after, around.now
    order = order_before(before, after, now)
    if order is None or not (was_reordered(before, after) and was_reordered(after, now)):
        return order, []
    later = (
        (recorded.actor, recorded.occurred_at)
        for recorded in log.stream(log.directory_id)
        if recorded.position > done.last_position and isinstance(recorded.event, FieldsOrdered | FieldRestored)
    )
    was, became, is_now = map(order_text, (before, after, now))
    last = max(later, key=lambda known: known[1])
    return order, [Conflict("", "Custom fields", FIELD_ORDER, "Order", was, became, is_now, *last)]
