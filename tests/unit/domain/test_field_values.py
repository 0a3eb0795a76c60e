"""A value of a custom field is held in the form of the field's type, and sorts as that type does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.errors import RefusedError
from whowas.domain.field_definitions import FIELD_TYPES, FieldDefinition, FieldType
from whowas.domain.field_values import checked_as, natural_key, sort_key

CHOICES = ("Early", "Late", "Night shift")

FITTING = [
    ("text", "any\nthing", "any\nthing"),
    ("text", " kept ", " kept "),
    ("number", " 1250.50 ", "1250.50"),
    ("number", "+007", "+007"),
    ("number", "-0.5", "-0.5"),
    ("date", "2024-02-29", "2024-02-29"),
    ("date", " 0001-01-01\n", "0001-01-01"),
    ("yes or no", "Yes", "yes"),
    ("yes or no", "TRUE", "yes"),
    ("yes or no", "no", "no"),
    ("yes or no", " False ", "no"),
    ("choice", "Late", "Late"),
    ("choice", " night SHIFT", "Night shift"),
    ("link", "https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
    ("link", " HTTP://Example.org ", "HTTP://Example.org"),
    ("email", " Ines@example.org ", "Ines@example.org"),
    ("phone", "+49 (30) 123-45/67.8", "+49 (30) 123-45/67.8"),
    ("phone", "110", "110"),
]

REFUSED = [
    ("number", "1250,5", "“1250,5” is no number. Write it like 1250.5 or -3."),
    ("number", "1.", "“1.” is no number. Write it like 1250.5 or -3."),
    ("number", ".5", "“.5” is no number. Write it like 1250.5 or -3."),
    ("number", "1e5", "“1e5” is no number. Write it like 1250.5 or -3."),
    ("number", "٣", "“٣” is no number. Write it like 1250.5 or -3."),
    ("number", "1" * 101, "This number is too long: at most 100 characters fit."),
    ("date", "31.12.2026", "“31.12.2026” is no date. Write year, month and day, like 2026-12-31."),
    ("date", "20261231", "“20261231” is no date. Write year, month and day, like 2026-12-31."),
    ("date", "2026-02-29", "There is no day 2026-02-29."),
    ("date", "0000-01-01", "There is no day 0000-01-01."),
    ("yes or no", "maybe", "“maybe” is neither yes nor no."),
    ("choice", "Noon", "“Noon” is not one of the choices: Early, Late and Night shift."),
    ("link", "example.org", "“example.org” is no link. Write it like https://example.org/page."),
    ("link", "ftp://example.org", "“ftp://example.org” is no link. Write it like https://example.org/page."),
    ("link", "https://", "“https://” is no link. Write it like https://example.org/page."),
    ("link", "https://[", "“https://[” is no link. Write it like https://example.org/page."),
    (
        "link",
        "https://a.org:99999999/",
        "“https://a.org:99999999/” is no link. Write it like https://example.org/page.",
    ),
    ("link", "https://a.org/\u202eb", "“https://a.org/\u202eb” is no link. Write it like https://example.org/page."),
    ("link", "https://a.org/b c", "“https://a.org/b c” is no link. Write it like https://example.org/page."),
    ("email", "ines", "“ines” is not an email address."),
    ("phone", "12", "“12” is no phone number. Write it like +49 30 1234567."),
    ("phone", "ext. 123", "“ext. 123” is no phone number. Write it like +49 30 1234567."),
    ("text", "a\x00", "Shift contains a character that cannot be stored."),
]


def of_type(kind: FieldType) -> FieldDefinition:
    return FieldDefinition(kind, choices=CHOICES)


@pytest.mark.parametrize(("kind", "text", "held"), FITTING)
def test_a_value_that_fits_is_held_in_the_form_of_its_type(kind: FieldType, text: str, held: str) -> None:
    assert checked_as(of_type(kind), "Shift", text) == held


@pytest.mark.parametrize(("kind", "text", "sentence"), REFUSED)
def test_a_value_that_does_not_fit_is_refused_with_how_to_write_it(kind: FieldType, text: str, sentence: str) -> None:
    with pytest.raises(RefusedError) as refused:
        checked_as(of_type(kind), "Shift", text)
    assert (refused.value.field, str(refused.value)) == ("attributes.Shift", sentence)


@pytest.mark.parametrize("kind", FIELD_TYPES)
def test_an_empty_text_is_no_value_of_any_type(kind: FieldType) -> None:
    assert checked_as(of_type(kind), "Shift", "") is None
    assert checked_as(of_type(kind), "Shift", None) is None
    assert checked_as(of_type(kind), "Shift", "  ") == ("  " if kind == "text" else None)


def test_of_many_choices_a_refusal_names_the_first() -> None:
    definition = FieldDefinition("choice", choices=tuple("abcdefgh"))
    with pytest.raises(RefusedError, match=r"“z” is not one of the choices: a, b, c, d, e and 3 more\."):
        checked_as(definition, "Shift", "z")


@given(st.sampled_from(FIELD_TYPES), st.text(max_size=12))
def test_what_is_held_is_held_so_again_and_anything_else_is_refused(kind: FieldType, text: str) -> None:
    try:
        held = checked_as(of_type(kind), "Shift", text)
    except RefusedError:
        return
    assert checked_as(of_type(kind), "Shift", held) == held


NUMBERS = st.from_regex(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?", fullmatch=True)


@given(NUMBERS, NUMBERS)
def test_numbers_sort_by_value(one: str, other: str) -> None:
    number = of_type("number")
    assert (sort_key(number, one) < sort_key(number, other)) == (Decimal(one) < Decimal(other))
    assert (sort_key(number, one) == sort_key(number, other)) == (Decimal(one) == Decimal(other))


@given(st.dates(), st.dates())
def test_dates_sort_by_day(one: date, other: date) -> None:
    keys = [sort_key(of_type("date"), day.isoformat()) for day in (one, other)]
    assert (keys[0] < keys[1]) == (one < other)


@given(st.lists(st.integers(0, 10**30)), st.text(alphabet="aZé -", max_size=3))
def test_runs_of_digits_sort_by_value_in_any_text(numbers: list[int], around: str) -> None:
    texts = [f"{around}{number}{around}" for number in numbers]
    assert [int(text.strip("aZé -")) for text in sorted(texts, key=natural_key)] == sorted(numbers)


def test_texts_sort_without_case_and_accents() -> None:
    assert sorted(["m10", "M9", "émile", "Zoe", "Eric"], key=natural_key) == ["émile", "Eric", "M9", "m10", "Zoe"]


def test_yes_comes_before_no_and_choices_are_in_their_own_order() -> None:
    assert sorted(["no", "yes"], key=lambda text: sort_key(of_type("yes or no"), text)) == ["yes", "no"]
    choice = FieldDefinition("choice", choices=("Late", "Early", "At night"))
    assert sorted(("Early", "At night", "Late"), key=lambda text: sort_key(choice, text)) == [*choice.choices]


@pytest.mark.parametrize(
    ("kind", "fitting"), [("number", "9999"), ("date", "9999-12-31"), ("yes or no", "no"), ("choice", "Night shift")]
)
def test_a_value_of_old_that_is_none_of_the_type_sorts_after_those_that_are(kind: FieldType, fitting: str) -> None:
    assert sort_key(of_type(kind), fitting) < sort_key(of_type(kind), " a former value")
