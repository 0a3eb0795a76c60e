"""What an account may see: hidden passwords, people who were erased, and rights that change while it is open."""

from __future__ import annotations

import pytest

from tests.integration.store.follower.conftest import Computers, bus_of, require_sound
from tests.shared_directories import OnServer
from whowas.domain.commands import ClearPassword, CreateUser, EraseUser, SetPassword
from whowas.domain.errors import StoreError
from whowas.domain.events import PasswordSet
from whowas.domain.hidden import is_stand_in
from whowas.store.server.administering.membership import set_rights

ADA, BEN = (f"01890000-0000-7000-8000-00000000000{last}" for last in "ab")


def test_a_reader_sees_that_a_password_is_set_and_not_its_hash(computers: Computers, on_server: OnServer) -> None:
    ada, rita = computers.open("ada"), computers.open("rita")
    bus = bus_of(ada)
    for command in (
        CreateUser(ADA, {"first_name": "Ada"}, {}),
        SetPassword(ADA, "$argon2id$secret"),
        SetPassword(ADA, "$argon2id$other"),
    ):
        bus.dispatch(command)
    rita.follow()
    assert rita.log.verify() is None
    assert rita.log.hidden_passwords() == 2
    assert ada.log.hidden_passwords() == 0
    events = [known.event for known in rita.log.stream(ADA)][1:]
    assert all(isinstance(event, PasswordSet) and is_stand_in(event.password_hash) for event in events)
    assert b"argon2id" not in rita.log.path.read_bytes()
    with pytest.raises(StoreError, match="no right"):
        bus_of(rita).dispatch(ClearPassword(ADA))
    require_sound(rita, on_server)
    on_server.member("rita", "editor")
    bus.dispatch(SetPassword(ADA, "$argon2id$third"))
    rita._link.drop()
    with pytest.raises(StoreError, match="What you may do in this directory was changed"):
        rita.follow()
    again = computers.open("rita")
    assert again.log.hidden_passwords() == 0
    assert again.log.head() == ada.log.head()


def test_who_is_erased_is_forgotten_by_every_follower(computers: Computers, on_server: OnServer) -> None:
    ines, ben = computers.open("ines"), computers.open("ben")
    for command in (CreateUser(ADA, {"first_name": "Adelheid"}, {}), CreateUser(BEN, {"first_name": "Ben"}, {})):
        bus_of(ines).dispatch(command)
    ben.follow()
    bus_of(ines).dispatch(EraseUser(ADA))
    with on_server.log() as log:
        assert {account for account, _ in log.not_forgotten()} == {"ben", "ines"}
    for each in (ines, ben):
        each.follow()
        assert each.log.unswept
        each.log.sweep()
        each.log.mark_swept()
        assert b"Adelheid" not in each.log.path.read_bytes()
        require_sound(each, on_server)
    with on_server.log() as log:
        assert log.not_forgotten() == []
    late = computers.open("ada")
    assert not late.log.unswept, "it never had what was erased"
    require_sound(late, on_server)


def test_who_uses_another_account_has_forgotten_all_the_same(computers: Computers, on_server: OnServer) -> None:
    ada = computers.open("ada", "shared")
    bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    ada.close()
    ines = computers.open("ines", "shared")
    bus_of(ines).dispatch(EraseUser(ADA))
    ines.log.sweep()
    ines.log.mark_swept()
    ines.follow()
    with on_server.log() as log:
        assert log.not_forgotten() == []


def test_other_rights_are_noticed_while_it_is_open(computers: Computers, on_server: OnServer) -> None:
    ada = computers.open("ada")
    while ada.wait(0):  # as it does once it has begun to listen
        ada.follow()
    ada.present()
    assert ada.rights == "editor"
    assert not ada.wait(0)
    on_server.member("ada", "admin")
    ada.present()
    assert ada.wait(0), "there is something to be found out"
    ada.follow()
    assert ada.rights == "admin"
    ada.present()
    assert not ada.wait(0), "that is known now"
    on_server.member("ada", "reader")
    ada.present()
    assert ada.wait(0)
    with pytest.raises(StoreError, match="What you may do in this directory was changed"):
        ada.follow()


def test_lost_rights_are_noticed_while_it_is_open(computers: Computers, on_server: OnServer) -> None:
    ada = computers.open("ada")
    while ada.wait(0):  # as it does once it has begun to listen
        ada.follow()
    with on_server.log() as log:
        set_rights(log, "ada", None)
    assert ada.present() == []
    assert ada.wait(0), "there is something to be found out"
    with pytest.raises(StoreError, match="has no right to that"):
        ada.follow()
    assert ada.present() == []
    assert not ada.wait(0), "that is known now"
