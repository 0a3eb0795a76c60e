"""Telling users that are dragged out of the table from everything else that is dragged over the window."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDropEvent


class DraggedUsers(QMimeData):
    """Users of this window, besides what other programs understand of them; whoever began the drag knows which."""


def users_dragged(event: QDropEvent) -> bool:
    """Say whether users are dragged, out of this program's table and not of another one that is running."""
    return isinstance(event.mimeData(), DraggedUsers)
