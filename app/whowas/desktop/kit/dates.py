"""How points in time are written in the window: in the local zone, with dates as people say them."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from PySide6.QtCore import QDate, QLocale, Qt

DateStyle = Literal["words", "american", "iso", "system"]
"""30 Nov 2026, Nov 30, 2026, 2026-11-30, or the short form of the system's region, with the whole year."""
FirstDay = Literal["system", "monday", "sunday", "saturday"]
"""The day with which weeks begin in calendars."""

# The interface is English, whatever the system's language.
MONTHS = tuple(QLocale.c().monthName(month) for month in range(1, 13))
WEEKDAYS = tuple(QLocale.c().dayName(day) for day in range(1, 8))
DAYS = tuple(QLocale.c().dayName(day, QLocale.FormatType.ShortFormat) for day in range(1, 8))


_style: DateStyle = "words"
_first_day: FirstDay = "system"


def choose(style: DateStyle, first: FirstDay) -> bool:
    """Write dates in another style from now on, and begin weeks with another day; return if that differs."""
    global _style, _first_day
    before = _style, _first_day
    _style, _first_day = style, first
    return before != (style, first)


def first_day_of_week() -> Qt.DayOfWeek:
    """Return the day with which weeks begin in calendars."""
    match _first_day:
        case "system":
            return QLocale.system().firstDayOfWeek()
        case "monday":
            return Qt.DayOfWeek.Monday
        case "sunday":
            return Qt.DayOfWeek.Sunday
        case "saturday":
            return Qt.DayOfWeek.Saturday


def date_pattern() -> str:
    """Return how a field for dates shows a day, as Qt writes patterns."""
    return pattern_of(_style)


def pattern_of(style: DateStyle) -> str:
    """Return how a day is written in a style, as Qt writes patterns."""
    match style:
        case "words":
            return "d MMM yyyy"
        case "american":
            return "MMM d, yyyy"
        case "iso":
            return "yyyy-MM-dd"
        case "system":
            short = QLocale.system().dateFormat(QLocale.FormatType.ShortFormat)
            return short if "yyyy" in short else short.replace("yy", "yyyy")


def is_day_first() -> bool | None:
    """Return whether the day comes before the month in 03/04/2026; None where the style does not say."""
    pattern = date_pattern()
    return pattern.index("d") < pattern.index("M") if _style == "system" else None


def styled(pattern: str) -> str:
    """Return a pattern of Qt's whose "d MMM yyyy" and "d MMM" are those of the style."""
    without_year = {"words": "d MMM", "american": "MMM d", "iso": "MM-dd", "system": date_pattern()}[_style]
    return date_pattern().join(part.replace("d MMM", without_year) for part in pattern.split("d MMM yyyy"))


def microseconds_now() -> int:
    """Return the present time in UTC microseconds."""
    return time.time_ns() // 1000


def local(microseconds: int) -> datetime:
    """Return a time given in UTC microseconds as a datetime in the local zone."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).astimezone()


def long(microseconds: int, *, brief: bool = False) -> str:
    """Return for example "Tue 3 March 2020, 14:05", or briefly "Tue 3 Mar 2020, 14:05"."""
    when = local(microseconds)
    day = day_words(when.date()) if brief else _whole(when)
    return f"{DAYS[when.weekday()]} {day}, {when:%H:%M}"


def _whole(when: datetime) -> str:
    month = MONTHS[when.month - 1]
    match _style:
        case "words":
            return f"{when.day} {month} {when.year}"
        case "american":
            return f"{month} {when.day}, {when.year}"
        case "iso" | "system":
            return day_words(when.date())


BEFORE_ALL = "before the first change"
"""How the moment is called that has no date."""


def moment(occurred_at: int | None, *, brief: bool = False) -> str:
    """Return the same as ``long`` for a moment of the timeline, or "Before the first change" for None."""
    return BEFORE_ALL.capitalize() if occurred_at is None else long(occurred_at, brief=brief)


def day(microseconds: int) -> str:
    """Return for example "3 Mar 2020"."""
    return day_words(local(microseconds).date())


def day_words(day: date) -> str:
    """Return the same of a day."""
    return day_in(_style, day)


def day_in(style: DateStyle, day: date) -> str:
    """Return a day as it is written in a style."""
    match style:
        case "words":
            return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"
        case "american":
            return f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year}"
        case "iso":
            return day.isoformat()
        case "system":
            return QLocale.c().toString(QDate(day.year, day.month, day.day), pattern_of(style))


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
            return _short(when) if when.year == today.year else day_words(when.date())


def _short(when: datetime) -> str:
    """Return a day of this year, without the year where it can be left out."""
    month = MONTHS[when.month - 1][:3]
    match _style:
        case "words":
            return f"{when.day} {month}"
        case "american":
            return f"{month} {when.day}"
        case "iso" | "system":
            return day_words(when.date())
