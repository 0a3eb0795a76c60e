"""Numbers, moments and truths of spreadsheets come out as people see them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.interchange.reading.cell_text import (
    digits_of_format,
    is_date_format,
    iso_day,
    iso_text,
    moment_text,
    number_text,
    unescaped,
)


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("0", "0"),
        ("12", "12"),
        ("12.0", "12"),
        ("-3", "-3"),
        ("1.5", "1.5"),
        ("0.30000000000000004", "0.3"),
        ("1E+20", "100000000000000000000"),
        ("1.2345678901234568E+19", "12345678901234600000"),
        ("4.9E-05", "0.000049"),
        ("491701234567", "491701234567"),
        ("x", "x"),
        ("", ""),
    ],
)
def test_numbers(stored: str, text: str) -> None:
    assert number_text(stored) == text


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_whole_numbers_stay_exact(number: int) -> None:
    assert number_text(repr(number)) == number_text(repr(float(number))) == str(number)


@pytest.mark.parametrize(
    ("number", "code", "is_date"),
    [
        (0, None, False),
        (14, None, True),
        (22, None, True),
        (49, None, False),
        (164, "General", False),
        (164, "0.00", False),
        (164, "0.00E+00", False),
        (164, "@", False),
        (164, '0 "days"', False),
        (164, "[Red]0.00", False),
        (164, '#,##0\\ "€"', False),
        (164, "yyyy\\-mm\\-dd", True),
        (164, "[$-409]d\\ mmm;@", True),
        (164, "[h]:mm", True),
    ],
)
def test_formats_of_dates(number: int, code: str | None, *, is_date: bool) -> None:
    assert is_date_format(number, code) is is_date


@pytest.mark.parametrize(("code", "digits"), [("00000", 5), ("0", 0), ("0.00", 0), (None, 0)])
def test_formats_with_zeros_before(code: str | None, digits: int) -> None:
    assert digits_of_format(code) == digits
    assert number_text("42", digits) == "42".zfill(digits)


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("43835", "2020-01-05"),
        ("43835.4375", "2020-01-05T10:30:00"),
        ("0.5", "12:00:00"),
        ("1", "1900-01-01"),
        ("59", "1900-02-28"),
        ("60", "60"),
        ("61", "1900-03-01"),
        ("43834.99999999999", "2020-01-05"),
        ("-1", "1899-12-30"),
        ("99999999999", "99999999999"),
        ("x", "x"),
    ],
)
def test_moments(stored: str, text: str) -> None:
    assert moment_text(stored, from_1904=False) == text


def test_moments_of_workbooks_that_count_from_1904() -> None:
    assert moment_text("42373", from_1904=True) == "2020-01-05"


@given(st.datetimes(datetime.fromisoformat("1900-03-01"), datetime.fromisoformat("9999-12-30")))
def test_every_second_comes_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    days = (moment - datetime.fromisoformat("1899-12-30")) / timedelta(days=1)

    assert moment_text(repr(days), from_1904=False) == iso_text(moment)


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("2020-01-05", "2020-01-05"),
        ("2020-01-05T00:00:00", "2020-01-05"),
        ("2020-01-05T00:00:00.000", "2020-01-05"),
        ("2020-01-05T10:30:00", "2020-01-05T10:30:00"),
    ],
)
def test_stored_days(stored: str, text: str) -> None:
    assert iso_day(stored) == text


@pytest.mark.parametrize(
    ("text", "plain"), [("a_x000D_b", "a\rb"), ("_x005F_x000D_", "_x000D_"), ("_xD800_", "_xD800_"), ("_x12", "_x12")]
)
def test_escaped_characters(text: str, plain: str) -> None:
    assert unescaped(text) == plain
