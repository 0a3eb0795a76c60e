"""What this computer saw and the server has not, or has otherwise; and followers that are not as they were written."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from psycopg import sql

from tests.altered_files import alter
from tests.delaying_proxy import DelayingProxy
from tests.integration.store.follower.conftest import Computers, bus_of, head_on, require_sound
from tests.shared_directories import OnServer
from whowas.command_bus.bus import Bus
from whowas.corrections.sending_again import send_again
from whowas.domain.commands import CreateUser, EraseUser, UpdateUser
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog
from whowas.store.follower.lost_changes import LostChangesError

ADA, BEN = (f"01890000-0000-7000-8000-00000000000{last}" for last in "ab")


def rewritten(on_server: OnServer, statements: list[str]) -> None:
    """Do to the server's tables what only a superuser can, past all triggers."""
    with on_server.cluster.superuser(on_server.database) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(on_server.address().schema)))
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def cut_back(position: int) -> list[str]:
    """The statements after which a server has lost everything behind a position, as one that lagged behind has."""
    return [
        f"DELETE FROM payload WHERE position > {position}",
        f"DELETE FROM event WHERE position > {position}",
        f"UPDATE head SET position = {position}, chain = (SELECT chain FROM event WHERE position = {position})",
        "DELETE FROM email_owner WHERE user_id NOT IN (SELECT stream FROM event)",
    ]


def test_what_others_saved_in_place_of_what_is_lost_is_noticed_by_who_connects(
    computers: Computers, on_server: OnServer
) -> None:
    ada = computers.open("ada")
    bus = bus_of(ada)
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
    bus.dispatch(UpdateUser(ADA, {"title": "Cook"}, {}))
    seen, path = ada.log.head(), ada.log.path
    ada.close()
    rewritten(on_server, cut_back(1))
    ben = computers.open("ben")
    for number in range(5):
        bus_of(ben).dispatch(UpdateUser(ADA, {"title": f"Queen {number}"}, {}))
    again = computers.open("ada")
    assert again.remark == (
        "The server no longer has 2 events that this computer saw, after position 1. Others were saved in their place."
    )
    lost = again.lost()
    assert lost is not None
    assert (lost.through, lost.count) == (1, 2)
    for keeping in (path, lost.kept):
        with closing(EventLog.open(keeping)) as kept:
            assert kept.head() == seen
    assert again.log.path != path
    require_sound(again, on_server)
    sent = send_again(bus_of(again), lost.changes(), lost.count)
    assert [each.receipt is not None for each in sent] == [True, True]
    require_sound(again, on_server)


def test_what_a_server_lost_is_kept_and_sent_again_once(computers: Computers, on_server: OnServer) -> None:
    ada, ben = computers.open("ada"), computers.open("ben")
    bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada", "email": "a@example.org"}, {}))
    bus_of(ada).dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
    bus_of(ada).dispatch(CreateUser(BEN, {"first_name": "Ben", "email": "b@example.org"}, {}))
    ben.follow()
    rewritten(on_server, cut_back(1))
    for each in (ada, ben):
        with pytest.raises(LostChangesError, match="no longer has 2 events"):
            each.follow()
        each.close()
    ada, ben = computers.open("ada"), computers.open("ben")
    assert ada.log.head().position == ben.log.head().position == 1
    lost = ada.lost()
    assert lost is not None
    assert lost.count == 2
    assert lost.kept.name.endswith(f" {on_server.directory_id[-6:]} lost changes.whowas")
    sent = send_again(bus_of(ada), lost.changes(), lost.count)
    assert [(each.receipt is not None, each.refusal) for each in sent] == [(True, ""), (True, "")]
    others = ben.lost()
    assert others is not None
    sent = send_again(bus_of(ben), others.changes(), others.count)
    assert [each.receipt is not None and each.receipt.repeated for each in sent] == [True, True]
    require_sound(ada, on_server)
    assert ada.log.head().position == 3
    lost.let_go()
    ada.close()
    assert computers.open("ada").lost() is None


