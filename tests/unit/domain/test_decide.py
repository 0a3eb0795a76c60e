"""Every command: what it appends, what it appends nothing for, and which field it is refused for."""

from __future__ import annotations

from typing import get_args

import pytest

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
    DescribeField,
    EraseUser,
    JoinGroup,
    LeaveGroup,
    NameMoment,
    OrderFields,
    OrderGroups,
    ReactivateUser,
    RecordListImport,
    RenameField,
    RenameGroup,
    RenameMoment,
    RestoreField,
    RestoreUser,
    SetPassword,
    SuspendUser,
    UpdateUser,
    UserCommand,
)
from whowas.domain.comparison_keys import email_key
from whowas.domain.decide import Known, decide
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import (
    Event,
    FieldDefined,
    FieldDeleted,
    FieldDescribed,
    FieldRenamed,
    FieldRestored,
    FieldsOrdered,
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
    UserReactivated,
    UserRestored,
    UserSuspended,
    UserUpdated,
)
from whowas.domain.groups import GroupLooks
from whowas.domain.named_moments import NamedMoment
from whowas.domain.streams import fold
from whowas.domain.users import User

ID = "01890000-0000-7000-8000-00000000000a"
OTHER = "01890000-0000-7000-8000-00000000000b"
STAFF = "01890000-0000-7000-8000-0000000000f1"
LEGAL = "01890000-0000-7000-8000-0000000000f2"
ENDED = "01890000-0000-7000-8000-0000000000f3"
HASH = "$argon2id$one"

AUDIT = "01890000-0000-7000-8000-0000000000a1"
MOVE = "01890000-0000-7000-8000-0000000000a2"
MOMENTS = {AUDIT: NamedMoment("Audit", "one\ntwo", 7, 3), MOVE: NamedMoment("The move", None, 0, 0)}
LOOKS = GroupLooks({LEGAL: "red"}, (LEGAL,))
FIELDS, GONE_FIELDS = {"Desk": "Desk", "Floor": "Storey"}, {"Badge": "Badge", "Shelf": "desk"}
DIRECTORY = Directory(3, FIELDS, {STAFF: "Staff", LEGAL: "Legal"}, {ENDED: "Ended"}, MOMENTS, LOOKS, GONE_FIELDS)
ADA = User(
    ID,
    3,
    first_name="Ada",
    email="Ada@example.org",
    external_id="a-1",
    password=HASH,
    groups=frozenset({STAFF, ENDED}),
    attributes={"Desk": "7"},
)
SUSPENDED = ADA._replace(status="suspended")
DELETED = ADA._replace(status="deleted")
ROBBED = DELETED._replace(email="ben@example.org")
"""Deleted, and somebody else has the email by now."""
BARE = User(ID, 1, email="Ada@example.org")

NAMELESS = User(ID, 1, first_name="\u200b", last_name=" ")
"""As versions before 0.5.0 took them."""
UNREADABLE = ("", " ", "\u200b", "\u00a0 \ufeff", "\u3164", "\u2800")

EMAILS = {email_key(email): owner for email, owner in (("Ada@example.org", ID), ("ben@STRAẞE.example", OTHER))}
EMAILS["ben@example.org"] = OTHER
EXTERNAL_IDS = {"a-1": ID, "b-1": OTHER}


def emails(email: str) -> tuple[str, ...]:
    owner = EMAILS.get(email_key(email))
    return () if owner is None else (owner,)


def external_ids(external_id: str) -> tuple[str, ...]:
    owner = EXTERNAL_IDS.get(external_id)
    return () if owner is None else (owner,)


def decided(command: Command, user: User | None) -> tuple[Event, ...]:
    """Decide in a directory where OTHER is another user."""
    return decide(command, Known(user, lambda: DIRECTORY, emails, external_ids))


