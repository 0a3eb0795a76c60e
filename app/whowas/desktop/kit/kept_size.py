"""Keeping widgets and icons as large as the size of text and the density of rows want them, whenever these change."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QAbstractButton, QWidget

from whowas.desktop.kit import sizes, theme


def keep_height(widget: QWidget, comfortable: int, compact: int | None = None) -> None:
    """Fix the height of a widget from now on, in pixels at 100 %; see ``sizes.spaced``."""
    _KeptHeight(widget, comfortable, comfortable if compact is None else compact)


def keep_width(widget: QWidget, width: int) -> None:
    """Fix the width of a widget from now on, in pixels at 100 %."""
    _KeptWidth(widget, width)


def keep_icon(button: QAbstractButton, size: QSize) -> None:
    """Let the icon of a button grow with the text from now on; ``size`` is in pixels at 100 %."""
    _KeptIcon(button, size)


class _KeptHeight(QObject):
    """Goes with its widget, so that nothing is told any more once that is gone."""

    def __init__(self, widget: QWidget, comfortable: int, compact: int) -> None:
        super().__init__(widget)
        self._widget = widget
        self._heights = comfortable, compact
        theme.signals.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._widget.setFixedHeight(sizes.spaced(*self._heights))


class _KeptWidth(QObject):
    """Goes with its widget."""

    def __init__(self, widget: QWidget, width: int) -> None:
        super().__init__(widget)
        self._widget = widget
        self._width = width
        theme.signals.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._widget.setFixedWidth(sizes.scaled(self._width))


class _KeptIcon(QObject):
    """Goes with its button."""

    def __init__(self, button: QAbstractButton, size: QSize) -> None:
        super().__init__(button)
        self._button = button
        self._size = size
        theme.signals.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._button.setIconSize(QSize(sizes.scaled(self._size.width()), sizes.scaled(self._size.height())))
