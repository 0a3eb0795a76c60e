"""What the arrays answer about any moment, against a plain list of the same version rows."""

from __future__ import annotations

import tracemalloc
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.directory import Directory
from whowas.domain.field_definitions import PLAIN, FieldDefinition
from whowas.domain.users import STATUSES, Status
from whowas.projections.index import census
from whowas.projections.index.census import Census, Tally
from whowas.projections.index.counts import kind_of
from whowas.projections.index.steps import Steps
from whowas.projections.index.version_index import ALIVE, Mask, VersionIndex, all_of
from whowas.projections.tables.epoch import Epoch

GROUPS = ["legal", "staff", "night"]
LAST = 6
"""How many steps there are, and so the last moment."""


@dataclass(frozen=True)
class Row:
    """One version row, said plainly: the user is so from the step ``begins``, until ``ends`` where there is one."""

    number: int
    user: int
    begins: int
    ends: int | None
    status: Status
    groups: frozenset[str]
    text: str

    def is_shown_at(self, moment: int) -> bool:
        return self.begins <= moment and (self.ends is None or moment < self.ends)


@st.composite
def timelines(draw: st.DrawFn) -> list[Row]:
    """Up to four users with a life each, numbered in no particular order and with gaps."""
    lives = draw(st.lists(st.lists(st.integers(1, LAST), min_size=1, unique=True).map(sorted), max_size=4))
    versions = [
        (user, begins, ends)
        for user, life in enumerate(lives, start=1)
        for begins, ends in zip(life, [*life[1:], None], strict=True)
    ]
    numbers = draw(st.lists(st.integers(1, 40), min_size=len(versions), max_size=len(versions), unique=True))
    rows = [
        Row(
            number,
            *version,
            status=draw(st.sampled_from(STATUSES)),
            groups=draw(st.frozensets(st.sampled_from(GROUPS))),
            text=draw(st.sampled_from("abc")),
        )
        for number, version in zip(numbers, versions, strict=True)
    ]
    return sorted(rows, key=lambda row: row.number)


def indexed(rows: list[Row], directories: tuple[tuple[int, Directory], ...] = ()) -> VersionIndex:
    """Lay the rows out as arrays; the order is by ``text``, then by user."""
    memberships = tuple({row.groups: None for row in rows})
    order = sorted(range(len(rows)), key=lambda place: (rows[place].text, rows[place].user))
    kinds = [kind_of(memberships.index(row.groups), STATUSES.index(row.status)) for row in rows]
    begins = np.array([row.begins for row in rows], dtype=np.int32)
    ends = np.array([ALIVE if row.ends is None else row.ends for row in rows], dtype=np.int32)
    return VersionIndex(
        epoch=Epoch(1, 0),
        steps=Steps.of(np.array([(number, number * 10, number, 1, 0, 0) for number in range(1, LAST + 1)])),
        numbers=np.array([row.number for row in rows], dtype=np.int32),
        users=np.array([row.user for row in rows], dtype=np.int32),
        begins=begins,
        ends=ends,
        contents=np.array([hash((row.user, row.text)) for row in rows], dtype=np.int64),
        statuses=np.array([STATUSES.index(row.status) for row in rows], dtype=np.uint8),
        groupsets=np.array([memberships.index(row.groups) for row in rows], dtype=np.int32),
        memberships=memberships,
        census=Census.of(np.array(kinds, dtype=np.int32), begins, ends, ALIVE),
        orders={"text": np.array(order, dtype=np.int32)},
        directories=directories,
    ).with_laid_rows()


def numbers(index: VersionIndex, mask: Mask) -> list[int]:
    found: list[int] = index.numbers[mask].tolist()
    return found


MOMENTS = st.integers(0, LAST)


@given(timelines(), MOMENTS)
def test_who_is_shown_at_a_moment(rows: list[Row], moment: int) -> None:
    index = indexed(rows)
    assert numbers(index, index.alive(moment)) == [row.number for row in rows if row.is_shown_at(moment)]
    assert index.now == LAST
    for user in range(1, 6):
        number = next((row.number for row in rows if row.user == user and row.is_shown_at(moment)), None)
        assert index.row_of(user, moment) == number


@given(timelines(), MOMENTS, st.booleans())
def test_users_are_counted_by_status_and_by_group(rows: list[Row], moment: int, prepared: bool) -> None:
    index = indexed(rows)
    with patch.object(census, "TURNS", 2), patch.object(census, "_TURNS_A_TOTAL", 0):
        if prepared:
            index.counting().prepare()
        counts = index.counts(moment)
    shown = [row for row in rows if row.is_shown_at(moment)]
    assert counts.by_status == {status: sum(row.status == status for row in shown) for status in STATUSES}
    assert counts.by_group == {
        group: sum(group in row.groups and row.status != "deleted" for row in shown)
        for group in GROUPS
        if any(group in row.groups for row in rows)
    }