APPENDS: list[tuple[User | None, Command, tuple[Event, ...]]] = [
    (
        None,
        CreateUser(
            ID, {"first_name": " ", "last_name": "\u200b", "email": "\ufeffx@exam\u00adple.org\u200b ", "title": " "}
        ),
        (UserCreated(ID, {"email": "x@example.org", "title": " "}, {}),),
    ),
    (
        None,
        CreateUser(ID, {"first_name": "An\u200bna ", "external_id": "\u00a0x\u200b1 "}),
        (UserCreated(ID, {"first_name": "An\u200bna ", "external_id": "x\u200b1"}, {}),),
    ),
    (NAMELESS, UpdateUser(ID, {"title": "Head"}), (UserUpdated({"title": "Head"}, {}),)),
    (NAMELESS, UpdateUser(ID, {"last_name": "Ito"}), (UserUpdated({"last_name": "Ito"}, {}),)),
    (
        None,
        CreateUser(ID, {"first_name": "Ada", "email": " x@example.org ", "title": ""}, {"Desk": "7"}),
        (UserCreated(ID, {"first_name": "Ada", "email": "x@example.org"}, {"Desk": "7"}),),
    ),
    (None, CreateUser(ID, {"external_id": "x"}, {"Desk": ""}), (UserCreated(ID, {"external_id": "x"}, {}),)),
    (ADA, UpdateUser(ID, {"first_name": "Ada", "title": "Clerk"}), (UserUpdated({"title": "Clerk"}, {}),)),
    (ADA, UpdateUser(ID, {"first_name": ""}, {"Desk": None}), (UserUpdated({"first_name": None}, {"Desk": None}),)),
    (ADA, UpdateUser(ID, {"email": "ADA@example.org"}), (UserUpdated({"email": "ADA@example.org"}, {}),)),
    (SUSPENDED, UpdateUser(ID, {"notes": "one\ntwo"}), (UserUpdated({"notes": "one\ntwo"}, {}),)),
    (ADA, DeleteUser(ID), (UserDeleted(),)),
    (SUSPENDED, DeleteUser(ID), (UserDeleted(),)),
    (DELETED, RestoreUser(ID), (UserRestored(),)),
    (DELETED, RestoreUser(ID, keep_email=False), (UserRestored(), UserUpdated({"email": None}, {}))),
    (ROBBED, RestoreUser(ID, keep_email=False), (UserRestored(), UserUpdated({"email": None}, {}))),
    (DELETED._replace(email=None), RestoreUser(ID, keep_email=False), (UserRestored(),)),
    *((user, EraseUser(ID), (UserErased(),)) for user in (ADA, SUSPENDED, DELETED)),
    (ADA, SuspendUser(ID), (UserSuspended(),)),
    (SUSPENDED, ReactivateUser(ID), (UserReactivated(),)),
    (ADA, SetPassword(ID, "$argon2id$two"), (PasswordSet("$argon2id$two"),)),
    (ADA, ClearPassword(ID), (PasswordCleared(),)),
    (ADA, JoinGroup(ID, LEGAL), (GroupJoined(LEGAL),)),
    (ADA, LeaveGroup(ID, STAFF), (GroupLeft(STAFF),)),
    (ADA, LeaveGroup(ID, ENDED), (GroupLeft(ENDED),)),
    (None, DefineField(" Room "), (FieldDefined("Room"),)),
    (None, DefineField("Badge"), (FieldDefined("Badge", "Badge 2"),)),
    (None, DefineField("Floor"), (FieldDefined("Floor", "Floor 2"),)),
    (None, DefineField("Room", "Old room"), (FieldDefined("Room", "Old room"),)),
    (None, RenameField("Floor", " Floor "), (FieldRenamed("Floor", "Floor"),)),
    (None, RenameField("Desk", "DESK"), (FieldRenamed("Desk", "DESK"),)),
    (None, DeleteField("Floor"), (FieldDeleted("Floor"),)),
    (None, RestoreField("Badge"), (FieldRestored("Badge"),)),
    (ADA, UpdateUser(ID, {}, {"Floor": "3"}), (UserUpdated({}, {"Floor": "3"}),)),
    (None, DescribeField("Desk", "number", default=" 7 "), (FieldDescribed("Desk", "number", default="7"),)),
    (None, DescribeField("Desk", help=" Where. "), (FieldDescribed("Desk", help="Where."),)),
    (None, OrderFields(("Floor", "Badge")), (FieldsOrdered(("Floor",)),)),
    (None, CreateGroup(OTHER, " Crew "), (GroupCreated(OTHER, "Crew"),)),
    (None, CreateGroup(ENDED, "Ended"), (GroupCreated(ENDED, "Ended"),)),
    (None, RenameGroup(STAFF, "STAFF"), (GroupRenamed(STAFF, "STAFF"),)),
    (None, DeleteGroup(STAFF), (GroupDeleted(STAFF),)),
    (None, ColourGroup(STAFF, "blue"), (GroupColoured(STAFF, "blue"),)),
    (None, ColourGroup(LEGAL, None), (GroupColoured(LEGAL, None),)),
    (None, OrderGroups((STAFF, LEGAL)), (GroupsOrdered((STAFF, LEGAL)),)),
    (None, OrderGroups((ENDED, STAFF, ID)), (GroupsOrdered((ENDED, STAFF)),)),
    (None, OrderGroups(()), (GroupsOrdered(()),)),
    (None, NameMoment(OTHER, " Payday ", "", 7, 3), (MomentNamed(OTHER, "Payday", None, 7, 3),)),
    (None, NameMoment(OTHER, "2020-02-30", "a\nb", -1, 9), (MomentNamed(OTHER, "2020-02-30", "a\nb", -1, 9),)),
    (None, RenameMoment(AUDIT, "AUDIT", "one\ntwo"), (MomentRenamed(AUDIT, "AUDIT", "one\ntwo"),)),
    (None, RenameMoment(AUDIT, "Audit", None), (MomentRenamed(AUDIT, "Audit", None),)),
    (None, DeleteMoment(AUDIT), (MomentDeleted(AUDIT),)),
    (None, RecordListImport("Members", (ID, OTHER)), (ListImported("Members", (ID, OTHER)),)),
]

