"""Rank and select over time, against masks over every row: the same rows at every moment, at every place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import at_most
from tests.unit.projections.index.test_version_index import GROUPS, LAST, MOMENTS, Row, indexed, timelines
from whowas.projections.index import ranks
from whowas.projections.index.ranks import Ranks, RowsAt, TouchedRows, ranked
from whowas.projections.index.version_index import ALIVE, Laid, Mask

MOST = 3


@contextmanager
def blocks_of(rows: int) -> Iterator[None]:
    with patch.object(ranks, "BLOCK", rows):
        yield


@st.composite
def laid_rows(draw: st.DrawFn) -> tuple[Laid, Mask | None]:
    """Up to forty rows of any lives, of which some pass."""
    spans = draw(st.lists(st.tuples(st.integers(0, LAST), st.integers(1, LAST + 1)), max_size=40))
    begins = np.array([begins for begins, _ in spans], dtype=np.int32)
    ends = np.array([begins + lasting if lasting <= LAST else ALIVE for begins, lasting in spans], dtype=np.int32)
    numbers = draw(st.permutations(range(1, len(spans) + 1)))
    passing = draw(st.none() | st.lists(st.booleans(), min_size=len(spans), max_size=len(spans)))
    mask = None if passing is None else np.array(passing, dtype=np.bool_)
    return Laid(np.array(numbers, dtype=np.int32), begins, ends), mask


def masked(laid: Laid, passing: Mask | None, moment: int, descending: bool) -> list[int]:
    """The row numbers shown, found by comparing every row."""
    mask = (laid.begins <= moment) & (moment < laid.ends)
    numbers: list[int] = laid.numbers[mask if passing is None else mask & passing].tolist()
    return numbers[::-1] if descending else numbers


def made(laid: Laid, passing: Mask | None, prepared: bool, spilled_to: Path | None = None) -> Ranks:
    """Ranks of rows that have each two versions: those of an even number and of the odd one after it."""
    asked = Ranks(laid, passing, lambda number: np.array([number & ~1, number | 1], dtype=np.int32), spilled_to)
    if prepared:
        asked.prepare()
    assert asked.is_prepared == prepared
    return asked


SIZES = st.sampled_from([2, 4, 16])


@given(laid_rows(), SIZES, st.booleans(), st.booleans(), st.data())
def test_the_same_rows_as_a_mask_gives(
    rows: tuple[Laid, Mask | None], size: int, prepared: bool, descending: bool, data: st.DataObject
) -> None:
    with blocks_of(size):
        asked = made(*rows, prepared)
        for moment in range(LAST + 2):
            expected = masked(*rows, moment, descending)
            shown = asked.at(moment, descending=descending)
            assert len(shown) == len(expected)
            assert shown.all_numbers().tolist() == expected
            first, stop = sorted(data.draw(st.tuples(st.integers(0, 42), st.integers(0, 42))))
            assert shown.numbers(range(first, stop)).tolist() == expected[first:stop]
            for number in range(len(rows[0].numbers) + 3):
                assert shown.row_of(number) == (expected.index(number) if number in expected else None)


@pytest.mark.parametrize("room", [True, False])
@settings(max_examples=at_most(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(laid_rows(), SIZES)
def test_the_same_from_a_file_and_where_there_is_no_room_for_one(
    tmp_path: Path, room: bool, rows: tuple[Laid, Mask | None], size: int
) -> None:
    folder = tmp_path if room else tmp_path / "gone"
    with blocks_of(size), patch.object(ranks, "ROWS_SPILLED", 0):
        asked = made(*rows, True, folder)
        for moment in range(LAST + 2):
            assert asked.at(moment).all_numbers().tolist() == masked(*rows, moment, False)
    assert not [*tmp_path.iterdir()], "it has no name"


@given(laid_rows(), SIZES, st.booleans(), st.booleans(), MOMENTS, MOMENTS)
def test_what_differs_between_two_moments(
    rows: tuple[Laid, Mask | None], size: int, prepared: bool, descending: bool, before: int, after: int
) -> None:
    with blocks_of(size):
        asked = made(*rows, prepared)
        touched = asked.at(after, descending=descending).touched(asked.at(before, descending=descending), MOST)
    old, new = (masked(*rows, moment, descending) for moment in (before, after))
    went = [(row, number) for row, number in enumerate(old) if number not in new]
    came = [(row, number) for row, number in enumerate(new) if number not in old]
    if touched is None:
        laid, passing = rows
        earlier, later = sorted((before, after))
        passed = np.ones(len(laid.begins), dtype=np.bool_) if passing is None else passing
        turns = [passed & (earlier < moments) & (moments <= later) for moments in (laid.begins, laid.ends)]
        assert sum(map(np.count_nonzero, turns)) > 2 * MOST
    else:
        assert touched == TouchedRows(went, came)


@given(st.lists(st.integers(1, 9), unique=True), st.lists(st.integers(1, 9), unique=True), st.booleans())
def test_what_differs_between_lists_of_different_questions(old: list[int], new: list[int], descending: bool) -> None:
    touched = listed(new, descending).touched(listed(old, descending), MOST)
    differing = [row for row, (was, now) in enumerate(zip(old, new, strict=False)) if was != now]
    if len(old) == len(new) and len(differing) <= MOST:
        assert touched == TouchedRows(*([(row, numbers[row]) for row in differing] for numbers in (old, new)))
    elif (came := one_more(old, new)) is not None:
        assert touched == TouchedRows([], [came])
    elif (went := one_more(new, old)) is not None:
        assert touched == TouchedRows([went], [])
    else:
        assert touched is None


def one_more(shorter: list[int], longer: list[int]) -> tuple[int, int] | None:
    """The row and number without which the longer list is the shorter one."""
    rows = (row for row in range(len(longer)) if [*longer[:row], *longer[row + 1 :]] == shorter)
    return next(((row, longer[row]) for row in rows), None)


def listed(numbers: list[int], descending: bool) -> RowsAt:
    """Rows that are always shown, in that order once they are turned round."""
    laid = numbers[::-1] if descending else numbers
    always = np.zeros(len(laid), dtype=np.int32)
    arrays = Laid(np.array(laid, dtype=np.int32), always, always + ALIVE)
    return Ranks(arrays, None, lambda number: np.array([number], dtype=np.int32)).at(0, descending=descending)


@given(timelines(), MOMENTS, st.booleans(), st.none() | st.frozensets(st.sampled_from(GROUPS)))
def test_an_index_is_shown_at_a_moment_sorted_and_filtered(
    rows: list[Row], moment: int, descending: bool, groups: frozenset[str] | None
) -> None:
    index = indexed(rows)
    passing = None if groups is None else index.in_groups(groups)
    expected = sorted(
        (row for row in rows if row.is_shown_at(moment) and (groups is None or row.groups & groups)),
        key=lambda row: (row.text, row.user),
        reverse=descending,
    )
    shown = ranked(index, "text", passing).at(moment, descending=descending)
    assert shown.all_numbers().tolist() == [row.number for row in expected]
    assert [shown.row_of(row.number) for row in expected] == list(range(len(expected)))
