"""Which columns are shown, in which order and how wide: chosen by the person, kept between starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any

from whowas.desktop.table.columns import Column, Kind

_NARROWEST = 48
_WIDEST = 4000
_GROWTH: dict[Kind, float] = {"name": 1.0, "text": 1.0, "groups": 1.6, "status": 0.4}
"""How eagerly a column takes room to spare."""
_GIVES: dict[Kind, float] = {"name": 0.08, "text": 0.16, "groups": 0.16, "status": 0.06}
"""What part of its width a column gives at most where there is too little room."""


@dataclass(slots=True)
class ColumnLayout:
    """What is known of columns by their keys; columns of other directories are remembered for when they return.

    ``widths`` is empty until somebody sets one: then all are as they were at that moment, else they share the
    table's width. ``sort`` is a column's key and whether descending.
    """

    order: list[str] = field(default_factory=list)
    shown: dict[str, bool] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)
    sort: tuple[str, bool] = ("name", False)

    def is_shown(self, column: Column) -> bool:
        """Say whether ``column`` is shown; that of the name always is."""
        return column.kind == "name" or self.shown.get(column.key, column.shown)

    def ordered(self, columns: Sequence[Column]) -> list[Column]:
        """Return all of ``columns``, shown or not, from left to right; new ones come last."""
        places = {key: place for place, key in enumerate(self.order)}
        return sorted(columns, key=lambda column: places.get(column.key, len(places)))

    def remember_order(self, keys: Sequence[str]) -> None:
        """Keep the order of the columns there are now; those of other directories stay behind what they followed."""
        merged = list(keys)
        for place, key in enumerate(self.order):
            if key not in merged:
                merged.insert(merged.index(self.order[place - 1]) + 1 if place else 0, key)
        self.order = merged

    def to_json(self) -> dict[str, Any]:
        """Return everything as lists, dicts, texts and numbers."""
        return {
            "order": list(self.order),
            "shown": dict(self.shown),
            "widths": dict(self.widths),
            "sort": {"column": self.sort[0], "descending": self.sort[1]},
        }


def layout_from_json(state: Mapping[str, Any]) -> ColumnLayout:
    """Read what ``to_json`` wrote; whatever is not as it was written there is left out."""
    order, shown, widths, sort = (state.get(key) for key in ("order", "shown", "widths", "sort"))
    layout = ColumnLayout()
    if isinstance(order, list):
        layout.order = list(dict.fromkeys(key for key in order if isinstance(key, str)))
    if isinstance(shown, dict):
        layout.shown = {str(key): value for key, value in shown.items() if isinstance(value, bool)}
    if isinstance(widths, dict):
        layout.widths = {
            str(key): min(max(value, _NARROWEST), _WIDEST)
            for key, value in widths.items()
            if isinstance(value, int) and not isinstance(value, bool)
        }
    if isinstance(sort, dict) and isinstance(sort.get("column"), str):
        layout.sort = (sort["column"], sort.get("descending") is True)
    return layout


def shared_out(columns: Sequence[Column], available: int) -> list[int]:
    """Return widths of ``columns`` that fill ``available`` pixels; their own where that would squeeze them."""
    if not columns:
        return []
    widths = [column.width for column in columns]
    spare = available - sum(widths)
    eagerness = _GROWTH if spare >= 0 else _GIVES
    parts = [column.width * eagerness[column.kind] for column in columns]
    if -spare > sum(parts):
        return widths
    shared = [width + floor(spare * part / sum(parts)) for width, part in zip(widths, parts, strict=True)]
    # What rounding left over; a gap of some pixels would show at the right edge.
    shared[-1] += available - sum(shared)
    return shared
