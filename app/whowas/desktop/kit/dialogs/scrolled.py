"""An area of a dialog that is as high as what is in it, and scrolls only where the screen has no room for that."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from whowas.desktop.kit import sizes
from whowas.desktop.kit.viewports import own_viewport

FOR_BAR = 12
"""Pixels between what is in it and its scroll bar, to be left free at the right."""
_AROUND = 180
"""About how many pixels at 100 % a dialog and its frame need for what else is in it."""


class ScrolledBody(QScrollArea):
    """Scrolls ``content``, which is to be filled; it asks for ``width`` pixels at 100 %, by default what that needs."""

    def __init__(self, parent: QWidget, width: int = 0) -> None:
        super().__init__(parent)
        viewport = own_viewport(self)
        self._width = width
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.content = QWidget(viewport)
        self.setWidget(self.content)

    def sizeHint(self) -> QSize:
        room = self.screen().availableGeometry().size()
        wanted = sizes.scaled(self._width) if self._width else self.content.sizeHint().width() + FOR_BAR
        width = min(wanted, room.width() - 120)
        content = self.content
        high = content.heightForWidth(width) if content.hasHeightForWidth() else content.sizeHint().height()
        return QSize(width, min(high, self._most()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.content.minimumSizeHint().width() + FOR_BAR, min(160, self._most()))

    def ask_for_room(self) -> None:
        """Let the dialog be as large as its content has use for now."""
        self.updateGeometry()
        self.window().resize(self.window().sizeHint())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # By itself, a scroll area does not update its own geometry when its content does.
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def _most(self) -> int:
        return self.screen().availableGeometry().height() - sizes.scaled(_AROUND)
