"""Bringing custom fields to given names within one change, even if names pass from one to another."""

from __future__ import annotations

from collections.abc import Mapping

from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import DefineField, DeleteField, RenameField, RestoreField
from whowas.domain.custom_fields import field_named, free_of

FieldNames = Mapping[str, str | None]
"""What custom fields are to be called, by their ids; None for one that is to be deleted."""


def name_fields(change: Change, fields: FieldNames) -> dict[str, str]:
    """Dispatch the commands that give fields these names, and bring back those that are deleted.

    None is deleted yet: first goes what users hold there. Return the names of those that have another one until then,
    by their ids. Raises RefusedError where another field has such a name.
    """
    coming = dict(fields)
    let_go: dict[str, str] = {}
    for field_id, name in fields.items():
        if name is None:
            continue
        del coming[field_id]
        deleted = change.directory().deleted_fields.get(field_id)
        for wanted in {name, name if deleted is None else deleted}:
            let_go |= _let_go(change, wanted, coming)
        if deleted is not None:
            change.dispatch(RestoreField(field_id))
        elif field_id not in change.directory().fields:
            change.dispatch(DefineField(name, field_id))
        change.dispatch(RenameField(field_id, name))
    return {field_id: name for field_id, name in let_go.items() if fields[field_id] is None}


def end_fields(change: Change, fields: FieldNames, names: Mapping[str, str]) -> None:
    """Dispatch the commands that delete fields without a name, and give them back the ``names`` that they had."""
    for field_id, name in fields.items():
        if name is None and field_id in change.directory().fields:
            change.dispatch(DeleteField(field_id))
    with change.as_recorded():  # nobody else renames what is deleted
        change.dispatch(*(RenameField(field_id, name) for field_id, name in names.items()))


def _let_go(change: Change, name: str, coming: FieldNames) -> dict[str, str]:
    """Give the field that has a name another one for now, where it is to get another or to be deleted.

    Return the name that it had by its id.
    """
    known = change.directory().fields
    owner = field_named(known, name)
    if owner is None or owner not in coming:
        return {}
    had = known[owner]
    change.dispatch(RenameField(owner, free_of(known, name)))
    return {owner: had}
