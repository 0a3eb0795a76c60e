"""Signs over the timeline: imports and moments with a name; those that share a place are one sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint

from whowas.desktop.timeline.scale import BEGINNING_GAP, TimeScale

SIGN = 14
"""The size of a sign, in pixels."""
NAME = "bookmark"
"""The drawing of a moment with a name."""
_TOLD = 6


@dataclass(frozen=True, slots=True)
class Marker:
    """Something worth a sign of its own at ``value``: a drawing by name, and what it stands for."""

    value: int
    drawing: str
    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """What is drawn at pixel ``x`` for one marker, or for several that have no room beside each other."""

    x: float
    markers: tuple[Marker, ...]

    @property
    def drawing(self) -> str:
        """The drawing: a name that somebody gave stands before an import."""
        return next((marker.drawing for marker in self.markers if marker.drawing == NAME), self.markers[0].drawing)

    @property
    def text(self) -> str:
        """What all of them stand for; of many the first, and how many there are."""
        if len(self.markers) == 1:
            return self.markers[0].text
        lines = [marker.text.partition("\n")[0] for marker in self.markers[:_TOLD]]
        more = len(self.markers) - len(lines)
        return "\n".join((f"{len(self.markers):,} here:", *lines, *((f"and {more:,} more",) if more else ())))


def signs_of(markers: Sequence[Marker], scale: TimeScale) -> list[Sign]:
    """Return the signs in view, left to right."""
    xs = scale.xs_of([min(marker.value, scale.steps) for marker in markers])
    order = np.argsort(xs, kind="stable")
    xs = xs[order]
    place, end = np.searchsorted(xs, (scale.left - BEGINNING_GAP - 0.5, scale.right + 0.5)).tolist()
    signs = []
    while place < end:
        x = float(xs[place])
        beyond = min(int(np.searchsorted(xs, x + SIGN, side="right")), end)
        signs.append(Sign(x, tuple(markers[number] for number in order[place:beyond].tolist())))
        place = beyond
    return signs


def sign_at(signs: Sequence[Sign], place: QPoint) -> Sign | None:
    """Return the sign under a pixel of the timeline."""
    if place.y() > SIGN + 4:
        return None
    near = [sign for sign in signs if abs(sign.x - place.x()) <= SIGN / 2 + 1]
    return min(near, key=lambda sign: abs(sign.x - place.x()), default=None)
