"""The labels under the timeline: round years, months, days or times in the local zone, as many as fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime

from whowas.desktop.kit import dates
from whowas.desktop.timeline.scale import TimeScale

_GAP = 24.0
"""The minimum space between two labels, in pixels."""
_CALM = 84.0
"""The desired space between labels, in pixels, from which the interval of labels follows."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark at pixel ``x``, and its label beginning at pixel ``label_x`` (empty if it does not fit)."""

    x: float
    label_x: float
    text: str


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """Ticks every ``every`` units of about ``seconds``, and the date formats of their labels.

    ``full`` is for the first label and for another year than before, ``new`` for another day, ``short`` otherwise.
    """

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
"""The formats of dates when steps have even distances: the first whose number of days is exceeded by those in view."""


def ticks(scale: TimeScale, width_of: Callable[[str], float]) -> list[Tick]:
    """Return the marks for ``scale`` from left to right; ``width_of`` measures a label in pixels."""
    if not scale.steps:
        return []
    if scale.by_change and scale.steps > 1:
        return list(_dated_steps(scale, width_of))
    if not scale.by_date:
        return [Tick(scale.left, scale.left, _exactly(scale.first))]
    seconds = sum(end - begin for begin, end in scale.busy) / 1e6
    pixels = scale.right - scale.left
    for rhythm in _RHYTHMS:
        if pixels * rhythm.seconds / max(seconds, 1e-6) < width_of(_formatted(_WIDE, rhythm.short)) + _CALM:
            continue
        placed = list(_placed(scale, rhythm, width_of))
        if sum(1 for tick in placed if tick.text) >= 2:
            return placed
        break
    return _ends(scale, width_of)