def test_totals_take_no_more_memory_than_the_rows_however_many_groups_there_are() -> None:
    rows, groups = 100_000, 2_000
    moments = np.arange(rows, dtype=np.int32)
    tally = Tally(
        Census.of(moments % groups, moments, moments + 1, ALIVE), lambda kinds: np.bincount(kinds, minlength=groups)
    )
    tracemalloc.start()
    tally.prepare()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 4 * rows
    assert tally.at(rows // 2).tolist() == [int(group == rows // 2 % groups) for group in range(groups)]


@given(timelines(), st.lists(st.sampled_from(STATUSES), unique=True))
def test_rows_of_some_statuses(rows: list[Row], statuses: list[Status]) -> None:
    index = indexed(rows)
    assert numbers(index, index.with_status(*statuses)) == [row.number for row in rows if row.status in statuses]


@given(timelines(), st.frozensets(st.sampled_from([*GROUPS, "unknown"])))
def test_rows_of_members_of_any_of_the_groups(rows: list[Row], groups: frozenset[str]) -> None:
    index = indexed(rows)
    assert numbers(index, index.in_groups(groups)) == [row.number for row in rows if row.groups & groups]


@given(timelines(), st.lists(st.integers(0, 45)))
def test_rows_with_those_numbers_in_any_order_and_known_or_not(rows: list[Row], wanted: list[int]) -> None:
    index = indexed(rows)
    mask = index.having(np.array(wanted, dtype=np.int64))
    assert numbers(index, mask) == [row.number for row in rows if row.number in wanted]


@given(timelines(), st.lists(st.frozensets(st.sampled_from(GROUPS)), max_size=3))
def test_every_filter_has_to_be_passed(rows: list[Row], filters: list[frozenset[str]]) -> None:
    index = indexed(rows)
    mask = all_of([index.in_groups(groups) for groups in filters])
    expected = [row.number for row in rows if all(row.groups & groups for groups in filters)]
    assert (mask is None) == (not filters)
    assert (numbers(index, mask) if mask is not None else index.numbers.tolist()) == expected


EMPTY = Directory()
FOUNDED = Directory(1, {"Desk": "Desk"}, {"staff": "Staff"})
RENAMED = Directory(2, {"Desk": "Desk"}, {"staff": "Crew", "legal": "Legal"})
ENDED = Directory(3, {"Desk": "Desk"}, {"legal": "Law"}, {"staff": "Crew"})


@pytest.mark.parametrize(
    ("moment", "version", "groups", "deleted"),
    [
        (0, 0, {"staff": "Staff", "legal": "Legal"}, {}),
        (1, 0, {"staff": "Staff", "legal": "Legal"}, {}),
        (2, 1, {"staff": "Staff", "legal": "Legal"}, {}),
        (4, 2, {"staff": "Crew", "legal": "Legal"}, {}),
        (5, 3, {"legal": "Law"}, {"staff": "Crew"}),
        (6, 3, {"legal": "Law"}, {"staff": "Crew"}),
    ],
)
def test_the_directory_of_a_moment_knows_the_first_names_of_groups_to_come(
    moment: int, version: int, groups: dict[str, str], deleted: dict[str, str]
) -> None:
    index = indexed([], ((2, FOUNDED), (3, RENAMED), (5, ENDED)))
    shown = index.directory(moment)
    assert (shown.version, shown.groups, shown.deleted_groups) == (version, groups, deleted)
    assert (index.latest_directory(), indexed([]).latest_directory()) == (ENDED, EMPTY)


def test_fields_show_by_their_names_of_then_before_they_are_deleted_and_where_they_are_not_yet_defined() -> None:
    made = Directory(1, {"Desk": "Desk"})
    called = Directory(2, {"Desk": "Table", "Desk 2": "Desk"})
    ended = Directory(3, {"Desk 2": "Desk"}, deleted_fields={"Desk": "Table"})
    index = indexed([], ((2, made), (4, called), (6, ended)))
    assert [dict(index.fields_at(moment)) for moment in (1, 2, 4, 6)] == [
        {"Desk 2": "Desk"},
        {"Desk 2": "Desk (defined later)", "Desk": "Desk"},
        {"Desk 2": "Desk", "Desk": "Table"},
        {"Desk 2": "Desk"},
    ]
    assert index.directory(1).names == {"attributes.Desk 2": "Desk"}
    assert index.directory(2).names == {"attributes.Desk 2": "Desk"}


def test_a_field_is_defined_as_it_was_at_the_moment_and_before_it_was_there_as_it_is_now() -> None:
    text = Directory(1, {"Since": "Since"})
    dated = Directory(2, {"Since": "Since"}, definitions={"Since": FieldDefinition("date", hidden=True)})
    index = indexed([], ((2, text), (4, dated)))
    assert [index.directory(moment).definition("Since").type for moment in (1, 2, 4)] == ["date", "text", "date"]
    assert index.directory(3).definition("Since") == PLAIN
    assert [dict(index.directory(moment).shown_of({"Since": "Since"})) for moment in (3, 4)] == [{"Since": "Since"}, {}]
