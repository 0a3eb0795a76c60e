"""The commands that take a change to one user back: to the state before it, and never over later work."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.commands import (
    ClearPassword,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    ReactivateUser,
    RestoreUser,
    SetPassword,
    SuspendUser,
    UpdateUser,
    UserCommand,
)
from whowas.domain.commands_between import commands_between
from whowas.domain.compensation import reverted
from whowas.domain.decide import Known, decide
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import (
    GroupJoined,
    GroupLeft,
    PasswordCleared,
    PasswordSet,
    UserDeleted,
    UserEvent,
    UserReactivated,
    UserRestored,
    UserSuspended,
    UserUpdated,
)
from whowas.domain.streams import fold
from whowas.domain.users import STATUSES, User

ID = "01890000-0000-7000-8000-00000000000a"
DIRECTORY = Directory(4, {"Desk": "Desk", "Room": "Room"}, {"legal": "Legal", "staff": "Staff"})
ADA = User(
    ID,
    3,
    first_name="Ada",
    title="Clerk",
    password="$argon2id$1",
    groups=frozenset({"staff"}),
    attributes={"Desk": "7"},
)
SUSPENDED, DELETED = ADA._replace(status="suspended"), ADA._replace(status="deleted")

USERS = st.fixed_dictionaries(
    {
        "title": st.sampled_from([None, "Clerk", "Editor"]),
        "email": st.sampled_from([None, "a@example.org", "A@example.org"]),
        "password": st.sampled_from([None, "$argon2id$1", "$argon2id$2"]),
        "groups": st.frozensets(st.sampled_from(sorted(DIRECTORY.groups))),
        "attributes": st.dictionaries(st.sampled_from([*DIRECTORY.fields]), st.sampled_from(["7", "8"])),
        "status": st.sampled_from(STATUSES),
    }
).map(lambda fields: User(**{**ADA._asdict(), **fields}))
# A deleted user who stays deleted cannot be edited.
BEFORE_AND_AFTER = st.tuples(USERS, USERS).filter(lambda users: {user.status for user in users} != {"deleted"})


def compensation(before: User | None, after: User, now: User) -> list[UserCommand]:
    return commands_between(now, reverted(before, after, now))


def carried_out(commands: Sequence[UserCommand], user: User) -> User:
    """Decide and fold the commands one by one, in a directory where nobody else has anything."""
    for command in commands:
        assert command.user_id == ID
        after = fold(user, decide(command, Known(user, lambda: DIRECTORY, lambda _: (), lambda _: ())))
        assert after is not None
        user = after
    return user


def changed(user: User, *events: UserEvent) -> User:
    after = fold(user, events)
    assert after is not None
    return after


@pytest.mark.parametrize(
    ("before", "events", "commands"),
    [
        (ADA, [UserUpdated({"title": "Editor"}, {})], [UpdateUser(ID, {"title": "Clerk"}, {})]),
        (ADA, [UserUpdated({"email": "a@example.org"}, {})], [UpdateUser(ID, {"email": None}, {})]),
        (
            ADA,
            [UserUpdated({}, {"Desk": None, "Room": "2"})],
            [UpdateUser(ID, {}, {"Desk": "7", "Room": None})],
        ),
        (ADA, [UserDeleted()], [RestoreUser(ID)]),
        (SUSPENDED, [UserDeleted()], [RestoreUser(ID), SuspendUser(ID)]),
        (ADA, [UserUpdated({"title": None}, {}), UserDeleted()], [RestoreUser(ID), UpdateUser(ID, {"title": "Clerk"})]),
        (DELETED, [UserRestored()], [DeleteUser(ID)]),
        (DELETED, [UserRestored(), UserSuspended()], [DeleteUser(ID)]),
        (ADA, [UserSuspended()], [ReactivateUser(ID)]),
        (SUSPENDED, [UserReactivated()], [SuspendUser(ID)]),
        (ADA, [PasswordSet("$argon2id$2")], [SetPassword(ID, "$argon2id$1")]),
        (ADA, [PasswordCleared()], [SetPassword(ID, "$argon2id$1")]),
        (ADA._replace(password=None), [PasswordSet("$argon2id$2")], [ClearPassword(ID)]),
        (ADA, [GroupJoined("legal"), GroupLeft("staff")], [JoinGroup(ID, "staff"), LeaveGroup(ID, "legal")]),
        (ADA, [UserSuspended(), UserReactivated()], []),
    ],
)
def test_each_kind_of_change(before: User, events: list[UserEvent], commands: list[UserCommand]) -> None:
    after = changed(before, *events)
    assert compensation(before, after, after) == commands
    assert carried_out(commands, after)._replace(version=3) == before


@given(BEFORE_AND_AFTER)
def test_taking_back_gives_the_state_before_and_taking_that_back_the_state_after(users: tuple[User, User]) -> None:
    before, after = users
    undone = carried_out(compensation(before, after, after), after)
    assert undone._replace(version=3) == before
    redone = carried_out(compensation(after, undone, undone), undone)
    assert redone._replace(version=3) == after


def test_a_creation_is_taken_back_by_deleting_and_that_by_restoring() -> None:
    assert compensation(None, ADA, ADA) == [DeleteUser(ID)]
    assert compensation(ADA, DELETED, DELETED) == [RestoreUser(ID)]


def test_who_was_created_and_deleted_at_once_stays_deleted() -> None:
    assert compensation(None, DELETED, DELETED) == []


LATER: list[tuple[UserEvent, UserEvent, str]] = [
    (UserUpdated({"title": "Editor"}, {}), UserUpdated({"title": "Head"}, {}), "title"),
    (UserUpdated({"title": "Editor"}, {}), UserUpdated({"title": None}, {}), "title"),
    (UserUpdated({}, {"Desk": "8"}), UserUpdated({}, {"Desk": None}), "attributes.Desk"),
    (PasswordSet("$argon2id$2"), PasswordSet("$argon2id$3"), "password"),
    (UserSuspended(), UserReactivated(), "status"),
    (UserSuspended(), UserDeleted(), "status"),
    (GroupJoined("legal"), GroupLeft("legal"), "groups.legal"),
]


@pytest.mark.parametrize(("change", "later", "field"), LATER)
def test_it_is_refused_where_the_same_was_altered_since(change: UserEvent, later: UserEvent, field: str) -> None:
    after = changed(ADA, change)
    with pytest.raises(
        RefusedError, match=r"Ada was changed again since \(.+\), so this cannot be undone\."
    ) as refused:
        compensation(ADA, after, changed(after, later))
    assert refused.value.field == field


@pytest.mark.parametrize(
    "later", [UserUpdated({"notes": "x"}, {}), GroupJoined("legal"), UserSuspended(), UserDeleted()]
)
def test_a_creation_is_not_taken_back_after_any_later_work(later: UserEvent) -> None:
    with pytest.raises(RefusedError):
        compensation(None, ADA, changed(ADA, later))


def test_later_work_that_was_taken_back_itself_is_no_hindrance() -> None:
    assert compensation(None, ADA, changed(ADA, UserSuspended(), UserReactivated())) == [DeleteUser(ID)]


@pytest.mark.parametrize("later", [UserUpdated({"notes": "x"}, {"Room": "2"}), PasswordCleared(), GroupLeft("staff")])
def test_later_work_on_something_else_is_kept(later: UserEvent) -> None:
    after = changed(ADA, UserUpdated({"title": "Editor"}, {}), GroupJoined("legal"))
    now = changed(after, later)
    undone = carried_out(compensation(ADA, after, now), now)
    assert undone._replace(version=3) == changed(ADA, later)._replace(version=3)
