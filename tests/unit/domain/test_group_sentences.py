"""What is said about several users changed by one step."""

from __future__ import annotations

import pytest

from whowas.domain.group_sentences import counted, together
from whowas.domain.users import User

ADA = User("ada", 1, first_name="Ada", department="Accounts")
BEN = User("ben", 1, first_name="Ben", department="Estates")
GROUPS = {"press": "Press", "it": "IT"}

Lives = list[tuple[User | None, User]]


def both(**values: object) -> Lives:
    """Return Ada and Ben, who both got the same new values."""
    return [(user, user._replace(**values)) for user in (ADA, BEN)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lives", "title", "detail"),
    [
        (both(department="Press"), "2 users changed", "Department → Press"),
        (both(department=None), "2 users changed", "Department → empty"),
        (both(department="Press", title="Clerk"), "2 users changed", "Title → Clerk; Department → Press"),
        (both(attributes={"Room": "1"}), "2 users changed", "Room → 1"),
        (both(phone="1", title="2", notes="3", email="4"), "2 users changed", ""),
        (
            [(ADA, ADA._replace(department="Press")), (BEN, BEN._replace(department="IT"))],
            "2 users changed",
            "Department",
        ),
        (
            [(ADA, ADA._replace(department="Press")), (BEN, BEN._replace(title="Clerk"))],
            "2 users changed",
            "Department and Title",
        ),
        (both(password="a hash"), "2 users changed", "Password → set"),
        (both(status="suspended"), "2 users suspended", ""),
        (both(status="deleted"), "2 users deleted", ""),
        (both(groups=frozenset({"press"})), "2 users added to group", "Press"),
        (
            [(ADA, ADA._replace(groups=frozenset({"press"}))), (BEN, BEN._replace(groups=frozenset({"it"})))],
            "2 users added to group",
            "",
        ),
        ([(None, ADA), (None, BEN)], "2 users created", ""),
        ([(BEN, BEN._replace(status="deleted")), (None, ADA)], "2 users changed", "1 created, 1 deleted"),
    ],
)
def test_only_what_holds_for_every_user_is_told(lives: Lives, title: str, detail: str) -> None:
    assert together(lives, GROUPS) == (title, detail)


def test_a_long_value_of_several_lines_is_cut_to_one() -> None:
    _, detail = together(both(notes="line\n" * 1_000), GROUPS)
    assert detail.startswith("Notes → line line")
    assert len(detail) < 80


@pytest.mark.parametrize(
    ("counts", "title", "detail"),
    [
        ((70_000, 0, 0), "70,000 users changed", ""),
        ((70_000, 70_000, 0), "70,000 users added", ""),
        ((70_000, 0, 70_000), "70,000 users deleted", ""),
        ((70_000, 1_000, 5), "70,000 users changed", "1,000 added, 5 deleted"),
        ((70_000, 1_000, 0), "70,000 users changed", "1,000 added"),
    ],
)
def test_of_a_great_many_users_the_numbers_are_told(counts: tuple[int, int, int], title: str, detail: str) -> None:
    assert counted(*counts) == (title, detail)
