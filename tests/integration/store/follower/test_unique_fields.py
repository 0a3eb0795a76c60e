"""Unique custom fields on a server: two people who take the same value, and followers that know who has which."""

from __future__ import annotations

import pytest

from tests.integration.store.follower.conftest import Computers, bus_of, require_sound
from tests.shared_directories import OnServer
from tests.unit.store.follower.followed_file import owners
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import (
    Command,
    CreateUser,
    DefineField,
    DeleteField,
    DeleteUser,
    DescribeField,
    EraseUser,
    RestoreField,
    RestoreUser,
    UpdateUser,
)
from whowas.domain.errors import RefusedError
from whowas.store.follower.shared_directory import SharedDirectory

ADA, BEN, CLEO = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abc")
FIELDS: tuple[Command, ...] = (
    DefineField("Badge", "badge"),
    DefineField("Work email", "work"),
    DescribeField("badge", type="number", unique=True),
    DescribeField("work", type="email", unique=True),
)


def save(directory: SharedDirectory, *commands: Command) -> None:
    for command in commands:
        bus_of(directory).dispatch(command)


def people(directory: SharedDirectory) -> None:
    for user_id, name in ((ADA, "Ada"), (BEN, "Ben"), (CLEO, "Cleo")):
        save(directory, CreateUser(user_id, {"first_name": name}))


def owners_on(on_server: OnServer) -> list[set[tuple[str, bytes]]]:
    with on_server.log() as log:
        tables = ("email_owner", "external_id_owner")
        with on_server.cluster.superuser(on_server.database) as connection:
            return [
                {(key, bytes(user)) for key, user in connection.execute(f"SELECT * FROM {log.address.schema}.{table}")}  # type: ignore[call-overload]
                for table in tables
            ]


def require_same(on_server: OnServer, *directories: SharedDirectory) -> None:
    for each in directories:
        require_sound(each, on_server)
        assert [set(table) for table in owners(each.log.path)] == owners_on(on_server)


def test_of_two_who_save_the_same_value_one_gets_the_sentence(computers: Computers, on_server: OnServer) -> None:
    ada, ben = computers.open("ada"), computers.open("ben")
    people(ada)
    save(ada, *FIELDS)
    ben.follow()
    save(ada, UpdateUser(ADA, {}, {"badge": "12", "work": "desk@example.org"}))
    for value in ({"badge": "12.0"}, {"work": "Desk@example.org"}):  # Ben has not heard of Ada's yet
        with pytest.raises(RefusedError, match=r"Another user has the (Badge|Work email) .* already") as caught:
            save(ben, UpdateUser(BEN, {}, value))
        assert caught.value.field.startswith("attributes.")
    with pytest.raises(RefusedError, match="Another user has the email"):
        save(ben, UpdateUser(BEN, {"email": "desk@example.org"}))
    save(ben, UpdateUser(BEN, {}, {"badge": "13"}))
    require_same(on_server, ada, ben)


def test_a_field_becomes_unique_for_what_is_decided_meanwhile(computers: Computers, on_server: OnServer) -> None:
    ada, ben = computers.open("ada"), computers.open("ben")
    people(ada)
    save(ada, *FIELDS[:2], UpdateUser(ADA, {}, {"badge": "12", "work": "desk@example.org"}))
    ben.follow()
    save(ada, *FIELDS[2:])
    save(ben, DeleteUser(ADA))  # as far as Ben's computer knows, nothing of Ada's is unique
    require_same(on_server, ada, ben)
    save(ada, UpdateUser(BEN, {}, {"work": "desk@example.org"}))
    with pytest.raises(RefusedError, match="A user who is deleted has the Badge 12 already"):
        save(ada, UpdateUser(BEN, {}, {"badge": "12"}))
    with pytest.raises(RefusedError, match="Another user has the Work email"):
        save(ben, RestoreUser(ADA))
    require_same(on_server, ada, ben)


def test_a_value_that_is_saved_meanwhile_keeps_a_field_from_becoming_unique(
    computers: Computers, on_server: OnServer
) -> None:
    ada, ben = computers.open("ada"), computers.open("ben")
    people(ada)
    save(ada, *FIELDS[:2], UpdateUser(ADA, {}, {"badge": "12"}))
    ben.follow()
    asked = 0

    def decide(change: Change) -> None:
        nonlocal asked
        asked += 1
        change.dispatch(FIELDS[2])
        if asked == 1:
            save(ben, UpdateUser(BEN, {}, {"badge": "12"}))

    with pytest.raises(
        RefusedError, match=r"cannot be unique, because several users have the same: 12 \(Ada and Ben\)"
    ):
        bus_of(ada).carry_out(decide)
    assert asked == 2
    require_same(on_server, ada, ben)


def test_followers_know_who_has_what_whenever_they_begin(computers: Computers, on_server: OnServer) -> None:
    ada, early = computers.open("ada"), computers.open("ben")
    people(ada)
    steps: tuple[Command, ...] = (
        *FIELDS[:2],
        UpdateUser(ADA, {}, {"badge": "12", "work": "a@example.org"}),
        UpdateUser(BEN, {}, {"badge": "13", "work": "b@example.org"}),
        *FIELDS[2:],
        UpdateUser(CLEO, {"title": "Head"}, {"badge": "14"}),
        UpdateUser(BEN, {}, {"badge": None}),
        DeleteField("badge"),
        DeleteUser(ADA),
        UpdateUser(CLEO, {}, {"work": "a@example.org"}),
        RestoreField("badge"),
        DescribeField("work", unique=False),
        RestoreUser(ADA),
        DescribeField("badge", type="text"),
        UpdateUser(BEN, {}, {"badge": "13 b"}),
    )
    for number, step in enumerate(steps):
        save(ada, step)
        require_same(on_server, ada)
        if number % 3 == 0:
            require_same(on_server, early)
    require_same(on_server, early, computers.open("rita", "another"), computers.open("ben", "a third"))


def test_who_is_erased_is_forgotten_there_too(computers: Computers, on_server: OnServer) -> None:
    ines = on_server.member("ines", "admin")
    admin, ben = computers.open(ines), computers.open("ben")
    people(admin)
    save(admin, *FIELDS, UpdateUser(ADA, {}, {"badge": "12", "work": "desk@example.org"}))
    save(admin, EraseUser(ADA))
    save(admin, DescribeField("badge", unique=False), DescribeField("badge", unique=True))
    require_same(on_server, admin, ben)
    late = computers.open("ben", "late")
    require_same(on_server, late)
    save(late, UpdateUser(BEN, {}, {"badge": "12"}))
    require_same(on_server, admin, ben, late)
