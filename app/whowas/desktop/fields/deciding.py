"""What the acts of the dialog of custom fields ask of the directory, each within one change.

These are decided in a job; what only writing needs is imported there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whowas.domain.commands import DefineField, DescribeField, OrderFields, RenameField
from whowas.domain.custom_fields import field_named
from whowas.domain.errors import RefusedError
from whowas.domain.field_definitions import FieldDefinition
from whowas.domain.fields import checked_name, shortened
from whowas.domain.progress import Progress

if TYPE_CHECKING:
    from whowas.command_bus.unit_of_work import Change
    from whowas.store.event_log import EventLog


def add(change: Change, log: EventLog, name: str, definition: FieldDefinition, progress: Progress) -> None:
    """Define a field of which there is none yet. Raises RefusedError; CancelledError."""
    name = checked_name("name", name)
    if (known := field_named(change.directory().fields, name)) is not None:
        called = shortened(change.directory().fields[known])
        raise RefusedError("name", f"There is a custom field called “{called}” already.")
    change.dispatch(DefineField(name))
    field_id = field_named(change.directory().fields, name)
    if field_id is not None:
        describe(change, log, field_id, change.directory().definition(field_id), definition, progress)


def edit(
    change: Change,
    log: EventLog,
    field_id: str,
    before: tuple[str, FieldDefinition],
    after: tuple[str, FieldDefinition],
    progress: Progress,
) -> None:
    """Give a field another name and definition, as far as these differ: what others changed since stays.

    Raises RefusedError; CancelledError.
    """
    (old_name, old), (new_name, new) = before, after
    if new_name != old_name:
        change.dispatch(RenameField(field_id, new_name))
    describe(change, log, field_id, old, new, progress)


def describe(
    change: Change, log: EventLog, field_id: str, before: FieldDefinition, after: FieldDefinition, progress: Progress
) -> None:
    """Describe a field by what differs between two definitions. Raises RefusedError; CancelledError."""
    from whowas.command_bus import field_describing

    if aspects := before.differences(after):
        command = DescribeField(field_id, **aspects)  # type: ignore[arg-type]
        field_describing.describe(change, log, command, progress)


def bring_back(change: Change, log: EventLog, field_id: str, progress: Progress) -> None:
    """Bring a deleted field back. Raises RefusedError; CancelledError."""
    from whowas.command_bus.field_describing import bringing_back

    change.dispatch(*bringing_back(change, log, field_id, progress))


def move(change: Change, field_id: str, by: int) -> None:
    """Move a field down by so many places, or up, in the order of all; others may have made some meanwhile."""
    order = [*change.directory().fields]
    if field_id in order:
        place = order.index(field_id) + by
        order.remove(field_id)
        order.insert(max(place, 0), field_id)
        change.dispatch(OrderFields(tuple(order)))
