"""Reading a day that was typed: in words, as 2026-12-31 or as the settings write dates, and nothing unclear."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from whowas.desktop.kit import dates
from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened

_YEAR_FIRST = re.compile(r"([0-9]{4})[-./ ]+([0-9]{1,2})[-./ ]+([0-9]{1,2})\.?")
_NUMBERS = re.compile(r"([0-9]{1,2})[-./ ]+([0-9]{1,2})[-./ ]+([0-9]{4})\.?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.? *([A-Za-z]{3,})\.?,? *([0-9]{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,})\.? *([0-9]{1,2})(?:, *| +)([0-9]{4})")
_EXAMPLE: Final = date(2026, 12, 31)
_MONTHS = 12
_FOUR_DIGITS = 1000
"""The first year that is written with as many: of one with fewer nobody could say in which century it is."""


def day_of(text: str) -> date:
    """Return the day that a text means. Raises RefusedError naming no field, with how to write it."""
    trimmed = text.strip()
    if found := _NUMBERS.fullmatch(trimmed):
        return _of_numbers(trimmed, int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_FIRST.fullmatch(trimmed):
        return _day(trimmed, int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(trimmed):
        return _day(trimmed, int(found[3]), _month(trimmed, found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(trimmed):
        return _day(trimmed, int(found[3]), _month(trimmed, found[1]), int(found[2]))
    raise _no_date(trimmed)


def shown_day(held: str) -> str:
    """Return a day that is held as ``YYYY-MM-DD`` as the settings write dates; any other text as it is."""
    try:
        day = date.fromisoformat(held)
    except ValueError:
        return held
    return dates.day_words(day) if day.year >= _FOUR_DIGITS else held


def held_day(typed: str) -> str:
    """Return a typed day as it is held, or the text as it is where it means none, or more than one."""
    try:
        return day_of(typed).isoformat()
    except RefusedError:
        return typed


def _of_numbers(text: str, first: int, second: int, year: int) -> date:
    """Return the day of two numbers and a year, where only one of the two orders makes sense or is the region's."""
    day_first = dates.is_day_first()
    if day_first is None:
        if first <= _MONTHS and second <= _MONTHS and first != second:
            one, other = _day(text, year, second, first), _day(text, year, first, second)
            both = f"{_in_words(one)} or {_in_words(other)}"
            raise RefusedError("", f"“{text}” can be {both}. Write it like {one.isoformat()}.")
        day_first = first > _MONTHS
    return _day(text, year, second, first) if day_first else _day(text, year, first, second)


def _in_words(day: date) -> str:
    return f"{day.day} {dates.MONTHS[day.month - 1]}"


def _month(text: str, word: str) -> int:
    for number, name in enumerate(dates.MONTHS, start=1):
        if name.casefold().startswith(word.casefold()):
            return number
    raise _no_date(text)


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise RefusedError("", f"There is no day “{shortened(text)}”.") from error


def _no_date(text: str) -> RefusedError:
    forms = dict.fromkeys((dates.day_words(_EXAMPLE), _EXAMPLE.isoformat()))
    return RefusedError("", f"“{shortened(text)}” is no date. Write it like {' or '.join(forms)}.")
