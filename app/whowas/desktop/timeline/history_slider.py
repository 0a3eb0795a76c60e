"""A slider that shows the history in its groove: how it is painted, and where on it a value is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QToolTip, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.timeline.controls import MARGIN
from whowas.desktop.timeline.damage_flag import draw_damage_flag, flag_rect
from whowas.desktop.timeline.drawing import BASELINE, KNOB, Drawn, draw_handle, height
from whowas.desktop.timeline.markers import Marker, sign_at, signs_of
from whowas.desktop.timeline.picture import Bars, Picture, bars_of
from whowas.desktop.timeline.scale import Counts, Times
from whowas.desktop.timeline.stops import Stops
from whowas.desktop.timeline.zoom import PartInView
from whowas.projections.tables.arrays import Int32

_PAGES = 10


class HistorySlider(QSlider):
    """A slider over the moments between steps: value k stands for the directory after k steps, the maximum for now.

    Signals, keys and accessibility are those of QSlider; painting, the mapping of pixels to values, and the part of the
    history in view are its own. ``viewChanged`` is emitted when the part in view or the scale changes.
    """

    MARGIN: ClassVar[int] = MARGIN

    viewChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAccessibleName("Timeline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # Time runs to the right in every language; a mirrored axis would contradict the keys.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setRange(0, 0)
        self._occurred_at: Times = np.empty(0, dtype=np.int64)
        self._counts: tuple[Counts, Counts, Counts] = (np.zeros(0, dtype=np.int32),) * 3
        self._stops = Stops()
        self._counted: list[Counts] | None = None
        self._part = PartInView(self.MARGIN)
        self._markers: Sequence[Marker] = ()
        self._damage: tuple[int, str] | None = None
        self._describe: Callable[[int], str] = str
        self._picture: Picture | None = None
        self.actionTriggered.connect(self._step_to_stop)
        theme.signals.changed.connect(self._look_again)

    def set_history(
        self, occurred_at: Times, created: Counts, changed: Counts, removed: Counts, value: int | None = None
    ) -> None:
        """Show a history of N steps: when each occurred (int64 UTC µs, ascending) and how many events it has.

        The three counts are arrays of length N. The slider then goes to ``value``; if that is None, it stays at now if
        it was there, and otherwise keeps its value. Raises ValueError when the lengths differ.
        """
        steps = len(occurred_at)
        if not steps == len(created) == len(changed) == len(removed):
            raise ValueError("every step needs a moment and three counts")
        if value is None:
            value = steps if self.is_live() else min(self.value(), steps)
        if occurred_at is not self._occurred_at:
            QToolTip.hideText()  # it may describe a step that has changed
        self._occurred_at = occurred_at
        self._counts = created, changed, removed
        self._counted = None
        self._stops.last = steps
        self._part.set_history(occurred_at)
        self._redraw()
        self.setPageStep(max(1, steps // _PAGES))
        # In this order, valueChanged is emitted once, with the new value.
        if value > self.maximum():
            self.setMaximum(steps)
            self.setValue(value)
        else:
            self.setValue(value)
            self.setMaximum(steps)

    def set_stops(self, stops: Int32 | None) -> None:
        """Draw only the steps that end at these values (ascending, from 1) and stop only there; None for all steps."""
        self._stops.some, self._counted = stops, None
        self._redraw()

    def stop_before(self, value: int) -> int | None:
        """Return the nearest stop below ``value``, or None; the beginning counts only if all steps do."""
        return self._stops.before(value)

    def stop_after(self, value: int) -> int | None:
        """Return the nearest stop above ``value``, or None."""
        return self._stops.after(value)

    def set_markers(self, markers: Sequence[Marker]) -> None:
        """Show signs for these markers."""
        self._markers = markers
        self._redraw()

    def set_damage(self, damage: tuple[int, str] | None) -> None:
        """Show a flag at the value from which on the history is damaged, with a text for it; None for none."""
        if damage != self._damage:
            self._damage = damage
            self._redraw()

    def set_describer(self, describe: Callable[[int], str]) -> None:
        """Set the function that returns the tool tip for a value."""
        self._describe = describe

    def to_sign(self, *, forward: bool) -> None:
        """Go to the next marker with a sign, or to the previous one; stay if there is none."""
        value = self.value()
        if forward:
            self.setValue(min((one.value for one in self._markers if one.value > value), default=value))
        else:
            self.setValue(max((one.value for one in self._markers if one.value < value), default=value))

    @property
    def by_change(self) -> bool:
        """Whether every step has the same width, instead of a position by its date."""
        return self._part.by_change

    def set_by_change(self, by_change: bool) -> None:
        """Lay out the steps by change or by date, with all of them in view."""
        self._part.set_by_change(by_change)
        self._view_changed()

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Zoom in by ``factor``, or out if it is below 1, around pixel ``x`` (by default the handle)."""
        self._measured().zoom(factor, self.x_of(self.value()) if x is None else x)
        self._view_changed()

    def pan(self, share: float) -> None:
        """Move the part in view by ``share`` of its length."""
        self._measured().pan(share)
        self._view_changed()

    def show_all(self) -> None:
        """Bring the whole history into view."""
        self._part.show_all()
        self._view_changed()

    def set_description(self, text: str) -> None:
        """Set the accessible description of the value: the moment and what happened then."""
        self.setAccessibleDescription(text)

    @property
    def drawn(self) -> Drawn:
        """What the timeline is drawn from, at its present width."""
        return self._drawn().drawn

    def is_live(self) -> bool:
        """Return whether the slider is at now."""
        return self.value() == self.maximum()

    def x_of(self, value: int) -> float:
        """Return the x of ``value`` in pixels."""
        return self._measured().scale.x_of(value)

    def value_at(self, x: float) -> int:
        """Return the value at pixel ``x``."""
        return self._measured().scale.value_at(x)

    def sizeHint(self) -> QSize:
        return QSize(640, height())

    def minimumSizeHint(self) -> QSize:
        return QSize(240, height())

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
            self._show_tool_tip(event)
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
            # Usually so; then the pale layer need not be drawn.
            painter.drawPixmap(0, 0, picture.happened)
        else:
            painter.setClipRect(0, 0, split, self.height())
            painter.drawPixmap(0, 0, picture.happened)
            painter.setClipRect(split, 0, self.width() - split, self.height())
            painter.drawPixmap(0, 0, picture.to_come)
            painter.setClipping(False)
        if picture.signs:
            painter.drawPixmap(0, 0, picture.marked)
        if self._damage is not None:
            pole, tokens = self.x_of(self._damage[0]), theme.current()
            draw_damage_flag(painter, pole, self.width(), BASELINE, self.font(), tokens, self.devicePixelRatioF())
        if self.maximum() and -KNOB <= x <= self.width() + KNOB:
            draw_handle(painter, x, theme.current(), self.hasFocus())
        painter.end()

    def _step_to_stop(self, action: int) -> None:
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

    def _view_changed(self) -> None:
        self._redraw()
        self.viewChanged.emit()

    def _keep_in_view(self) -> None:
        if self._measured().bring_in(self.value()):
            self._view_changed()

    def _show_tool_tip(self, event: QHelpEvent) -> None:
        picture, x = self._drawn(), event.pos().x()
        sign = sign_at(picture.signs, event.pos())
        value = self._measured().scale.step_at(x)
        if (steps := picture.bars.steps_at(x)) is not None:
            # Describe a step of this bar, even if no step is exactly under the pointer.
            value = self._stops.nearest(value, *steps)
        text = sign.text if sign is not None else self._describe(value)
        if self._damage is not None:
            flag = flag_rect(self.x_of(self._damage[0]), self.width(), self.font())
            text = self._damage[1] if flag.contains(QPointF(event.pos())) else text
        QToolTip.showText(event.globalPos(), tool_tip(text), self)

    def _measured(self) -> PartInView:
        # Not in resizeEvent, because this may be called before Qt delivers that.
        self._part.set_width(self.width())
        return self._part

    def _drawn(self) -> Picture:
        if self._picture is None:
            ratio, scale = self.devicePixelRatioF(), self._measured().scale
            signs = signs_of(self._markers, scale)
            self._picture = Picture(self.size(), ratio, self.font(), scale, self._bars(), signs, theme.current())
        return self._picture

    def _look_again(self) -> None:
        self.updateGeometry()
        self._redraw()

    def _redraw(self) -> None:
        self._picture = None
        self.update()
