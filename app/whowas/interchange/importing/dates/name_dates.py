"""The date that a file's name says, where it says one and there is nothing to guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache
from typing import Final

from whowas.interchange.importing.dates.month_names import MONTHS, PERHAPS_MONTHS

_YEAR: Final = r"(?P<year>(?:19|20)[0-9]{2})"
_MARKS: Final = {name: chr(0xE000 + month) for name, month in MONTHS.items()}
"""A private character for each month, in place of all its names: so a month is looked for as quickly as a digit."""

_MONTH: Final = r"(?P<name>[\ue001-\ue00c])\.?"
_DAY: Final = r"(?P<day>[0-9]{1,2})"
_ORDINAL: Final = r"(?:st|nd|rd|th|er|e|\.|º|ª)?"
_BETWEEN: Final = r"[-_., ]{0,2}(?:(?:de|del|di|du|of|van)[-_. ])?"

_TIME: Final = r"""
(?: (?: (?P<t>t) | [_ ](?:at\ )? ) (?(t)|(?!(?:19|20)[0-9]{2}(?![0-9])))
        (?:[01][0-9]|2[0-3]) [-.:_h]? [0-5][0-9] (?: [-.:_m]? [0-5][0-9] )? (?:\.[0-9]+)? z? (?![0-9])
  | -(?!(?:19|20)[0-9]{2}(?![0-9])) (?:[01][0-9]|2[0-3]) [0-5][0-9] (?:[0-5][0-9])? (?![0-9]) )?
