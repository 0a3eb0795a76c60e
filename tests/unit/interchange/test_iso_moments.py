"""Moments come in as ISO 8601, and go out so that they come in again as the same moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.interchange import iso_moments

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OFFSETS = st.integers(-86_399, 86_399).map(lambda seconds: timedelta(seconds=seconds)) | st.sampled_from(
    [timedelta(), timedelta(hours=1), timedelta(hours=-5), timedelta(hours=5, minutes=30)]
)
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
        "2020-03-03t12:00:00z",
        "2020-03-03T12Z",
        "2020-03-03T1200Z",
        "20200303 12:00Z",
        "2020-03-03T12:00:00,0Z",
        "2020-03-03T12:00:00.0000000000000000000000000000000000001Z",
        "2020-03-03T12:00.0+00",
        "2020-03-03T11,75-0015",
        "2020-03-03T12:00:00-00:00",
        "2020-03-03T07:30:00−0430",
        "2020-03-03T12:00:30+00:00:30",
        "2020-W10-2T12:00:00Z",
        "2020w102t12z",
        "2020-063T12:00:00Z",
        "2020063T120000Z",
        "2020-03-02T24:00:00-12:00",
        "2020-03-02T24-12",
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


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("2016-12-31T23:59:60.25Z", "2016-12-31T23:59:59.25Z"),
        ("1990-12-31T15:59:60-08:00", "1990-12-31T23:59:59Z"),
        ("2012-07-01T05:29:60+05:30", "2012-06-30T23:59:59Z"),
        ("20150630T235960Z", "2015-06-30T23:59:59Z"),
        ("2020-02-28T24:00:00Z", "2020-02-29T00:00:00Z"),
        ("2020-12-31T24:00Z", "2021-01-01T00:00:00Z"),
        ("2020-W53-7T00Z", "2021-01-03T00:00:00Z"),
        ("2020-366T00Z", "2020-12-31T00:00:00Z"),
        ("2020-W10T00Z", "2020-03-02T00:00:00Z"),
        ("2020-03-03T12:00:00.1234569Z", "2020-03-03T12:00:00.123456Z"),
        ("2020-03-03T12.0000000003Z", "2020-03-03T12:00:00.000001Z"),
    ],
)
def test_what_a_moment_means(text: str, same: str) -> None:
    assert iso_moments.parsed(text) == iso_moments.parsed(same)


def test_the_end_of_a_day_is_local_too(in_berlin: None) -> None:
    assert iso_moments.parsed("2020-03-28T24:00") == iso_moments.parsed("2020-03-28T23:00:00Z")


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
        "2020-03",
        "2020-0303",
        "202003-03",
        "2020-03-03T",
        "2020-03-03Z",
        "2020-03-03T12:0000Z",
        "2020-03-03T1200:00Z",
        "2020-03-03T12:00:00.Z",
        "2020-03-03T12:00:00+24:00",
        "2020-03-03T12:00:00+01:60",
        "2020-03-03T12:60Z",
        "2020-03-03T12:00:61Z",
        "2020-03-03  12:00Z",
        "2020-03-03T12:00:60Z",
        "2016-12-30T23:59:60Z",
        "2016-12-31T23:59:60+01:00",
        "2020-01-01T24:00:00.1Z",
        "2020-01-01T24:01Z",
        "2020-W00-1",
        "2020-W54-1",
        "2021-W53-1",
        "2020-W10-8",
        "2020-W10-0",
        "2020-000",
        "2021-366",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "+12020-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "2020-03-0³",
        "\ud800",
    ],
)
def test_what_is_no_moment_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a moment: write it like 2020-03-03T14:05:00\+01:00\.$"):
        iso_moments.parsed(text)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+12:00", "9999-12-31T23:59:59-12:00", "9999-12-31T24:00Z", "9999-365T24:00"]
)
def test_a_moment_outside_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a moment"):
        iso_moments.parsed(text)


def test_a_long_text_is_cut_in_the_sentence() -> None:
    with pytest.raises(ValueError, match="is not a moment") as caught:
        iso_moments.parsed("x" * 100_000)
    assert len(str(caught.value)) < 200


@given(st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)), OFFSETS, st.data())  # noqa: DTZ001
def test_every_way_to_write_a_moment_is_read_as_that_moment(
    moment: datetime, offset: timedelta, data: st.DataObject
) -> None:
    same = (moment.replace(tzinfo=UTC) - offset - EPOCH) // timedelta(microseconds=1)
    chosen = lambda *forms: data.draw(st.sampled_from(forms))  # noqa: E731
    year, week, weekday = moment.isocalendar()
    text = chosen(
        f"{moment.year:04}-{moment.month:02}-{moment.day:02}",
        f"{moment.year:04}{moment.month:02}{moment.day:02}",
        f"{moment.year:04}-{moment.timetuple().tm_yday:03}",
        *([f"{year:04}-W{week:02}-{weekday}", f"{year:04}W{week:02}{weekday}"] if 0 < year < 10_000 else []),
    )
    text += chosen("T", "t", " ") + moment.strftime(chosen("%H:%M:%S", "%H%M%S"))
    text += chosen(".", ",") + f"{moment.microsecond:06}" + "9" * data.draw(st.integers(0, 30))
    assert iso_moments.parsed(text + _offset(offset, chosen)) == same


def _offset(offset: timedelta, chosen: Callable[..., str]) -> str:
    if not offset and chosen("Z", "+") == "Z":
        return chosen("Z", "z", "-00:00", "−0000")
    sign = "+" if offset >= timedelta() else chosen("-", "−")
    hours, rest = divmod(abs(offset), timedelta(hours=1))
    minutes, seconds = divmod(rest // timedelta(seconds=1), 60)
    colon = chosen(":", "")
    return f"{sign}{hours:02}{colon}{minutes:02}" + (f"{colon}{seconds:02}" if seconds else "")


@given(st.integers(LONGEST_AGO, FARTHEST))
def test_what_is_written_is_read_as_the_same_moment(moment: int) -> None:
    assert iso_moments.parsed(iso_moments.written(moment)) == moment
