"""The version index: which rows are shown at a moment, in a sort order, through a filter.

Every state of every user is one version row, alive from the step ``begins`` until the step ``ends``. "Now" is the last
moment. All arrays are parallel, one element a row, and never change in place: ``advanced`` returns a new index, so that
another thread may go on reading the old one. Whoever asks of many moments asks ``Ranks``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from whowas.domain.custom_fields import Fields, names_by_id, told_apart
from whowas.domain.directory import Directory
from whowas.domain.users import STATUSES, Status
from whowas.projections.index.census import Census
from whowas.projections.index.counts import Counting, Counts
from whowas.projections.index.steps import Steps
from whowas.projections.index.zone_map import ZoneMap
from whowas.projections.tables.arrays import Int32, Int64
from whowas.projections.tables.epoch import Epoch

DEFAULT_ORDER = "name"
"""The column every index is sorted by."""

ALIVE = np.iinfo(np.int32).max
"""The ``ends`` of a row that no later one follows."""

Mask = np.ndarray[tuple[Any, ...], np.dtype[np.bool_]]
Codes = np.ndarray[tuple[Any, ...], np.dtype[np.uint8]]
Order = Int32
_USERS_KNOWN = 256
"""Of how many users the rows are kept."""


@dataclass(frozen=True, slots=True)
class Laid:
    """The parallel arrays that a moment is asked of, laid in a sort order."""

    numbers: Int32
    begins: Int32
    ends: Int32


@dataclass(frozen=True, slots=True)
class VersionIndex:
    """The whole timeline of a directory as arrays.

    ``numbers`` (row numbers of the read model, ascending), ``users`` (user numbers), ``begins`` and ``ends`` (moments,
    from 1), ``contents`` (equal for rows that show the same of a user), ``statuses`` (indices of STATUSES),
    ``groupsets`` (indices of ``memberships``). ``census`` counts the rows by kind, see ``kind_of``. ``orders`` maps the
    name of a sort order (see ``order_name``) to the permutation of the rows, ``laid`` to the rows laid in that order.
    ``epoch`` is that of the read model it was made from; ``directories`` are (moment, the state from it on), ascending.
    ``spilled_to`` is the folder for what is made of it and too large to be held in memory.
    """

    epoch: Epoch
    steps: Steps
    numbers: Int32
    users: Int32
    begins: Int32
    ends: Int32
    contents: Int64
    statuses: Codes
    groupsets: Int32
    memberships: tuple[frozenset[str], ...]
    census: Census
    orders: Mapping[str, Order]
    directories: tuple[tuple[int, Directory], ...]
    laid: Mapping[str, Laid] = field(default_factory=dict)
    spilled_to: Path | None = field(default=None, compare=False)
    _counting: list[Counting] = field(init=False, default_factory=list, compare=False, repr=False)
    _rows_by_user: dict[int, Int64] = field(init=False, default_factory=dict, compare=False, repr=False)
    _beginnings: list[ZoneMap] = field(init=False, default_factory=list, compare=False, repr=False)

    @property
    def now(self) -> int:
        """The last moment: the number of steps."""
        return len(self.steps.numbers)

    def alive(self, moment: int) -> Mask:
        """Return the mask of the rows shown at ``moment``."""
        mask: Mask = (self.begins <= moment) & (moment < self.ends)
        return mask

    def with_status(self, *statuses: Status) -> Mask:
        """Return the mask of the rows of those statuses."""
        wanted = np.zeros(len(STATUSES), dtype=np.bool_)
        wanted[[STATUSES.index(status) for status in statuses]] = True
        mask: Mask = wanted[self.statuses]
        return mask

    def in_groups(self, group_ids: frozenset[str]) -> Mask:
        """Return the mask of the rows whose user is a member of any of the groups."""
        member = np.array([not group_ids.isdisjoint(groups) for groups in self.memberships], dtype=np.bool_)
        mask: Mask = member[self.groupsets] if len(member) else np.zeros(0, dtype=np.bool_)
        return mask

    def having(self, numbers: Int32 | Int64) -> Mask:
        """Return the mask of the rows with those row numbers."""
        mask = np.zeros(len(self.numbers), dtype=np.bool_)
        indices = np.searchsorted(self.numbers, numbers)
        indices = indices[indices < len(self.numbers)]
        known = np.isin(self.numbers[indices], numbers)
        mask[indices[known]] = True
        return mask

    def having_of(self, earlier: VersionIndex, mask: Mask) -> Mask:
        """Return the mask of the rows that an earlier index of the same read side has too, where they pass ``mask``.

        After an erasure all numbers are others, so none does.
        """
        passing: Mask = np.zeros(len(self.numbers), dtype=np.bool_)
        if earlier.epoch == self.epoch and len(mask) <= len(passing):
            passing[: len(mask)] = mask  # later rows only follow
        elif earlier.epoch.erasure_count == self.epoch.erasure_count:
            numbers = earlier.numbers[mask]
            # Its last element stands for all later rows.
            known = np.zeros(int(numbers.max(initial=0)) + 2, dtype=np.bool_)
            known[numbers] = True
            known.take(self.numbers, mode="clip", out=passing)
        return passing

    def with_laid_rows(self) -> VersionIndex:
        """Return this index with its rows laid in all of its sort orders, which takes longer than a frame."""
        return replace(self, laid={column: self._laid_in(order) for column, order in self.orders.items()})

    def with_laid(self, column: str, order: Order, laid: Laid | None = None) -> VersionIndex:
        """Return this index with one more sort order, and the rows ``laid`` in it where somebody did that already."""
        laid = self._laid_in(order) if laid is None else laid
        return replace(self, orders={**self.orders, column: order}, laid={**self.laid, column: laid})

    def without_orders(self, names: Collection[str]) -> VersionIndex:
        """Return this index without some of its sort orders."""
        if not names:
            return self
        orders = {name: order for name, order in self.orders.items() if name not in names}
        return replace(self, orders=orders, laid={name: laid for name, laid in self.laid.items() if name in orders})

    def _laid_in(self, order: Order) -> Laid:
        return Laid(self.numbers[order], self.begins[order], self.ends[order])

    def counts(self, moment: int) -> Counts:
        """Return how many users there are at ``moment``."""
        return self.counting().at(moment)

    def counting(self) -> Counting:
        """Return what counts the users at any moment."""
        if not self._counting:
            self._counting.append(Counting(self.census, self.memberships))
        return self._counting[0]

    def goes_on(self, earlier: VersionIndex) -> bool:
        """Say whether this index has all steps of an earlier one of the same read side as they were, and later ones."""
        steps = len(earlier.steps)
        numbers = self.steps.numbers[:steps]
        return earlier.epoch == self.epoch and np.array_equal(earlier.steps.numbers, numbers)

    def directory_states(self, moment: int) -> int:
        """Return how many states of the directory itself there were by ``moment``: it was the same at equal numbers."""
        return bisect_right(self.directories, moment, key=itemgetter(0))

    def directory(self, moment: int) -> Directory:
        """Return the directory's own state at ``moment``, with what is made later known by name.

        Groups are known as if they were there, custom fields as if they were deleted; they are defined as now.
        """
        shown = Directory()
        earlier: dict[str, str] = {}
        earlier_fields: dict[str, str] = {}
        are_renamed = any(names_by_id(self.latest_directory()))
        for begins, state in self.directories:
            if begins <= moment:
                shown = state
            else:
                for group_id, name in state.groups.items():
                    earlier.setdefault(group_id, name)
                for field_id, name in state.fields.items() if are_renamed else ():
                    earlier_fields.setdefault(field_id, name)
        names = {
            group_id: name
            for group_id, name in earlier.items()
            if group_id not in shown.groups and group_id not in shown.deleted_groups
        }
        fields = {one: name for one, name in earlier_fields.items() if name != one and one not in shown.fields}
        deleted = {**fields, **shown.deleted_fields} if fields else shown.deleted_fields
        known = shown.fields.keys() | shown.deleted_fields.keys()
        later = {one: what for one, what in self.latest_directory().definitions.items() if one not in known}
        definitions = {**later, **shown.definitions} if later else shown.definitions
        return replace(shown, groups={**names, **shown.groups}, deleted_fields=deleted, definitions=definitions)

    def groups_made(self, moment: int) -> frozenset[str]:
        """Return the ids of all groups that were made by ``moment``, also of those that are over by then."""
        return frozenset(
            group_id for begins, state in self.directories if begins <= moment for group_id in state.groups
        )

    def fields_at(self, moment: int) -> Fields:
        """Return the custom fields that show at ``moment``, by their names of then: today's, and those deleted since.

        A backdated change may give somebody a value of a field before that was defined. No two have the same name, see
        ``told_apart``.
        """
        latest = self.latest_directory().fields
        states = self.directory_states(moment)
        if states == len(self.directories):
            return latest
        then = self.directories[states - 1][1] if states else Directory()
        today = {one: then.fields.get(one, name) for one, name in latest.items() if one not in then.deleted_fields}
        return told_apart({**today, **then.fields}, then.fields)

    def hidden_fields(self, moment: int) -> frozenset[str]:
        """Return the ids of the custom fields that there ever were and that do not show at ``moment``."""
        latest = self.latest_directory()
        return frozenset({*latest.fields, *latest.deleted_fields} - self.fields_at(moment).keys())

    def directory_to_export(self, moment: int) -> Directory:
        """Return the directory's own state at ``moment`` with the custom fields that show then."""
        return replace(self.directory(moment), fields=self.fields_at(moment))

    def latest_directory(self) -> Directory:
        """Return the directory's own state now."""
        return self.directories[-1][1] if self.directories else Directory()

    def row_of(self, user: int, moment: int) -> int | None:
        """Return the row number of a user at ``moment``, or None where the user did not exist."""
        rows = self._rows_of(user)
        shown = rows[(self.begins[rows] <= moment) & (moment < self.ends[rows])]
        return int(self.numbers[shown[0]]) if len(shown) else None

    def begun_at(self, moments: Sequence[int]) -> Int64:
        """Return the indices of the rows that begin at one of some moments, ascending."""
        if not self._beginnings:
            self._beginnings.append(ZoneMap(self.begins))
        return self._beginnings[0].where(moments)

    def siblings(self, number: int) -> Int32:
        """Return the row numbers of all states of the user whom a row is of; none where there is no such row."""
        row = int(np.searchsorted(self.numbers, number))
        if row == len(self.numbers) or self.numbers[row] != number:
            return self.numbers[:0]
        return self.numbers[self._rows_of(int(self.users[row]))]

    def is_new(self, number: int, moment: int) -> bool:
        """Say whether the user of a row did not exist at ``moment``."""
        row = int(np.searchsorted(self.numbers, number))
        return int(self.begins[row]) > moment and self.row_of(int(self.users[row]), moment) is None

    def _rows_of(self, user: int) -> Int64:
        """Return the indices of a user's rows; quick for who was asked for lately."""
        rows = self._rows_by_user.get(user)
        if rows is None:
            if len(self._rows_by_user) > _USERS_KNOWN:
                self._rows_by_user.clear()
            rows = self._rows_by_user[user] = np.flatnonzero(self.users == user)
        return rows


def all_of(masks: Sequence[Mask]) -> Mask | None:
    """Return the rows that pass every mask; None when there is no mask and every row passes."""
    passing: Mask | None = None
    for mask in masks:
        passing = mask if passing is None else passing & mask
    return passing
