"""Where on the screen the window appears."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_WANTED = QSize(1360, 860)


def place_window(window: QWidget, last: QByteArray | None) -> None:
    """Put ``window`` where it was ``last`` time; at a first start make it as large as designed, or as the screen is."""
    if last is None or not window.restoreGeometry(last):
        window.resize(_WANTED.boundedTo(_available().size()))
    _move_on_screen(window)


def _move_on_screen(window: QWidget) -> None:
    """Move and shrink ``window`` so that it lies on a screen that is there, whatever was there last time."""
    geometry = window.geometry()
    screen = QGuiApplication.screenAt(geometry.center())
    available = screen.availableGeometry() if screen is not None else _available()
    window.resize(geometry.size().boundedTo(available.size()))
    geometry = window.geometry()
    x = min(max(geometry.x(), available.left()), available.right() - geometry.width() + 1)
    y = min(max(geometry.y(), available.top()), available.bottom() - geometry.height() + 1)
    window.move(x, y)


def _available() -> QRect:
    return QGuiApplication.primaryScreen().availableGeometry()
