"""The buttons above the timeline, and the label of the moment shown: what they do is the panel's."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.kept_size import keep_height, keep_icon
from whowas.desktop.kit.labels import ElidedLabel
from whowas.desktop.kit.plain_text import tool_tip

MARGIN = 14
"""The room left and right of buttons and bars, in pixels."""

_WIDTH, _HEIGHT, _COMPACT = 38, 28, 24
_ROOM = 1150
"""In less room, in pixels at 100 %, labelled buttons show their icons alone, or none would be left for the moment."""
_REPEAT_DELAY, _REPEAT = 400, 60
"""Milliseconds before a held button begins to repeat, and between repeats."""


class TimelineControls:
    """One row of buttons, with a label in its middle; made without what answers them, which takes longer to import."""

    def __init__(self) -> None:
        self.first = _button("First moment", "skip-back")
        self.previous = _button("Previous change", "step-back")
        self.next = _button("Next change", "step-forward")
        self.last = _button("Last moment", "skip-forward")
        self.play = _button("Play", "play")
        self.play.setProperty("framed", True)
        self.play.setCheckable(True)
        self.speed = _menu_button()
        self.speed.setToolTip("How fast the history plays")
        self.speed.setMenu(QMenu(self.speed))
        self.filter = _menu_button()
        self.label = ElidedLabel(weight=QFont.Weight.Bold)
        self.name_moment = _labelled("Name this moment", "bookmark")
        self.go_to_date = _labelled("Go to date…", "calendar")
        self.scale = _labelled("By change", "scale")
        self.scale.setToolTip("Give every change the same room, or lay them at their dates")
        for button in (self.previous, self.next):
            button.setAutoRepeat(True)
            button.setAutoRepeatDelay(_REPEAT_DELAY)
            button.setAutoRepeatInterval(_REPEAT)

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        """All buttons, from left to right."""
        on_left = (self.first, self.previous, self.play, self.next, self.last, self.speed, self.filter)
        return (*on_left, self.name_moment, self.go_to_date, self.scale)

    def fit(self, width: int) -> None:
        """Show the words of the labelled buttons where so many pixels have room for them."""
        both, alone = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in (self.name_moment, self.go_to_date, self.scale):
            button.setToolButtonStyle(both if width >= sizes.scaled(_ROOM) else alone)

    def offer_scale(self, *, by_date: bool) -> None:
        """Let the button of the scale lead to the one by date, or to the one by change."""
        self.scale.setText("By date" if by_date else "By change")

    def lay_out(self, around: QWidget, slider: QWidget) -> None:
        """Lay the row over ``slider`` in a widget."""
        self.fit(around.width())
        row = QHBoxLayout()
        row.setContentsMargins(MARGIN, 9, MARGIN, 4)
        row.setSpacing(8)
        row.addLayout(_in_a_row(self.buttons[:7]))
        row.addStretch(1)
        row.addWidget(self.label)
        row.addStretch(1)
        row.addLayout(_in_a_row(self.buttons[7:]))
        column = QVBoxLayout(around)
        column.setContentsMargins(0, 1, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(slider)


def paint_ground(widget: QWidget) -> None:
    """Paint what lies behind buttons and slider."""
    tokens = theme.current()
    painter = QPainter(widget)
    painter.fillRect(widget.rect(), tokens.surface)
    painter.fillRect(0, 0, widget.width(), 1, tokens.line)
    painter.end()


def _in_a_row(buttons: tuple[QToolButton, ...]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for button in buttons:
        row.addWidget(button)
    return row


def _menu_button() -> QToolButton:
    button = QToolButton()
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setProperty("quiet", True)
    return button


def _button(name: str, drawing: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(drawing))
    keep_icon(button, QSize(18, 18))
    button.setFixedWidth(_WIDTH)
    keep_height(button, _HEIGHT, _COMPACT)
    button.setAccessibleName(name)
    button.setToolTip(tool_tip(name))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _labelled(text: str, drawing: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setIcon(icon(drawing))
    # Wider than the drawing, so that there is space between it and the text.
    keep_icon(button, QSize(22, 16))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
