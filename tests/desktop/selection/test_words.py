"""What is said of a selection is true, and short."""

from __future__ import annotations

import pytest

from whowas.desktop.selection.words import not_listed, said_of, statuses, subtitle, values_counted, was_shared
from whowas.domain.users import Status
from whowas.projections.queries.selection_summary import VALUES_COUNTED, FieldShared, SelectionSummary


def summary(department: FieldShared, **by_status: int) -> SelectionSummary:
    counts: dict[Status, int] = {"active": 0, "suspended": 0, "deleted": 0}
    counts |= {status: by_status.get(status, 0) for status in counts}
    return SelectionSummary(sum(counts.values()), counts, {}, {"department": department})


@pytest.mark.parametrize(
    ("shared", "said", "was"),
    [
        (FieldShared(None, 9, False), "Mixed, 9 values", "was mixed, 9 values"),
        (FieldShared(None, 1, True), "Mixed, some blank", "was mixed, some blank"),
        (FieldShared(None, VALUES_COUNTED + 1, False), "Mixed, 1,000+ values", "was mixed, 1,000+ values"),
        (FieldShared("Clerk", 1, False), "", "was Clerk"),
        (FieldShared("", 0, True), "", "was empty"),
        (None, "", "was not counted yet"),
    ],
)
def test_a_field(shared: FieldShared | None, said: str, was: str) -> None:
    assert said_of(shared) == said
    assert was_shared(shared) == was


def test_as_many_values_as_are_counted_are_said_exactly() -> None:
    assert values_counted(FieldShared(None, VALUES_COUNTED, False)) == "1,000 values"


@pytest.mark.parametrize(
    ("department", "by_status", "said"),
    [
        (FieldShared(None, 3, False), {"active": 30}, "all active · 3 departments"),
        (FieldShared("Press", 1, False), {"active": 28, "suspended": 2}, "28 active, 2 suspended · Press"),
        (FieldShared(None, 1, True), {"deleted": 2}, "all deleted"),
        (FieldShared("", 0, True), {"suspended": 2}, "all suspended"),
        (FieldShared(None, VALUES_COUNTED + 1, True), {"active": 1_200}, "all active · over 1,000 departments"),
    ],
)
def test_the_line_beneath_how_many_they_are(department: FieldShared, by_status: dict[str, int], said: str) -> None:
    assert subtitle(summary(department, **by_status)) == said


def test_statuses_are_told_in_their_order() -> None:
    assert statuses({"deleted": 1, "suspended": 0, "active": 1_000}) == "1,000 active, 1 deleted"


def test_who_is_not_in_the_list() -> None:
    assert not_listed(30, 30, scattered=False) == ""
    assert not_listed(29, 30, scattered=False) == "1 more is selected, but not in this list."
    assert not_listed(10, 30, scattered=False) == "20 more are selected, but not in this list."
    assert not_listed(0, 30, scattered=False) == "None of them is in this list."
    assert "scattered" in not_listed(0, 30_000, scattered=True)
