"""Playing a history: going through its moments by itself, so many changes or so much time a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractSlider

from whowas.desktop.timeline_scale import Moments

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
    """Moves a slider over the places between steps from where it stands to its end.

    ``toggled(bool)`` tells when it begins and ends to play. Whoever moves the slider meanwhile ends it.
    """

    toggled = Signal(bool)

    def __init__(self, slider: QAbstractSlider) -> None:
        super().__init__(slider)
        self.speed = BY_DATE[1]
        self._slider = slider
        self._occurred_at: Moments = np.empty(0, dtype=np.int64)
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

    def set_history(self, occurred_at: Moments) -> None:
        """Play these steps (UTC µs, ascending)."""
        self._occurred_at = occurred_at

    def play(self) -> None:
        """Begin where the slider stands, or at the beginning where it stands at the end."""
        if self.playing or not len(self._occurred_at):
            return
        start = 0 if self._slider.value() == self._slider.maximum() else self._slider.value()
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
            self._place = float(self._value_after(seconds))
        value = min(int(self._place), len(self._occurred_at))
        self._move(value)
        if value == len(self._occurred_at):
            self.stop()

    def _value_after(self, seconds: float) -> int:
        """Return the value after so much more of the history, less than a pause away from the next step."""
        self._moment += self.speed.microseconds * seconds
        value = self._slider.value()
        if value < len(self._occurred_at):
            upcoming = float(self._occurred_at[value])
            self._moment = max(self._moment, upcoming - self.speed.microseconds * PAUSE_S)
        return max(value, int(np.searchsorted(self._occurred_at, self._moment, side="right")))

    def _begin_at(self, value: int) -> None:
        self._place = float(value)
        self._moment = float(self._occurred_at[max(value - 1, 0)])

    def _go_on(self) -> None:
        self.advance(min(self._clock.restart() / 1000, LONGEST_FRAME_S))

    def _move(self, value: int) -> None:
        self._expected = value
        self._slider.setValue(value)

    def _watch(self, value: int) -> None:
        if self.playing and value != self._expected:
            self.stop()
