"""What an event of the directory itself, dated back, alters at its moment: one that alters nothing is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import (
    DirectoryEvent,
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
from whowas.domain.fields import shortened
from whowas.domain.streams import DirectoryStream


def require_effect(stream: DirectoryStream, occurred_at: int, event: DirectoryEvent) -> None:
    """Raise RefusedError where ``event`` would alter nothing at ``occurred_at`` (UTC µs), though today it would.

    Then or later there is what it is about, of which it is told by today's name.
    """
    then = stream.as_of(occurred_at)
    match event:
        case FieldRenamed(field_id) | FieldDeleted(field_id) | FieldRestored(field_id):
            what = _of_field(stream.directory, field_id)
            there, gone = field_id in then.fields, field_id in then.deleted_fields
        case GroupRenamed(group_id) | GroupColoured(group_id) | GroupDeleted(group_id):
            what = _of_group(stream.directory, group_id)
            there, gone = group_id in then.groups, group_id in then.deleted_groups
        case FieldDescribed() | FieldsOrdered() | GroupsOrdered():
            what, there, gone = "", True, True  # a description counts from the field's definition on
        case FieldDefined() | GroupCreated() | MomentNamed() | MomentRenamed() | MomentDeleted() | ListImported():
            return  # begins something, is never dated back, or alters nothing anyway
        case _:
            assert_never(event)
    if not there and not gone:
        raise RefusedError("occurred_at", f"There was no {what} at that moment.")
    if isinstance(event, FieldDeleted | GroupDeleted) and not there:
        raise RefusedError("occurred_at", f"The {what} was deleted at that moment already.")
    if isinstance(event, FieldRestored) and not gone:
        raise RefusedError("occurred_at", f"The {what} was not deleted at that moment.")
    if _shown(evolve_directory(then, event)) == _shown(then):
        raise RefusedError("occurred_at", "It was so at that moment already.")


def _shown(directory: Directory) -> object:
    """Return all of a directory's own state; fields in their order."""
    return replace(directory, version=0), [*directory.fields]


def _of_field(directory: Directory, field_id: str) -> str:
    name = directory.fields.get(field_id) or directory.deleted_fields.get(field_id, field_id)
    return f"custom field “{shortened(name)}”"


def _of_group(directory: Directory, group_id: str) -> str:
    return f"group “{shortened(directory.groups.get(group_id) or directory.deleted_groups.get(group_id, group_id))}”"
