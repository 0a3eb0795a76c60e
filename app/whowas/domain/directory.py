"""The directory's own state: its custom fields, its groups and its named moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from whowas.domain.custom_fields import Fields, evolve_fields, names_by_id
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
from whowas.domain.field_definitions import PLAIN, Definitions, FieldDefinition
from whowas.domain.fields import ATTRIBUTE_PREFIX, name_key
from whowas.domain.groups import GroupLooks, evolve_looks, ordered_groups
from whowas.domain.named_moments import Moments, evolve_moments


@dataclass(frozen=True, slots=True)
class Directory:
    """``fields`` and ``deleted_fields`` map ids of custom fields to names, ``groups`` and ``deleted_groups`` of groups.

    ``moments`` maps ids to named moments, and ``looks`` says how groups look. For ``field_places`` see
    ``evolve_fields``.
    """

    version: int = 0
    fields: Fields = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    deleted_groups: Mapping[str, str] = field(default_factory=dict)
    moments: Moments = field(default_factory=dict)
    looks: GroupLooks = field(default_factory=GroupLooks)
    deleted_fields: Fields = field(default_factory=dict)
    definitions: Definitions = field(default_factory=dict)
    field_places: tuple[str, ...] = ()

    def definition(self, field_id: str) -> FieldDefinition:
        """Return the definition of a custom field, deleted or not."""
        return self.definitions.get(field_id, PLAIN)

    def shown_of(self, fields: Fields) -> Fields:
        """Return those of some custom fields, by id, that show in tables and forms: all but the hidden ones."""
        if not any(definition.hidden for definition in self.definitions.values()):
            return fields
        return {field_id: name for field_id, name in fields.items() if not self.definition(field_id).hidden}

    def holding_days(self) -> frozenset[str]:
        """Return the custom fields whose values are days, by their names behind ATTRIBUTE_PREFIX."""
        defined = self.definitions
        dated = (name for one, name in self.fields.items() if one in defined and defined[one].type == "date")
        return frozenset(ATTRIBUTE_PREFIX + name for name in dated)

    @property
    def names(self) -> Mapping[str, str]:
        """What groups are called by their ids, and by ``attributes.<id>`` custom fields that are not called by those.

        Fields that are deleted are among them.
        """
        renamed = dict(names_by_id(self))
        return {**self.groups, **renamed} if renamed else self.groups

    @property
    def names_ever(self) -> Mapping[str, str]:
        """The same, with what deleted groups were called."""
        # One that was deleted before it was made, as what was dated back may have it, has no name.
        deleted = {group_id: name for group_id, name in self.deleted_groups.items() if name}
        return {**deleted, **self.names} if deleted else self.names

    def attributes_of(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """Return a user's values in custom fields by the names of those that there are, in the order of the fields."""
        in_order = self.fields if len(attributes) > 1 else attributes
        return {
            self.fields[field_id]: attributes[field_id]
            for field_id in in_order
            if field_id in attributes and field_id in self.fields
        }

    def group_named(self, name: str) -> str | None:
        """Return the id of the group called ``name``, ignoring case, or None."""
        key = name_key(name)
        return next((group_id for group_id, known in self.groups.items() if name_key(known) == key), None)

    def ordered_groups(self) -> list[tuple[str, str]]:
        """Return (id, name) of every group, in the order in which they are listed."""
        return ordered_groups(self.groups, self.looks)

    def names_of(self, group_ids: frozenset[str]) -> tuple[str, ...]:
        """Return the sorted names of those of the groups that still exist."""
        return tuple(sorted(self.groups[group_id] for group_id in group_ids if group_id in self.groups))


def evolve_directory(directory: Directory, event: DirectoryEvent) -> Directory:
    """Return the directory after ``event``; the counterpart of ``users.evolve`` for the directory's own stream.

    It accepts events in any order, because a backdated one may come between others.
    """
    version = directory.version + 1
    match event:
        case FieldDescribed(field_id):
            # A backdated description may come before the field that it describes.
            definitions = {**directory.definitions, field_id: directory.definition(field_id).described(event)}
            return replace(directory, version=version, definitions=definitions)
        case FieldDefined() | FieldRenamed() | FieldDeleted() | FieldRestored() | FieldsOrdered():
            known = directory.fields, directory.deleted_fields, directory.field_places
            fields, deleted, places = evolve_fields(*known, event)
            return replace(directory, version=version, fields=fields, deleted_fields=deleted, field_places=places)
        case GroupCreated(group_id, name):
            return replace(
                directory,
                version=version,
                groups={**directory.groups, group_id: name},
                deleted_groups=_without(directory.deleted_groups, group_id),
            )
        case GroupRenamed(group_id, name):
            # Renaming a group does not bring it back if a backdated event has deleted it earlier.
            return replace(
                directory,
                version=version,
                groups=_renamed(directory.groups, group_id, name),
                deleted_groups=_renamed(directory.deleted_groups, group_id, name),
            )
        case GroupDeleted(group_id):
            name = directory.groups.get(group_id) or directory.deleted_groups.get(group_id, "")
            return replace(
                directory,
                version=version,
                groups=_without(directory.groups, group_id),
                deleted_groups={**directory.deleted_groups, group_id: name},
            )
        case GroupColoured() | GroupsOrdered():
            return replace(directory, version=version, looks=evolve_looks(directory.looks, event))
        case MomentNamed() | MomentRenamed() | MomentDeleted():
            return replace(directory, version=version, moments=evolve_moments(directory.moments, event))
        case ListImported():
            # Who was on a list is asked of the log: the state is held in memory, and there may be thousands of ids.
            return replace(directory, version=version)
        case _:
            assert_never(event)


def _renamed(names: Mapping[str, str], group_id: str, name: str) -> Mapping[str, str]:
    return {**names, group_id: name} if group_id in names else names


def _without(names: Mapping[str, str], group_id: str) -> dict[str, str]:
    return {known: name for known, name in names.items() if known != group_id}
