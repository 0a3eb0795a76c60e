"""What the cells of a spreadsheet say, as text: numbers, moments and truths are stored in other forms than shown."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

NEVER_CALCULATED = "The formula in this cell was never calculated: open the file, let it calculate, save it, try again."

_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Formats that are not written in the file and show dates or times (ISO/IEC 29500-1, 18.8.30 numFmt)."""

_NOT_LETTERS_OF_DATES = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_LETTERS_OF_DATES = re.compile(r"[ymdhs]", re.IGNORECASE)
_LEADING_ZEROS = re.compile(r"0{2,}")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FIRST_DAY = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 (spreadsheets know no zones)
_NO_DAY = 60
"""The 29th of February 1900, which spreadsheets have and the calendar has not; before it, days count one less."""


def error_sentence(error: str) -> str:
    """Return why a cell with an error cannot be used."""
    return f"This cell holds the error {error}."


def is_date_format(number: int, code: str | None) -> bool:
    """Say whether a format of numbers shows a date or time; ``code`` is as written in the file, None for its own."""
    if code is None:
        return number in _DATES
    first = _NOT_LETTERS_OF_DATES.sub("", code).split(";", 1)[0]
    return "general" not in first.lower() and _LETTERS_OF_DATES.search(first) is not None


def digits_of_format(code: str | None) -> int:
    """Return how many digits a format of zeros shows at least, as for numbers of members; else 0."""
    return len(code) if code is not None and _LEADING_ZEROS.fullmatch(code) else 0


def number_text(stored: str, digits: int = 0) -> str:
    """Return a number with at most 15 digits, as spreadsheets show: whole ones without a point, none with an exponent.

    Formats for percents, currencies and decimals are not followed: 12.5% is 0.125.
    """
    if stored.isascii() and stored.isdigit() and len(stored) < 16 and (stored[0] != "0" or stored == "0"):
        return stored.zfill(digits)
    try:
        text = f"{float(stored):.15g}"
    except (ValueError, OverflowError):
        return stored
    if "e" in text:
        text = format(Decimal(text), "f")
    return text.zfill(digits) if digits and text.isdigit() else text


def moment_text(stored: str, *, from_1904: bool) -> str:
    """Return the day, or the time, or both, that a count of days stands for, as ISO 8601 has them."""
    try:
        days = float(stored)
        if not from_1904 and _NO_DAY <= days < _NO_DAY + 1:
            return number_text(stored)
        if 0 <= days < 1:
            return _clock(timedelta(days=days))
        early = not from_1904 and days < _NO_DAY
        return iso_text(_FIRST_DAY[from_1904] + timedelta(days=days + early))
    except (ValueError, OverflowError):
        return number_text(stored)


def iso_text(moment: datetime) -> str:
    """Return a moment to the millisecond, without a time where that is midnight."""
    rounded = moment + timedelta(microseconds=500)
    rounded = rounded.replace(microsecond=rounded.microsecond // 1000 * 1000)
    if (rounded.hour, rounded.minute, rounded.second, rounded.microsecond) == (0, 0, 0, 0):
        return date.isoformat(rounded)
    return rounded.isoformat(timespec="milliseconds" if rounded.microsecond else "seconds")


def _clock(time: timedelta) -> str:
    midnight = datetime(2000, 1, 1)  # noqa: DTZ001 (only its time is shown)
    shown = (midnight + time + timedelta(microseconds=500)).time()
    return shown.replace(microsecond=0).isoformat()


def unescaped(text: str) -> str:
    """Return text in which ``_x000D_`` stands for a character that XML cannot hold (ISO/IEC 29500-1, 22.9.2.19)."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(escape: re.Match[str]) -> str:
    number = int(escape[1], 16)
    return escape[0] if 0xD800 <= number < 0xE000 else chr(number)


def iso_day(stored: str) -> str:
    """Return a moment that is stored as ISO 8601, without a time where that is midnight."""
    day, _, time = stored.partition("T")
    return stored if time.strip("0:.Z") or not time else day
