"""Playing a history: moving the slider at a speed of so many changes, or so much of the history, a second."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractSlider

from whowas.desktop.timeline.scale import Times
from whowas.desktop.timeline.speeds import BY_DATE
from whowas.projections.tables.arrays import Int32

FRAME_MS = 33
PAUSE_S = 0.5
"""The longest pause between two steps in seconds; the rest of an empty stretch is skipped."""
LONGEST_FRAME_S = 0.25
"""The most that one frame counts, in seconds, so that playing does not jump after the window was busy."""


class Playback(QObject):
    """Moves a slider over the moments between steps, from its present value to the last stop.

    ``toggled(bool)`` is emitted when playing starts and stops. It stops when the person moves the slider.
    """

    toggled = Signal(bool)

    def __init__(self, slider: QAbstractSlider) -> None:
        super().__init__(slider)
        self.speed = BY_DATE[1]
        self._slider = slider
        self._occurred_at: Times = np.empty(0, dtype=np.int64)
        self._stops: Int32 | None = None
        self._stops_at = self._occurred_at
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._go_on)
        self._clock = QElapsedTimer()
        self._expected = 0
        self._stops_passed = 0.0
        self._played_until = 0.0
        slider.valueChanged.connect(self._watch)
        slider.sliderPressed.connect(self.stop)

    @property
    def playing(self) -> bool:
        """Whether it is playing."""
        return self._timer.isActive()

    def set_history(self, occurred_at: Times, value: int) -> None:
        """Take other steps (UTC µs, ascending), just before the slider is set to ``value``."""
        self._occurred_at, self._expected = occurred_at, value
        self._take_stops(self._stops)
        if not len(occurred_at):
            self.stop()
        if self.playing:
            self._begin_at(value)

    def set_stops(self, stops: Int32 | None) -> None:
        """Stop only at these values (ascending, from 1), the ends of the steps that count; None for all steps."""
        self._take_stops(stops)
        if self.playing:
            self._begin_at(self._slider.value())

    def play(self) -> None:
        """Start at the slider's value, or at the beginning if no stop comes after it."""
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
        """Stop playing; the slider stays where it is."""
        if self.playing:
            self._timer.stop()
            self.toggled.emit(False)

    def advance(self, seconds: float) -> None:
        """Play for so many seconds; called by the timer for each frame."""
        if self.speed.changes:
            self._stops_passed += self.speed.changes * seconds
        else:
            self._stops_passed = float(self._passed_after(seconds))
        passed = min(int(self._stops_passed), len(self._stops_at))
        if passed > self._passed(self._slider.value()):
            self._move(passed if self._stops is None else int(self._stops[passed - 1]))
        if passed == len(self._stops_at):
            self.stop()

    def _take_stops(self, stops: Int32 | None) -> None:
        self._stops = None if stops is None else stops[stops <= len(self._occurred_at)]
        self._stops_at = self._occurred_at if self._stops is None else self._occurred_at[self._stops - 1]

    def _passed(self, value: int) -> int:
        """Return the number of stops up to and including ``value``."""
        return value if self._stops is None else int(np.searchsorted(self._stops, value, side="right"))

    def _passed_after(self, seconds: float) -> int:
        """Return the number of stops passed after ``seconds`` more by date, skipping the rest of long pauses."""
        self._played_until += self.speed.microseconds * seconds
        passed = self._passed(self._slider.value())
        if passed < len(self._stops_at):
            upcoming = float(self._stops_at[passed])
            self._played_until = max(self._played_until, upcoming - self.speed.microseconds * PAUSE_S)
        return max(passed, int(np.searchsorted(self._stops_at, self._played_until, side="right")))

    def _begin_at(self, value: int) -> None:
        self._stops_passed = float(self._passed(value))
        self._played_until = float(self._occurred_at[max(value - 1, 0)])

    def _go_on(self) -> None:
        self.advance(min(self._clock.restart() / 1000, LONGEST_FRAME_S))

    def _move(self, value: int) -> None:
        self._expected = value
        self._slider.setValue(value)

    def _watch(self, value: int) -> None:
        if self.playing and value != self._expected:
            self.stop()
