"""What users get in custom fields keeps to what the fields are; what they had before stays as it is."""

from __future__ import annotations

import pytest

from whowas.domain.commands import Command, CreateUser, RestoreUser, UpdateUser
from whowas.domain.decide import Known, decide
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import Event, UserCreated, UserRestored, UserUpdated
from whowas.domain.field_definitions import FieldDefinition
from whowas.domain.users import User

ID = "01890000-0000-7000-8000-00000000000a"
NAME = {"first_name": "Ada"}
DIRECTORY = Directory(
    fields={"Shift": "Rota", "Pay": "Pay", "Car": "Car", "Note": "Note"},
    deleted_fields={"Badge": "Badge"},
    definitions={
        "Shift": FieldDefinition("choice", choices=("Early", "Late"), default="Late"),
        "Pay": FieldDefinition("number", required=True),
        "Car": FieldDefinition("yes or no"),
        "Badge": FieldDefinition("yes or no", required=True, default="yes"),
    },
)
ADA = User(ID, 3, first_name="Ada", attributes={"Shift": "Noon", "Pay": "7", "Car": "Yes", "Note": "n"})


def decided(command: Command, user: User | None = None, *, as_recorded: bool = False) -> tuple[Event, ...]:
    return decide(command, Known(user, lambda: DIRECTORY, lambda _: (), lambda _: (), as_recorded=as_recorded))


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ({"Pay": " 7 "}, {"Pay": "7", "Shift": "Late"}),
        ({"Pay": "7", "Shift": None}, {"Pay": "7", "Shift": "Late"}),
        ({"Pay": "7", "Shift": ""}, {"Pay": "7"}),
        ({"Pay": "7", "Shift": "EARLY", "Car": "TRUE"}, {"Pay": "7", "Shift": "Early", "Car": "yes"}),
    ],
)
def test_a_new_user_gets_values_in_the_form_of_their_fields_and_the_default_where_none_is_given(
    given: dict[str, str | None], held: dict[str, str]
) -> None:
    assert decided(CreateUser(ID, NAME, given)) == (UserCreated(ID, NAME, held),)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({}, "attributes.Pay", "Pay cannot be empty: it is required of everybody."),
        ({"Pay": " "}, "attributes.Pay", "Pay cannot be empty: it is required of everybody."),
        ({"Pay": "7", "Shift": "Noon"}, "attributes.Rota", "“Noon” is not one of the choices: Early and Late."),
    ],
)
def test_nobody_is_added_with_values_that_the_fields_do_not_take(
    given: dict[str, str | None], field: str, sentence: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        decided(CreateUser(ID, NAME, given))
    assert (refused.value.field, str(refused.value)) == (field, sentence)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"Pay": ""}, "attributes.Pay"), ({"Shift": "Night"}, "attributes.Rota"), ({"Car": "?"}, "attributes.Car")],
)
def test_an_edit_that_a_field_does_not_take_is_refused(given: dict[str, str | None], field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        decided(UpdateUser(ID, {}, given), ADA)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("definition", "held"),
    [
        (FieldDefinition("number", default="abc"), {}),
        (FieldDefinition("choice", choices=("Early",), default="Late"), {}),
        (FieldDefinition(unique=True, default="1"), {}),
        (FieldDefinition("yes or no", default="TRUE"), {"Shift": "yes"}),
    ],
)
def test_nobody_new_gets_a_default_that_the_field_takes_no_more(
    definition: FieldDefinition, held: dict[str, str]
) -> None:
    torn = Directory(fields={"Shift": "Shift"}, definitions={"Shift": definition})
    known = Known(None, lambda: torn, lambda _: (), lambda _: ())
    assert decide(CreateUser(ID, NAME, {}), known) == (UserCreated(ID, NAME, held),)


def test_a_value_of_old_that_fits_no_more_stays_in_nobodys_way() -> None:
    edit = UpdateUser(ID, {"title": "Head"}, {"Shift": "Noon", "Pay": "8"})
    assert decided(edit, ADA) == (UserUpdated({"title": "Head"}, {"Pay": "8"}),)
    assert decided(UpdateUser(ID, {}, {"Pay": None}), ADA._replace(attributes={})) == ()


def test_who_comes_back_has_values_in_the_spelling_that_their_fields_got_meanwhile() -> None:
    gone = ADA._replace(status="deleted", attributes={**ADA.attributes, "Badge": "FALSE"})
    assert decided(RestoreUser(ID), gone) == (UserRestored(), UserUpdated({}, {"Car": "yes", "Badge": "no"}))


def test_what_the_log_holds_is_taken_to_the_letter() -> None:
    assert decided(CreateUser(ID, NAME, {"Shift": "Noon"}), as_recorded=True) == (
        UserCreated(ID, NAME, {"Shift": "Noon"}),
    )
    assert decided(UpdateUser(ID, {}, {"Pay": None, "Car": "?"}), ADA, as_recorded=True) == (
        UserUpdated({}, {"Pay": None, "Car": "?"}),
    )
    assert decided(RestoreUser(ID), ADA._replace(status="deleted"), as_recorded=True) == (UserRestored(),)
