"""A definition is refused, whoever has which values, where it contradicts itself; else it is held in one form."""

from __future__ import annotations

from typing import Any

import pytest

from whowas.domain.commands import DescribeField
from whowas.domain.describing import as_described, described, describing_all
from whowas.domain.errors import RefusedError
from whowas.domain.events import FieldDescribed
from whowas.domain.field_definitions import PLAIN, FieldDefinition

SHIFT = FieldDefinition("choice", default="Late", choices=("Early", "Late"), help="When.")


def test_texts_are_held_without_what_is_around_them_and_only_what_changes_is_in_the_event() -> None:
    command = DescribeField(
        "Shift", "choice", required=True, default="late", choices=(" Early", "Late "), help=" When. "
    )
    assert described(command, "Shift", PLAIN) == (
        FieldDescribed("Shift", "choice", required=True, default="Late", choices=("Early", "Late"), help="When."),
    )
    assert described(command, "Shift", SHIFT) == (FieldDescribed("Shift", required=True),)


def test_empty_clears_and_none_leaves() -> None:
    assert described(DescribeField("Shift", default="", help=""), "Shift", SHIFT) == (
        FieldDescribed("Shift", default="", help=""),
    )
    assert described(DescribeField("Shift"), "Shift", SHIFT) == ()


def test_choices_stay_with_a_field_that_gets_another_type_for_a_while() -> None:
    assert described(DescribeField("Shift", "text"), "Shift", SHIFT) == (FieldDescribed("Shift", "text"),)


@pytest.mark.parametrize(
    ("before", "aspects", "field", "sentence"),
    [
        (PLAIN, {"type": "choice"}, "choices", "A field of the type choice needs choices."),
        (SHIFT, {"choices": (), "default": ""}, "choices", "A field of the type choice needs choices."),
        (PLAIN, {"choices": ("A",)}, "choices", "Only a field of the type choice has choices; this one is of text."),
        (SHIFT, {"choices": ("A", " ")}, "choices", "A choice cannot be empty."),
        (SHIFT, {"choices": ("A\nB",)}, "choices", "“A B” cannot be a choice: at most 100 plain characters."),
        (
            SHIFT,
            {"choices": ("Day", "DAY")},
            "choices",
            "“Day” and “DAY” are one choice: upper and lower case are the same.",
        ),
        (
            SHIFT,
            {"choices": ("Day", "Day")},
            "choices",
            "“Day” and “Day” are one choice: upper and lower case are the same.",
        ),
        (SHIFT, {"choices": tuple(map(str, range(1_001)))}, "choices", "A field can have at most 1,000 choices."),
        (
            SHIFT,
            {"choices": ("Early",)},
            "default",
            "The default does not fit: “Late” is not one of the choices: Early.",
        ),
        (
            SHIFT,
            {"type": "number"},
            "default",
            "The default does not fit: “Late” is no number. Write it like 1250.5 or -3.",
        ),
        (
            SHIFT,
            {"unique": True},
            "default",
            "A field whose values are unique can have no default: only one could get it.",
        ),
        (
            PLAIN,
            {"required": True, "hidden": True},
            "hidden",
            "A field that is required shows, or has a default: else nobody could be added.",
        ),
        (PLAIN, {"help": "a\0"}, "help", "The note contains a character that cannot be stored."),
        (
            PLAIN,
            {"type": "colour"},
            "type",
            "There is no type “colour”. A field is of text, number, date, yes or no, choice, link, email or phone.",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_in_the_aspect_at_fault(
    before: FieldDefinition, aspects: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        described(DescribeField("Shift", **aspects), "Shift", before)
    assert (refused.value.field, str(refused.value)) == (field, sentence)


def test_what_the_log_holds_is_taken_to_the_letter() -> None:
    assert as_described(DescribeField("Shift", choices=(), default="Noon"), SHIFT) == (
        FieldDescribed("Shift", choices=(), default="Noon"),
    )
    assert SHIFT.described(as_described(describing_all("Shift", PLAIN), SHIFT)[0]) == PLAIN
