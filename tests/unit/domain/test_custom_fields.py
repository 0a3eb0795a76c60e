"""Custom fields: their ids, their names, and what goes back."""

from __future__ import annotations

import pytest

from whowas.domain.commands import DefineField
from whowas.domain.custom_fields import (
    called_now,
    decide_field,
    field_named,
    fields_back,
    free_of,
    left_alone,
    new_field_id,
    told_apart,
)
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.errors import AlteredAgainError, RefusedError
from whowas.domain.events import FieldDefined, FieldDeleted, FieldEvent, FieldRestored, FieldsOrdered
from whowas.domain.fields import checked_name, name_key

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


@pytest.mark.parametrize(
    ("field", "now"),
    [
        ("attributes.Shelf", "attributes.Desk"),
        ("attributes.Desk", "attributes.Desk"),
        ("attributes.Room", "attributes.Room"),
        ("attributes.Badge", "attributes.Badge"),
        ("attributes.never", "attributes.never"),
        ("title", "title"),
        ("Room", "Room"),
    ],
)
def test_a_field_that_was_renamed_is_called_as_it_is_now(field: str, now: str) -> None:
    known = {"Room": "room", "Shelf": "Desk", "Desk": "Table"}
    assert called_now(field, known) == now


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


@pytest.mark.parametrize(
    ("fields", "there", "shown"),
    [
        ({"a": "A", "b": "B"}, {}, {"a": "A", "b": "B"}),
        ({"b": "A", "a": "A"}, {"a": "A"}, {"b": "A (defined later)", "a": "A"}),
        ({"b": "A", "a": "A"}, {"a": "A", "b": "A"}, {"b": "A", "a": "A 2"}),
        (
            {"c": "A", "b": "A", "a": "A", "d": "A (defined later)"},
            {"a": "A"},
            {"c": "A (defined later)", "b": "A (defined later) 2", "a": "A", "d": "A (defined later) (defined later)"},
        ),
    ],
)
def test_fields_of_one_name_are_told_apart(
    fields: dict[str, str], there: dict[str, str], shown: dict[str, str]
) -> None:
    assert list(told_apart(fields, there).items()) == list(shown.items())


@pytest.mark.parametrize("name", ["x" * 100, "y" * 97 + " zz", "Dept"])
def test_a_free_name_is_no_longer_than_a_name_may_be(name: str) -> None:
    fields = {"a": name}
    for number in range(12):
        free = free_of(fields, name)
        assert checked_name("name", free) == free
        assert name_key(free) not in map(name_key, fields.values())
        fields[str(number)] = free


def test_a_field_of_an_id_of_its_own_cannot_be_called_like_another() -> None:
    known = Directory(fields={"Dept": "Dept"})
    with pytest.raises(RefusedError, match="There is a custom field called “Dept” already"):
        decide_field(DefineField("DEPT", "Dept 2"), known)
    with pytest.raises(RefusedError, match="There is a custom field called “Dept” already"):
        decide_field(DefineField("Dept", "Dept 2"), known)


def test_what_the_log_holds_is_taken_and_told_apart() -> None:
    """Older versions took names that differ only in case; in a what-if, a name may not be free that was so."""
    known = Directory(fields={"Dept": "Dept"})
    assert decide_field(DefineField("DEPT", "DEPT"), known, as_recorded=True) == (FieldDefined("DEPT"),)
    assert decide_field(DefineField("Dept", "Dept 2"), known, as_recorded=True) == (FieldDefined("Dept 2"),)


def test_a_field_comes_back_where_it_was() -> None:
    def order(*events: FieldEvent) -> str:
        directory = Directory()
        for event in (*map(FieldDefined, "abcd"), *events):
            directory = evolve_directory(directory, event)
        return "".join(directory.fields)

    assert order(FieldDeleted("b"), FieldRestored("b")) == "abcd"
    assert order(FieldDeleted("a"), FieldDeleted("b"), FieldRestored("b"), FieldRestored("a")) == "abcd"
    assert order(FieldDeleted("b"), FieldDeleted("a"), FieldRestored("b")) == "bcd"
    assert order(FieldDeleted("c"), FieldDefined("e"), FieldRestored("c")) == "abcde"
    assert order(FieldDeleted("b"), FieldsOrdered(("d", "c", "a")), FieldRestored("b")) == "dcab"
    assert order(FieldDeleted("d"), FieldRestored("d"), FieldsOrdered(("d",)), FieldDeleted("d")) == "abc"
    ordered = FieldRestored("d"), FieldsOrdered(("d",)), FieldDeleted("d"), FieldRestored("d")
    assert order(FieldDeleted("d"), *ordered) == "dabc"
