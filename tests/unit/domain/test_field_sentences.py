"""What became of custom fields is told in one sentence, whatever of them changed."""

from __future__ import annotations

import pytest

from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.events import (
    DirectoryEvent,
    FieldDefined,
    FieldDeleted,
    FieldDescribed,
    FieldRestored,
    FieldsOrdered,
)
from whowas.domain.field_definitions import PLAIN, FieldDefinition
from whowas.domain.field_sentences import definition_text, order_text
from whowas.domain.sentences import directory_sentence

SHIFT = FieldDefinition("choice", choices=("Early", "Late"), required=True, default="Late", help="When.")
BEFORE = Directory(
    fields={"Shift": "Rota", "Car": "Car", "Pay": "Pay"},
    deleted_fields={"Badge": "Badge"},
    definitions={"Shift": SHIFT, "Badge": FieldDefinition(required=True)},
)

TOLD: list[tuple[tuple[DirectoryEvent, ...], str]] = [
    ((FieldDescribed("Car", "choice", choices=("A", "B")),), "Custom field Car is a choice now: A, B"),
    ((FieldDescribed("Car", "email"),), "Custom field Car is an email address now"),
    ((FieldDescribed("Shift", "text", default=""),), "Custom field Rota is text now; without default"),
    ((FieldDescribed("Shift", choices=("Late",)),), "Custom field Rota has other choices: Late"),
    ((FieldDescribed("Car", hidden=True),), "Custom field Car hidden"),
    ((FieldDescribed("Car", required=True),), "Custom field Car required"),
    ((FieldDescribed("Shift", required=False),), "Custom field Rota not required any more"),
    ((FieldDescribed("Car", unique=True, help="Plate."),), "Custom field Car unique; with a help text"),
    ((FieldDescribed("Shift", help="Begin."),), "Custom field Rota with another help text"),
    ((FieldDescribed("Shift", default="Early"),), "Custom field Rota with default Early"),
    ((FieldDescribed("Car", "date"), FieldDescribed("Pay", "number")), "2 custom fields changed"),
    ((FieldsOrdered(("Pay",)),), "Custom fields put into another order"),
    ((FieldDefined("Desk"),), "Custom field Desk defined"),
    (
        (FieldDefined("Desk"), FieldDescribed("Desk", "choice", choices=("1", "2"), required=True, default="1")),
        "Custom field Desk defined as a choice: 1, 2; required; with default 1",
    ),
    ((FieldDefined("Desk"), FieldDescribed("Desk", hidden=True)), "Custom field Desk defined as text; hidden"),
    ((FieldRestored("Badge"),), "Custom field Badge brought back"),
    (
        (FieldRestored("Badge"), FieldDescribed("Badge", required=False)),
        "Custom field Badge brought back; not required any more",
    ),
    ((FieldDeleted("Car"),), "Custom field Car deleted"),
    (
        (FieldDeleted("Car"), FieldDescribed("Pay", "number"), FieldsOrdered(("Pay",))),
        "Custom field Car deleted, custom field Pay is a number now and custom fields put into another order",
    ),
]


@pytest.mark.parametrize(("events", "sentence"), TOLD)
def test_what_became_of_custom_fields(events: tuple[DirectoryEvent, ...], sentence: str) -> None:
    after = BEFORE
    for event in events:
        after = evolve_directory(after, event)
    assert directory_sentence(BEFORE, after) == ("field", sentence)


def test_all_that_a_field_is_in_one_line() -> None:
    assert definition_text(PLAIN) == "text"
    assert definition_text(SHIFT) == "choice: Early, Late; required; with default Late; help: When."
    assert order_text(BEFORE) == "Rota, Car, Pay"
