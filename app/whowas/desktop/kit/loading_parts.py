"""Importing what a large dialog needs when it is first asked for, without stopping the window."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Sequence
from importlib import import_module

from PySide6.QtCore import QObject, QTimer


class LoadingParts(QObject):
    """Imports a part each time the event loop comes round: all of them at once would stop the window."""

    def __init__(self, parts: Sequence[str], parent: QObject) -> None:
        """``parts`` are modules, each before those that need it; the last one needs all of them."""
        super().__init__(parent)
        self._parts = deque(() if parts[-1] in sys.modules else parts)
        self._waiting: deque[Callable[[], None]] = deque()

    def then(self, do: Callable[[], None]) -> None:
        """Do something as soon as everything is imported: at once, or behind what was to be done then before."""
        if self._parts or self._waiting:
            self._waiting.append(do)
            if len(self._waiting) == 1:
                self._come_again()
        else:
            do()

    def _come_again(self) -> None:
        QTimer.singleShot(0, self, self._go_on)

    def _go_on(self) -> None:
        if self._parts:
            import_module(self._parts.popleft())
        else:
            self._waiting.popleft()()
        if self._parts or self._waiting:
            self._come_again()
