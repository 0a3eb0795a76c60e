"""The view-model of the changes list: reading pages, signalling changes, unfolding."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from tests.desktop.fake_changes import FakeChanges, newest_first, steps_at
from tests.examples import at_most
from whowas.desktop.changes.model import LINES_AT_ONCE, LINES_KEPT, ChangesModel

MILLION = 1_000_000


@pytest.fixture
def source() -> FakeChanges:
    return FakeChanges()


@pytest.fixture
def model(qtbot: QtBot, source: FakeChanges) -> ChangesModel:
    made = ChangesModel(source)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def titles(model: ChangesModel) -> list[str]:
    items = [model.item(row) for row in range(model.rowCount())]
    return [item.title for item in items if item is not None]


def test_of_a_million_steps_only_a_page_is_read(source: FakeChanges) -> None:
    model = ChangesModel(source)
    model.show(*newest_first(MILLION))
    model.show_moment(MILLION // 2)
    assert model.rowCount() == MILLION
    assert source.lines_read == []

    row = model.row_shown()
    assert row == MILLION // 2
    for place in range(row, row + 10):
        item = model.item(place)
        assert item is not None
        assert item.title == f"Step {MILLION - place}"
    assert len(source.lines_read) <= LINES_AT_ONCE


def test_of_a_million_users_only_a_page_is_read(source: FakeChanges) -> None:
    model = ChangesModel(source)
    model.show(*newest_first(MILLION))
    model.unfold(0)
    assert model.rowCount() == 2 * MILLION
    assert source.users_read == []
    item = model.item(500_000)
    assert item is not None
    assert (item.title, item.detail, item.actor) == ("User 500000", "Title changed: empty → Clerk 1000000", "paul")
    assert len(source.users_read) <= LINES_AT_ONCE


def test_what_was_read_is_kept_within_bounds(source: FakeChanges) -> None:
    model = ChangesModel(source)
    model.show(*newest_first(MILLION))
    for row in range(0, 20 * LINES_KEPT, LINES_AT_ONCE):
        model.item(row)
    assert len(model._lines) <= LINES_KEPT + LINES_AT_ONCE


def test_a_row_is_read_again_where_it_could_not_be_read(model: ChangesModel, source: FakeChanges) -> None:
    source.reading = False
    model.show(*newest_first(3))
    assert model.item(0) is None
    assert model.data(model.index(0, 0)) is None
    source.reading = True
    assert titles(model) == ["Step 3", "Step 2", "Step 1"]


def test_a_line_unfolds_into_its_users_and_folds_again(model: ChangesModel) -> None:
    model.show(*newest_first(11))
    model.unfold(0)
    assert model.rowCount() == 11
    model.unfold(1)
    model.unfold(1)
    assert titles(model)[:4] == ["Step 11", "Step 10", "User 1", "User 2"]
    assert titles(model)[10:13] == ["User 9", "User 10", "Step 9"]
    user, line = model.user(3), model.line(3)
    assert user is not None
    assert line is not None
    assert (user.user_id, line.moment, model.line_row(3)) == ("id 2", 10, 1)
    assert model.user(1) is None
    model.fold(4)
    assert titles(model) == [f"Step {step}" for step in range(11, 0, -1)]


def test_steps_that_come_on_top_leave_the_rest_unfolded(model: ChangesModel, source: FakeChanges) -> None:
    model.show(*newest_first(10))
    model.unfold(0)
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    before = len(source.lines_read)
    model.show(*newest_first(12))
    assert inserted == [(0, 1)]
    assert titles(model)[:4] == ["Step 12", "Step 11", "Step 10", "User 1"]
    assert len(source.lines_read) == before + 2


def test_the_same_steps_are_left_alone(model: ChangesModel, qtbot: QtBot) -> None:
    model.show(*steps_at([4, 9]))
    with qtbot.assertNotEmitted(model.layoutChanged), qtbot.assertNotEmitted(model.rowsInserted):
        model.show(*steps_at([4, 9]))
    assert titles(model) == ["Step 9", "Step 4"]


@given(
    before=st.sets(st.integers(1, 30), min_size=1),
    after=st.permutations(range(1, 31)),
    dropped=st.sets(st.integers(1, 30)),
    unfolded=st.sets(st.sampled_from([10, 20, 30])),
)
def test_a_step_stays_the_row_it_was_wherever_others_come_and_go(
    before: set[int], after: list[int], dropped: set[int], unfolded: set[int]
) -> None:
    source = FakeChanges()
    model = ChangesModel(source)
    model.show(*steps_at(sorted(before)))
    for step in sorted(unfolded & before):
        model.unfold(titles(model).index(f"Step {step}"))
    held = {row: QPersistentModelIndex(model.index(row, 0)) for row in range(model.rowCount())}
    told = titles(model)
    numbers = np.array([number for number in after if number not in dropped], dtype=np.int32)
    moments = np.arange(len(numbers), 0, -1, dtype=np.int32)
    number_at = dict(zip(moments.tolist(), numbers.tolist(), strict=True))
    source.line = lambda moment: replace(FakeChanges().line(number_at[moment]), moment=moment)  # type: ignore[method-assign]
    source.rows_of = lambda moment: FakeChanges().rows_of(number_at[moment])  # type: ignore[method-assign]
    model.show(moments, numbers, forget=True)

    now = titles(model)
    for row, index in held.items():
        if _line_of(told, row) in now:
            assert (now[index.row()], _line_of(now, index.row())) == (told[row], _line_of(told, row))
        else:
            assert not index.isValid()


def _line_of(told: list[str], row: int) -> str:
    return next(title for title in reversed(told[: row + 1]) if title.startswith("Step"))


def test_what_has_other_rows_below_it_by_now_is_folded(model: ChangesModel, source: FakeChanges) -> None:
    model.show(*newest_first(20))
    model.unfold(0)
    model.unfold(titles(model).index("Step 10"))
    source.rows_of = lambda moment: np.arange(2, moment + 2, dtype=np.int32)  # type: ignore[method-assign]
    held = QPersistentModelIndex(model.index(3, 0))
    model.show(*newest_first(20), forget=True)
    assert titles(model) == [f"Step {step}" for step in range(20, 0, -1)]
    assert not held.isValid()


def test_what_was_read_is_forgotten(model: ChangesModel, source: FakeChanges) -> None:
    model.show(*newest_first(3))
    titles(model)
    source.lines_read.clear()
    model.show(*newest_first(3), forget=True)
    titles(model)
    assert sorted(source.lines_read) == [1, 2, 3]


def test_what_lies_in_the_future_says_so(model: ChangesModel) -> None:
    model.show(*newest_first(3))
    model.show_moment(2)
    rows = [str(model.data(model.index(row, 0))) for row in range(3)]
    assert ["later" in row for row in rows] == [True, False, False]
    assert ["shown" in row for row in rows] == [False, True, False]
    assert rows[1].startswith("Step 2, Title → Clerk, ines, ")


@pytest.mark.parametrize(("moment", "row"), [(0, None), (3, None), (4, 1), (6, 1), (9, 0), (12, 0)])
def test_between_steps_that_are_listed_the_one_before_is_shown(
    model: ChangesModel, moment: int, row: int | None
) -> None:
    model.show(*steps_at([4, 9]))
    model.show_moment(moment)
    assert model.row_shown() == row


def test_a_tip_takes_nothing_for_markup(model: ChangesModel, source: FakeChanges, monkeypatch: object) -> None:
    source.line = lambda moment: (
        FakeChanges()
        .line(moment)
        .__class__(  # type: ignore[method-assign]
            1, 0, "", "<b>ines</b>", "changed", 1, "x" * 10_000, "", None, in_parts=False
        )
    )
    model.show(*newest_first(1))
    tip = str(model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole))
    assert "<b>" not in tip
    assert len(tip) < 2_000


def test_nothing_is_said_of_no_row(model: ChangesModel) -> None:
    model.show(*newest_first(1))
    assert model.data(QModelIndex()) is None
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.columnCount(model.index(0, 0)) == 0


@settings(max_examples=at_most(60))
@given(
    listed=st.sets(st.integers(1, 40), min_size=1),
    unfolded=st.sets(st.sampled_from([10, 20])),
    moments=st.lists(st.integers(0, 41), min_size=2, max_size=5),
)
def test_every_row_that_another_moment_alters_is_told(listed: set[int], unfolded: set[int], moments: list[int]) -> None:
    model = ChangesModel(FakeChanges())
    model.show(*steps_at(sorted(listed)))
    for moment in sorted(unfolded & listed):
        model.unfold(next(row for row in range(model.rowCount()) if titles(model)[row] == f"Step {moment}"))
    told: set[int] = set()
    model.dataChanged.connect(lambda first, last, _roles: told.update(range(first.row(), last.row() + 1)))
    for moment in moments:
        before = [model.item(row) for row in range(model.rowCount())]
        told.clear()
        model.show_moment(moment)
        after = [model.item(row) for row in range(model.rowCount())]
        assert {row for row, (old, new) in enumerate(zip(before, after, strict=True)) if old != new} <= told
