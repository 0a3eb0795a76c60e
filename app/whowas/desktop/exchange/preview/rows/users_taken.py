"""How many users an import concerns, each of them once, however many rows of however many lists are about them."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from whowas.interchange.importing.told.deeds import DEEDS, Deed, deed_of, deeds_in_words, users_by_deed
from whowas.interchange.importing.told.outcome import RowOutcome


@dataclass(frozen=True, slots=True)
class UsersTaken:
    """Users by what is done to them, each counted as DEEDS says."""

    created: int = 0
    changed: int = 0
    suspended: int = 0
    deleted: int = 0

    @property
    def sentence(self) -> str:
        """For example "3 new, 16 changed, 6 suspended"."""
        counts: Mapping[Deed, int] = {
            "created": self.created,
            "changed": self.changed,
            "suspended": self.suspended,
            "deleted": self.deleted,
        }
        return deeds_in_words(counts, "Nobody is new or changed")


@dataclass(slots=True)
class TakenCount:
    """Counts users while rows are read."""

    _users: array[int] = field(default_factory=lambda: array("q"))
    _deeds: bytearray = field(default_factory=bytearray)

    def add(self, row: RowOutcome) -> None:
        """Take one more row."""
        deed = deed_of(row)
        if deed is not None:
            self._users.append(hash(row.user_id or (row.file, row.line)))
            self._deeds.append(DEEDS.index(deed))

    def counted(self) -> UsersTaken:
        """Return how many users the rows so far are about."""
        users, deeds = np.frombuffer(self._users, dtype=np.int64), np.frombuffer(self._deeds, dtype=np.uint8)
        counts = users_by_deed(users, deeds)
        return UsersTaken(counts["created"], counts["changed"], counts["suspended"], counts["deleted"])
