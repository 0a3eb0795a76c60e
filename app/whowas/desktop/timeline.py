"""The timeline: a slider whose groove is the history itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip, QWidget

from whowas.desktop import theme
from whowas.desktop.timeline_paint import HEIGHT, KNOB, Marker, Picture, draw_handle, marker_at
from whowas.desktop.timeline_scale import WHOLE, Counts, Moments, TimeScale, Window, panned, zoomed
from whowas.projections.steps import Int32

_NOTCH = 120
"""What a mouse wheel reports for one notch, in eighths of a degree."""
_PAGES = 10
_ZOOM = 1.5
"""How much narrower one notch of the wheel, or one key, makes the part in view."""
_PAN = 0.2
_SCROLL_MS = 40
_SCROLL, _SCROLL_FASTEST = 0.02, 0.15
"""How much of its length the part in view moves each time while a drag is held beyond its edge."""


class TimelineSlider(QSlider):
    """A slider over the places between steps: value k shows the directory after k steps, the maximum is now.

    Signals, keys and accessibility are a QSlider's; the picture and the meaning of a pixel are its own, and what
    part of the history is in view: the wheel with Ctrl and the keys + - 0 zoom, the wheel and arrows with Shift pan.
    ``viewChanged`` tells of another part or scale.
    """

    MARGIN: ClassVar[int] = 14

    viewChanged = Signal()

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
        self._counts: tuple[Counts, Counts, Counts] = (np.zeros(0, dtype=np.int32),) * 3
        self._stops: Int32 | None = None
        self._drawn_counts: tuple[Counts, ...] | None = None
        self._by_change = False
        self._window: Window = WHOLE
        self._markers: Sequence[Marker] = ()
        self._told: Callable[[int], str] = str
        self._scale: TimeScale | None = None
        self._picture: Picture | None = None
        self._grab = 0.0
        self._wheel = 0
        self._hasty = False
        self._pointer = 0.0
        self._scrolling = QTimer(self, interval=_SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll_on)
        self.actionTriggered.connect(self._stop_where_it_counts)
        theme.signals.changed.connect(self._redraw)

    def set_history(
        self, occurred_at: Moments, created: Counts, changed: Counts, removed: Counts, value: int | None = None
    ) -> None:
        """Show a history of N steps: their moments (int64 UTC µs, ascending) and how many events each holds.

        The three counts are arrays of length N. The slider then stands at ``value``; where that is None one at now
        stays at now, else its value stays. Raises ValueError when the lengths differ.
        """
        steps = len(occurred_at)
        if not steps == len(created) == len(changed) == len(removed):
            raise ValueError("every step needs a moment and three counts")
        if value is None:
            value = steps if self.is_live() else min(self.value(), steps)
        self._occurred_at = occurred_at
        self._counts = created, changed, removed
        self._drawn_counts = None
        self._remeasure()
        self.setPageStep(max(1, steps // _PAGES))
        # In this order the value goes from the old one to the new one at once.
        if value > self.maximum():
            self.setMaximum(steps)
            self.setValue(value)
        else:
            self.setValue(value)
            self.setMaximum(steps)

    def set_stops(self, stops: Int32 | None) -> None:
        """Draw only the steps before these values (ascending, from 1), and step along them; all where None."""
        self._stops, self._drawn_counts = stops, None
        self._redraw()

    def stop_before(self, value: int) -> int | None:
        """Return the nearest value below to step to; None where there is none, and the beginning is not below."""
        if self._stops is None:
            return value - 1 if value > 0 else None
        place = int(np.searchsorted(self._stops, value))
        return int(self._stops[place - 1]) if place else None

    def stop_after(self, value: int) -> int | None:
        """Return the nearest value above to step to; None where there is none."""
        if self._stops is None:
            return value + 1 if value < self.maximum() else None
        place = int(np.searchsorted(self._stops, value, side="right"))
        return int(self._stops[place]) if place < len(self._stops) else None

    def _stop_from(self, value: int, count: int) -> int:
        """Return the value so many stops above (below where negative), or the last on the way."""
        for _ in range(abs(count)):
            stop = self.stop_after(value) if count > 0 else self.stop_before(value)
            if stop is None:
                break
            value = stop
        return value

    def set_markers(self, markers: Sequence[Marker]) -> None:
        """Show where something stands that is worth a sign of its own."""
        self._markers = markers
        self._redraw()

    def set_teller(self, told: Callable[[int], str]) -> None:
        """Have ``told`` say what a value means to somebody whose pointer rests there."""
        self._told = told

    @property
    def by_change(self) -> bool:
        """Whether every step is as wide as any other, instead of lying at its date."""
        return self._by_change

    def set_by_change(self, by_change: bool) -> None:
        """Lay the steps by change or by date, all of them in view."""
        self._by_change = by_change
        self._look_at(WHOLE)

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Look closer by ``factor``, or from further off below 1; what lies at pixel ``x`` (the handle) stays there."""
        width = max(self.width() - 2 * self.MARGIN, 1)
        place = self.x_of(self.value()) if x is None else x
        self._look_at(zoomed(self._window, factor, min(max((place - self.MARGIN) / width, 0.0), 1.0)))

    def pan(self, share: float) -> None:
        """Move the part in view by ``share`` of its length."""
        self._look_at(panned(self._window, share))

    def show_all(self) -> None:
        """Bring the whole history into view."""
        self._look_at(WHOLE)

    @property
    def hasty(self) -> bool:
        """Whether the value just told follows from input of which more may be waiting: a drag, a wheel, a key held."""
        return self._hasty

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
        if isinstance(event, QHelpEvent):
            self._tell(event)
            return True
        return super().event(event)

    def sliderChange(self, change: QSlider.SliderChange) -> None:
        super().sliderChange(change)
        if change == QSlider.SliderChange.SliderValueChange and not self.isSliderDown():
            self._keep_in_view()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(_ZOOM)
            case Qt.Key.Key_Minus:
                self.zoom(1 / _ZOOM)
            case Qt.Key.Key_0:
                self.show_all()
            case Qt.Key.Key_Left if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.pan(-_PAN)
            case Qt.Key.Key_Right if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.pan(_PAN)
            case _ if event.isAutoRepeat():
                with self._hastily():
                    super().keyPressEvent(event)
            case _:
                super().keyPressEvent(event)

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
        if self.maximum() and -KNOB <= x <= self.width() + KNOB:
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
            self._pointer = event.position().x() - self._grab
            self._drag()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            self._scrolling.stop()
            self.setSliderDown(False)
            self._keep_in_view()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        event.accept()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM ** (turn.y() / _NOTCH), event.position().x())
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(-_PAN * (turn.y() or turn.x()) / _NOTCH)
            return
        self._wheel += turn.y() or -turn.x()
        # Fine wheels and touch pads report parts of a notch; they add up, in either direction.
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        with self._hastily():
            self.setValue(self._stop_from(self.value(), notches))

    @contextmanager
    def _hastily(self) -> Iterator[None]:
        self._hasty = True
        try:
            yield
        finally:
            self._hasty = False

    def _drag(self) -> None:
        """Move the handle to the pointer, or to the edge of the part in view that it is beyond, and scroll there."""
        begin, end = self._window
        left = self.MARGIN if begin > WHOLE[0] else -math.inf
        right = self.width() - self.MARGIN if end < WHOLE[1] else math.inf
        x = min(max(self._pointer, left), right)
        if x == self._pointer:
            self._scrolling.stop()
        elif not self._scrolling.isActive():
            self._scrolling.start()
        value = self.value_at(x)
        # The nearest at the edge may lie beyond it.
        if x == left and self.x_of(value) < left:
            value += 1
        if x == right and self.x_of(value) > right:
            value -= 1
        with self._hastily():
            self.setSliderPosition(value)

    def _scroll_on(self) -> None:
        middle = self.width() / 2
        beyond = abs(self._pointer - middle) - middle + self.MARGIN
        share = min(_SCROLL + beyond / 2000, _SCROLL_FASTEST)
        self.pan(math.copysign(share, self._pointer - middle))
        self._drag()

    def _stop_where_it_counts(self, action: int) -> None:
        match QSlider.SliderAction(action):
            case QSlider.SliderAction.SliderSingleStepAdd:
                stop = self.stop_after(self.value())
            case QSlider.SliderAction.SliderSingleStepSub:
                stop = self.stop_before(self.value())
            case _:
                return
        self.setSliderPosition(self.value() if stop is None else stop)

    def _counted(self) -> tuple[Counts, ...]:
        if self._stops is None:
            return self._counts
        if self._drawn_counts is None:
            counts = np.zeros(len(self._occurred_at), dtype=np.int32)
            counts[self._stops[self._stops <= len(counts)] - 1] = 1
            self._drawn_counts = tuple(kind * counts for kind in self._counts)
        return self._drawn_counts

    def _look_at(self, window: Window) -> None:
        self._window = window
        self._remeasure()
        self.viewChanged.emit()

    def _keep_in_view(self) -> None:
        if self._window == WHOLE:
            return
        x = self.x_of(self.value())
        if not self.MARGIN - 6 <= x <= self.width() - self.MARGIN + 1:
            width = max(self.width() - 2 * self.MARGIN, 1)
            self.pan((x - self.MARGIN) / width - 0.5)

    def _tell(self, event: QHelpEvent) -> None:
        marker = marker_at(self._markers, self._measured(), event.pos())
        text = marker.text if marker is not None else self._told(self.value_at(event.pos().x()))
        # Qt shows anything that looks like markup as such; this is somebody's words.
        QToolTip.showText(event.globalPos(), text.replace("<", "\u2039").replace(">", "\u203a"), self)

    def _measured(self) -> TimeScale:
        if self._scale is None:
            left, right = float(self.MARGIN), float(self.width() - self.MARGIN)
            self._scale = TimeScale(self._occurred_at, left, right, self._by_change, self._window)
        return self._scale

    def _drawn(self) -> Picture:
        if self._picture is None:
            ratio, scale = self.devicePixelRatioF(), self._measured()
            size, font = self.size(), self.font()
            self._picture = Picture(size, ratio, font, scale, self._counted(), self._markers, theme.current())
        return self._picture

    def _remeasure(self) -> None:
        self._scale = None
        self._redraw()

    def _redraw(self) -> None:
        self._picture = None
        self.update()
