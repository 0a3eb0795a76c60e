"""Which columns are shown, in which order and how wide, as chosen by the person and kept between starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any

from whowas.desktop.table.columns import Column, Kind

_NARROWEST = 48
_WIDEST = 4000
_GROWTH: dict[Kind, float] = {"name": 1.0, "text": 1.0, "groups": 1.6, "status": 0.4}
"""The relative share of spare room that a column gets, by its kind."""
_GIVES: dict[Kind, float] = {"name": 0.08, "text": 0.16, "groups": 0.16, "status": 0.06}
"""The share of its width that a column gives up at most when there is too little room, by its kind."""


@dataclass(slots=True)
class ColumnLayout:
    """The choices about columns, by their keys; those for columns of other directories are kept too.

    ``widths`` (pixels) is empty until the person sets one, and then has the width of every column; while it is empty,
    the columns share the table's width. ``sort`` is the key of a column and whether the order is descending.
    """

    order: list[str] = field(default_factory=list)
    shown: dict[str, bool] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)
    sort: tuple[str, bool] = ("name", False)

    def is_shown(self, column: Column) -> bool:
        """Return whether ``column`` is shown; the name column always is."""
        return column.kind == "name" or self.shown.get(column.key, column.shown)

    def ordered(self, columns: Sequence[Column]) -> list[Column]:
        """Return all of ``columns``, shown or not, from left to right; new ones come last."""
        indices = {key: index for index, key in enumerate(self.order)}
        return sorted(columns, key=lambda column: indices.get(column.key, len(indices)))

    def remember_order(self, keys: Sequence[str]) -> None:
        """Keep the order of the present columns; those of other directories stay after the same predecessor."""
        merged = list(keys)
        for index, key in enumerate(self.order):
            if key not in merged:
                merged.insert(merged.index(self.order[index - 1]) + 1 if index else 0, key)
        self.order = merged

    def to_json(self) -> dict[str, Any]:
        """Return the layout as JSON values."""
        return {
            "order": list(self.order),
            "shown": dict(self.shown),
            "widths": dict(self.widths),
            "sort": {"column": self.sort[0], "descending": self.sort[1]},
        }


def layout_from_json(state: Mapping[str, Any]) -> ColumnLayout:
    """Return the layout that ``to_json`` wrote; values that are not valid are ignored."""
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
    """Return widths of ``columns`` that fill ``available`` pixels, or their own widths if that would squeeze them."""
    if not columns:
        return []
    widths = [column.width for column in columns]
    spare = available - sum(widths)
    flexibility = _GROWTH if spare >= 0 else _GIVES
    parts = [column.width * flexibility[column.kind] for column in columns]
    if -spare > sum(parts):
        return widths
    shared = [width + floor(spare * part / sum(parts)) for width, part in zip(widths, parts, strict=True)]
    # Add the rounding error to the last column, or there would be a gap of a few pixels at the right edge.
    shared[-1] += available - sum(shared)
    return shared
