"""Looking through the rows of a preview in slices between the events of the window, so that typing never waits.

The runner of jobs may be busy for seconds with looking at a file again, and a search must not wait for that.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from whowas.desktop.exchange.preview.rows.search_text import Bools

_SLICE_S = 0.006
"""How long one slice takes, in seconds: a third of a frame."""


class RowSearch(QObject):
    """Emits ``found(mask)`` when all portions were looked through; a new search ends the one before."""

    found = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._portions: Iterator[Bools] = iter(())
        self._masks: list[Bools] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    @property
    def busy(self) -> bool:
        """Whether a search is on its way."""
        return self._timer.isActive()

    def start(self, portions: Iterator[Bools]) -> None:
        """Look through ``portions``; what fits into one slice is found before this returns."""
        self._portions, self._masks = portions, []
        self._timer.start()
        self._go_on()

    def stop(self) -> None:
        """End a search without a word."""
        self._timer.stop()
        self._portions = iter(())

    def _go_on(self) -> None:
        begun = time.perf_counter()
        for mask in self._portions:
            self._masks.append(mask)
            if time.perf_counter() - begun > _SLICE_S:
                return
        self._timer.stop()
        masks, self._masks = self._masks, []
        self.found.emit(np.concatenate(masks) if masks else np.zeros(0, dtype=np.bool_))
