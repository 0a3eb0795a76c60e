"""A slider whose groove is the history itself: what it shows, and where on it a value lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.timeline.markers import Marker, sign_at, signs_of
from whowas.desktop.timeline.picture import HEIGHT, KNOB, Bars, Picture, bars_of, draw_handle
from whowas.desktop.timeline.scale import Counts, Moments
from whowas.desktop.timeline.stops import Stops
from whowas.desktop.timeline.zoom import PartInView
from whowas.projections.tables.arrays import Int32

_PAGES = 10


class HistorySlider(QSlider):
    """A slider over the places between steps: value k shows the directory after k steps, the maximum is now.

    Signals, keys and accessibility are a QSlider's; the picture and the meaning of a pixel are its own, and what part
    of the history is in view. ``viewChanged`` tells of another part or scale.
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
        self._stops = Stops()
        self._counted: list[Counts] | None = None
        self._part = PartInView(self.MARGIN)
        self._markers: Sequence[Marker] = ()
        self._told: Callable[[int], str] = str
        self._picture: Picture | None = None
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
        if occurred_at is not self._occurred_at:
            QToolTip.hideText()  # what it says of a change may be no more so
        self._occurred_at = occurred_at
        self._counts = created, changed, removed
        self._counted = None
        self._stops.last = steps
        self._part.set_history(occurred_at)
        self._redraw()
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
        self._stops.some, self._counted = stops, None
        self._redraw()

    def stop_before(self, value: int) -> int | None:
        """Return the nearest value below to step to; None where there is none, and the beginning is not below."""
        return self._stops.before(value)

    def stop_after(self, value: int) -> int | None:
        """Return the nearest value above to step to; None where there is none."""
        return self._stops.after(value)

    def set_markers(self, markers: Sequence[Marker]) -> None:
        """Show where something stands that is worth a sign of its own."""
        self._markers = markers
        self._redraw()

    def set_teller(self, told: Callable[[int], str]) -> None:
        """Have ``told`` say what a value means to somebody whose pointer rests there."""
        self._told = told

    def to_sign(self, *, forward: bool) -> None:
        """Go to the next thing that has a sign, or back to the one before; stay where there is none."""
        value = self.value()
        if forward:
            self.setValue(min((one.value for one in self._markers if one.value > value), default=value))
        else:
            self.setValue(max((one.value for one in self._markers if one.value < value), default=value))

    @property
    def by_change(self) -> bool:
        """Whether every step is as wide as any other, instead of lying at its date."""
        return self._part.by_change

    def set_by_change(self, by_change: bool) -> None:
        """Lay the steps by change or by date, all of them in view."""
        self._part.set_by_change(by_change)
        self._look_again()

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Look closer by ``factor``, or from further off below 1; what lies at pixel ``x`` (the handle) stays there."""
        self._measured().zoom(factor, self.x_of(self.value()) if x is None else x)
        self._look_again()

    def pan(self, share: float) -> None:
        """Move the part in view by ``share`` of its length."""
        self._measured().pan(share)
        self._look_again()

    def show_all(self) -> None:
        """Bring the whole history into view."""
        self._part.show_all()
        self._look_again()

    def set_spoken(self, text: str) -> None:
        """Say what the value means, for a screen reader: the moment and what happened then."""
        self.setAccessibleDescription(text)

    def is_live(self) -> bool:
        """Say whether the slider stands at now."""
        return self.value() == self.maximum()

    def x_of(self, value: int) -> float:
        """Return the pixel at which ``value`` lies."""
        return self._measured().scale.x_of(value)

    def value_at(self, x: float) -> int:
        """Return the value under pixel ``x``."""
        return self._measured().scale.value_at(x)

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._redraw()

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
        if picture.signs:
            painter.drawPixmap(0, 0, picture.marked)
        if self.maximum() and -KNOB <= x <= self.width() + KNOB:
            draw_handle(painter, x, theme.current(), self.hasFocus())
        painter.end()

    def _stop_where_it_counts(self, action: int) -> None:
        match QSlider.SliderAction(action):
            case QSlider.SliderAction.SliderSingleStepAdd:
                stop = self.stop_after(self.value())
            case QSlider.SliderAction.SliderSingleStepSub:
                stop = self.stop_before(self.value())
            case _:
                return
        self.setSliderPosition(self.value() if stop is None else stop)

    def _bars(self) -> Bars:
        stops = self._stops.some
        if stops is None:
            return bars_of(self._measured().scale, self._counts)
        stops = stops[: np.searchsorted(stops, len(self._occurred_at), side="right")]
        if self._counted is None:
            steps = stops - 1
            self._counted = [np.take(kind, steps) for kind in self._counts]
        return bars_of(self._measured().scale, self._counted, stops)

    def _look_again(self) -> None:
        self._redraw()
        self.viewChanged.emit()

    def _keep_in_view(self) -> None:
        if self._measured().bring_in(self.value()):
            self._look_again()

    def _tell(self, event: QHelpEvent) -> None:
        picture, x = self._drawn(), event.pos().x()
        sign = sign_at(picture.signs, event.pos())
        value = self._measured().scale.step_at(x)
        if (steps := picture.bars.steps_at(x)) is not None:
            # A bar tells of what it stands for, wherever in it that lies.
            value = self._stops.nearest(value, *steps)
        text = sign.text if sign is not None else self._told(value)
        QToolTip.showText(event.globalPos(), tool_tip(text), self)

    def _measured(self) -> PartInView:
        # Not as it is resized: it may be asked for before Qt tells it of that.
        self._part.set_width(self.width())
        return self._part

    def _drawn(self) -> Picture:
        if self._picture is None:
            ratio, scale = self.devicePixelRatioF(), self._measured().scale
            signs = signs_of(self._markers, scale)
            self._picture = Picture(self.size(), ratio, self.font(), scale, self._bars(), signs, theme.current())
        return self._picture

    def _redraw(self) -> None:
        self._picture = None
        self.update()