NOTHING: list[tuple[User | None, Command]] = [
    (ADA, UpdateUser(ID, {"first_name": "Ada", "email": " Ada@example.org", "title": ""}, {"Desk": "7"})),
    (ADA, UpdateUser(ID, {})),
    (DELETED, DeleteUser(ID)),
    (ADA, RestoreUser(ID)),
    (SUSPENDED, RestoreUser(ID, keep_email=False)),
    (SUSPENDED, SuspendUser(ID)),
    (ADA, ReactivateUser(ID)),
    (ADA, SetPassword(ID, HASH)),
    (BARE, ClearPassword(ID)),
    (ADA, JoinGroup(ID, STAFF)),
    (ADA, LeaveGroup(ID, LEGAL)),
    (None, DefineField(" Desk ")),
    (None, DefineField("Storey")),
    (None, RenameField("Desk", " Desk ")),
    (None, RestoreField("Desk")),
    (None, DescribeField("Desk")),
    (None, DescribeField("Desk", "text", required=False, default="", help=" ")),
    (None, OrderFields(("Desk", "Floor"))),
    (None, OrderFields(("Desk", "never"))),
    (None, RenameGroup(STAFF, " Staff ")),
    (None, ColourGroup(STAFF, None)),
    (None, ColourGroup(LEGAL, "red")),
    (None, OrderGroups((LEGAL,))),
    (None, RenameMoment(MOVE, " The move ", "")),
]

