"""What many users have in common: how many have each status and group, and how many values each field has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS
from whowas.domain.progress import Progress, unwatched
from whowas.domain.users import STATUSES, Status
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.tables.arrays import Int32, Int64
from whowas.projections.tables.read_model import ReadModel
from whowas.projections.tables.row_codec import decode_attributes

VALUES_COUNTED: Final = 1_000
"""Of a field with more values than these nobody needs to know how many: they would only take time and memory."""

_ROWS_AT_ONCE = 5_000
_NONE: Final = ""
"""Stands for no value among the values of a field: a field is never empty text."""


@dataclass(frozen=True, slots=True)
class FieldShared:
    """The values of one field: ``values`` counts those that differ; one more than VALUES_COUNTED stands for any more.

    ``text`` is the value that all users have, "" where they have none; None where they differ. ``blank`` says whether
    some have none, where the values were counted to the end.
    """

    text: str | None
    values: int
    blank: bool


@dataclass(frozen=True, slots=True)
class SelectionSummary:
    """What some users have in common; groups by id, and fields as RefusedError names them (see ATTRIBUTE_PREFIX)."""

    count: int
    by_status: Mapping[Status, int]
    by_group: Mapping[str, int]
    fields: Mapping[str, FieldShared]


def summary_of(
    read_model: ReadModel, index: VersionIndex, numbers: Int32, progress: Progress = unwatched
) -> SelectionSummary:
    """Return what the users of some version rows, given by row number, have in common.

    Rows that are no longer there are left out. Raises CancelledError.
    """
    there = np.flatnonzero(index.having(numbers))
    by_status = np.bincount(index.statuses[there], minlength=len(STATUSES)).tolist()
    members: dict[str, int] = {}
    for groupset, count in enumerate(np.bincount(index.groupsets[there], minlength=len(index.memberships)).tolist()):
        for group_id in index.memberships[groupset] if count else ():
            members[group_id] = members.get(group_id, 0) + count
    fields = _fields(read_model, np.sort(index.numbers[there]), progress)
    for name in index.latest_directory().fields:
        fields.setdefault(ATTRIBUTE_PREFIX + name, FieldShared("", 0, blank=bool(len(there))))
    return SelectionSummary(len(there), dict(zip(STATUSES, by_status, strict=True)), members, fields)


def _fields(read_model: ReadModel, numbers: Int32 | Int64, progress: Progress) -> dict[str, FieldShared]:
    """Read the values a few thousand rows at a time; a text with VALUES_COUNTED values is read no further."""
    texts: dict[str, set[str]] = {name: set() for name in LABELS}
    attributes = _Attributes()
    for first in range(0, len(numbers), _ROWS_AT_ONCE):
        progress(first, len(numbers))
        counted = [name for name, values in texts.items() if len(values) <= VALUES_COUNTED]
        columns = ", ".join(f"coalesce({name}, '')" for name in (*counted, "attributes"))
        rows = read_model.select(
            f"SELECT {columns} FROM json_each(?) AS asked "  # noqa: S608 (names of ours)
            "CROSS JOIN version_row ON version_row.number = asked.value",
            (str(numbers[first : first + _ROWS_AT_ONCE].tolist()),),
        )
        for name, values in zip((*counted, None), zip(*rows, strict=True), strict=False):
            if name is None:
                attributes.add(set(values))
            else:
                texts[name].update(values)
    return {name: _shared(values) for name, values in texts.items()} | attributes.shared()


class _Attributes:
    """Collects the values of custom fields, of which each user has some."""

    def __init__(self) -> None:
        self._values: dict[str, set[str]] = {}
        self._everywhere: set[str] | None = None

    def add(self, encoded: set[str]) -> None:
        """Take in what several users have, as version rows hold it."""
        for text in encoded:
            held = decode_attributes(text)
            self._everywhere = {*held} if self._everywhere is None else self._everywhere & held.keys()
            for name, value in held.items():
                values = self._values.setdefault(name, set())
                if len(values) <= VALUES_COUNTED:
                    values.add(value)

    def shared(self) -> dict[str, FieldShared]:
        """Return what is common, by the names of fields."""
        everywhere = self._everywhere or set()
        return {
            ATTRIBUTE_PREFIX + name: _shared(values if name in everywhere else {*values, _NONE})
            for name, values in self._values.items()
        }


def _shared(values: set[str]) -> FieldShared:
    named = len(values - {_NONE})
    text = next(iter(values), "") if len(values) < 2 else None
    return FieldShared(text, min(named, VALUES_COUNTED + 1), blank=_NONE in values)
