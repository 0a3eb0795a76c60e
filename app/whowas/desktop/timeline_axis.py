"""The labels under the timeline: round years, months, days or times of the local zone, as many as have room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime

from whowas.desktop.timeline_scale import TimeScale

_GAP = 24.0
"""Least space between two labels, in pixels."""
_CALM = 84.0
"""Space between labels to aim at when choosing how often to label."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark at pixel ``x``, and its label beginning at pixel ``label_x`` (empty where there is no room)."""

    x: float
    label_x: float
    text: str


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """Ticks every ``every`` units, and how a tick reads: in full where it comes first or opens a larger unit."""

    unit: str
    every: int
    seconds: float
    short: str
    full: str


_YEAR, _MONTH, _DAY = 31_556_952.0, 2_629_746.0, 86_400.0
_RHYTHMS = (
    *(_Rhythm("second", n, n, "HH:mm:ss", "d MMM yyyy HH:mm:ss") for n in (1, 5, 15, 30)),
    *(_Rhythm("second", 60 * n, 60.0 * n, "HH:mm", "d MMM yyyy HH:mm") for n in (1, 5, 15, 30)),
    *(_Rhythm("second", 3600 * n, 3600.0 * n, "HH:mm", "d MMM HH:mm") for n in (1, 3, 6, 12)),
    *(_Rhythm("day", n, n * _DAY, "d MMM", "d MMM yyyy") for n in (1, 2, 7, 14)),
    *(_Rhythm("month", n, n * _MONTH, "MMM", "MMM yyyy") for n in (1, 3, 6)),
    *(_Rhythm("year", n, n * _YEAR, "yyyy", "yyyy") for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)),
)


def ticks(scale: TimeScale, width_of: Callable[[str], float]) -> list[Tick]:
    """Return the marks for ``scale``, left to right; ``width_of`` measures a label in pixels."""
    if not scale.steps:
        return []
    if scale.by_change and scale.steps > 1:
        return list(_dated_steps(scale, width_of))
    if not scale.by_date:
        return [Tick(scale.left, scale.left, _exactly(scale.first))]
    first, last = scale.visible
    seconds = (last - first) / 1e6 * scale.busy_share
    pixels = scale.right - scale.left
    for rhythm in _RHYTHMS:
        if pixels * rhythm.seconds / max(seconds, 1e-6) < width_of(_spoken(_WIDE, rhythm.short)) + _CALM:
            continue
        placed = list(_placed(scale, rhythm, width_of))
        if sum(1 for tick in placed if tick.text) >= 2:
            return placed
        break
    return _ends(scale, width_of)


