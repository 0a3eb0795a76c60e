"""What the views of lists and tables have in common."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

KEYBOARD = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)
"""How the focus comes when somebody uses the keyboard, and wants to see where it is."""


def own_viewport(view: QAbstractScrollArea) -> QWidget:
    """Give ``view`` a viewport that Python knows, just as Qt would have made it; return it.

    The first time that Qt hands out a widget it made itself, the binding looks through every class of widget there
    is: 15 ms of a start that takes 200.
    """
    viewport = QWidget(view)
    viewport.setBackgroundRole(QPalette.ColorRole.Base)
    viewport.setAutoFillBackground(True)
    view.setViewport(viewport)
    return viewport
