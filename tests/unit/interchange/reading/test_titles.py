"""The row of titles is found below a heading, and no first user is taken for a heading."""

from __future__ import annotations

import pytest

from whowas.interchange.reading.titles import count_known, header_among

KNOWN = {"Vorname", "Nachname", "E-Mail", "Name"}
USERS = [["Mara", "Quill", "m@example.org"], ["Bo", "Ash", "b@example.org"]]


def knows(title: str) -> bool:
    return title in KNOWN


@pytest.mark.parametrize("heading", [[], [["Members 2026", "", ""]], [["Choir"], ["Date:", "30.11.2026"]]])
def test_titles_that_are_recognised_are_found_below_a_heading(heading: list[list[str]]) -> None:
    rows = [*heading, ["Vorname", "Nachname", "Schuhgröße"], *USERS]

    assert header_among(rows, knows) == len(heading)


def test_few_titles_recognised_are_still_those_of_the_first_row() -> None:
    rows = [["a", "b", "c", "d", "E-Mail"], ["1", "2", "3", "4", "m@example.org"]]

    assert header_among(rows, knows) == 0


@pytest.mark.parametrize("knows_title", [None, knows])
def test_a_heading_is_known_by_standing_alone(knows_title: object) -> None:
    rows = [["Members 2026"], ["x", "y", "z"], *USERS]

    assert header_among(rows, knows_title) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "rows", [[["x"], ["Mara"], ["Bo"]], [["x"], ["Mara", "Quill"]], [["x", "y"], ["a", "b", "c", "d"]], [["x"]]]
)
def test_otherwise_it_is_the_first_row(rows: list[list[str]]) -> None:
    assert header_among(rows, None) == 0
    assert header_among(rows, knows) == 0


def test_one_title_is_enough_where_there_is_one_column() -> None:
    assert header_among([["Members 2026"], ["Name"], ["Mara"]], knows) == 1


def test_not_all_of_a_wide_row_is_asked_about() -> None:
    asked: list[str] = []

    header_among([[f"t{column}" for column in range(16_384)], ["Mara"]], lambda title: bool(asked.append(title)))

    assert 100 < len(asked) < 1000


def test_what_is_too_long_for_a_title_is_not_asked_about() -> None:
    assert count_known(["Name", "x" * 10_000], lambda title: len(title) != 4) == 0
