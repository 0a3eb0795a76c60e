"""The timeline with the buttons that step along it and the label of the moment shown."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSlider, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.labels import ElidedLabel
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.session.change_selection import ALL_CHANGES
from whowas.desktop.timeline.playback import BY_CHANGE, BY_DATE, Playback, Speed
from whowas.desktop.timeline.scale import Counts, Times
from whowas.desktop.timeline.slider import TimelineSlider
from whowas.projections.tables.arrays import Int32

_BUTTON = QSize(38, 28)
_REPEAT_DELAY, _REPEAT = 400, 60
"""Milliseconds before a held button begins to repeat, and between repeats."""


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
        self._first = _button("First moment", "skip-back")
        self._previous = _button("Previous change", "step-back")
        self._next = _button("Next change", "step-forward")
        self._last = _button("Last moment", "skip-forward")
        self.playback = Playback(self.slider)
        self._play = _button("Play", "play")
        self._play.setProperty("framed", True)
        self._play.setCheckable(True)
        self._speed = QToolButton()
        self._speed.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._speed.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._speed.setToolTip("How fast the history plays")
        self._speed.setProperty("quiet", True)
        self._speed.setMenu(QMenu(self._speed))
        self.filter = QToolButton()
        self.filter.setText(ALL_CHANGES)
        self.filter.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.filter.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.filter.setProperty("quiet", True)
        self._label = ElidedLabel(weight=QFont.Weight.Bold)
        self._name_moment = _labelled("Name this moment", "bookmark")
        self._name_moment.clicked.connect(self.nameMoment)
        self._go_to_date = _labelled("Go to date…", "calendar")
        self._go_to_date.clicked.connect(self.goToDate)
        self._scale = _labelled("By change", "scale")
        self._scale.setToolTip("Give every change the same room, or lay them at their dates")
        self._scale.clicked.connect(self._change_scale)
        # Not clicked: assistive programs may toggle the button without that.
        self._play.toggled.connect(self._take_toggled)
        self.playback.toggled.connect(self._show_playing)
        for button in (self._previous, self._next):
            button.setAutoRepeat(True)
            button.setAutoRepeatDelay(_REPEAT_DELAY)
            button.setAutoRepeatInterval(_REPEAT)
        self._first.clicked.connect(self._to_first)
        self._previous.clicked.connect(self.to_previous)
        self._next.clicked.connect(self.to_next)
        self._last.clicked.connect(self._to_last)
        self.slider.valueChanged.connect(self._show_ends)
        self.slider.rangeChanged.connect(self._show_ends)
        self._lay_out()
        self._offer_speeds(BY_DATE, BY_DATE[1])
        self._show_ends()
        theme.signals.changed.connect(self.update)

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
        self._play.setChecked(not self.playback.playing)

    def _take_toggled(self, checked: bool) -> None:
        if checked:
            self.playback.play()
        else:
            self.playback.stop()
        self._play.setChecked(self.playback.playing)

    def set_label(self, text: str, past: bool) -> None:
        """Show which moment is shown, in amber if it is in the past."""
        self._label.setText(text)
        self._label.set_token("past_text" if past else "text")

    def allow_naming(self, allowed: bool) -> None:
        """Enable or disable the button that names the moment shown."""
        self._name_moment.setEnabled(allowed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.surface)
        painter.fillRect(0, 0, self.width(), 1, tokens.line)
        painter.end()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._first, self._previous, self._play, self._next, self._last, self._speed, self.filter):
            buttons.addWidget(button)
        others = QHBoxLayout()
        others.setSpacing(8)
        for button in (self._name_moment, self._go_to_date, self._scale):
            others.addWidget(button)
        row = QHBoxLayout()
        row.setContentsMargins(TimelineSlider.MARGIN, 9, TimelineSlider.MARGIN, 4)
        row.setSpacing(8)
        row.addLayout(buttons)
        row.addStretch(1)
        row.addWidget(self._label)
        row.addStretch(1)
        row.addLayout(others)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.slider)

    def _to_first(self) -> None:
        self.slider.triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)

    def _to_last(self) -> None:
        self.slider.triggerAction(QAbstractSlider.SliderAction.SliderToMaximum)

    def _show_playing(self, playing: bool) -> None:
        self._play.setChecked(playing)
        self._play.setIcon(icon("pause" if playing else "play"))
        self._play.setToolTip(tool_tip("Pause" if playing else "Play"))

    def _change_scale(self) -> None:
        by_change = not self.slider.by_change
        self.slider.set_by_change(by_change)
        self._scale.setText("By date" if by_change else "By change")
        self._offer_speeds(BY_CHANGE if by_change else BY_DATE, BY_CHANGE[1] if by_change else BY_DATE[1])

    def _offer_speeds(self, speeds: tuple[Speed, ...], chosen: Speed) -> None:
        menu = self._speed.menu()
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
        self._speed.setText(speed.text)
        self._speed.setAccessibleName(f"Speed: {speed.text}")

    def _show_ends(self) -> None:
        value, last = self.slider.value(), self.slider.maximum()
        for button, usable in (
            (self._first, value > 0),
            (self._previous, self.slider.stop_before(value) is not None),
            (self._next, self.slider.stop_after(value) is not None),
            (self._last, value < last),
            (self._play, last > 0),
            (self._go_to_date, last > 0),
        ):
            if not usable and button is self.window().focusWidget():
                # Qt would give the focus to the next widget; the slider serves the same purpose as the button.
                self.slider.setFocus(Qt.FocusReason.OtherFocusReason)
            button.setEnabled(usable)


def _button(name: str, drawing: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(drawing))
    button.setIconSize(QSize(18, 18))
    button.setFixedSize(_BUTTON)
    button.setAccessibleName(name)
    button.setToolTip(tool_tip(name))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _labelled(text: str, drawing: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setIcon(icon(drawing))
    # Wider than the drawing, so that there is space between it and the text.
    button.setIconSize(QSize(22, 16))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
