"""How large text is and how close rows lie, as the person chose, and the pixels that follow from that.

``theme.apply`` puts a choice into force, and ``theme.signals.changed`` says that there is another one: whatever has
sizes of its own then asks here again.
"""

from __future__ import annotations

from typing import Literal

Density = Literal["comfortable", "compact"]

_ROWS: dict[Density, int] = {"comfortable": 36, "compact": 28}

_percent = 100
_density: Density = "comfortable"


def choose(percent: int, density: Density) -> bool:
    """Take in how large text is (100 is the size that was drawn) and how close rows lie; return if that is another."""
    global _percent, _density
    before = _percent, _density
    _percent, _density = percent, density
    return before != (percent, density)


def percent() -> int:
    """Return how large text is, in percent of the size that was drawn."""
    return _percent


def is_compact() -> bool:
    """Say whether rows lie close to each other."""
    return _density == "compact"


def scaled(pixels: int) -> int:
    """Return a length that grows with the text, in pixels; ``pixels`` is its length at 100 %."""
    return pixels if _percent == 100 else (pixels * _percent + 50) // 100


def spaced(comfortable: int, compact: int) -> int:
    """Return a length that also depends on how close rows lie; both are given in pixels at 100 %."""
    return scaled(compact if _density == "compact" else comfortable)


def row_height() -> int:
    """Return the height of a row of users, in pixels."""
    return scaled(_ROWS[_density])