def test_who_is_erased_where_changes_were_lost_is_in_nothing_that_was_kept_of_them(
    computers: Computers, on_server: OnServer
) -> None:
    """The new follower never had them, so nothing of it is to be swept."""
    ada, ines = computers.open("ada"), computers.open("ines")
    bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Adelheid"}, {}))
    bus_of(ada).dispatch(CreateUser(BEN, {"first_name": "Ben"}, {}))
    path = ada.log.path
    ada.close()
    rewritten(on_server, cut_back(1))
    ines.close()
    ines = computers.open("ines")
    bus_of(ines).dispatch(EraseUser(ADA))
    again = computers.open("ada")
    assert again.remark is not None
    assert "held somebody who was erased since, and were deleted." in again.remark
    assert path.name in again.remark
    assert not again.log.unswept
    assert again.lost() is None
    assert not [kept for kept in path.parent.iterdir() if b"delheid" in kept.read_bytes()]


def test_nothing_is_saved_onto_a_history_that_lacks_what_was_seen(computers: Computers, on_server: OnServer) -> None:
    """As after a failover, which cuts the connection of a window that goes on as if nothing had happened."""
    ada, ben = computers.open("ada"), computers.open("ben")
    bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    bus_of(ada).dispatch(CreateUser(BEN, {"first_name": "Ben"}, {}))
    bus_of(ada).dispatch(UpdateUser(BEN, {"title": "Cook"}, {}))
    rewritten(on_server, cut_back(2))
    ada._link.drop()
    for _ in range(2):
        with pytest.raises(LostChangesError):
            bus_of(ada).dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
    assert head_on(on_server) == 2
    ben.follow()
    for number in range(3):
        bus_of(ben).dispatch(UpdateUser(BEN, {"phone": f"{number}"}, {}))
    for _ in range(2):
        with pytest.raises(LostChangesError):
            bus_of(ada).dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
    assert head_on(on_server) == 5


@pytest.mark.parametrize("altered", ["chain", "trigger", "garbage", "empty"])
def test_an_altered_follower_is_made_anew(computers: Computers, on_server: OnServer, altered: str) -> None:
    ada = computers.open("ada")
    bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    bus_of(ada).dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
    path = ada.log.path
    ada.close()
    if altered == "chain":
        alter(path, "UPDATE event SET chain = zeroblob(32) WHERE position = 2")
    elif altered == "trigger":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TRIGGER event_is_never_updated")
    else:
        path.write_bytes(b"x" * 5_000 if altered == "garbage" else b"")
    again = computers.open("ada")
    assert again.remark is not None
    assert "cannot be used, so it was made anew from the server" in again.remark
    assert path.exists()
    require_sound(again, on_server)
    again.close()
    assert computers.open("ada").remark is None


@pytest.mark.parametrize("users", [0, 1])
def test_the_file_of_another_directory_in_place_of_a_follower_is_neither_followed_into_nor_shown(
    computers: Computers, on_server: OnServer, proxy: DelayingProxy, tmp_path: Path, users: int
) -> None:
    ada = computers.open("ada", through=proxy)
    bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    path = ada.log.path
    ada.close()
    with closing(EventLog.create(tmp_path / "other.whowas")) as other:
        for _ in range(users):
            Bus(other, clock=lambda: 1, actor="mallory").dispatch(CreateUser(BEN, {"first_name": "Ben"}, {}))
    path.write_bytes((tmp_path / "other.whowas").read_bytes())

    proxy.is_down = True
    with pytest.raises(StoreError, match="is of another directory"):
        computers.open("ada", through=proxy)
    proxy.is_down = False
    again = computers.open("ada", through=proxy)

    assert again.remark is not None
    assert "is of another directory" in again.remark
    assert again.log.directory_id == on_server.directory_id
    require_sound(again, on_server)
