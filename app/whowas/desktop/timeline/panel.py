"""The timeline with the buttons that step along it and the label of the moment shown."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QToolButton, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.session.change_selection import ALL_CHANGES
from whowas.desktop.timeline.controls import TimelineControls, paint_ground
from whowas.desktop.timeline.playback import Playback
from whowas.desktop.timeline.scale import Counts, Times
from whowas.desktop.timeline.slider import TimelineSlider
from whowas.desktop.timeline.speeds import BY_CHANGE, BY_DATE, Speed
from whowas.projections.tables.arrays import Int32


class History(Protocol):
    """Parallel arrays with one element per step, in timeline order; see TimelineSlider.set_history."""

    @property
    def occurred_at(self) -> Times: ...
    @property
    def created(self) -> Counts: ...
    @property
    def changed(self) -> Counts: ...
    @property
    def removed(self) -> Counts: ...


class TimelinePanel(QWidget):
    """One row of controls above ``slider``. Buttons and ``playback`` move the slider by themselves."""

    goToDate = Signal()
    nameMoment = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = TimelineSlider()
        self._history: History | None = None
        self._controls = TimelineControls()
        self.playback = Playback(self.slider)
        self.filter.setText(ALL_CHANGES)
        self._connect()
        self._controls.lay_out(self, self.slider)
        self._begins_by_change = False
        self._speeds = BY_DATE[1], BY_CHANGE[1]
        self._offer_own_speeds()
        self._show_ends()
        theme.signals.changed.connect(self._look_again)

    @property
    def controls(self) -> TimelineControls:
        """The buttons and the label, as they are shown."""
        return self._controls

    @property
    def filter(self) -> QToolButton:
        """The button of the menu that chooses which changes count."""
        return self._controls.filter

    @property
    def begins_with(self) -> Speed:
        """The speed with which playing begins, whichever was chosen since."""
        return self._speeds[self._begins_by_change]

    @property
    def begins_by_change(self) -> bool:
        """Whether the history is laid out by changes, not by dates, as it begins."""
        return self._begins_by_change

    def begin_with(self, *, by_change: bool, date_speed: str, change_speed: str) -> None:
        """Lay out the history and play it as the person wants it to begin; the speeds are keys, see ``Speed``."""
        self._begins_by_change = by_change
        self._speeds = _speed(BY_DATE, date_speed), _speed(BY_CHANGE, change_speed)
        if by_change != self.slider.by_change:
            self._change_scale()
        else:
            self._offer_own_speeds()

    def set_history(self, history: History, moment: int) -> None:
        """Show ``history`` with the slider at ``moment`` (0 to the number of steps)."""
        if history is not self._history:
            self._history = history
            # First, so that it does not mistake the slider's move for one by the person, which stops it.
            self.playback.set_history(history.occurred_at, moment)
            self.slider.set_history(history.occurred_at, history.created, history.changed, history.removed, moment)
        else:
            self.slider.setValue(moment)

    def set_stops(self, stops: Int32 | None) -> None:
        """Draw, stop at and play only the steps that end at these values (ascending, from 1); None for all steps."""
        self.slider.set_stops(stops)
        self.playback.set_stops(stops)
        self._show_ends()

    def to_previous(self) -> None:
        """Step to the change before the moment shown."""
        self.slider.triggerAction(QAbstractSlider.SliderAction.SliderSingleStepSub)

    def to_next(self) -> None:
        """Step to the change after the moment shown."""
        self.slider.triggerAction(QAbstractSlider.SliderAction.SliderSingleStepAdd)

    def play_or_stop(self) -> None:
        """Start playing, or stop."""
        self._controls.play.setChecked(not self.playback.playing)

    def _take_toggled(self, checked: bool) -> None:
        if checked:
            self.playback.play()
        else:
            self.playback.stop()
        self._controls.play.setChecked(self.playback.playing)

    def set_label(self, text: str, past: bool) -> None:
        """Show which moment is shown, in amber if it is in the past."""
        self._controls.label.setText(text)
        self._controls.label.set_token("past_text" if past else "text")

    def allow_naming(self, allowed: bool) -> None:
        """Enable or disable the button that names the moment shown."""
        self._controls.name_moment.setEnabled(allowed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._controls.fit(self.width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_ground(self)

    def _look_again(self) -> None:
        self._controls.fit(self.width())
        self.update()

    def _connect(self) -> None:
        controls = self._controls
        controls.name_moment.clicked.connect(self.nameMoment)
        controls.go_to_date.clicked.connect(self.goToDate)
        controls.scale.clicked.connect(self._change_scale)
        # Not clicked: assistive programs may toggle the button without that.
        controls.play.toggled.connect(self._take_toggled)
        self.playback.toggled.connect(self._show_playing)
        controls.first.clicked.connect(self._to_first)
        controls.previous.clicked.connect(self.to_previous)
        controls.next.clicked.connect(self.to_next)
        controls.last.clicked.connect(self._to_last)
        self.slider.valueChanged.connect(self._show_ends)
        self.slider.rangeChanged.connect(self._show_ends)

    def _to_first(self) -> None:
        self.slider.triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)

    def _to_last(self) -> None:
        self.slider.triggerAction(QAbstractSlider.SliderAction.SliderToMaximum)

    def _show_playing(self, playing: bool) -> None:
        self._controls.play.setChecked(playing)
        self._controls.play.setIcon(icon("pause" if playing else "play"))
        self._controls.play.setToolTip(tool_tip("Pause" if playing else "Play"))

    def _change_scale(self) -> None:
        by_change = not self.slider.by_change
        self.slider.set_by_change(by_change)
        self._controls.offer_scale(by_date=by_change)
        self._offer_own_speeds()

    def _offer_own_speeds(self) -> None:
        """Offer the speeds that there are for the way in which the history is laid out."""
        by_change = self.slider.by_change
        self._offer_speeds(BY_CHANGE if by_change else BY_DATE, self._speeds[by_change])

    def _offer_speeds(self, speeds: tuple[Speed, ...], chosen: Speed) -> None:
        menu = self._controls.speed.menu()
        menu.clear()
        group = QActionGroup(menu)
        for speed in speeds:
            action = menu.addAction(speed.text, partial(self._choose_speed, speed))
            action.setCheckable(True)
            action.setChecked(speed == chosen)
            group.addAction(action)
        self._choose_speed(chosen)

    def _choose_speed(self, speed: Speed) -> None:
        self.playback.speed = speed
        self._controls.speed.setText(speed.text)
        self._controls.speed.setAccessibleName(f"Speed: {speed.text}")

    def _show_ends(self) -> None:
        value, last = self.slider.value(), self.slider.maximum()
        for button, usable in (
            (self._controls.first, value > 0),
            (self._controls.previous, self.slider.stop_before(value) is not None),
            (self._controls.next, self.slider.stop_after(value) is not None),
            (self._controls.last, value < last),
            (self._controls.play, last > 0),
            (self._controls.go_to_date, last > 0),
        ):
            if not usable and button is self.window().focusWidget():
                # Qt would give the focus to the next widget; the slider serves the same purpose as the button.
                self.slider.setFocus(Qt.FocusReason.OtherFocusReason)
            button.setEnabled(usable)


def _speed(speeds: tuple[Speed, ...], key: str) -> Speed:
    return next(speed for speed in speeds if speed.key == key)
