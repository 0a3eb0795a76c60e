"""What undoing a change would do, and what later work it meets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from whowas.domain.commands import DescribeField
from whowas.domain.directory import Directory
from whowas.domain.named_moments import NamedMoment
from whowas.domain.users import User
from whowas.projections.queries.undo_list import DoneChange

WHOLE_USER = "user"
"""The field of a conflict about all that the change did to a user: whom it created, or somebody in an import."""

GROUP_NAME = "group"
"""The field of a conflict about a group itself."""

FIELD_NAME = "field"
"""The field of a conflict about a custom field itself."""

FIELD_DEFINITION = "definition"
"""The field of a conflict about what a custom field is."""

FIELD_ORDER = "field order"
"""The field of the conflict about the order of all custom fields; it has no owner."""

GROUP_COLOUR = "colour"
"""The field of a conflict about the colour of a group."""

GROUP_ORDER = "order"
"""The field of the conflict about the order of all groups; it has no owner."""

MOMENT_NAME = "moment"
"""The field of a conflict about a named moment."""

Key = tuple[str, str]
"""The id of a user, a group, a custom field or a named moment, and the field."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that the change altered and somebody altered again since.

    ``owner`` is the user, group, custom field or named moment, ``called`` by name; ``field`` as in ``compensation``, or
    one of those above, ``label`` what people call it. The values are None where there was none. ``actor`` altered it
    last, at ``occurred_at`` (UTC microseconds).
    """

    owner: str
    called: str
    field: str
    label: str
    before: str | None
    after: str | None
    now: str | None
    actor: str
    occurred_at: int

    @property
    def key(self) -> Key:
        """What choosing it goes by."""
        return self.owner, self.field


@dataclass(frozen=True, slots=True)
class Extent:
    """How large the change is: of an import ``source`` names the file, else it is None."""

    source: str | None
    users: int
    steps: int


@dataclass(frozen=True, slots=True)
class Reverted:
    """A user before the change (None if it created them) and now; ``fields`` would go back, contested ones too."""

    before: User | None
    now: User
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LooksMet:
    """The colours before the change of groups that have another now, None for none; ``order`` is None if as then."""

    colours: Mapping[str, str | None] = field(default_factory=dict)
    order: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What undoing a change would do, as of the log's ``position``; ``directory`` is as it is there.

    ``groups`` maps the ids of groups to their names before it, None for a group that would end, and ``moments`` the
    same of named moments, ``fields`` of custom fields, of which ``described`` are to be otherwise, and ``field_order``
    is the order before it, None where it is as then; ``looks`` is how the groups were that look otherwise now.
    Whatever ``conflicts`` are about stays unless it is chosen. ``members`` are those who joined one of the groups that
    would end with the change or after it, as they are now, whether they are in it or not, and ``holders`` those who got
    a value in one of the fields that would end; ``held_before`` has, by the ids of field and user, the values from
    before the change of fields that it brought back. With ``for_some`` only what the change did to some of its users
    would go back, and nothing that it did to the directory itself.
    """

    done: DoneChange
    extent: Extent
    position: int
    directory: Directory
    users: tuple[Reverted, ...]
    groups: Mapping[str, str | None]
    moments: Mapping[str, NamedMoment | None]
    looks: LooksMet
    members: Mapping[str, tuple[User, ...]]
    conflicts: tuple[Conflict, ...]
    for_some: bool = False
    fields: Mapping[str, str | None] = field(default_factory=dict)
    holders: Mapping[str, tuple[User, ...]] = field(default_factory=dict)
    described: tuple[DescribeField, ...] = ()
    field_order: tuple[str, ...] | None = None
    held_before: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def names(self) -> dict[str, str]:
        """Return the names of all groups that there are, were or would be, and of fields, see ``Directory.names``."""
        coming = {group_id: name for group_id, name in self.groups.items() if name is not None}
        return {**self.directory.deleted_groups, **coming, **self.directory.names}
