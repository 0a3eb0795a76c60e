"""The labels under the timeline: round years, months, days or times of the local zone, as many as have room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime

from whowas.desktop.timeline.scale import TimeScale

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
    """Ticks every ``every`` units, and how one reads: shortly, with what is new since the label before, or in full."""

    unit: str
    every: int
    seconds: float
    short: str
    new: str
    full: str


_YEAR, _MONTH, _DAY = 31_556_952.0, 2_629_746.0, 86_400.0
_RHYTHMS = (
    *(_Rhythm("second", n, n, "HH:mm:ss", "d MMM HH:mm:ss", "d MMM yyyy HH:mm:ss") for n in (1, 5, 15, 30)),
    *(_Rhythm("second", 60 * n, 60.0 * n, "HH:mm", "d MMM HH:mm", "d MMM yyyy HH:mm") for n in (1, 5, 15, 30)),
    *(_Rhythm("second", 3600 * n, 3600.0 * n, "HH:mm", "d MMM HH:mm", "d MMM yyyy HH:mm") for n in (1, 3, 6, 12)),
    *(_Rhythm("day", n, n * _DAY, "d MMM", "d MMM", "d MMM yyyy") for n in (1, 2, 7, 14)),
    *(_Rhythm("month", n, n * _MONTH, "MMM", "MMM", "MMM yyyy") for n in (1, 3, 6)),
    *(_Rhythm("year", n, n * _YEAR, "yyyy", "yyyy", "yyyy") for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)),
)
_BY_CHANGE = (
    (730.0, _Rhythm("year", 1, _YEAR, "MMM yyyy", "MMM yyyy", "MMM yyyy")),
    (5.0, _Rhythm("day", 1, _DAY, "d MMM yyyy", "d MMM yyyy", "d MMM yyyy")),
    (0.02, _Rhythm("second", 60, 60.0, "d MMM HH:mm", "d MMM HH:mm", "d MMM yyyy HH:mm")),
    (-1.0, _Rhythm("second", 1, 1.0, "HH:mm:ss", "d MMM HH:mm:ss", "d MMM yyyy HH:mm:ss")),
)
"""How steps at even distances read where more than so many days are in view."""


def ticks(scale: TimeScale, width_of: Callable[[str], float]) -> list[Tick]:
    """Return the marks for ``scale``, left to right; ``width_of`` measures a label in pixels."""
    if not scale.steps:
        return []
    if scale.by_change and scale.steps > 1:
        return list(_dated_steps(scale, width_of))
    if not scale.by_date:
        return [Tick(scale.left, scale.left, _exactly(scale.first))]
    seconds = sum(end - begin for begin, end in scale.busy) / 1e6
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
    """Label steps at even distances with their dates, each date once, the first of them in full."""
    begin, end = (min(max(scale.value_at(x), 1), scale.steps) for x in (scale.left, scale.right))
    days = (int(scale.occurred_at[end - 1]) - int(scale.occurred_at[begin - 1])) / (_DAY * 1e6)
    rhythm = next(rhythm for more_than, rhythm in _BY_CHANGE if days > more_than)
    short, full = (width_of(_spoken(_WIDE, pattern)) for pattern in (rhythm.short, rhythm.full))
    count = max(1, int((scale.right - scale.left) // max(short + _CALM, full + _GAP + short / 2)))
    row = _Row(scale, rhythm, width_of)
    told = ""
    for number in range(count + 1):
        x = scale.left + (scale.right - scale.left) * number / count
        moment = _local(int(scale.occurred_at[min(max(scale.value_at(x), 1), scale.steps) - 1]))
        exactly = _spoken(moment, rhythm.full)
        yield row.tick(x, moment) if exactly != told else Tick(x, x, "")
        told = exactly


_WIDE = QDateTime(QDate(2000, 5, 28), QTime(20, 0))


class _Row:
    """The labels laid so far, left to right: each says what is new since the one before, none touches it."""

    def __init__(self, scale: TimeScale, rhythm: _Rhythm, width_of: Callable[[str], float]) -> None:
        self._scale = scale
        self._rhythm = rhythm
        self._width_of = width_of
        self._taken = -_GAP
        self._before: QDateTime | None = None

    def tick(self, x: float, moment: QDateTime) -> Tick:
        """Return the mark at pixel ``x``, its label in the middle below; without one where there is no room."""
        text = self.text(moment)
        width = self._width_of(text)
        label_x = min(max(x - width / 2, self._scale.left), self._scale.right - width)
        if label_x < max(self._taken + _GAP, self._scale.left):
            return Tick(x, label_x, "")
        return self._laid(x, label_x, text, moment)

    def opening(self, x: float, moment: QDateTime, room: float) -> Iterator[Tick]:
        """Yield a label that begins at pixel ``x``, to say where a stretch begins, if so much ``room`` is enough."""
        text = self.text(moment)
        if room > 1.5 * self._width_of(text) + _GAP and x >= self._taken + _GAP:
            yield self._laid(x, x, text, moment)

    def text(self, moment: QDateTime) -> str:
        """Return what a label for a moment says here."""
        before, rhythm = self._before, self._rhythm
        if before is None:
            return _spoken(moment, rhythm.full)
        if before.date().year() != moment.date().year():
            # The year alone stands for its first month.
            turned = rhythm.unit == "month" and moment.date().month() == 1
            return _spoken(moment, "yyyy" if turned else rhythm.full)
        return _spoken(moment, rhythm.short if before.date() == moment.date() else rhythm.new)

    def _laid(self, x: float, label_x: float, text: str, moment: QDateTime) -> Tick:
        self._taken, self._before = label_x + self._width_of(text), moment
        return Tick(x, label_x, text)


def _placed(scale: TimeScale, rhythm: _Rhythm, width_of: Callable[[str], float]) -> Iterator[Tick]:
    """Say where each stretch of the scale begins, and label its round moments."""
    row = _Row(scale, rhythm, width_of)
    for begin, end in scale.busy:
        moments = list(_round_moments(_local(begin), _local(end), rhythm))
        start = scale.x_at(begin)
        room = (_x_of(scale, moments[0]) if moments else scale.x_at(end)) - start
        yield from row.opening(start, _local(begin), room)
        for moment in moments:
            yield row.tick(_x_of(scale, moment), moment)


def _x_of(scale: TimeScale, moment: QDateTime) -> float:
    return scale.x_at(moment.toMSecsSinceEpoch() * 1000)


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
