"""The window of an assistant: a heading with its steps, one page at a time, and a foot with what goes on from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, SignalInstance
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from whowas.desktop.kit import sizes, theme
from whowas.desktop.kit.assistant.foot import Foot
from whowas.desktop.kit.assistant.notice import AssistantNotice
from whowas.desktop.kit.assistant.steps import AssistantSteps
from whowas.desktop.kit.dialogs.frame import EDGE, DialogFrame
from whowas.desktop.kit.labels import ElidedLabel

_SIZE: Final = QSize(960, 680)
_ROOM: Final = QSize(40, 60)
"""How much of a small window or screen is left around it, in pixels."""
_TITLE = 22
_BELOW_TITLE = 6
_BELOW_SUBTITLE = 4
_BELOW = 11
"""How far the foot is from the rule above it and from the lower side, in pixels."""


class AssistantFrame(DialogFrame):
    """Whoever makes it adds pages and buttons, and says when which of them are shown."""

    def __init__(self, title: str, steps: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.foot = Foot()
        self.notice = AssistantNotice()
        self.steps = AssistantSteps(steps)
        self.subtitle = ElidedLabel(token="muted")
        self.subtitle.setContentsMargins(0, 0, 0, _BELOW_SUBTITLE)
        self.pages = QStackedWidget()
        self._arrange()
        self.resize(sizes.scaled(_SIZE.width()), sizes.scaled(_SIZE.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rule above the foot from edge to edge."""
        super().paintEvent(event)
        painter = QPainter(self)
        top = self.foot.mapTo(self, self.foot.rect().topLeft()).y()
        painter.fillRect(0, top - _BELOW, self.width(), 1, theme.current().colour("line"))
        painter.end()

    def fit_screen(self) -> None:
        """Be no larger than the window nor the screen, and stand in the middle of the window."""
        parent, screen = self.parentWidget(), self.screen().availableGeometry()
        over = screen if parent is None else parent.window().geometry()
        room = over.size().boundedTo(screen.size()) - _ROOM
        self.resize(self.size().boundedTo(room).expandedTo(self.minimumSizeHint()))
        place = QRect(QPoint(), self.size())
        place.moveCenter(over.center())
        # Qt would leave room for a frame that not every desktop draws, and so stand aside from the middle.
        self.move(max(screen.left(), place.left()), max(screen.top(), place.top()))

    def add_wanting(self, text: str, wanted: SignalInstance, *, primary: bool = False) -> QPushButton:
        """Add a button in the foot that says by a signal what is wanted."""
        button = self.add_button(text, primary=primary)
        button.clicked.connect(wanted)
        return button

    def _arrange(self) -> None:
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.removeWidget(self.heading)
        title = QHBoxLayout()
        title.addWidget(self.heading, 1)
        title.addWidget(self.steps)
        top = QVBoxLayout()
        top.setSpacing(_BELOW_TITLE)
        top.addLayout(title)
        top.addWidget(self.subtitle)
        column.insertLayout(0, top)
        column.setContentsMargins(EDGE, _TITLE, EDGE, _BELOW)
        self.body.setSpacing(0)
        self.body.addWidget(self.pages, 1)
        self.body.addWidget(self.notice)
        self.body.addSpacing(_BELOW)
        self.buttons.insertWidget(0, self.foot, 4)
