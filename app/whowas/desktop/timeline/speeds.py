"""The speeds at which a history can be played; here, and not beside what plays it, for whoever only lists them."""

from __future__ import annotations

from dataclasses import dataclass

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Speed:
    """``changes`` a second, or ``microseconds`` of the history a second; the other one is 0. ``key`` is for keeping."""

    key: str
    text: str
    changes: int = 0
    microseconds: int = 0


BY_CHANGE = tuple(Speed(str(n), f"{n:,} change{'' if n == 1 else 's'} / s", changes=n) for n in (1, 5, 25, 100, 1_000))
BY_DATE = (
    Speed("hour", "1 hour / s", microseconds=_DAY // 24),
    Speed("day", "1 day / s", microseconds=_DAY),
    Speed("week", "1 week / s", microseconds=7 * _DAY),
    Speed("month", "1 month / s", microseconds=30 * _DAY),
    Speed("year", "1 year / s", microseconds=365 * _DAY),
)