"""
"""A time of the day behind a whole date, as programs write it that export lists; four digits may be a year instead."""

_FOLDER: Final = r"(?s:.*)[/\\]"
_BLANKS: Final = r"[^\S ]|[\ue001-\ue00c]"
_WORD: Final = r"[^\W\d_]+"
_WORD_OR_NUMBER: Final = r"[^\W_]+"
_DASHES: Final = "[\u2010-\u2015\u2212]"
_ENDING: Final = r"\.(?=[0-9]*[a-z])[a-z0-9]{1,5}$"
_NO_ENDING: Final = r"\.(?:q[0-9]|[0-9]q)$"

_OTHER_PERIODS: Final = frozenset(
    (
        *("q", "kw", "week", "weeks", "wk", "woche", "semaine", "semana", "settimana"),
        *("half", "halbjahr", "kwartaal"),
        *("spring", "summer", "autumn", "fall", "winter"),
        *("sommer", "herbst", "frühjahr", "frühling", "fruhjahr"),
        *("fruhling", "printemps", "été", "ete"),
        *("automne", "hiver", "primavera", "verano", "otoño", "otono"),
        *("invierno", "estate", "autunno"),
        *("ws", "ss", "wise", "sose", "michaelmas", "advent", "weihnachten", "christmas", "noël", "noel", "navidad"),
        *("ostern", "easter", "pâques", "jahresende", "monatsende", "mediados", "medio", "finales", "metà", "meta"),
        *("early", "late", "before", "until", "till", "anfang", "bis", "vor", "début", "debut", "avant", "principios"),
        *("antes", "hasta", "inizio"),
        *("inverno", "end", "mid", "ende", "mitte", "fin", "fine", "eind"),
        *("fim", "fy", "gj", "fiscal", "term", "season", "seasons", "saison", "schuljahr", "scolaire"),
    )
)
_NUMBERED_PERIOD: Final = (
    r"[qhst][0-9]|[0-9][qhst]|k?w[0-9]{1,2}|m(?:0?[1-9]|1[0-2])"
    r"|[^\W\d_]*(?:semest|trimest|quarter|quartal|[月季]|半年)[^\W\d_]*"
)
"""Words for parts of a year, of which it would be wrong to take the first day of the year or month beside them."""

_PERHAPS_MONTH: Final = r"(?<![^\W_])(?<!\()(?:0?[1-9]|1[0-2])(?![^\W_])"
"""A number that may be the month of a year; not that of a copy, as in "2019 (1)"."""

_ROMAN: Final = frozenset(("i", "ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii"))

_SHORT: Final = (
    r"(?<!\d)([0-9]{1,2})[-_.]([0-9]{1,2})[-_.]([0-9]{2})(?!\d)",
    r"(?<!\d)([0-9]{2})([0-9]{2})([0-9]{2})(?!\d)",
    r"(?<!\d)([0-9]{2})([0-9]{2})(?:19|20)([0-9]{2})(?!\d)",
)
"""Dates whose year has two digits, or whose numbers nothing parts."""

_YEARS = frozenset(map(str, range(1900, 2100)))


class _UnclearError(ValueError):
    """Something in a name may be a date, and nobody can say which."""


@lru_cache(maxsize=1_000)
def date_in_name(name: str) -> date | None:
    """Return the day that a file's name says, the first one of a month, quarter or year; None where it is not clear.

    Nothing is guessed: where day and month may be exchanged, where the year has two digits, where there are two
    different dates, or one that is none, and where a month or quarter stands without its year. Folders and the ending
    do not count.
    """
    try:
        days = set(_days(_plain(name)))
    except ValueError:  # of which _UnclearError is one, and what the calendar does not have another
        return None
    return days.pop() if len(days) == 1 else None


def _plain(name: str) -> str:
    """Return the name of a file in lower case, without folders and its ending, months by their characters."""
    text = unicodedata.normalize("NFC", re.sub(_FOLDER, "", name).lower())
    text = re.sub(_DASHES, "-", re.sub(_BLANKS, " ", text))
    while (ending := re.search(_ENDING, text)) and ending[0][1:] not in MONTHS and not re.search(_NO_ENDING, ending[0]):
        text = text[: ending.start()]
    return re.sub(_WORD, lambda word: _MARKS.get(word[0], word[0]), text)


def _days(text: str) -> Iterator[date]:
    """Yield every date in a text. Raises ValueError where something is unclear."""
    days: list[date] = []
    whole = True
    only_year = False
    for form, day_of in _forms():
        for found in form.finditer(text):
            days += day_of(found)
            whole = whole and found.groupdict().get("day") is not None
            only_year = day_of is _year
            text = f"{text[: found.start()]}{'|' * len(found[0])}{text[found.end() :]}"
    if days:
        _require_nothing_else(text, {day.month for day in days})
    words = re.findall(_WORD_OR_NUMBER, text)
    if not whole and any(map(_is_other_period, words)):
        raise _UnclearError
    if only_year and (re.search(_PERHAPS_MONTH, text) or any(map(_may_be_month, words))):
        raise _UnclearError
    yield from days


@cache
def _forms() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], list[date]]], ...]:
    """Return the forms of dates, those first that others are part of, with what each one means."""
    two, one = r"(?P<month>[0-9]{2})", r"(?P<month>[0-9]{1,2})"
    starts, ends = r"(?<!\d)", r"(?!\d)"
    forms: tuple[tuple[str, Callable[[re.Match[str]], list[date]]], ...] = (
        (rf"{starts}{_YEAR}(?P<mark>[-_.\ ]){one}(?P=mark){_DAY}{ends}{_TIME}", _whole_date),
        (rf"{starts}{_YEAR}{two}(?P<day>[0-9]{{2}}){ends}{_TIME}", _number),
        (rf"{starts}{_DAY}(?P<mark>[-_.\ ]){one}(?P=mark){_YEAR}{ends}{_TIME}", _day_first),
        (rf"{starts}{_YEAR}[-_. ]?q(?P<quarter>[0-9])(?![^\W_])", _quarter),
        (rf"(?<![^\W_])(?:q(?P<quarter>[0-9])|(?P<other>[0-9])q)[-_. ]?{_YEAR}{ends}", _quarter),
        (rf"(?:{starts}{_DAY}{_ORDINAL}{_BETWEEN})?{_MONTH}{_BETWEEN}{_YEAR}{ends}", _named_month),
        (rf"{_MONTH}[-_. ]?{_DAY}{_ORDINAL}[-_., ]{{1,2}}{_YEAR}{ends}", _named_month),
        (rf"{starts}{_YEAR}[-_., ]{{0,2}}{_MONTH}(?:[-_. ]{_DAY}{_ORDINAL}(?![^\W_]))?", _named_month),
        (rf"{starts}{_YEAR}[-_.]{two}{ends}", _month),
        (rf"(?<![^\W_]){two}[-_.]{_YEAR}{ends}", _month),
        (rf"{starts}{_YEAR}{ends}", _year),
    )
    return tuple((re.compile(form, re.VERBOSE if _TIME in form else 0), day_of) for form, day_of in forms)


def _whole_date(found: re.Match[str]) -> list[date]:
    _require_apart(found, "-_.")
    return [date(int(found["year"]), int(found["month"]), int(found["day"]))]


def _number(found: re.Match[str]) -> list[date]:
    return [] if _is_part_of_a_code(found) else _whole_date(found)


def _day_first(found: re.Match[str]) -> list[date]:
    """Return the date of numbers before a year, where only one of them can be the month, or both are the same."""
    _require_apart(found, "-_.")
    day, month = int(found["day"]), int(found["month"])
    if day != month and max(day, month) <= 12:
        raise _UnclearError
    return [date(int(found["year"]), *((month, day) if month <= 12 else (day, month)))]


def _quarter(found: re.Match[str]) -> list[date]:
    _require_apart(found)
    quarter = found["quarter"] or found["other"]
    return [date(int(found["year"]), 3 * int(quarter) - 2, 1)]


def _named_month(found: re.Match[str]) -> list[date]:
    _require_apart(found)
    month, day = ord(found["name"]) - 0xE000, found["day"]
    if day == f"{month:02}" and month > 1 and found.start("day") < found.start("name"):
        raise _UnclearError  # "03 March 2019" may stand between "02 February 2019" and "04 April 2019"
    return [date(int(found["year"]), month, int(day or 1))]


def _month(found: re.Match[str]) -> list[date]:
    _require_apart(found)
    return [date(int(found["year"]), int(found["month"]), 1)]


def _year(found: re.Match[str]) -> list[date]:
    if _is_part_of_a_code(found):
        return []
    _require_apart(found)
    return [date(int(found["year"]), 1, 1)]


def _require_apart(found: re.Match[str], marks: str = "-_. ") -> None:
    """Raise _UnclearError where another number is joined to a date by nothing, or by one of these marks."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    if re.search(rf"\d[{marks}]?$", before) or re.match(rf"[{marks}]?\d", after):
        raise _UnclearError


