"""A typed day is read as the settings write dates, in words and as ISO, and what is unclear is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.desktop.kit import dates
from whowas.desktop.kit.day_text import day_of, held_day, shown_day
from whowas.domain.errors import RefusedError


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    dates.choose("words", "system")
    yield
    dates.choose("words", "system")


@pytest.mark.parametrize(
    "typed",
    [
        "2024-03-04",
        "2024-3-4",
        "2024/03/04",
        " 4 Mar 2024 ",
        "4 march 2024",
        "4. March 2024",
        "Mar 4, 2024",
        "Mar 4 2024",
    ],
)
def test_clear_forms_are_read(typed: str) -> None:
    assert day_of(typed) == date(2024, 3, 4)
    assert held_day(typed) == "2024-03-04"


@pytest.mark.parametrize(
    ("typed", "held"), [("31/12/2024", "2024-12-31"), ("12/31/2024", "2024-12-31"), ("5.5.2024", "2024-05-05")]
)
def test_numbers_are_read_where_only_one_order_makes_sense(typed: str, held: str) -> None:
    assert held_day(typed) == held


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("03/04/2024", "“03/04/2024” can be 3 April or 4 March. Write it like 2024-04-03."),
        ("31/02/2024", "There is no day “31/02/2024”."),
        ("2024-02-30", "There is no day “2024-02-30”."),
        ("30 Foo 2024", "“30 Foo 2024” is no date. Write it like 31 Dec 2026 or 2026-12-31."),
        ("tomorrow", "“tomorrow” is no date. Write it like 31 Dec 2026 or 2026-12-31."),
        ("4 Mar 24", "“4 Mar 24” is no date. Write it like 31 Dec 2026 or 2026-12-31."),
        ("03/04/24", "“03/04/24” is no date. Write it like 31 Dec 2026 or 2026-12-31."),
    ],
)
def test_what_is_unclear_is_refused_and_stays_as_it_is(typed: str, sentence: str) -> None:
    with pytest.raises(RefusedError) as refused:
        day_of(typed)
    assert str(refused.value) == sentence
    assert held_day(typed) == typed


def test_the_example_is_said_once_where_dates_are_written_so() -> None:
    dates.choose("iso", "system")
    with pytest.raises(RefusedError, match=r"Write it like 2026-12-31\.$"):
        day_of("x")


@given(st.dates(), st.sampled_from(get_args(dates.DateStyle)))
def test_a_shown_day_is_read_as_that_day_in_every_style(day: date, style: dates.DateStyle) -> None:
    dates.choose(style, "system")
    assert held_day(shown_day(day.isoformat())) == day.isoformat()


@given(st.text())
def test_no_text_is_read_as_what_is_no_day(text: str) -> None:
    held = held_day(text)
    assert held == text or date.fromisoformat(held)
