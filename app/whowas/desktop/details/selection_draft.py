"""What a person is about to change in all users of a selection: plain values, no widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

StatusForAll = Literal["active", "suspended"]

_SEVERAL = "several-"
"""What the key of a draft for several users begins with."""


def is_for_several(key: str) -> bool:
    """Return whether a draft's key is that of one for several users."""
    return key.startswith(_SEVERAL)


def key_for_several(unique: str) -> str:
    """Return the key of a draft for several users."""
    return _SEVERAL + unique


@dataclass(frozen=True, slots=True)
class SelectionDraft:
    """The new values of fields, by their keys: those of LABELS, and ``attributes.<id>``. An empty text clears a field.

    ``joined`` and ``left`` are the ids of groups that all join and leave, ``made`` the names of groups that are made
    for them. ``status`` is None where everybody keeps theirs.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    made: tuple[str, ...] = ()
    status: StatusForAll | None = None

    def __bool__(self) -> bool:
        return bool(self.values or self.joined or self.left or self.made or self.status)

    @property
    def moves(self) -> bool:
        """Whether it changes who is in which group."""
        return bool(self.joined or self.left or self.made)

    def since(self, saved: SelectionDraft) -> SelectionDraft:
        """Return the part that differs from what was saved."""
        return SelectionDraft(
            {name: text for name, text in self.values.items() if text != saved.values.get(name)},
            tuple(group_id for group_id in self.joined if group_id not in saved.joined),
            tuple(group_id for group_id in self.left if group_id not in saved.left),
            tuple(name for name in self.made if name not in saved.made),
            None if self.status == saved.status else self.status,
        )
