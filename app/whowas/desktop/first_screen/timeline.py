"""The timeline of the first screen: a picture of it, with buttons that wait for the real one."""

from __future__ import annotations

import time

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from whowas.desktop.first_screen.kept import KeptScreen, KeptTimeline
from whowas.desktop.kit import theme
from whowas.desktop.timeline.controls import TimelineControls, paint_ground
from whowas.desktop.timeline.drawing import axis_font, draw_all, draw_handle, height, pixmap_of_signs
from whowas.desktop.timeline.speeds import BY_CHANGE


class PictureOfTimeline(QWidget):
    """Looks like the panel of the timeline at now, and answers nobody; screen readers are not told of it."""

    def __init__(self, screen: KeptScreen, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        controls = self._controls = TimelineControls()
        controls.speed.setText(screen.speed)
        controls.offer_scale(by_date=any(screen.speed == speed.text for speed in BY_CHANGE))
        controls.filter.setText(screen.filter)
        controls.label.setText(label)
        for button in controls.buttons:
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for button in (controls.next, controls.last):
            button.setEnabled(False)  # it is now
        controls.lay_out(self, _Picture(screen.timeline))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def label(self) -> str:
        """What it says above the bars."""
        return self._controls.label.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._controls.fit(self.width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint_ground(self)


class _Picture(QWidget):
    """The bars, as they were drawn last; an empty strip where they would be drawn otherwise now."""

    def __init__(self, timeline: KeptTimeline) -> None:
        super().__init__()
        self._timeline = timeline
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(640, height())

    def minimumSizeHint(self) -> QSize:
        return QSize(240, height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, timeline = theme.current(), self._timeline
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.surface)
        if timeline.look == look_of(self):
            draw_all(painter, timeline.drawn, axis_font(self.font()), tokens)
            if timeline.drawn.signs:
                ratio = self.devicePixelRatioF()
                painter.drawPixmap(0, 0, pixmap_of_signs(timeline.drawn, self.width(), ratio, tokens))
            draw_handle(painter, timeline.handle, tokens, focused=False)
        painter.end()


def look_of(widget: QWidget) -> str:
    """Return by what the places of bars and labels are measured: width, font, and the zone of the dates."""
    return f"{widget.width()} {widget.font().toString()} {time.tzname} {time.timezone}"
