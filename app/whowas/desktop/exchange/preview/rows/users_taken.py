"""How many users an import concerns, each of them once, however many rows of however many lists are about them."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

import numpy as np

from whowas.interchange.importing.told.outcome import RowOutcome

_WORDS = ("new", "changed", "suspended", "deleted")
_CREATED, _CHANGED, _SUSPENDED, _DELETED = range(len(_WORDS))


@dataclass(frozen=True, slots=True)
class UsersTaken:
    """Users by what is done to them; who is created and then changed is created."""

    created: int = 0
    changed: int = 0
    suspended: int = 0
    deleted: int = 0

    @property
    def sentence(self) -> str:
        """For example "3 new, 16 changed, 6 suspended"."""
        counts = (self.created, self.changed, self.suspended, self.deleted)
        named = [f"{count:,} {word}" for count, word in zip(counts, _WORDS, strict=True) if count]
        return ", ".join(named) or "Nobody is new or changed"


@dataclass(slots=True)
class TakenCount:
    """Counts users while rows are read."""

    _users: array[int] = field(default_factory=lambda: array("q"))
    _deeds: bytearray = field(default_factory=bytearray)

    def add(self, row: RowOutcome) -> None:
        """Take one more row."""
        deed = _deed(row)
        if deed is not None:
            self._users.append(hash(row.user_id or (row.file, row.line)))
            self._deeds.append(deed)

    def counted(self) -> UsersTaken:
        """Return how many users the rows so far are about."""
        users = np.frombuffer(self._users, dtype=np.int64)
        deeds = np.frombuffer(self._deeds, dtype=np.uint8)
        order = np.lexsort((deeds, users))  # NumPy hands Python's lock on while it sorts numbers
        users, deeds = users[order], deeds[order]
        first = np.ones(len(users), dtype=np.bool_)
        first[1:] = users[1:] != users[:-1]
        return UsersTaken(*np.bincount(deeds[first], minlength=len(_WORDS)).tolist())


def _deed(row: RowOutcome) -> int | None:
    match row.what:
        case "created":
            return _CREATED
        case "changed":
            return _CHANGED
        case "missing":
            becomes = row.changes.get("status", (None, None))[1]
            return {"suspended": _SUSPENDED, "deleted": _DELETED}.get(str(becomes))
        case "unchanged" | "similar" | "refused" | "left_out":
            return None
