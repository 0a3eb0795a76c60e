"""Moments come in as ISO 8601, and go out so that they come in again as the same moment."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.interchange import iso_moments

NOON = int(datetime(2020, 3, 3, 12, tzinfo=UTC).timestamp()) * 1_000_000
LONGEST_AGO = int(datetime(1, 1, 2, tzinfo=UTC).timestamp()) * 1_000_000
FARTHEST = int(datetime(9999, 12, 30, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.fixture
def in_kolkata(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Local time is half past five before UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "XST-05:30")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    "text",
    [
        "2020-03-03T12:00:00Z",
        "2020-03-03T12:00:00+00:00",
        "2020-03-03T13:00:00+01:00",
        "2020-03-03T07:00-05:00",
        "2020-03-03 12:00:00.000000Z",
        "  2020-03-03T12:00:00Z\n",
        "20200303T120000Z",
    ],
)
def test_the_same_moment_in_many_ways(text: str) -> None:
    assert iso_moments.parsed(text) == NOON


def test_a_moment_without_zone_is_local(in_kolkata: None) -> None:
    assert iso_moments.parsed("2020-03-03T17:30:00") == NOON
    assert iso_moments.parsed("2020-03-03") == NOON - int(17.5 * 3600) * 1_000_000


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Clocks go forward at two on the last Sunday of March, and back at three on that of October."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2020-03-29T01:59:59", "2020-03-29T00:59:59Z"),
        ("2020-03-29T02:30:00", "2020-03-29T01:30:00Z"),  # there is no such time
        ("2020-03-29T03:00:00", "2020-03-29T01:00:00Z"),
        ("2020-10-25T02:30:00", "2020-10-25T00:30:00Z"),  # the first of two
        ("2020-10-25T03:00:00", "2020-10-25T02:00:00Z"),
    ],
)
def test_a_local_time_around_a_change_of_clocks_means_one_moment(in_berlin: None, local: str, utc: str) -> None:
    assert iso_moments.parsed(local) == iso_moments.parsed(utc)


def test_microseconds_are_kept() -> None:
    assert iso_moments.parsed("2020-03-03T12:00:00.123456Z") == NOON + 123_456
    assert iso_moments.written(NOON + 1) == "2020-03-03T12:00:00.000001+00:00"


def test_before_1970() -> None:
    assert iso_moments.parsed("1969-12-31T23:59:59.999999Z") == -1
    assert iso_moments.written(-1) == "1969-12-31T23:59:59.999999+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "yesterday",
        "now",
        "2021-02-29",
        "2020-13-01",
        "2020-03-03T25:00",
        "1583236800",
        "2020",
        "03/03/2020",
        "\ud800",
    ],
)
def test_what_is_no_moment_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a moment: write it like 2020-03-03T14:05:00\+01:00\.$"):
        iso_moments.parsed(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+12:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_outside_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a moment"):
        iso_moments.parsed(text)


def test_a_long_text_is_cut_in_the_sentence() -> None:
    with pytest.raises(ValueError, match="is not a moment") as caught:
        iso_moments.parsed("x" * 100_000)
    assert len(str(caught.value)) < 200


@given(st.integers(LONGEST_AGO, FARTHEST))
def test_what_is_written_is_read_as_the_same_moment(moment: int) -> None:
    assert iso_moments.parsed(iso_moments.written(moment)) == moment
