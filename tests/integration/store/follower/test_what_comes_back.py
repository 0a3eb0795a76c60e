"""What a follower meets of other programs, of copies that were put back, and of a server that has no room."""

from __future__ import annotations

import shutil
from contextlib import closing

import pytest

from tests.decisions import decided
from tests.desktop.window.test_newer_events import NEXT
from tests.integration.store.follower.conftest import Computers, bus_of
from tests.shared_directories import OnServer
from whowas.domain.commands import CreateUser, EraseUser, UpdateUser
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.events import UserUpdated
from whowas.store import codec
from whowas.store.recorded_event import NewEvent
from whowas.store.server.making.forms import known_forms

ADA, BEN, CLEO = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abc")
FULL = r"The disk of the server .* is full, so nothing was saved\."


def test_events_of_a_newer_program_keep_an_older_one_from_writing_and_say_so(
    computers: Computers, on_server: OnServer
) -> None:
    ada = computers.open("ada")
    bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    with pytest.MonkeyPatch.context() as newer, on_server.log("ben") as log:
        newer.setattr(codec, "EVENTS", NEXT)
        event = NewEvent(ADA, 2, UserUpdated({"star_sign": "Leo"}, {}), 0, "ben", None)
        with pytest.raises(RefusedError, match="this program is newer than what was made there"):
            log.append(decided(log.head(), event, change_id=BEN))
        with on_server.cluster.superuser(on_server.database) as upgrading:
            upgrading.execute(f"DELETE FROM {on_server.schema}.form")
            upgrading.cursor().executemany(
                f"INSERT INTO {on_server.schema}.form VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", list(known_forms())
            )
        log.append(decided(log.head(), event, change_id=BEN))

    unknown = r"holds an event “UserUpdated” .* does not know. Open it with a newer version; nothing was changed\."
    for _ in range(2):
        with pytest.raises(StoreError, match=unknown):
            ada.follow()
        with pytest.raises(StoreError, match=unknown):
            bus_of(ada).dispatch(CreateUser(CLEO, {"first_name": "Cleo"}))
    with pytest.raises(StoreError, match=unknown):
        computers.open("ada")
    assert [event.position for event in ada.log.read()] == [1], "what came before it can be read"
    with on_server.log() as log:
        assert log.head().position == 2


def test_a_follower_from_before_an_erasure_that_is_put_back_forgets_again(
    computers: Computers, on_server: OnServer
) -> None:
    """As where somebody's home folder comes back from a backup."""
    ines, ben = computers.open("ines"), computers.open("ben")
    bus_of(ines).dispatch(CreateUser(ADA, {"first_name": "Adelheid", "email": "adelheid@example.org"}))
    bus_of(ines).dispatch(CreateUser(BEN, {"first_name": "Ben"}))
    ben.follow()
    path = ben.log.path
    ben.close()
    backup = path.with_name("backup")
    shutil.copyfile(path, backup)
    bus_of(ines).dispatch(EraseUser(ADA))
    with closing(computers.open("ben")) as forgetting:
        forgetting.log.sweep()
        forgetting.log.mark_swept()
        assert b"delheid" not in path.read_bytes()

    shutil.copyfile(backup, path)
    backup.unlink()
    assert b"delheid" in path.read_bytes()
    again = computers.open("ben")
    assert again.log.unswept
    assert list(again.log.erased_users()) == [ADA]
    assert again.log.verify() is None
    again.log.sweep()
    again.log.mark_swept()
    again.close()
    assert not [kept for kept in path.parent.iterdir() if b"delheid" in kept.read_bytes()]
    with on_server.log() as log:
        assert [account for account, _ in log.not_forgotten()] == ["ines"]


def test_a_server_without_room_saves_nothing_and_says_so(computers: Computers, on_server: OnServer) -> None:
    ada = computers.open("ada")
    bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    before = ada.log.head()
    with on_server.cluster.superuser(on_server.database) as connection:
        connection.execute(
            f"CREATE FUNCTION {on_server.schema}.full() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END$$"
        )
        connection.execute(
            f"CREATE TRIGGER full_disk BEFORE INSERT ON {on_server.schema}.payload "
            f"EXECUTE FUNCTION {on_server.schema}.full()"
        )
        bus = bus_of(ada)
        command_id = "01890000-0000-7000-8000-0000000000ff"
        for _ in range(2):
            with pytest.raises(StoreError, match=FULL):
                bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}), command_id=command_id)
            with (
                pytest.raises(StoreError, match=FULL),
                bus.change() as change,
            ):
                change.dispatch(UpdateUser(ADA, {"title": "Clerk"}))
            ada.follow()
            assert ada.log.head() == before
        connection.execute(f"DROP TRIGGER full_disk ON {on_server.schema}.payload")
    bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}), command_id=command_id)
    assert bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}), command_id=command_id).repeated
    with on_server.log() as log:
        assert log.head() == ada.log.head()
        assert log.head().position == before.position + 1


def test_whoever_stops_in_the_middle_of_a_locked_change_keeps_nobody_waiting_for_long(on_server: OnServer) -> None:
    """A window that hangs, or was cut off without a word: the server ends its transaction."""
    with on_server.log("ada") as log:
        with log.locked():
            ((during,),) = log.ask("SHOW idle_in_transaction_session_timeout")
        ((after,),) = log.ask("SHOW idle_in_transaction_session_timeout")
    assert (during, after) == ("15s", "0")
