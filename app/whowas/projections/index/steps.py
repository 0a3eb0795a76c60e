"""The steps of a directory in timeline order: what the slider counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from whowas.projections.tables.arrays import Int32, Int64


@dataclass(frozen=True, slots=True)
class TimelineKey:
    """A moment that stays put when steps come in before it: right after the step that begins with an event.

    ``occurred_at`` (UTC microseconds) and ``position`` are that event's; position 0 is the moment before everything.
    """

    occurred_at: int
    position: int


@dataclass(frozen=True, slots=True)
class Steps:
    """Parallel arrays of N steps, sorted by (occurred_at, first_position).

    ``occurred_at`` is in UTC microseconds; ``created``, ``changed`` and ``removed`` count events; ``numbers`` are
    the step numbers of the read model. Step k (from 1) is element k - 1; a moment m shows the first m steps.
    """

    numbers: Int32
    occurred_at: Int64
    first_position: Int64
    created: Int32
    changed: Int32
    removed: Int32

    def __len__(self) -> int:
        return len(self.numbers)

    @classmethod
    def of(cls, table: Int64) -> Steps:
        """Return the steps of an N×6 table in any order, its columns as the arrays here (occurred_at the second)."""
        kinds = (np.int32, np.int64, np.int64, np.int32, np.int32, np.int32)
        return cls.of_columns([column.astype(kind) for column, kind in zip(table.T, kinds, strict=True)])

    @classmethod
    def of_columns(cls, columns: Sequence[np.ndarray[Any, Any]]) -> Steps:
        """Return the steps of those columns, in any order but all in the same one; they are not to be used any more."""
        _, occurred_at, first_position, *_ = columns
        # Almost all steps are recorded in the order in which they occurred.
        if np.all(occurred_at[1:] > occurred_at[:-1]):
            return cls(*columns)
        order = np.lexsort((first_position, occurred_at))
        return cls(*(column[order] for column in columns))

    def then(self, later: Steps) -> Steps:
        """Return these steps followed by ``later`` ones."""
        return Steps(
            *(
                np.concatenate((getattr(self, name), getattr(later, name)))
                for name in ("numbers", "occurred_at", "first_position", "created", "changed", "removed")
            )
        )

    def ranks(self) -> Int32:
        """Return an array that maps step numbers to their numbers in timeline order, from 1; 0 for unused numbers."""
        ranks = np.zeros(int(self.numbers.max(initial=0)) + 1, dtype=np.int32)
        ranks[self.numbers] = np.arange(1, len(self) + 1, dtype=np.int32)
        return ranks

    def newest_first(self) -> Int32:
        """Return the moments of all steps, newest first."""
        numbers, count = self.numbers, len(self)
        # Almost all steps are recorded in the order in which they occurred; then that array is there already.
        if count and numbers[0] == 1 and numbers[-1] == count and np.all(numbers[1:] > numbers[:-1]):
            return numbers[::-1]
        return np.arange(count, 0, -1, dtype=np.int32)

    def recorded_through(self, position: int) -> int:
        """Return how many steps had begun once the event at ``position`` was recorded."""
        return int(np.count_nonzero(self.first_position <= position))

    def moment_at(self, occurred_at: int) -> int:
        """Return the moment after everything that had occurred by ``occurred_at``."""
        return int(np.searchsorted(self.occurred_at, occurred_at, side="right"))

    def moment_of(self, occurred_at: int, position: int) -> int:
        """Return the moment right after the step that holds the event of that moment and position."""
        first = int(np.searchsorted(self.occurred_at, occurred_at, side="left"))
        beyond = int(np.searchsorted(self.occurred_at, occurred_at, side="right"))
        return first + int(np.searchsorted(self.first_position[first:beyond], position, side="right"))

    def occurred_before(self, moment: int) -> int | None:
        """Return when the step before ``moment`` occurred, in UTC microseconds; None where there is none."""
        return int(self.occurred_at[moment - 1]) if moment else None

    def key_of(self, moment: int) -> TimelineKey:
        """Return the key of a moment, 0 to the number of steps."""
        if moment == 0:
            return TimelineKey(0, 0)
        return TimelineKey(int(self.occurred_at[moment - 1]), int(self.first_position[moment - 1]))

    def moment_after(self, key: TimelineKey) -> int:
        """Return the moment of a key: how many of these steps lie before it, also where its own is not among them."""
        return self.moment_of(key.occurred_at, key.position) if key.position else 0
