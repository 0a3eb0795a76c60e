"""Signs above the timeline for imports and named moments; markers that would overlap share one sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint

from whowas.desktop.timeline.drawing import NAME, SIGN
from whowas.desktop.timeline.scale import BEGINNING_GAP, TimeScale

_LISTED = 6
"""How many markers the text of one sign lists."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Something that has a sign at ``value``: the name of its drawing, and a text."""

    value: int
    drawing: str
    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """The sign at pixel ``x`` for one marker, or for several that would overlap."""

    x: float
    markers: tuple[Marker, ...]

    @property
    def drawing(self) -> str:
        """The name of the drawing: a named moment takes precedence over an import."""
        return next((marker.drawing for marker in self.markers if marker.drawing == NAME), self.markers[0].drawing)

    @property
    def text(self) -> str:
        """The text of the marker; of several, their number and the first few texts."""
        if len(self.markers) == 1:
            return self.markers[0].text
        lines = [marker.text.partition("\n")[0] for marker in self.markers[:_LISTED]]
        more = len(self.markers) - len(lines)
        return "\n".join((f"{len(self.markers):,} here:", *lines, *((f"and {more:,} more",) if more else ())))


def signs_of(markers: Sequence[Marker], scale: TimeScale) -> list[Sign]:
    """Return the signs in view, from left to right."""
    xs = scale.xs_of([min(marker.value, scale.steps) for marker in markers])
    order = np.argsort(xs, kind="stable")
    xs = xs[order]
    first, end = np.searchsorted(xs, (scale.left - BEGINNING_GAP - 0.5, scale.right + 0.5)).tolist()
    signs = []
    while first < end:
        x = float(xs[first])
        beyond = min(int(np.searchsorted(xs, x + SIGN, side="right")), end)
        signs.append(Sign(x, tuple(markers[number] for number in order[first:beyond].tolist())))
        first = beyond
    return signs


def sign_at(signs: Sequence[Sign], point: QPoint) -> Sign | None:
    """Return the sign at a point of the timeline, or None."""
    if point.y() > SIGN + 4:
        return None
    near = [sign for sign in signs if abs(sign.x - point.x()) <= SIGN / 2 + 1]
    return min(near, key=lambda sign: abs(sign.x - point.x()), default=None)
