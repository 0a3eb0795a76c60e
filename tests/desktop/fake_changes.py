"""A source of changes that needs no directory, and remembers what it was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from whowas.domain.sentences import Sentence
from whowas.projections.queries.change_lines import ChangeLine, UserLine
from whowas.projections.tables.arrays import Int32

MINUTE = 60_000_000


class FakeChanges:
    """Step k is told as "Step k"; every tenth has as many users as k, called by numbers."""

    def __init__(self) -> None:
        self.lines_read: list[int] = []
        self.users_read: list[int] = []
        self.reading = True

    def lines(self, moments: Sequence[int]) -> list[ChangeLine]:
        self.lines_read += moments
        return [self.line(moment) for moment in moments] if self.reading else []

    def line(self, moment: int) -> ChangeLine:
        users = moment if moment % 10 == 0 else 1
        return ChangeLine(
            moment,
            moment * MINUTE,
            f"change {moment}",
            "ines",
            "several" if users > 1 else "changed",
            users,
            f"Step {moment}",
            "Title → Clerk",
            None,
            in_parts=False,
        )

    def rows_of(self, moment: int) -> Int32:
        return np.arange(1, moment + 1, dtype=np.int32)

    def users(self, moment: int, numbers: Sequence[int]) -> list[UserLine]:
        self.users_read += numbers
        told = Sentence("changed", "Title changed", f"empty → Clerk {moment}")
        return [UserLine(number, f"id {number}", f"User {number}", "paul", told) for number in numbers]


def newest_first(steps: int) -> tuple[Int32, Int32]:
    """Return the moments and the numbers of so many steps that were recorded in the order in which they occurred."""
    return steps_at(range(1, steps + 1))


def steps_at(moments: Iterable[int]) -> tuple[Int32, Int32]:
    """Return some of those steps."""
    listed = np.fromiter(moments, dtype=np.int32)[::-1]
    return listed, listed
