"""How moments are written in the window: in the local zone, dates as people say them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

_MONTHS = "January February March April May June July August September October November December"
MONTHS = tuple(_MONTHS.split())
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def microseconds_now() -> int:
    """Return the present moment in UTC microseconds."""
    return time.time_ns() // 1000


def local(microseconds: int) -> datetime:
    """Return a moment in the local zone."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).astimezone()


def long(microseconds: int) -> str:
    """Return for example "Tue 3 March 2020, 14:05"."""
    moment = local(microseconds)
    return f"{DAYS[moment.weekday()]} {moment.day} {MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M}"


BEFORE_ALL = "before the first change"
"""How the moment is called that has no date."""


def moment(occurred_at: int | None) -> str:
    """Return the same as ``long`` for a moment of the timeline, or "Before the first change" for None."""
    return BEFORE_ALL.capitalize() if occurred_at is None else long(occurred_at)


def day(microseconds: int) -> str:
    """Return for example "3 Mar 2020"."""
    moment = local(microseconds)
    return f"{moment.day} {MONTHS[moment.month - 1][:3]} {moment.year}"


def precise(microseconds: int) -> str:
    """Return for example "3 Mar 2020 14:05:12"."""
    moment = local(microseconds)
    return f"{moment.day} {MONTHS[moment.month - 1][:3]} {moment.year} {moment:%H:%M:%S}"


def relative(microseconds: int, now: int) -> str:
    """Return "today 09:41", "yesterday 16:20", "12 Nov" this year, else "12 Nov 2020"."""
    moment, today = local(microseconds), local(now)
    day = (today.date() - moment.date()).days
    if day == 0:
        return f"today {moment:%H:%M}"
    if day == 1:
        return f"yesterday {moment:%H:%M}"
    date = f"{moment.day} {MONTHS[moment.month - 1][:3]}"
    return date if moment.year == today.year else f"{date} {moment.year}"


def timed(microseconds: int, now: int) -> str:
    """Return the same as ``relative``, with the time of day whenever it was: "12 Nov 09:41", "12 Nov 2020 09:41"."""
    said = relative(microseconds, now)
    time_of_day = f"{local(microseconds):%H:%M}"
    return said if said.endswith(time_of_day) else f"{said} {time_of_day}"
