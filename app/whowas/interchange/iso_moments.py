"""Moments as text: every form of RFC 3339 and ISO 8601 that names one, to the microsecond."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import Final

from whowas.domain.fields import shortened

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

_FORM: Final = r"""
(?P<year>\d{4}) (?: -?[Ww](?P<week>\d\d) (?: -?(?P<weekday>\d) )?
                  | (?P<dash>-?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d)
                  | -?(?P<ordinal>\d{3}) )
(?: [Tt\ ] (?P<hour>\d\d) (?: (?P<colon>:?)(?P<minute>\d\d) (?: (?P=colon)(?P<second>\d\d) )? )?
    (?: [.,](?P<fraction>\d+) )?
    (?P<zone> [Zz] | (?P<sign>[-+−]) (?P<hours>\d\d) (?: :?(?P<minutes>\d\d) (?: :?(?P<seconds>\d\d) )? )? )? )?
"""
"""Extended and basic format, calendar dates, week dates (the week alone is its Monday) and ordinal dates."""

_PLAIN: Final = frozenset({20, 25, 32})
_UTC: Final = ("Z", "+00:00")
"""How long is what almost all programs write, also this one, and how it ends: Python reads that far quicker.

Of other texts Python takes some that are no moments, such as 12:00:00.Z, and reads fractions of an hour as none.
"""

_FRACTION_DIGITS = 24
"""More digits than these cannot matter to a microsecond of any hour."""

_LAST_SECOND = timedelta(seconds=1)


def parsed(text: str) -> int:
    """Return a moment in UTC microseconds; one without a zone is local. Raises ValueError with a sentence.

    24:00 is the beginning of the next day. A leap second, 23:59:60 UTC at the end of a month, counts as the second
    before it, 23:59:59, with its fraction, as UTC microseconds have no room of its own for it. Digits beyond a
    microsecond are cut off.
    Where a local time is two moments, because clocks were put back, it is the earlier; where it is none, because they
    were put forward, it is as long after the change as it says (PEP 495).
    """
    try:
        if len(text) in _PLAIN and text.endswith(_UTC) and text[10:17:3] == "T::":
            with suppress(ValueError):
                return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
        found = _form().fullmatch(text.strip())
        if found is None:
            raise ValueError("it has another form")
        return _moment(found)
    except (ValueError, OverflowError, OSError) as error:
        raise ValueError(
            f"“{shortened(text, 40)}” is not a moment: write it like 2020-03-03T14:05:00+01:00."
        ) from error


def written(microseconds: int) -> str:
    """Return UTC microseconds as ISO 8601 with microseconds and zone."""
    return (_EPOCH + timedelta(microseconds=microseconds)).isoformat(timespec="microseconds")


@cache
def _form() -> re.Pattern[str]:
    """Return the pattern, made at first use: whoever only starts the program need not wait for it."""
    return re.compile(_FORM, re.VERBOSE | re.ASCII)


def _moment(found: re.Match[str]) -> int:
    """Return what a text of the right form means. Raises ValueError or OverflowError where there is no such moment."""
    day, (since_midnight, is_leap) = _day(found), _time(found)
    moment = datetime(day.year, day.month, day.day) + since_midnight  # noqa: DTZ001 (its zone comes next)
    utc = _in_utc(moment, found)
    if is_leap and not _ends_month(utc):
        raise ValueError("no second was ever put in there")
    return utc


def _day(found: re.Match[str]) -> date:
    year = int(found["year"])
    if found["week"]:
        return date.fromisocalendar(year, int(found["week"]), int(found["weekday"] or 1))
    if found["month"]:
        return date(year, int(found["month"]), int(found["day"]))
    day = date(year, 1, 1) + timedelta(days=int(found["ordinal"]) - 1)
    if day.year != year:
        raise ValueError("the year has fewer days")
    return day


def _time(found: re.Match[str]) -> tuple[timedelta, bool]:
    """Return the time since midnight, and whether it is a leap second, which then is the second before it."""
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    is_leap = second == 60
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError("a day has no such time")
    whole = timedelta(hours=hour, minutes=minute, seconds=second - is_leap)
    unit = 1 if found["second"] else 60 if found["minute"] else 3600
    digits = (found["fraction"] or "0")[:_FRACTION_DIGITS]
    since = whole + timedelta(microseconds=int(digits) * unit * 1_000_000 // 10 ** len(digits))
    if hour == 24 and since != timedelta(days=1):
        raise ValueError("a day ends at 24:00")
    return since, is_leap


def _in_utc(moment: datetime, found: re.Match[str]) -> int:
    if found["zone"] is None:
        # Not astimezone(), which has a time that was skipped be an hour before the change.
        return int(moment.replace(microsecond=0).timestamp()) * 1_000_000 + moment.microsecond
    hours, minutes, seconds = (int(found[name] or 0) for name in ("hours", "minutes", "seconds"))
    if minutes > 59 or seconds > 59:
        raise ValueError("an hour has no such time")
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    zone = timezone(offset if found["sign"] == "+" else -offset)
    return (moment.replace(tzinfo=zone).astimezone(UTC) - _EPOCH) // _MICROSECOND


def _ends_month(microseconds: int) -> bool:
    """Say whether a moment (UTC µs) lies in the last second of a month: where leap seconds are put in (ITU TF.460)."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return (moment.hour, moment.minute) == (23, 59) and (moment + _LAST_SECOND).month != moment.month