REFUSES: list[tuple[User | None, Command, str]] = [
    (None, RecordListImport(""), "source"),
    (None, RecordListImport("one\ntwo"), "source"),
    (None, RecordListImport("Members", (ID, "Ada")), "matched"),
    *((None, CreateUser(ID, {"first_name": name, "last_name": name}), "first_name") for name in UNREADABLE),
    *((None, CreateUser(ID, {"first_name": "Eva", "email": email}), "email") for email in ("\u200b@x.org", "\u200b")),
    (None, CreateUser(ID, {"first_name": "Eva", "email": "ben@EXAMPLE。org\u200b"}), "email"),
    (None, CreateUser(ID, {"first_name": "Eva", "external_id": " b-1 "}), "external_id"),
    (ADA, UpdateUser(ID, {"first_name": "\u200b", "last_name": None, "email": None, "external_id": " "}), "first_name"),
    (ADA, CreateUser(ID, {"first_name": "Ada"}), "id"),
    (DELETED, CreateUser(ID, {"first_name": "Ada"}), "id"),
    (None, CreateUser(ID.upper(), {"first_name": "Ada"}), "id"),
    (None, CreateUser(ID, {"title": "Clerk"}, {"Desk": "7"}), "first_name"),
    (None, CreateUser(ID, {"first_name": "Ada", "status": "active"}), "status"),
    (None, CreateUser(ID, {"first_name": "Ada"}, {"Room": "1"}), "attributes.Room"),
    (None, CreateUser(ID, {"email": "BEN@straße.example"}), "email"),
    (None, CreateUser(ID, {"external_id": "b-1"}), "external_id"),
    (ADA, UpdateUser(ID, {"email": "Ben@Example.ORG"}), "email"),
    (ADA, UpdateUser(ID, {"email": "nobody"}), "email"),
    (ADA, UpdateUser(ID, {"external_id": "b-1"}), "external_id"),
    (ADA, UpdateUser(ID, {"title": "one\ntwo"}), "title"),
    (ADA, UpdateUser(ID, {}, {"Desk": "\0"}), "attributes.Desk"),
    (ADA, UpdateUser(ID, {"password": "x"}), "password"),
    (BARE, UpdateUser(ID, {"email": None}), "first_name"),
    (None, DeleteUser(ID), "id"),
    (None, RestoreUser(ID), "id"),
    (None, EraseUser(ID), "id"),
    (ROBBED, RestoreUser(ID), "email"),
    (BARE._replace(status="deleted"), RestoreUser(ID, keep_email=False), "first_name"),
    (ADA, SetPassword(ID, "secret"), "password"),
    (ADA, JoinGroup(ID, OTHER), "groups"),
    (ADA, JoinGroup(ID, ENDED), "groups"),
    *((None, command, "id") for command in (SuspendUser(ID), ReactivateUser(ID), ClearPassword(ID))),
    *((DELETED, command, "id") for command in (UpdateUser(ID, {}), SuspendUser(ID), ReactivateUser(ID))),
    *((DELETED, command, "id") for command in (SetPassword(ID, HASH), ClearPassword(ID))),
    *((DELETED, command, "id") for command in (JoinGroup(ID, STAFF), LeaveGroup(ID, STAFF))),
    *((None, DefineField(name), "name") for name in (" ", "x" * 101, "one\ntwo", "desk", "STOREY")),
    *((None, DefineField("Room", field_id), "name") for field_id in ("Desk", "Badge")),
    *((None, RenameField("Desk", name), "name") for name in ("", "storey")),
    *((None, RenameField(field_id, "Room"), "name") for field_id in ("Badge", "never", "Storey")),
    *((None, DeleteField(field_id), "name") for field_id in ("Badge", "never")),
    *((None, RestoreField(field_id), "name") for field_id in ("Shelf", "never")),
    *((None, DescribeField(field_id, "number"), "name") for field_id in ("Badge", "never")),
    (None, OrderFields(("Desk", "Desk")), "fields"),
    (ADA, UpdateUser(ID, {}, {"Badge": "3"}), "attributes.Badge"),
    (ADA, UpdateUser(ID, {}, {"Storey": "3"}), "attributes.Storey"),
    (ADA, UpdateUser(ID, {}, {"Floor": "\0"}), "attributes.Storey"),
    (None, CreateGroup("crew", "Crew"), "group"),
    (None, CreateGroup(STAFF, "Crew"), "group"),
    (None, CreateGroup(ENDED, "ｓtaff "), "group"),
    (None, CreateGroup(ENDED, ""), "group"),
    (None, RenameGroup(STAFF, "LEGAL"), "group"),
    (None, RenameGroup(ENDED, "Crew"), "groups"),
    (None, DeleteGroup(ENDED), "groups"),
    (None, ColourGroup(ENDED, "blue"), "groups"),
    (None, ColourGroup(STAFF, "Blue"), "colour"),
    (None, ColourGroup(STAFF, ""), "colour"),
    (None, OrderGroups((STAFF, STAFF)), "groups"),
    (None, NameMoment("payday", "Payday", None, 7, 3), "moment"),
    (None, NameMoment(AUDIT, "Payday", None, 7, 3), "moment"),
    *((None, NameMoment(OTHER, name, None, 7, 3), "name") for name in ("the MOVE", " ａudit", "", " ", "x" * 101)),
    *((None, NameMoment(OTHER, name, None, 7, 3), "name") for name in ("now", " NOW", "#", "#3", " ＃audit")),
    *((None, NameMoment(OTHER, name, None, 7, 3), "name") for name in ("2020-03-03", "20200303T1405Z", "0001-01-01")),
    *((None, NameMoment(OTHER, "Payday", note, 7, 3), "note") for note in ("a\0b", "x" * 1_001, "\ud800")),
    (None, RenameMoment(AUDIT, "The Move", None), "name"),
    (None, RenameMoment(AUDIT, "2020-03-03 14:05", None), "name"),
    (None, RenameMoment(AUDIT, "Audit", "\0"), "note"),
    (None, RenameMoment(OTHER, "Payday", None), "moment"),
    (None, DeleteMoment(OTHER), "moment"),
]


@pytest.mark.parametrize(("user", "command", "events"), APPENDS)
def test_it_appends(user: User | None, command: Command, events: tuple[Event, ...]) -> None:
    assert decided(command, user) == events


@pytest.mark.parametrize(("user", "command"), NOTHING)
def test_it_appends_nothing(user: User | None, command: Command) -> None:
    assert decided(command, user) == ()


@pytest.mark.parametrize(("user", "command", "field"), REFUSES)
def test_it_is_refused_for_a_field(user: User | None, command: Command, field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        decided(command, user)
    assert (refused.value.field, str(refused.value)[-1]) == (field, ".")


@pytest.mark.parametrize(
    ("user", "command"),
    [(user, command) for user, command, _ in APPENDS if user is not None and not isinstance(command, EraseUser)],
)
def test_what_was_done_has_nothing_left_to_do(user: User, command: UserCommand) -> None:
    assert decided(command, fold(user, decided(command, user))) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize("command", [command for _, command, _ in APPENDS if isinstance(command, UserCommand)])
def test_nothing_can_be_done_about_an_erased_user(command: UserCommand) -> None:
    known = Known(None, lambda: DIRECTORY, lambda _: (), lambda _: (), erased=True)
    with pytest.raises(RefusedError, match="was erased") as refused:
        decide(command, known)
    assert refused.value.field == "id"


def test_no_command_is_left_out() -> None:
    commands = set(get_args(Command))
    assert {type(command) for _, command, _ in APPENDS} == {type(command) for _, command, _ in REFUSES} == commands
