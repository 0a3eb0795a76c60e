"""Days in digits: what tells by itself, and what only a person can say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.errors import RefusedError
from whowas.interchange.mapping.chosen import DayOrder
from whowas.interchange.mapping.day_cells import held_day, is_open

DAYS = st.dates(min_value=date(1000, 1, 1))


@given(DAYS, st.sampled_from("/.-"), st.booleans(), st.sampled_from(["day first", "month first"]))
def test_a_day_is_read_as_it_was_written(day: date, mark: str, wide: bool, order: DayOrder) -> None:
    parts = (day.day, day.month) if order == "day first" else (day.month, day.day)
    cell = mark.join([*(f"{part:02}" if wide else str(part) for part in parts), str(day.year)])
    assert held_day(cell, order) == day.isoformat()
    assert is_open(cell) == (day.day <= 12 and day.day != day.month)
    if not is_open(cell):
        assert held_day(f" {cell} ", None) == day.isoformat()
    else:
        with pytest.raises(RefusedError, match="may be"):
            held_day(cell, None)


@given(DAYS.map(date.isoformat) | st.sampled_from(["", "3 April 2024", "03/04/24", "03/04.2024", "2024/04/03"]))
def test_other_forms_are_left_to_the_field(cell: str) -> None:
    assert (held_day(cell, None), held_day(cell, "day first"), is_open(cell)) == (cell, cell, False)


@pytest.mark.parametrize(
    ("cell", "order", "sentence"),
    [
        ("31.2.2024", "day first", "“31.2.2024” is no day."),
        ("31.2.2024", None, "“31.2.2024” is no day."),
        ("12/31/2024", "day first", "“12/31/2024” is no day where the day comes first."),
        ("31/12/2024", "month first", "“31/12/2024” is no day where the month comes first."),
        ("03/04/2024", None, "“03/04/2024” may be 2024-04-03 or 2024-03-04."),
        ("01/01/0000", "day first", "“01/01/0000” is no day."),
    ],
)
def test_what_is_no_day_is_refused_in_a_sentence(cell: str, order: DayOrder | None, sentence: str) -> None:
    with pytest.raises(RefusedError) as refused:
        held_day(cell, order)
    assert str(refused.value) == sentence
