"""Keeping widgets and icons as large as the size of text and the density of rows want them, whenever these change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QAbstractButton, QWidget

from whowas.desktop.kit import sizes, theme


def keep_height(widget: QWidget, comfortable: int, compact: int | None = None) -> None:
    """Fix the height of a widget from now on, in pixels at 100 %; see ``sizes.spaced``."""
    closer = comfortable if compact is None else compact
    _Kept(widget, lambda: widget.setFixedHeight(sizes.spaced(comfortable, closer)))


def keep_width(widget: QWidget, width: int) -> None:
    """Fix the width of a widget from now on, in pixels at 100 %."""
    _Kept(widget, lambda: widget.setFixedWidth(sizes.scaled(width)))


def keep_icon(button: QAbstractButton, size: QSize) -> None:
    """Let the icon of a button grow with the text from now on; ``size`` is in pixels at 100 %."""
    _Kept(button, lambda: button.setIconSize(QSize(sizes.scaled(size.width()), sizes.scaled(size.height()))))


class _Kept(QObject):
    """Goes with its widget, so that nothing is told any more once that is gone."""

    def __init__(self, widget: QWidget, fit: Callable[[], None]) -> None:
        super().__init__(widget)
        self._fit_widget = fit
        theme.signals.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self._fit_widget()
