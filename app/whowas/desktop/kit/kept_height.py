"""Keeping a widget as high as the size of text and the density of rows want it, whenever these change."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit import sizes, theme


def keep_height(widget: QWidget, comfortable: int, compact: int | None = None) -> None:
    """Fix the height of a widget from now on, in pixels at 100 %; see ``sizes.spaced``."""
    _KeptHeight(widget, comfortable, comfortable if compact is None else compact)


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
