"""Who is selected, in a few words, and what can be done to all of them, as buttons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.flow_layout import FlowLayout
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.kept_size import keep_height, keep_icon
from whowas.desktop.kit.labels import ElidedLabel, TextLabel
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.selection.avatars import StackedAvatars
from whowas.domain.fields import counted

_GAP = 8
_DRAWING = QSize(20, 16)
_CHEVRON = QSize(16, 12)
_TITLE, _SUBTITLE = 24, 18
"""Heights of their lines in pixels, whatever the font: the buttons below them begin at y 111."""


class SelectionButton(QPushButton):
    """Does what an action does, under its name; on and off as the action is."""

    def __init__(self, action: QAction, drawing: str, parent: QWidget | None = None) -> None:
        super().__init__(action.text().replace("&", ""), parent)
        self._action = action
        self.setAutoDefault(False)
        if drawing:
            self.setIcon(icon(drawing))
            keep_icon(self, _DRAWING)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(tool_tip(self._action.toolTip()))


class MoreButton(QPushButton):
    """Opens a menu of what else can be done."""

    def __init__(self, actions: Sequence[QAction | None], parent: QWidget | None = None) -> None:
        super().__init__("More", parent)
        self.setAutoDefault(False)
        self.setIcon(icon("chevron-down", "muted"))
        keep_icon(self, _CHEVRON)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the sign behind the word
        self.setStyleSheet("QPushButton::menu-indicator { image: none; width: 0; }")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        menu = QMenu(self)
        menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        menu.setToolTipsVisible(True)
        for action in actions:
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)
        self.setMenu(menu)


class SelectionHead(QWidget):
    """Stacked avatars, how many are selected, what they share in a line, and the buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._avatars = StackedAvatars(self)
        self._title = ElidedLabel(size=18, weight=QFont.Weight.DemiBold, parent=self)
        keep_height(self._title, _TITLE)
        self._subtitle = ElidedLabel(token="muted", parent=self)
        keep_height(self._subtitle, _SUBTITLE)
        self._not_listed = TextLabel(token="muted", size=12, wrap=True, parent=self)
        self._not_listed.hide()
        self._stops: list[QPushButton] = []
        self._buttons = QWidget(self)
        self._flow = FlowLayout(_GAP, self._buttons)
        self._flow.setContentsMargins(0, 12, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 17)
        column.setSpacing(0)
        column.addWidget(self._avatars)
        column.addSpacing(9)
        column.addWidget(self._title)
        column.addSpacing(1)
        column.addWidget(self._subtitle)
        column.addWidget(self._not_listed)
        column.addWidget(self._buttons)

    def show_users(self, names: Sequence[str], count: int, not_listed: str) -> None:
        """Show the first of ``count`` users, and that some or all are not in the list, "" where all are."""
        self._avatars.show_users(names, count)
        self._avatars.setVisible(bool(names))
        self._title.setText(f"{counted(count, 'user')} selected")
        self._not_listed.setText(not_listed)
        self._not_listed.setVisible(bool(not_listed))

    def set_subtitle(self, text: str) -> None:
        """Show what all of them share."""
        self._subtitle.setText(text)
        self._subtitle.setVisible(bool(text))

    def set_actions(self, shown: Sequence[tuple[QAction, str]], more: Sequence[QAction | None]) -> None:
        """Have a button with an icon for each action ``shown``, and the others in the menu of another one.

        None is a line in that menu. To be called once.
        """
        self._stops = [SelectionButton(action, drawing, self._buttons) for action, drawing in shown]
        if more:
            self._stops.append(MoreButton(more, self._buttons))
        for button in self._stops:
            self._flow.addWidget(button)
        # The last of a flow takes the rest of its line.
        end = QWidget(self._buttons)
        end.setFixedHeight(0)
        self._flow.addWidget(end)

    def stops(self) -> Iterator[QWidget]:
        """Yield what the Tab key goes to, in order."""
        yield from self._stops

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.current().line)
        painter.end()
