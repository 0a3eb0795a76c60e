"""The date in a file's name is read where it is clear, and never guessed."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.errors import RefusedError
from whowas.interchange.importing.dates.list_dates import date_in_name, dated, in_order_of_dates, moment_of
from whowas.interchange.importing.dates.month_names import MONTHS

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
BEFORE = st.sampled_from(
    ["", "Members ", "staff-", "users_", "Liste der Mitglieder ", "old/2012-05/list ", "D:\\1999\\"]
)
AFTER = st.sampled_from(["", " (1)", " final", " - copy", ".csv", ".XLSX", ".csv.gz", ".ods"])


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2019-03", "2019-03-01"),
        ("2019_03", "2019-03-01"),
        ("2019.03", "2019-03-01"),
        ("20190331", "2019-03-31"),
        ("2019-03-31", "2019-03-31"),
        ("31.03.2019", "2019-03-31"),
        ("03/31/2019 is a folder/03-31-2019.csv", "2019-03-31"),
        ("03-2019", "2019-03-01"),
        ("03-03-2019", "2019-03-03"),
        ("Members March 2019", "2019-03-01"),
        ("Mar 2019", "2019-03-01"),
        ("März 2019", "2019-03-01"),
        (unicodedata.normalize("NFD", "März 2019.csv"), "2019-03-01"),
        ("MITGLIEDER MÄRZ 2019.CSV", "2019-03-01"),
        ("1er mars 2019", "2019-03-01"),
        ("31 de marzo de 2019.ods", "2019-03-31"),
        ("lista março de 2019.ods", "2019-03-01"),
        ("31. März 2019", "2019-03-31"),
        ("March 31st, 2019", "2019-03-31"),
        ("2019-Mar-31", "2019-03-31"),
        ("31Mar2019", "2019-03-31"),
        ("2019-03 March.csv", "2019-03-01"),
        ("2019 Q1", "2019-01-01"),
        ("2019Q2", "2019-04-01"),
        ("Q3 2019", "2019-07-01"),
        ("4q_2019", "2019-10-01"),
        ("2019.Q4", "2019-10-01"),
        ("2019", "2019-01-01"),
        ("Members2019.csv", "2019-01-01"),
        ("2019-03 (1).csv", "2019-03-01"),
        ("users_20190331_142530.csv", "2019-03-31"),
        ("2019-03-31T14-25-30Z.csv", "2019-03-31"),
        ("2019-03-31 14.25.csv", "2019-03-31"),
        ("2020-02-29", "2020-02-29"),
        ("mars\u00a02019.csv", "2019-03-01"),
        ("2019\u201303\u201331.csv", "2019-03-31"),
    ],
)
def test_what_is_clear_is_read(name: str, day: str) -> None:
    assert date_in_name(name) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "name",
    [
        *("", "members.csv", "standard input", "2019-03/members.csv", "2019-03\\members.csv"),
        *("03-04-2019", "3.4.2019", "190331", "310319", "201903", "31032019", "01-04-19", "31.03.19"),
        *("2019-03 2019-04", "2019-03-01 to 2019-03-31", "2018-2019", "2018-19", "Jan-Mar 2019", "2019-03-31-30"),
        *("March", "31 March", "Q1", "March 19"),
        *("2019-13", "2019-00", "2019-02-30", "20191331", "2019-02-29", "2019 Q5", "31 June 2019", "32.12.2019"),
        *("120190331", "201903315", "20190331142530", "x20190331", "a4f2019c", "12019", "20190", "1234", "1850"),
        *("7 2019", "2019 03", "2019-3", "v1.2019", "2019-03-001", "2019 190331", "2019-03-31 2018"),
        *(
            "H1 2019",
            "KW12 2019",
            "2019-W12",
            "Summer 2019",
            "End of March 2019",
            "3rd quarter 2019",
            "Semester 2019",
            "FY2019 Q1",
            "FY2019",
            "2019 - 03",
            "2019-M03",
            "2019 month 3",
            "2019 Teil 2",
            "ago 2019",
            "maj 2019",
            "kwiecien 2019",
            "kasim 2019",
            "март 2019",
            "三月 2019",
            "III 2019",
            "2T 2019",
            "WS 2019",
            "Weihnachten 2019",
            "until March 2019",
            "Anfang März 2019",
        ),
        *("03 March 2019", "2019-04 March", "２０１９-03", "2019-03.7z/x"),
    ],
)
def test_nothing_is_guessed(name: str) -> None:
    assert date_in_name(name) is None


@given(BEFORE, DAYS, AFTER)
def test_a_whole_date_is_read_whatever_stands_around_it(before: str, day: date, after: str) -> None:
    for text in (day.isoformat(), f"{day:%Y%m%d}", f"{day.year}_{day.month}_{day.day}", f"{day:%Y.%m.%d}"):
        assert date_in_name(f"{before}{text}{after}") == day


@given(BEFORE, DAYS, AFTER, st.sampled_from("-._"))
def test_a_day_before_the_month_is_read_where_they_cannot_be_exchanged(
    before: str, day: date, after: str, mark: str
) -> None:
    clear = day.day > 12 or day.day == day.month
    for text in (f"{day:%d}{mark}{day:%m}{mark}{day:%Y}", f"{day:%m}{mark}{day:%d}{mark}{day:%Y}"):
        assert date_in_name(f"{before}{text}{after}") == (day if clear else None)


@given(BEFORE, DAYS, AFTER, st.sampled_from(sorted(MONTHS)), st.sampled_from([" ", "", "_", "-", ". "]))
def test_a_month_means_its_first_day_in_every_language(
    before: str, day: date, after: str, name: str, mark: str
) -> None:
    first = date(day.year, MONTHS[name], 1)
    for text in (f"{name}{mark}{day.year}", f"{name.title()}{mark}{day.year}", f"{day.year}{mark}{name.upper()}"):
        if before[-1:].isalpha() or before == "":
            assert date_in_name(f"{text}{after}") == first
        assert date_in_name(f"{before or ' '}{text}{after}") == first


@given(BEFORE, DAYS, AFTER)
def test_a_month_quarter_or_year_in_numbers_means_its_first_day(before: str, day: date, after: str) -> None:
    month, quarter = day.replace(day=1), date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    for text in (f"{day:%Y-%m}", f"{day:%Y_%m}", f"{day:%Y.%m}", f"{day:%m-%Y}"):
        assert date_in_name(f"{before}{text}{after}") == month
    for text in (f"{day.year} Q{(day.month + 2) // 3}", f"q{(day.month + 2) // 3}-{day.year}"):
        assert date_in_name(f"{before}{text}{after}") == quarter
    assert date_in_name(f"{before}{day.year}{after}") == date(day.year, 1, 1)


@given(DAYS, DAYS)
def test_of_two_different_dates_none_is_taken(one: date, other: date) -> None:
    for both in (f"{one} {other}", f"{one:%Y%m%d}-{other:%Y%m%d}", f"{one:%Y-%m} ({other:%Y-%m})"):
        found = date_in_name(both)
        assert found is None or one == other or (one.year, one.month) == (other.year, other.month)
    assert date_in_name(f"{one:%B %Y}, list of {other}") in (None, one if one == other else None)


@given(DAYS, st.integers(0, 9))
def test_digits_within_a_longer_number_are_no_date(day: date, digit: int) -> None:
    for text in (f"{digit}{day:%Y%m%d}", f"{day:%Y%m%d}{digit}", f"{digit}{day:%Y-%m}", f"{day:%Y-%m-%d}{digit}"):
        assert date_in_name(text) is None


@given(st.text(alphabet="0123456789-_. ()QTmarsMa/\\vé", max_size=24))
def test_whatever_a_file_is_called_a_date_that_is_read_stands_in_its_name(name: str) -> None:
    day = date_in_name(name)
    assert day is None or str(day.year) in name


@pytest.fixture
def zone(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("UTC0", "2019-03-31", "2019-03-31T00:00"),
        ("XST-05:30", "2019-03-31", "2019-03-30T18:30"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2019-03-31", "2019-03-30T23:00"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2019-04-01", "2019-03-31T22:00"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "1960-01-01", "1959-12-31T23:00"),
        # Clocks are put forward at midnight; they are put back at midnight too, so that the hour before comes twice.
        ("BRT3BRST,M11.1.0/0,M2.3.0/0", "2018-11-04", "2018-11-04T03:00"),
        ("BRT3BRST,M11.1.0/0,M2.3.0/0", "2018-02-18", "2018-02-18T03:00"),
    ],
    indirect=["zone"],
)
@pytest.mark.usefixtures("zone")
def test_a_day_begins_with_the_local_midnight(day: str, begins: str) -> None:
    expected = datetime.fromisoformat(begins).replace(tzinfo=UTC)
    assert moment_of(date.fromisoformat(day)) == int(expected.timestamp()) * 1_000_000


def test_lists_are_dated_by_their_names() -> None:
    names = ["b/2019-03.csv", "a/2018 Q4.csv"]
    assert dated(names) == {names[0]: moment_of(date(2019, 3, 1)), names[1]: moment_of(date(2018, 10, 1))}


def test_files_without_a_clear_date_are_named() -> None:
    with pytest.raises(RefusedError, match=r"The name of “a.csv” says no clear date") as refused:
        dated(["2019-03.csv", "a.csv"])
    assert "2019-03.csv" not in str(refused.value)
    with pytest.raises(RefusedError, match=r"The names of “a.csv” and “03-04-2019.csv” say no clear date"):
        dated(["a.csv", "03-04-2019.csv", "2019.csv"])


def test_files_with_the_same_date_are_named() -> None:
    with pytest.raises(RefusedError, match=r"“2019-03.csv” and “March 2019.csv” have the same date, 2019-03-01"):
        dated(["2019-02.csv", "2019-03.csv", "March 2019.csv"])


def test_files_with_a_date_to_come_are_named() -> None:
    with pytest.raises(RefusedError, match=r"“2098.csv” cannot be true already: 2098-01-01 is still to come"):
        dated(["2019.csv", "2098.csv"])
    several = r"“2097.csv” and “2098.csv” cannot be true already: 2097-01-01 and 2098-01-01 are still to come"
    with pytest.raises(RefusedError, match=several):
        dated(["2098.csv", "2097.csv"])


def test_the_clock_that_counts_may_be_another_than_this_computer_s() -> None:
    in_2030, in_2099 = (moment_of(date(year, 1, 1)) for year in (2030, 2099))
    assert dated(["2098.csv"], in_2099)
    assert in_order_of_dates(["2098.csv"], dated(["2098.csv"], in_2099), in_2099)
    with pytest.raises(RefusedError, match="is still to come"):
        in_order_of_dates(["2098.csv"], dated(["2098.csv"], in_2099), in_2030)
    with pytest.raises(RefusedError, match="is still to come"):
        dated(["2019.csv"], moment_of(date(2018, 1, 1)))
