"""How points in time are written in the window: in the local zone, with dates as people say them."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QLocale

# The interface is English, whatever the system's language.
MONTHS = tuple(QLocale.c().monthName(month) for month in range(1, 13))
DAYS = tuple(QLocale.c().dayName(day, QLocale.FormatType.ShortFormat) for day in range(1, 8))


def microseconds_now() -> int:
    """Return the present time in UTC microseconds."""
    return time.time_ns() // 1000


def local(microseconds: int) -> datetime:
    """Return a time given in UTC microseconds as a datetime in the local zone."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).astimezone()


def long(microseconds: int) -> str:
    """Return for example "Tue 3 March 2020, 14:05"."""
    when = local(microseconds)
    return f"{DAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1]} {when.year}, {when:%H:%M}"


BEFORE_ALL = "before the first change"
"""How the moment is called that has no date."""


def moment(occurred_at: int | None) -> str:
    """Return the same as ``long`` for a moment of the timeline, or "Before the first change" for None."""
    return BEFORE_ALL.capitalize() if occurred_at is None else long(occurred_at)


def day(microseconds: int) -> str:
    """Return for example "3 Mar 2020"."""
    return day_words(local(microseconds).date())


def day_words(day: date) -> str:
    """Return the same of a day."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def precise(microseconds: int) -> str:
    """Return for example "3 Mar 2020 14:05:12"."""
    return f"{day(microseconds)} {local(microseconds):%H:%M:%S}"


def relative(microseconds: int, now: int) -> str:
    """Return "today 09:41", "yesterday 16:20", "12 Nov" this year, else "12 Nov 2020"."""
    when = local(microseconds)
    date = _date(when, local(now))
    return f"{date} {when:%H:%M}" if date in ("today", "yesterday") else date


def timed(microseconds: int, now: int) -> str:
    """Return what ``relative`` does, always with the time of day: "12 Nov 09:41", "12 Nov 2020 09:41"."""
    when = local(microseconds)
    return f"{_date(when, local(now))} {when:%H:%M}"


def _date(when: datetime, today: datetime) -> str:
    match (today.date() - when.date()).days:
        case 0:
            return "today"
        case 1:
            return "yesterday"
        case _:
            date = f"{when.day} {MONTHS[when.month - 1][:3]}"
            return date if when.year == today.year else f"{date} {when.year}"
