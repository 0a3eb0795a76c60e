"""What a person is about to change in all users of a selection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

StatusForAll = Literal["active", "suspended"]


@dataclass(frozen=True, slots=True)
class SelectionDraft:
    """The new values of fields, named as RefusedError names them; the names of groups that all join and leave.

    An empty text clears a field. ``status`` is None where everybody keeps theirs.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    status: StatusForAll | None = None

    def __bool__(self) -> bool:
        return bool(self.values or self.joined or self.left or self.status)
