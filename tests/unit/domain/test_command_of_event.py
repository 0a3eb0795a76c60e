"""Every event leads back to the command that asks for it, which causes the same event on the same state."""

from __future__ import annotations

import pytest

from whowas.domain.command_of_event import command_of, is_second_half
from whowas.domain.commands import (
    ClearPassword,
    ColourGroup,
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteField,
    DeleteGroup,
    DeleteMoment,
    DeleteUser,
    EraseUser,
    JoinGroup,
    LeaveGroup,
    NameMoment,
    OrderGroups,
    ReactivateUser,
    RenameField,
    RenameGroup,
    RenameMoment,
    RestoreField,
    RestoreUser,
    SetPassword,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.decide import Known, decide
from whowas.domain.directory import Directory
from whowas.domain.events import Forgotten, PasswordCleared, UserRestored, UserUpdated
from whowas.domain.named_moments import NamedMoment
from whowas.domain.users import User

ADA = "01890000-0000-7000-8000-00000000000a"
STAFF = "01890000-0000-7000-8000-0000000000f1"
LEGAL = "01890000-0000-7000-8000-0000000000f2"
NEW = "01890000-0000-7000-8000-0000000000f3"
AUDIT = "01890000-0000-7000-8000-0000000000a1"
DIRECTORY = Directory(
    4,
    {"Desk": "Desk"},
    {STAFF: "Staff", LEGAL: "Legal"},
    moments={AUDIT: NamedMoment("Audit", None, 1, 1)},
    deleted_fields={"Badge": "Badge"},
)

HERE = User(
    ADA,
    1,
    first_name="Ada",
    email="a@example.org",
    password="$argon2id$one",
    groups=frozenset({STAFF}),
    attributes={"Desk": "7"},
)
SUSPENDED, GONE = HERE._replace(status="suspended"), HERE._replace(status="deleted")


def decided(command: Command, user: User | None) -> tuple[object, ...]:
    known = Known(user, lambda: DIRECTORY, lambda _: (), lambda _: ())
    return decide(command, known)


@pytest.mark.parametrize(
    ("user", "command"),
    [
        (None, CreateUser(ADA, {"first_name": "Ada", "email": "a@example.org"}, {"Desk": "7"})),
        (HERE, UpdateUser(ADA, {"title": "Head", "email": None}, {"Desk": None})),
        (HERE, DeleteUser(ADA)),
        (HERE, EraseUser(ADA)),
        (GONE, RestoreUser(ADA)),
        (HERE, SuspendUser(ADA)),
        (SUSPENDED, ReactivateUser(ADA)),
        (HERE, SetPassword(ADA, "$argon2id$two")),
        (HERE, ClearPassword(ADA)),
        (HERE, JoinGroup(ADA, LEGAL)),
        (HERE, LeaveGroup(ADA, STAFF)),
        (None, DefineField("Room", "Room")),
        (None, DefineField("Old", "Old 2")),
        (None, RenameField("Desk", "Table")),
        (None, DeleteField("Desk")),
        (None, RestoreField("Badge")),
        (None, CreateGroup(NEW, "New")),
        (None, RenameGroup(STAFF, "Crew")),
        (None, DeleteGroup(STAFF)),
        (None, ColourGroup(STAFF, "blue")),
        (None, OrderGroups((STAFF, LEGAL))),
        (None, NameMoment(NEW, "Move", "Noted.", 5, 3)),
        (None, RenameMoment(AUDIT, "Check", None)),
        (None, DeleteMoment(AUDIT)),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, User | None) else "",
)
def test_an_event_leads_back_to_its_command(user: User | None, command: Command) -> None:
    (event,) = decided(command, user)
    assert command_of(event, ADA) == command  # type: ignore[arg-type]


def test_what_was_forgotten_leads_nowhere() -> None:
    with pytest.raises(ValueError, match="UserUpdated"):
        command_of(Forgotten("UserUpdated"), ADA)


def test_the_two_events_of_restoring_without_the_email_lead_back_to_one_command() -> None:
    first, second = decided(RestoreUser(ADA, keep_email=False), GONE)
    assert is_second_half(first, second)  # type: ignore[arg-type]
    assert command_of(first, ADA, keep_email=False) == RestoreUser(ADA, keep_email=False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("event", "following"),
    [
        (UserRestored(), UserUpdated({"email": None, "title": None}, {})),
        (UserRestored(), UserUpdated({"email": None}, {"Desk": None})),
        (UserRestored(), UserUpdated({"email": "b@example.org"}, {})),
        (UserRestored(), PasswordCleared()),
        (PasswordCleared(), UserUpdated({"email": None}, {})),
    ],
)
def test_what_follows_by_a_command_of_its_own_is_told_apart(event: UserRestored, following: UserUpdated) -> None:
    assert not is_second_half(event, following)
