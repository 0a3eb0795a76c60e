"""Custom fields: their ids, their names, and what goes back."""

from __future__ import annotations

import pytest

from whowas.domain.custom_fields import field_named, fields_back, left_alone, new_field_id
from whowas.domain.directory import Directory
from whowas.domain.errors import AlteredAgainError

DIRECTORY = Directory(fields={"Room": "Desk", "desk": "Table", "Room 2": "ROOM"}, deleted_fields={"Badge": "Badge"})


@pytest.mark.parametrize(
    ("name", "field_id"),
    [("Desk", "Room"), ("desk", "Room"), ("Table", "desk"), ("room", "Room 2"), ("Badge", None), ("Room 2", None)],
)
def test_a_field_is_found_by_its_name_and_not_by_its_id(name: str, field_id: str | None) -> None:
    assert field_named(DIRECTORY.fields, name) == field_id


def test_of_two_names_that_differ_in_case_the_exact_one_is_meant() -> None:
    assert [field_named({"a": "room", "b": "Room"}, name) for name in ("room", "Room", "ROOM")] == ["a", "b", "a"]


@pytest.mark.parametrize(
    ("name", "field_id"), [("Floor", "Floor"), ("Room", "Room 3"), ("Badge", "Badge 2"), ("desk", "desk 2")]
)
def test_the_id_of_a_new_field_is_its_name_unless_that_is_taken(name: str, field_id: str) -> None:
    assert new_field_id(DIRECTORY, name) == field_id


def test_names_by_id_hold_no_field_that_is_called_by_its_id() -> None:
    known = Directory(fields={"Room": "Desk", "Floor": "Floor"}, groups={"g": "Staff"}, deleted_fields={"Old": "Odd"})
    assert known.names == {"g": "Staff", "attributes.Room": "Desk", "attributes.Old": "Odd"}
    assert Directory(fields={"Floor": "Floor"}, groups={"g": "Staff"}).names == {"g": "Staff"}


def test_what_goes_back_is_what_a_change_altered() -> None:
    before, after = {"a": "A", "b": "B", "same": "S"}, {"b": "C", "same": "S", "new": "N"}
    assert fields_back(before, after, Directory(fields={**after, "other": "O"})) == {"a": "A", "b": "B", "new": None}


def test_what_was_altered_again_since_does_not_go_back() -> None:
    with pytest.raises(AlteredAgainError, match="The custom field C was changed again since"):
        fields_back({"b": "B"}, {"b": "C"}, Directory(fields={"b": "D"}))


def test_values_of_fields_that_are_not_there_are_left_alone() -> None:
    assert left_alone({"a": "1", "gone": "2"}, {"a": "0", "gone": "3"}, {"a": "A"}) == {"a": "1", "gone": "3"}
