"""The mark of an edited field: a bar at its left, and beneath it what it was, with a link that puts that back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.labels import ElidedLabel
from whowas.desktop.kit.line_text import one_line
from whowas.desktop.kit.plain_text import wrapped_tip
from whowas.domain.fields import shortened

_BAR = 3
_RADIUS = 6
"""The width of the bar in pixels, and the radius of the corners of the fields that it is laid over."""
_TIP = 1_000
"""So many characters a tool tip shows of what a field was; screen readers are told all of it."""


class EditedMark(QWidget):
    """The line beneath an edited ``field``, which is over that field's bar as well; hidden until it says something.

    ``label`` is the field's, for the accessible name of the link: "Put back Phone".
    """

    putBackRequested = Signal()

    def __init__(self, label: str, field: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said = ""
        self._bar = _Bar(field)
        self._words = ElidedLabel(token="muted", size=12, parent=self)
        self.link = QPushButton("Put back", self)
        self.link.setProperty("link", "small")
        self.link.setAutoDefault(False)
        self.link.setAccessibleName(f"Put back {label}")
        self.link.setCursor(Qt.CursorShape.PointingHandCursor)
        self.link.clicked.connect(self.putBackRequested)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._words, 1)
        row.addWidget(self.link)
        self.hide()

    def say(self, words: str, shorter: str = "") -> None:
        """Mark the field and show these words, such as "was Clerk", or ``shorter`` ones; "" takes the mark away."""
        self._said = words
        self._words.setText(one_line(words))
        self._words.set_shorter(shorter)
        self._words.setToolTip(wrapped_tip(shortened(words, _TIP)))
        self._bar.setVisible(bool(words))
        self.setVisible(bool(words))

    def words(self) -> str:
        """Return the words that are shown, "" where the field is not marked."""
        return self._said


def was(text: str) -> str:
    """Return the words for a field that was ``text`` before."""
    return f"was {text}" if text else "was empty"


class _Bar(QWidget):
    """Lies over the left edge of a field, whatever its height; clicks go through it."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        field.installEventFilter(self)
        theme.signals.changed.connect(self.update)
        self._follow(field)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self._follow(watched)
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        # As wide as its corners need; what is beyond the bar is cut off by the widget.
        shape.addRoundedRect(QRectF(0, 0, 4 * _RADIUS, self.height()), _RADIUS, _RADIUS)
        painter.fillPath(shape, theme.current().accent)
        painter.end()

    def _follow(self, field: QWidget) -> None:
        self.setGeometry(QRect(0, 0, _BAR, field.height()))
        self.raise_()