def _dated_steps(scale: TimeScale, width_of: Callable[[str], float]) -> Iterator[Tick]:
    """Yield ticks for steps at even distances, labelled with their dates; each date appears once, the first in full."""
    begin, end = (min(max(scale.value_at(x), 1), scale.steps) for x in (scale.left, scale.right))
    days = (int(scale.occurred_at[end - 1]) - int(scale.occurred_at[begin - 1])) / (_DAY * 1e6)
    rhythm = next(rhythm for more_than, rhythm in _BY_CHANGE if days > more_than)
    short, full = (width_of(_formatted(_WIDE, pattern)) for pattern in (rhythm.short, rhythm.full))
    count = max(1, int((scale.right - scale.left) // max(short + _CALM, full + _GAP + short / 2)))
    row = _Row(scale, rhythm, width_of)
    previous = ""
    for number in range(count + 1):
        x = scale.left + (scale.right - scale.left) * number / count
        when = _local(int(scale.occurred_at[min(max(scale.value_at(x), 1), scale.steps) - 1]))
        exactly = _formatted(when, rhythm.full)
        yield row.tick(x, when) if exactly != previous else Tick(x, x, "")
        previous = exactly


_WIDE = QDateTime(QDate(2000, 5, 28), QTime(20, 0))


class _Row:
    """The labels placed so far, from left to right: each shows what is new since the one before."""

    def __init__(self, scale: TimeScale, rhythm: _Rhythm, width_of: Callable[[str], float]) -> None:
        self._scale = scale
        self._rhythm = rhythm
        self._width_of = width_of
        self._taken = -_GAP
        self._before: QDateTime | None = None

    def tick(self, x: float, when: QDateTime) -> Tick:
        """Return the mark at pixel ``x`` with its label centred below, or without a label if it does not fit."""
        text = self.text(when)
        width = self._width_of(text)
        label_x = min(max(x - width / 2, self._scale.left), self._scale.right - width)
        if label_x < max(self._taken + _GAP, self._scale.left):
            return Tick(x, label_x, "")
        return self._placed(x, label_x, text, when)

    def opening(self, x: float, when: QDateTime, room: float) -> Iterator[Tick]:
        """Yield a label that begins at pixel ``x``, where a stretch begins, if ``room`` (pixels) is enough for it."""
        text = self.text(when)
        if room > 1.5 * self._width_of(text) + _GAP and x >= self._taken + _GAP:
            yield self._placed(x, x, text, when)

    def text(self, when: QDateTime) -> str:
        """Return the text of a label for a time, after the labels so far."""
        before, rhythm = self._before, self._rhythm
        if before is None:
            return _formatted(when, rhythm.full)
        if before.date().year() != when.date().year():
            # January is labelled with the year alone.
            turned = rhythm.unit == "month" and when.date().month() == 1
            return _formatted(when, "yyyy" if turned else rhythm.full)
        return _formatted(when, rhythm.short if before.date() == when.date() else rhythm.new)

    def _placed(self, x: float, label_x: float, text: str, when: QDateTime) -> Tick:
        self._taken, self._before = label_x + self._width_of(text), when
        return Tick(x, label_x, text)


def _placed(scale: TimeScale, rhythm: _Rhythm, width_of: Callable[[str], float]) -> Iterator[Tick]:
    """Yield a label for the beginning of each stretch of the scale, and ticks for its round times."""
    row = _Row(scale, rhythm, width_of)
    for begin, end in scale.busy:
        times = list(_round_times(_local(begin), _local(end), rhythm))
        start = scale.x_at(begin)
        room = (_x_of(scale, times[0]) if times else scale.x_at(end)) - start
        yield from row.opening(start, _local(begin), room)
        for when in times:
            yield row.tick(_x_of(scale, when), when)


def _x_of(scale: TimeScale, when: QDateTime) -> float:
    return scale.x_at(when.toMSecsSinceEpoch() * 1000)


def _round_times(first: QDateTime, last: QDateTime, rhythm: _Rhythm) -> Iterator[QDateTime]:
    when = _floor(first, rhythm)
    while when <= last:
        if when >= first:
            yield when
        when = _next(when, rhythm)


def _floor(when: QDateTime, rhythm: _Rhythm) -> QDateTime:
    date = when.date()
    match rhythm.unit:
        case "year":
            return QDate(date.year() - date.year() % rhythm.every, 1, 1).startOfDay()
        case "month":
            return QDate(date.year(), 1 + (date.month() - 1) // rhythm.every * rhythm.every, 1).startOfDay()
        case "day":
            # Weeks begin on Mondays, and so does the count of Julian days.
            return date.addDays(-(date.toJulianDay() % rhythm.every)).startOfDay()
        case _:
            seconds = when.time().msecsSinceStartOfDay() // 1000
            return date.startOfDay().addSecs(seconds - seconds % rhythm.every)


def _next(when: QDateTime, rhythm: _Rhythm) -> QDateTime:
    match rhythm.unit:
        case "year":
            return when.date().addYears(rhythm.every).startOfDay()
        case "month":
            return when.date().addMonths(rhythm.every).startOfDay()
        case "day":
            return when.date().addDays(rhythm.every).startOfDay()
        case _:
            return _step_of_day(when, rhythm.every)


def _step_of_day(when: QDateTime, seconds: int) -> QDateTime:
    """Return the time ``seconds`` later by the wall clock, so that labels stay round when the clocks change."""
    wall = when.time().msecsSinceStartOfDay() // 1000
    target = QDateTime(when.date(), QTime(0, 0)).addDays((wall + seconds) // 86_400)
    later = QDateTime(target.date(), QTime.fromMSecsSinceStartOfDay((wall + seconds) % 86_400 * 1000))
    return later if later > when else when.addSecs(seconds)


def _ends(scale: TimeScale, width_of: Callable[[str], float]) -> list[Tick]:
    """Label only the two ends, for spans without round times that fit between them."""
    first, last = (_exactly(when_us) for when_us in scale.visible)
    label_x = scale.right - width_of(last)
    found = [Tick(scale.left, scale.left, first), Tick(scale.right, label_x, last)]
    crowded = any(a.label_x + width_of(a.text) + _GAP > b.label_x for a, b in pairwise(found))
    return found[:1] if crowded else found


def _local(when_us: int) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(when_us // 1000)


def _exactly(when_us: int) -> str:
    return _formatted(_local(when_us), "d MMM yyyy HH:mm:ss")


def _formatted(when: QDateTime, pattern: str) -> str:
    return QLocale.c().toString(when, dates.styled(pattern))
