"""Which backups are kept as time goes by: all of today, then one a day, then one a week, then one a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

DAYS_DAILY = 7
"""Of the days up to so many days ago one backup each is kept."""

DAYS_WEEKLY = 31
"""Of the weeks up to so many days ago one backup each is kept, and of all earlier months."""

LIMIT_BYTES = 2_000_000_000
"""What the backups of one directory file may take of the disk; the newest stays whatever its size."""

_DAYS_A_WEEK = 7


class Made(NamedTuple):
    """When a backup was made (UTC microseconds), and its size in bytes."""

    at: int
    size: int


def too_many(made: Sequence[Made], now: int, limit: int = LIMIT_BYTES) -> list[int]:
    """Return the indices into ``made`` of the backups that are to go at ``now`` (UTC microseconds), the oldest first.

    Of each day, week or month the newest stays. A week is a part of one month here, from its 1st, 8th, 15th, 22nd or
    29th day on: so what stays does not depend on when, and how often, others were taken away before. A moment in the
    future counts as now, since the clock was set back; but it is older than one that is now.
    """
    oldest_first = sorted(range(len(made)), key=lambda index: _age_key(made[index].at, now))
    buckets = {index: _bucket(index, made[index].at, now) for index in oldest_first}
    newest_of = {buckets[index]: index for index in oldest_first}
    staying = [index for index in oldest_first if newest_of[buckets[index]] == index]
    size, beyond = sum(made[index].size for index in staying), 0
    while size > limit and beyond < len(staying) - 1:
        size -= made[staying[beyond]].size
        beyond += 1
    left = set(staying[beyond:])
    return [index for index in oldest_first if index not in left]


def _age_key(at: int, now: int) -> tuple[int, bool, int]:
    return min(at, now), at <= now, at


def _bucket(index: int, at: int, now: int) -> tuple[int, ...]:
    """Return what one backup stays of, the one at ``index`` was made ``at``: itself, its day, its week or its month."""
    day, today = _local_day(min(at, now)), _local_day(now)
    age = (today - day).days
    if age == 0:
        return 0, index
    if age <= DAYS_DAILY:
        return 1, day.toordinal()
    if age <= DAYS_WEEKLY:
        return 2, day.year, day.month, (day.day - 1) // _DAYS_A_WEEK
    return 3, day.year, day.month


def _local_day(microseconds: int) -> date:
    return datetime.fromtimestamp(max(0, microseconds) / 1_000_000).astimezone().date()