def _is_part_of_a_code(found: re.Match[str]) -> bool:
    """Say whether digits stand among letters as in a code such as "a4f2019c"."""
    before = re.search(r"[^\W_]*$", found.string[: found.start()])
    after = found.string[found.end() : found.end() + 1]
    return after.isalpha() or (before is not None and before[0] != "" and not re.fullmatch(r"[^\W\d_]{2,}", before[0]))


def _require_nothing_else(text: str, months: set[int]) -> None:
    """Raise _UnclearError where what is left beside the dates of these months may be another date, or part of it."""
    named = {ord(found["name"]) - 0xE000 for found in re.finditer(_MONTH, text)}
    if not named <= months or any(
        _may_be_date(*found.groups()) for form in _SHORT for found in re.finditer(form, text)
    ):
        raise _UnclearError


def _is_other_period(word: str) -> bool:
    return word.rstrip("0123456789") in _OTHER_PERIODS or re.fullmatch(_NUMBERED_PERIOD, word) is not None


def _may_be_month(word: str) -> bool:
    return word in PERHAPS_MONTHS or word in _ROMAN


def _may_be_date(one: str, two: str, three: str) -> bool:
    """Say whether three numbers of two digits are a date in any order that is in use, or the first four a year."""
    orders = ((one, two, three), (three, two, one), (three, one, two))
    return one + two in _YEARS or any(_is_date(*map(int, order)) for order in orders)


def _is_date(year: int, month: int, day: int) -> bool:
    with suppress(ValueError):
        return bool(date(2000 + year, month, day))
    return False
