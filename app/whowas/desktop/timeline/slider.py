"""The timeline's slider: how it responds to mouse, wheel and keys."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from whowas.desktop.timeline.drawing import KNOB
from whowas.desktop.timeline.history_slider import HistorySlider
from whowas.desktop.timeline.scale import WHOLE

_NOTCH = 120
"""The angle of one notch of a mouse wheel, in eighths of a degree."""
_ZOOM = 1.5
"""The zoom factor of one notch of the wheel, or of one key."""
_PAN = 0.2
_SCROLL_MS = 40
_SCROLL, _SCROLL_FASTEST = 0.02, 0.15
"""The share of its length by which the part in view moves at each tick while a drag is held beyond its edge."""


class TimelineSlider(HistorySlider):
    """A HistorySlider that responds to mouse, wheel and keys.

    Its keys are those of QSlider; the wheel with Ctrl and the keys + - 0 zoom, the wheel and the arrows with Shift pan,
    and the arrows with Ctrl go from sign to sign.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grab = 0.0
        self._wheel = 0
        self._hasty = False
        self._pointer = 0.0
        self._scrolling = QTimer(self, interval=_SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll_on)

    @property
    def hasty(self) -> bool:
        """Whether the present change of value comes from a drag, a wheel or a held key, so that more may follow."""
        return self._hasty

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(_ZOOM)
            case Qt.Key.Key_Minus:
                self.zoom(1 / _ZOOM)
            case Qt.Key.Key_0:
                self.show_all()
            case Qt.Key.Key_Left | Qt.Key.Key_Right if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.pan(_PAN if event.key() == Qt.Key.Key_Right else -_PAN)
            case Qt.Key.Key_Left | Qt.Key.Key_Right if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.to_sign(forward=event.key() == Qt.Key.Key_Right)
            case _ if event.isAutoRepeat():
                with self._hastily():
                    super().keyPressEvent(event)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        alone = event.buttons() == event.button() == Qt.MouseButton.LeftButton
        if not alone or not self.maximum():
            event.ignore()
            return
        x = event.position().x()
        handle = self.x_of(self.sliderPosition())
        on_handle = abs(x - handle) <= KNOB + 1
        # A handle grabbed beside its middle must not jump under the pointer.
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
        # Fine wheels and touch pads report fractions of a notch, which are added up in either direction.
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        with self._hastily():
            self.setValue(self._stops.skip(self.value(), notches))

    @contextmanager
    def _hastily(self) -> Iterator[None]:
        self._hasty = True
        try:
            yield
        finally:
            self._hasty = False

    def _drag(self) -> None:
        """Move the handle to the pointer; if that is beyond the part in view, move it to the edge and scroll."""
        begin, end = self._part.window
        left = self.MARGIN if begin > WHOLE[0] else -math.inf
        right = self.width() - self.MARGIN if end < WHOLE[1] else math.inf
        x = min(max(self._pointer, left), right)
        if x == self._pointer:
            self._scrolling.stop()
        elif not self._scrolling.isActive():
            self._scrolling.start()
        value = self.value_at(x)
        # The nearest value to the edge may be beyond it.
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
