"""Playing a history: going through its moments by itself, so many changes or so much time a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractSlider

from whowas.desktop.timeline.scale import Moments
from whowas.projections.tables.arrays import Int32

FRAME_MS = 33
PAUSE_S = 0.5
"""Nothing happens for no longer than this: what is empty beyond it is passed over."""
LONGEST_FRAME_S = 0.25
"""A window that was busy for longer goes on where it was, instead of jumping."""

_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Speed:
    """``changes`` a second, or ``microseconds`` of the history a second; one of them is 0."""

    text: str
    changes: int = 0
    microseconds: int = 0


BY_CHANGE = tuple(Speed(f"{n:,} change{'' if n == 1 else 's'} / s", changes=n) for n in (1, 5, 25, 100, 1_000))
BY_DATE = (
    Speed("1 hour / s", microseconds=_DAY // 24),
    Speed("1 day / s", microseconds=_DAY),
    Speed("1 week / s", microseconds=7 * _DAY),
    Speed("1 month / s", microseconds=30 * _DAY),
    Speed("1 year / s", microseconds=365 * _DAY),
)


class Playback(QObject):
    """Moves a slider over the places between steps from where it stands to the last that counts.

    ``toggled(bool)`` tells when it begins and ends to play. Whoever moves the slider meanwhile ends it.
    """

    toggled = Signal(bool)

    def __init__(self, slider: QAbstractSlider) -> None:
        super().__init__(slider)
        self.speed = BY_DATE[1]
        self._slider = slider
        self._occurred_at: Moments = np.empty(0, dtype=np.int64)
        self._stops: Int32 | None = None
        self._stops_at = self._occurred_at
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._go_on)
        self._clock = QElapsedTimer()
        self._expected = 0
        self._place = 0.0
        self._moment = 0.0
        slider.valueChanged.connect(self._watch)
        slider.sliderPressed.connect(self.stop)

    @property
    def playing(self) -> bool:
        """Whether it moves."""
        return self._timer.isActive()

    def set_history(self, occurred_at: Moments, value: int) -> None:
        """Play these steps (UTC µs, ascending), the slider being about to stand at ``value`` of them."""
        self._occurred_at, self._expected = occurred_at, value
        self._take_stops(self._stops)
        if not len(occurred_at):
            self.stop()
        if self.playing:
            self._begin_at(value)

    def set_stops(self, stops: Int32 | None) -> None:
        """Play only the steps before these values (ascending, from 1); all where None."""
        self._take_stops(stops)
        if self.playing:
            self._begin_at(self._slider.value())

    def play(self) -> None:
        """Begin where the slider stands, or at the beginning where nothing that counts comes after."""
        if self.playing or not len(self._stops_at):
            return
        start = self._slider.value()
        if self._passed(start) == len(self._stops_at):
            start = 0
        self._move(start)
        self._begin_at(start)
        self._clock.start()
        self._timer.start()
        self.toggled.emit(True)

    def stop(self) -> None:
        """Stay where it is."""
        if self.playing:
            self._timer.stop()
            self.toggled.emit(False)

    def advance(self, seconds: float) -> None:
        """Go on by so much time; what the timer does all the while."""
        if self.speed.changes:
            self._place += self.speed.changes * seconds
        else:
            self._place = float(self._passed_after(seconds))
        passed = min(int(self._place), len(self._stops_at))
        if passed > self._passed(self._slider.value()):
            self._move(passed if self._stops is None else int(self._stops[passed - 1]))
        if passed == len(self._stops_at):
            self.stop()

    def _take_stops(self, stops: Int32 | None) -> None:
        self._stops = None if stops is None else stops[stops <= len(self._occurred_at)]
        self._stops_at = self._occurred_at if self._stops is None else self._occurred_at[self._stops - 1]

    def _passed(self, value: int) -> int:
        """Return how many stops lie at or before ``value``."""
        return value if self._stops is None else int(np.searchsorted(self._stops, value, side="right"))

    def _passed_after(self, seconds: float) -> int:
        """Return how many stops are passed after so much more of the history, less than a pause before the next."""
        self._moment += self.speed.microseconds * seconds
        passed = self._passed(self._slider.value())
        if passed < len(self._stops_at):
            upcoming = float(self._stops_at[passed])
            self._moment = max(self._moment, upcoming - self.speed.microseconds * PAUSE_S)
        return max(passed, int(np.searchsorted(self._stops_at, self._moment, side="right")))

    def _begin_at(self, value: int) -> None:
        self._place = float(self._passed(value))
        self._moment = float(self._occurred_at[max(value - 1, 0)])

    def _go_on(self) -> None:
        self.advance(min(self._clock.restart() / 1000, LONGEST_FRAME_S))

    def _move(self, value: int) -> None:
        self._expected = value
        self._slider.setValue(value)

    def _watch(self, value: int) -> None:
        if self.playing and value != self._expected:
            self.stop()