def _dated_steps(scale: TimeScale, width_of: Callable[[str], float]) -> Iterator[Tick]:
    """Label steps at even distances with their dates, each date once."""
    begin, end = (min(max(scale.value_at(x), 1), scale.steps) for x in (scale.left, scale.right))
    days = (int(scale.occurred_at[end - 1]) - int(scale.occurred_at[begin - 1])) / (_DAY * 1e6)
    pattern = "MMM yyyy" if days > 730 else "d MMM yyyy" if days > 5 else "d MMM HH:mm" if days > 0.02 else "HH:mm:ss"
    widest = width_of(_spoken(_WIDE, pattern))
    count = max(1, int((scale.right - scale.left) // (widest + _CALM)))
    before = ""
    for number in range(count + 1):
        x = scale.left + (scale.right - scale.left) * number / count
        value = min(max(scale.value_at(x), 1), scale.steps)
        text = _spoken(_local(int(scale.occurred_at[value - 1])), pattern)
        width = width_of(text)
        yield Tick(x, min(max(x - width / 2, scale.left), scale.right - width), "" if text == before else text)
        before = text


_WIDE = QDateTime(QDate(2000, 5, 28), QTime(20, 0))


def _placed(scale: TimeScale, rhythm: _Rhythm, width_of: Callable[[str], float]) -> Iterator[Tick]:
    """Say where the scale begins, centre each label on its mark, and leave out those that would touch."""
    first, last = (_local(moment) for moment in scale.visible)
    moments = [moment for moment in _round_moments(first, last, rhythm) if not _is_idle(scale, moment)]
    taken = -_GAP
    before: QDateTime | None = None
    opening = _spoken(first, rhythm.full)
    if moments and _x_of(scale, moments[0]) - scale.left > 1.5 * width_of(opening) + _GAP:
        taken, before = scale.left + width_of(opening), first
        yield Tick(scale.left, scale.left, opening)
    for moment in moments:
        x = _x_of(scale, moment)
        text = _spoken(moment, rhythm.full if before is None else _brief(before, moment, rhythm))
        width = width_of(text)
        label_x = min(max(x - width / 2, scale.left), scale.right - width)
        if label_x < taken + _GAP:
            yield Tick(x, label_x, "")
            continue
        taken, before = label_x + width, moment
        yield Tick(x, label_x, text)


def _is_idle(scale: TimeScale, moment: QDateTime) -> bool:
    microseconds = moment.toMSecsSinceEpoch() * 1000
    return any(begin < microseconds < end for begin, end in scale.idle())


def _x_of(scale: TimeScale, moment: QDateTime) -> float:
    return scale.x_at(moment.toMSecsSinceEpoch() * 1000)


def _brief(before: QDateTime, moment: QDateTime, rhythm: _Rhythm) -> str:
    """Say only what is new since the label before: the year when it turns, the day at midnight."""
    if rhythm.unit == "month":
        return "yyyy" if before.date().year() != moment.date().year() else rhythm.short
    if rhythm.unit == "day":
        return rhythm.full if before.date().year() != moment.date().year() else rhythm.short
    return rhythm.full if before.date() != moment.date() else rhythm.short


def _round_moments(first: QDateTime, last: QDateTime, rhythm: _Rhythm) -> Iterator[QDateTime]:
    moment = _floor(first, rhythm)
    while moment <= last:
        if moment >= first:
            yield moment
        moment = _next(moment, rhythm)


def _floor(moment: QDateTime, rhythm: _Rhythm) -> QDateTime:
    date = moment.date()
    match rhythm.unit:
        case "year":
            return QDate(date.year() - date.year() % rhythm.every, 1, 1).startOfDay()
        case "month":
            return QDate(date.year(), 1 + (date.month() - 1) // rhythm.every * rhythm.every, 1).startOfDay()
        case "day":
            # Weeks begin on Mondays, and so did the Julian count of days.
            return date.addDays(-(date.toJulianDay() % rhythm.every)).startOfDay()
        case _:
            seconds = moment.time().msecsSinceStartOfDay() // 1000
            return date.startOfDay().addSecs(seconds - seconds % rhythm.every)


def _next(moment: QDateTime, rhythm: _Rhythm) -> QDateTime:
    match rhythm.unit:
        case "year":
            return moment.date().addYears(rhythm.every).startOfDay()
        case "month":
            return moment.date().addMonths(rhythm.every).startOfDay()
        case "day":
            return moment.date().addDays(rhythm.every).startOfDay()
        case _:
            return _step_of_day(moment, rhythm.every)


def _step_of_day(moment: QDateTime, seconds: int) -> QDateTime:
    """Go on by the wall clock, so that labels stay round on the day the clocks change."""
    wall = moment.time().msecsSinceStartOfDay() // 1000
    target = QDateTime(moment.date(), QTime(0, 0)).addDays((wall + seconds) // 86_400)
    later = QDateTime(target.date(), QTime.fromMSecsSinceStartOfDay((wall + seconds) % 86_400 * 1000))
    return later if later > moment else moment.addSecs(seconds)


def _ends(scale: TimeScale, width_of: Callable[[str], float]) -> list[Tick]:
    """Label only the two ends, for spans too short for any round moment between them."""
    first, last = (_exactly(moment) for moment in scale.visible)
    label_x = scale.right - width_of(last)
    found = [Tick(scale.left, scale.left, first), Tick(scale.right, label_x, last)]
    crowded = any(a.label_x + width_of(a.text) + _GAP > b.label_x for a, b in pairwise(found))
    return found[:1] if crowded else found


def _local(moment: int) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(moment // 1000)


def _exactly(moment: int) -> str:
    return _spoken(_local(moment), "d MMM yyyy HH:mm:ss")


def _spoken(moment: QDateTime, pattern: str) -> str:
    return QLocale.c().toString(moment, pattern)
