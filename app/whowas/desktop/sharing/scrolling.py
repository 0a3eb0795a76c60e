"""What is higher than a small window has room for, in an area that scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from whowas.desktop.kit.viewports import own_viewport


def scrolling(name: str, body: QWidget) -> QScrollArea:
    """Return an area that shows ``body`` as wide as itself, on the ground of what it lies in."""
    area = QScrollArea()
    own_viewport(area).setAutoFillBackground(False)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    area.setWidget(body)
    body.setAutoFillBackground(False)
    # Else the viewport's would count, and with it another colour of text than that of labels.
    body.setBackgroundRole(QPalette.ColorRole.Window)
    return area
