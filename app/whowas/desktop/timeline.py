"""The timeline: a slider whose groove is the history itself."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from whowas.desktop import theme
from whowas.desktop.timeline_paint import HEIGHT, KNOB, Picture, draw_handle
from whowas.desktop.timeline_scale import Counts, Moments, TimeScale

_NOTCH = 120
"""What a mouse wheel reports for one notch, in eighths of a degree."""
_PAGES = 10


class TimelineSlider(QSlider):
    """A slider over the places between steps: value k shows the directory after k steps, the maximum is now.

    Signals, keys and accessibility are a QSlider's; only the picture and the meaning of a pixel are its own.
    """

    MARGIN: ClassVar[int] = 14

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName("Timeline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # Time runs to the right in every language; mirrored, the axis would contradict the keys.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setRange(0, 0)
        self._occurred_at: Moments = np.empty(0, dtype=np.int64)
        self._events_before = np.zeros(1, dtype=np.int64)
        self._scale: TimeScale | None = None
        self._picture: Picture | None = None
        self._grab = 0.0
        self._wheel = 0
        theme.signals.changed.connect(self._redraw)

    def set_history(self, occurred_at: Moments, created: Counts, changed: Counts, removed: Counts) -> None:
        """Show a history of N steps: their moments (int64 UTC µs, ascending) and how many events each holds.

        The three counts are arrays of length N. A slider at now stays at now, else its value stays.
        Raises ValueError when the lengths differ.
        """
        steps = len(occurred_at)
        if not steps == len(created) == len(changed) == len(removed):
            raise ValueError("every step needs a moment and three counts")
        following = self.value() == self.maximum()
        self._occurred_at = occurred_at
        self._events_before = np.zeros(steps + 1, dtype=np.int64)
        events = np.add(created, changed, dtype=np.int64)
        np.cumsum(np.add(events, removed, out=events), out=self._events_before[1:])
        self._remeasure()
        self.setPageStep(max(1, steps // _PAGES))
        self.setMaximum(steps)
        if following:
            self.setValue(steps)

    def set_spoken(self, text: str) -> None:
        """Say what the value means, for a screen reader: the moment and what happened then."""
        self.setAccessibleDescription(text)

    def is_live(self) -> bool:
        """Say whether the slider stands at now."""
        return self.value() == self.maximum()

    def x_of(self, value: int) -> float:
        """Return the pixel at which ``value`` lies."""
        return self._measured().x_of(value)

    def value_at(self, x: float) -> int:
        """Return the value under pixel ``x``."""
        return self._measured().value_at(x)

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._remeasure()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._redraw()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._redraw()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        picture, position = self._drawn(), self.sliderPosition()
        x = self.x_of(position)
        split = 0 if position == 0 else picture.bars.end_of_bar_at(x)
        painter = QPainter(self)
        if position == self.maximum():
            # Nearly always; the pale layer need not be drawn for it.
            painter.drawPixmap(0, 0, picture.happened)
        else:
            painter.setClipRect(0, 0, split, self.height())
            painter.drawPixmap(0, 0, picture.happened)
            painter.setClipRect(split, 0, self.width() - split, self.height())
            painter.drawPixmap(0, 0, picture.to_come)
            painter.setClipping(False)
        if self.maximum():
            draw_handle(painter, x, theme.current(), self.hasFocus())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        alone = event.buttons() == event.button() == Qt.MouseButton.LeftButton
        if not alone or not self.maximum():
            event.ignore()
            return
        x = event.position().x()
        handle = self.x_of(self.sliderPosition())
        on_handle = abs(x - handle) <= KNOB + 1
        # Taken beside its middle, the handle must not jump under the pointer.
        self._grab = x - handle if on_handle else 0.0
        self.setSliderDown(True)
        if not on_handle:
            self.setSliderPosition(self.value_at(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self.value_at(event.position().x() - self._grab))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        self._wheel += turn.y() or -turn.x()
        # Fine wheels and touch pads report parts of a notch; they add up, in either direction.
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        self.setValue(self.value() + notches)
        event.accept()

    def _measured(self) -> TimeScale:
        if self._scale is None:
            self._scale = TimeScale(self._occurred_at, float(self.MARGIN), float(self.width() - self.MARGIN))
        return self._scale

    def _drawn(self) -> Picture:
        if self._picture is None:
            ratio, scale = self.devicePixelRatioF(), self._measured()
            self._picture = Picture(self.size(), ratio, self.font(), scale, self._events_before, theme.current())
        return self._picture

    def _remeasure(self) -> None:
        self._scale = None
        self._redraw()

    def _redraw(self) -> None:
        self._picture = None
        self.update()
