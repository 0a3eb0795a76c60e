"""Every event: what it does to a user or to the directory, and that it counts as one version."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any, get_args

import pytest

from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.errors import DamagedError
from whowas.domain.events import (
    DirectoryEvent,
    FieldDefined,
    FieldDeleted,
    FieldDescribed,
    FieldRenamed,
    FieldRestored,
    FieldsOrdered,
    Forgotten,
    GroupColoured,
    GroupCreated,
    GroupDeleted,
    GroupJoined,
    GroupLeft,
    GroupRenamed,
    GroupsOrdered,
    ListImported,
    MomentDeleted,
    MomentNamed,
    MomentRenamed,
    PasswordCleared,
    PasswordSet,
    UserCreated,
    UserDeleted,
    UserErased,
    UserEvent,
    UserReactivated,
    UserRestored,
    UserSuspended,
    UserUpdated,
)
from whowas.domain.field_definitions import FieldDefinition
from whowas.domain.groups import GroupLooks
from whowas.domain.named_moments import NamedMoment, moment_called
from whowas.domain.streams import fold
from whowas.domain.users import User, evolve

ADA = User(
    "a",
    5,
    first_name="Ada",
    email="a@example.org",
    notes="one\ntwo",
    external_id="a-1",
    password="$argon2id$one",
    groups=frozenset({"staff"}),
    attributes={"Desk": "7"},
)
SUSPENDED = ADA._replace(status="suspended")
DELETED = ADA._replace(status="deleted")

USER_EVENTS: list[tuple[User, UserEvent, Mapping[str, Any]]] = [
    (ADA, UserUpdated({"first_name": "Eda", "title": "Clerk"}, {}), {"first_name": "Eda", "title": "Clerk"}),
    (ADA, UserUpdated({"email": None}, {}), {"email": None}),
    (ADA, UserUpdated({}, {"Room": "2"}), {"attributes": {"Desk": "7", "Room": "2"}}),
    (ADA, UserUpdated({"notes": None}, {"Desk": None, "Room": "2"}), {"notes": None, "attributes": {"Room": "2"}}),
    (ADA, UserDeleted(), {"status": "deleted"}),
    (SUSPENDED, UserDeleted(), {"status": "deleted"}),
    (DELETED, UserRestored(), {"status": "active"}),
    (ADA, UserSuspended(), {"status": "suspended"}),
    (SUSPENDED, UserReactivated(), {"status": "active"}),
    (ADA, PasswordSet("$argon2id$two"), {"password": "$argon2id$two"}),
    (ADA, PasswordCleared(), {"password": None}),
    (ADA, GroupJoined("legal"), {"groups": frozenset({"staff", "legal"})}),
    (ADA, GroupJoined("staff"), {}),
    (ADA, GroupLeft("staff"), {"groups": frozenset()}),
    (ADA, GroupLeft("legal"), {}),
]


@pytest.mark.parametrize(("before", "event", "altered"), USER_EVENTS)
def test_an_event_alters_this_and_nothing_else(before: User, event: UserEvent, altered: Mapping[str, Any]) -> None:
    untouched = deepcopy(before._asdict())
    assert evolve(before, event)._asdict() == {**untouched, **altered, "version": 6}
    assert before._asdict() == untouched


def test_a_user_begins_active_with_what_was_given() -> None:
    created = UserCreated("a", {"first_name": "Ada", "external_id": "a-1"}, {"Desk": "7"})
    assert evolve(None, created) == User("a", 1, first_name="Ada", external_id="a-1", attributes={"Desk": "7"})


def test_a_deleted_user_comes_back_with_everything() -> None:
    back = fold(ADA, [UserDeleted(), UserRestored()])
    assert back == ADA._replace(version=7)


def test_a_suspension_does_not_outlive_a_deletion() -> None:
    back = fold(SUSPENDED, [UserDeleted(), UserRestored()])
    assert back == ADA._replace(version=7)


@pytest.mark.parametrize("event", [event for _, event, _ in USER_EVENTS])
def test_a_life_begins_with_a_creation(event: UserEvent) -> None:
    with pytest.raises(DamagedError, match=f"{type(event).__name__} before UserCreated"):
        evolve(None, event)


def test_no_event_of_a_user_is_left_out() -> None:
    others = {UserCreated, UserErased, Forgotten}
    assert {type(event) for _, event, _ in USER_EVENTS} | others == set(get_args(UserEvent))


@pytest.mark.parametrize("before", [ADA, SUSPENDED, DELETED, None])
def test_nobody_is_left_of_an_erased_user(before: User | None) -> None:
    assert evolve(before, UserErased()) is None
    assert fold(before, [Forgotten("UserCreated"), Forgotten("UserUpdated"), UserErased()]) is None


def test_a_user_in_a_traceback_shows_no_password() -> None:
    assert "argon2id" not in repr(ADA)
    assert "first_name='Ada'" in repr(ADA)


AUDIT = NamedMoment("Audit", "Noted.", 7, 3)
LOOKS = GroupLooks({"old": "red"}, ("old",))
KINDS = {"Desk": FieldDefinition("number", help="Where."), "Badge": FieldDefinition(unique=True)}
DIRECTORY = Directory(
    5, {"Desk": "Desk"}, {"staff": "Staff"}, {"old": "Old"}, {"audit": AUDIT}, LOOKS, {"Badge": "Badge"}, KINDS
)

DIRECTORY_EVENTS: list[tuple[DirectoryEvent, Mapping[str, Any]]] = [
    (FieldDefined("Room"), {"fields": {"Desk": "Desk", "Room": "Room"}}),
    (FieldDefined("Badge", "Badge 2"), {"fields": {"Desk": "Desk", "Badge 2": "Badge"}}),
    (FieldDefined("Desk"), {}),
    (FieldDefined("Badge"), {}),
    (FieldRenamed("Desk", "Table"), {"fields": {"Desk": "Table"}}),
    (FieldRenamed("Badge", "Pass"), {"deleted_fields": {"Badge": "Pass"}}),
    (FieldRenamed("never", "Never"), {}),
    (
        FieldDeleted("Desk"),
        {"fields": {}, "deleted_fields": {"Badge": "Badge", "Desk": "Desk"}, "field_places": ("Desk",)},
    ),
    (FieldDeleted("Badge"), {}),
    (
        FieldRestored("Badge"),
        {"fields": {"Desk": "Desk", "Badge": "Badge"}, "deleted_fields": {}, "field_places": ("Desk",)},
    ),
    (FieldRestored("Desk"), {}),
    (
        FieldDescribed("Desk", "choice", choices=("A", "B")),
        {"definitions": {**KINDS, "Desk": FieldDefinition("choice", choices=("A", "B"), help="Where.")}},
    ),
    (FieldDescribed("Desk", help=""), {"definitions": {**KINDS, "Desk": FieldDefinition("number")}}),
    (FieldDescribed("never", required=True), {"definitions": {**KINDS, "never": FieldDefinition(required=True)}}),
    (FieldDescribed("Desk"), {}),
    (FieldsOrdered(("never", "Desk")), {}),
    (GroupCreated("legal", "Legal"), {"groups": {"staff": "Staff", "legal": "Legal"}}),
    (GroupCreated("old", "Older"), {"groups": {"staff": "Staff", "old": "Older"}, "deleted_groups": {}}),
    (GroupRenamed("staff", "Crew"), {"groups": {"staff": "Crew"}}),
    (GroupDeleted("staff"), {"groups": {}, "deleted_groups": {"old": "Old", "staff": "Staff"}}),
    (GroupColoured("staff", "blue"), {"looks": GroupLooks({"old": "red", "staff": "blue"}, ("old",))}),
    (GroupColoured("old", "grey"), {"looks": GroupLooks({"old": "grey"}, ("old",))}),
    (GroupColoured("old", None), {"looks": GroupLooks({}, ("old",))}),
    (
        GroupColoured("never", "of a newer program"),
        {"looks": GroupLooks({"old": "red", "never": "of a newer program"}, ("old",))},
    ),
    (GroupsOrdered(("staff", "old")), {"looks": GroupLooks({"old": "red"}, ("staff", "old"))}),
    (GroupsOrdered(()), {"looks": GroupLooks({"old": "red"})}),
    (
        MomentNamed("move", "The move", None, 0, 0),
        {"moments": {"audit": AUDIT, "move": NamedMoment("The move", None, 0, 0)}},
    ),
    (MomentRenamed("audit", "Inspection", None), {"moments": {"audit": NamedMoment("Inspection", None, 7, 3)}}),
    (MomentRenamed("never", "Never", None), {}),
    (MomentDeleted("audit"), {"moments": {}}),
    (MomentDeleted("never"), {}),
    (ListImported("Members", ("ada",)), {}),
]


@pytest.mark.parametrize(("event", "altered"), DIRECTORY_EVENTS)
def test_an_event_of_the_directory(event: DirectoryEvent, altered: Mapping[str, Any]) -> None:
    untouched = deepcopy(DIRECTORY)
    assert evolve_directory(DIRECTORY, event) == replace(untouched, version=6, **altered)
    assert untouched == DIRECTORY


def test_fields_are_listed_in_the_order_that_was_given_and_the_rest_as_they_were() -> None:
    directory = replace(DIRECTORY, fields={"Desk": "Desk", "Room": "Room", "Car": "Car"})
    after = evolve_directory(directory, FieldsOrdered(("Car", "Badge", "Desk")))
    assert [*after.fields.items()] == [("Car", "Car"), ("Desk", "Desk"), ("Room", "Room")]


def test_no_event_of_the_directory_is_left_out() -> None:
    assert {type(event) for event, _ in DIRECTORY_EVENTS} == set(get_args(DirectoryEvent))


def test_groups_are_known_by_name_whatever_its_case_while_they_exist() -> None:
    assert [DIRECTORY.group_named(name) for name in ("STAFF", " ｓtaff", "Old", "")] == ["staff", "staff", None, None]
    assert DIRECTORY.names_of(frozenset({"staff", "old", "never"})) == ("Staff",)


def test_moments_are_known_by_name_whatever_its_case() -> None:
    moments = DIRECTORY.moments
    assert [moment_called(moments, name) for name in ("AUDIT", " ａudit ", "Move", "")] == [
        "audit",
        "audit",
        None,
        None,
    ]
