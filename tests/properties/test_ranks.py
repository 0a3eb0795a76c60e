"""The rows of any history, by rank and select over time, are those that looking at every row and sorting them gives."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import at_most
from tests.properties.histories import HISTORIES
from tests.properties.test_live_and_past import GROUPS, IDS
from whowas.command_bus.bus import Bus
from whowas.domain.commands import Command, CreateGroup, CreateUser, JoinGroup
from whowas.domain.errors import RefusedError
from whowas.domain.text_folding import folded, searchable
from whowas.domain.users import STATUSES, Status
from whowas.projections.index import census, ranks
from whowas.projections.index.counts import Counting
from whowas.projections.index.ranks import Ranks, RowsAt, ranked
from whowas.projections.index.version_index import VersionIndex, all_of
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables.read_model import VersionRow
from whowas.projections.tables.row_codec import search_text
from whowas.store.event_log import EventLog

COLUMNS = ("name", "email", "title", "groups", "status")
SECTIONS: list[tuple[Status, ...]] = [("active", "suspended"), ("active",), ("suspended",), ("deleted",)]
WORDS = st.sampled_from(["", "a", "ada", "@x.org", "records", "nobody"])
BEGINNING: list[tuple[Command, int]] = [
    *((CreateGroup(group_id, name), 0) for group_id, name in zip(GROUPS, ("Records", "Legal"), strict=True)),
    *((CreateUser(user_id, {"first_name": name}), 0) for user_id, name in zip(IDS, ("Ben", "Ada", "Ben"), strict=True)),
    *((JoinGroup(user_id, GROUPS[0]), 0) for user_id in IDS[:2]),
]
"""Whom the others are about."""
NO_TEXT = "\U0010ffff"


@contextmanager
def small_parts(size: int) -> Iterator[None]:
    """Have even a few rows fill several blocks, and several parts of the totals."""
    with patch.object(ranks, "BLOCK", size), patch.multiple(census, TURNS=size, _TURNS_A_TOTAL=0):
        yield


@contextmanager
def followed(history: list[tuple[Command, int]], together: int) -> Iterator[tuple[ReadSide, VersionIndex]]:
    """Carry a history out without what the rules refuse: the first ones are folded together, others as they come."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        log = stack.enter_context(closing(EventLog.create(folder / "d.whowas")))
        side = stack.enter_context(closing(ReadSide(log, folder / "cache")))
        now = 1_700_000_000_000_000
        bus = Bus(log, clock=lambda: now, actor="ines")
        for number, (command, ago) in enumerate(history):
            now += 1_000_000
            try:
                bus.dispatch(command, occurred_at=now - ago * 2_500_000 if ago else None)
            except RefusedError:
                continue
            if number >= together:
                side.catch_up()
                side.sorted_by(COLUMNS[number % len(COLUMNS)])
            if number % 4 == 3:
                side.matching("ada")  # from then on texts are kept of the rows until then
        side.catch_up()
        for column in COLUMNS:
            side.sorted_by(column)
        yield side, side.catch_up()


class Oracle:
    """Looks at every row there ever was."""

    def __init__(self, side: ReadSide, index: VersionIndex) -> None:
        self._index = index
        self._latest = index.latest_directory()
        self._rows = side.rows(index.numbers.tolist())
        assert len(self._rows) == len(index.numbers)

    def rows(
        self, moment: int, column: str, section: tuple[Status, ...], word: str, *, descending: bool
    ) -> list[VersionRow]:
        """Return the rows shown, in their order."""
        alive = self._index.alive(moment).tolist()
        shown = [
            (self._key(row, column), user, row)
            for row, user, is_alive in zip(self._rows, self._index.users.tolist(), alive, strict=True)
            if is_alive and row.user.status in section and self._matches(row, word)
        ]
        return [row for _, _, row in sorted(shown, key=lambda each: each[:2], reverse=descending)]

    def _key(self, row: VersionRow, column: str) -> str:
        match column:
            case "name":
                text = row.user.name
            case "groups":
                text = ", ".join(self._latest.names_of(row.user.groups))
            case "status":
                return str([*STATUSES].index(row.user.status))
            case _:
                text = row.user.value(column) or ""
        return folded(text) or NO_TEXT

    def _matches(self, row: VersionRow, word: str) -> bool:
        names = [
            name
            for _, directory in self._index.directories
            for group_id, name in directory.groups.items()
            if group_id in row.user.groups
        ]
        return any(searchable(word) in text for text in (search_text(row.user), *map(searchable, names)))


@settings(max_examples=at_most(20), deadline=None)
@given(HISTORIES, st.integers(0, 30), st.sampled_from([2, 8]), st.data())
def test_every_place_at_every_moment(
    history: list[tuple[Command, int]], together: int, size: int, data: st.DataObject
) -> None:
    with followed([*BEGINNING, *history], together) as (side, index), small_parts(size):
        oracle, counting = Oracle(side, index), index.counting()
        for section, word in {(SECTIONS[0], ""), (data.draw(st.sampled_from(SECTIONS)), data.draw(WORDS))}:
            column, found = data.draw(st.sampled_from(COLUMNS)), side.matching(word)
            asked = ranked(index, column, all_of([index.with_status(*section), *([] if found is None else [found])]))
            for descending in (False, True):
                _each_step(_each_place(asked, oracle, (column, section, word), index, descending=descending))
                asked.prepare()
        for _ in range(2):
            _each_count(counting, oracle, index)
            counting.prepare()


def _each_place(
    asked: Ranks,
    oracle: Oracle,
    shown_by: tuple[str, tuple[Status, ...], str],
    index: VersionIndex,
    *,
    descending: bool,
) -> list[RowsAt]:
    """Ask for every row of every moment by its place, and for the place of every row there ever was."""
    lists = []
    for moment in range(index.now + 1):
        numbers = [row.number for row in oracle.rows(moment, *shown_by, descending=descending)]
        rows = asked.at(moment, descending=descending)
        assert len(rows) == len(numbers)
        assert [number for row in range(len(rows)) for number in rows.numbers(range(row, row + 1))] == numbers
        places = {number: row for row, number in enumerate(numbers)}
        assert {number: rows.row_of(number) for number in index.numbers.tolist()} == {
            number: places.get(number) for number in index.numbers.tolist()
        }
        lists.append(rows)
    return lists


def _each_step(lists: list[RowsAt]) -> None:
    """What a step touches turns the list before it into the one after it."""
    for before, after in pairwise(lists):
        touched = after.touched(before, 1_000)
        assert touched is not None
        old, new = before.all_numbers().tolist(), after.all_numbers().tolist()
        assert touched.went == [(row, number) for row, number in enumerate(old) if number not in new]
        assert touched.came == [(row, number) for row, number in enumerate(new) if number not in old]


def _each_count(counting: Counting, oracle: Oracle, index: VersionIndex) -> None:
    """The counts of the sidebar are those of the lists."""
    for moment in range(index.now + 1):
        counts = counting.at(moment)
        everybody = oracle.rows(moment, "name", tuple(STATUSES), "", descending=False)
        assert dict(counts.by_status) == {
            status: sum(row.user.status == status for row in everybody) for status in STATUSES
        }
        there = [group_id for row in everybody if row.user.status != "deleted" for group_id in row.user.groups]
        assert {group_id: count for group_id, count in counts.by_group.items() if count} == {
            group_id: there.count(group_id) for group_id in there
        }
