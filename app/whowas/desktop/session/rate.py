"""How many rows go by in a second, smoothed so that it can be read."""

from __future__ import annotations

import time
from collections.abc import Callable

_MEASURED_EVERY_S = 0.5
_KNOWN_AFTER_S = 1.0
_WEIGHT = 0.3
"""How much the last half second counts against what was before."""


class Rate:
    """Is told now and then how many there are; says how many come in a second, 0 as long as that is not known."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._count = 0
        self._begun = self._at = clock()
        self._rate: float | None = None

    def seen(self, count: int) -> int:
        """Return how many a second there are, to two digits or three; fewer than before begin anew."""
        now = self._clock()
        if count < self._count:
            self._count, self._rate = count, None
            self._begun = self._at = now
        elapsed = now - self._at
        if elapsed >= _MEASURED_EVERY_S:
            measured = (count - self._count) / elapsed
            self._rate = measured if self._rate is None else self._rate + _WEIGHT * (measured - self._rate)
            self._count, self._at = count, now
        if self._rate is None or now - self._begun < _KNOWN_AFTER_S:
            return 0
        return _rounded(self._rate)


def _rounded(rate: float) -> int:
    """Return a rate whose last digits do not flicker."""
    whole = round(rate)
    return round(whole, -max(0, len(str(whole)) - 3))
