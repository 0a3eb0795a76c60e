"""A directory on a server, open on several computers: what each sees, and that what it is told is so."""

from __future__ import annotations

import errno
import os
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import uuid_utils

from tests.delaying_proxy import DelayingProxy
from tests.integration.store.follower.conftest import Computers, bus_of, head_on, require_sound
from tests.pooler import running_pooler
from tests.shared_directories import OnServer
from tests.unit.store.follower.followed_file import owners
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.errors import ConflictError, RefusedError, StoreError
from whowas.store.follower import kept, shared_directory, shared_log, waiting
from whowas.store.follower.kept import LastKnown, Lost
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.server.errors import NotConnectedError
from whowas.store.server.server_log import ServerLog
from whowas.system import folders

ADA, BEN, CLEO = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abc")


def test_what_one_saves_the_other_sees(computers: Computers, on_server: OnServer) -> None:
    ada, ben = computers.open("ada"), computers.open("ben")
    receipt = bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada", "email": "ada@example.org"}, {}))
    assert (receipt.first_position, receipt.last_position) == (1, 1)
    assert ada.log.head().position == 1, "who saved has it without asking"
    assert ben.follow()
    assert not ben.follow()
    assert ben.log.stream(ADA) == ada.log.stream(ADA)
    assert ben.log.stream(ADA)[0].actor == "ada"
    bus_of(ben).dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
    for each in (ada, ben):
        require_sound(each, on_server)
    assert owners(ada.log.path) == owners(ben.log.path)


def test_closing_does_not_wait_for_whoever_asks_a_silent_server(computers: Computers) -> None:
    """As where a window is closed while its thread waits for an answer that the network has lost."""
    ada = computers.open("ada")
    asks, answered = threading.Event(), threading.Event()

    def ask(_server: object) -> None:
        asks.set()
        answered.wait()

    asking = threading.Thread(target=lambda: ada._link.asked(ask))
    asking.start()
    assert asks.wait(10)
    closing_it = threading.Thread(target=ada.close)
    closing_it.start()
    closing_it.join(8)
    has_closed = not closing_it.is_alive()
    answered.set()
    asking.join()
    closing_it.join()
    assert has_closed
    assert ada._link._connection is None, "whoever was asking lets go of it"


def test_what_two_threads_remember_at_once_is_all_remembered(
    computers: Computers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where somebody lets lost changes go while the window's own thread has just seen the server."""
    ada = computers.open("ada")
    ada._remembered.note(lost=Lost("lost changes.whowas", 0, 1))
    remember, begins, go_on = ada._remembered.kept.remember, threading.Event(), threading.Event()

    def slowly(known: LastKnown) -> LastKnown:
        if not begins.is_set():
            begins.set()
            go_on.wait(1)
        return remember(known)

    monkeypatch.setattr(ada._remembered.kept, "remember", slowly)
    seeing = threading.Thread(target=ada._remembered.note, kwargs={"skew": 7})
    seeing.start()
    assert begins.wait(10)
    ada._remembered.note(lost=None)
    go_on.set()
    seeing.join()
    assert (ada._remembered.known.lost, ada._remembered.known.skew) == (None, 7)


def test_nothing_is_written_to_a_follower_past_the_server(computers: Computers) -> None:
    ada = computers.open("ada")
    with pytest.raises(StoreError, match="written to on its server"):
        Bus(ada.log, clock=ada.clock, actor="ada").dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))


def test_a_conflict_is_told_as_ever(computers: Computers) -> None:
    ada, ben = computers.open("ada"), computers.open("ben")
    bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    ben.follow()
    bus_of(ada).dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}), expected_version=1)
    with pytest.raises(ConflictError):
        bus_of(ben).dispatch(UpdateUser(ADA, {"title": "Cook"}, {}), expected_version=1)
    with pytest.raises(RefusedError) as refused:
        bus_of(ben).dispatch(UpdateUser(CLEO, {"title": "Cook"}, {}))
    assert refused.value.field == "id"


def test_an_email_taken_meanwhile_is_refused_beside_its_field(computers: Computers) -> None:
    ada, ben = computers.open("ada"), computers.open("ben")
    bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada", "email": "a@example.org"}, {}))
    with pytest.raises(RefusedError) as refused:
        bus_of(ben).dispatch(CreateUser(BEN, {"first_name": "Ben", "email": "A@example.org"}, {}))
    assert refused.value.field == "email"
    assert ben.log.head() == ada.log.head()


def test_two_programs_on_one_computer_follow_into_one_file(computers: Computers, on_server: OnServer) -> None:
    one, other = computers.open("ada", "shared"), computers.open("ben", "shared")
    assert one.log.path == other.log.path
    threads = [
        threading.Thread(target=write, args=(directory, user_id)) for directory, user_id in ((one, ADA), (other, BEN))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    require_sound(one, on_server)
    assert one.log.head().position == 42


def write(directory: SharedDirectory, user_id: str) -> None:
    bus = bus_of(directory)
    bus.dispatch(CreateUser(user_id, {"first_name": "x", "email": f"{user_id}@example.org"}, {}))
    for number in range(20):
        bus.dispatch(UpdateUser(user_id, {"title": f"{number}"}, {}))
    directory.log.close()  # the connection of this thread


def test_three_writers_lose_nothing_and_double_nothing(computers: Computers, on_server: OnServer) -> None:
    """A tenth of their changes is about one and the same user, so that they collide."""
    opened = [computers.open(account, computer) for account, computer in (("ada", "1"), ("ben", "2"), ("ines", "3"))]
    bus_of(opened[0]).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    failures: list[BaseException] = []

    def edit(directory: SharedDirectory, name: str) -> None:
        try:
            bus, own = bus_of(directory), str(uuid_utils.uuid7())
            bus.dispatch(CreateUser(own, {"first_name": name}, {}))
            for number in range(40):
                about = ADA if number % 10 == 0 else own
                bus.dispatch(UpdateUser(about, {"title": f"{name} {number}"}, {}))
        except BaseException as error:  # noqa: BLE001 (told by the test)
            failures.append(error)
        finally:
            directory.log.close()

    threads = [threading.Thread(target=edit, args=(each, each.account)) for each in opened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for each in opened:
        require_sound(each, on_server)
    assert opened[0].log.head().position == 1 + 3 * 41


def test_nothing_can_be_saved_while_the_server_is_away(computers: Computers, proxy: DelayingProxy) -> None:
    directory = computers.open("ada", through=proxy)
    bus_of(directory).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    proxy.is_down = True
    proxy.cut_all()
    with pytest.raises(NotConnectedError, match="This was not saved"):
        bus_of(directory).dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
    began = time.monotonic()
    with pytest.raises(NotConnectedError):
        directory.follow()
    assert directory.offline is not None
    assert directory.offline_since is not None
    assert directory.present() == []
    assert directory.wait(5), "it is tried again"
    assert time.monotonic() - began >= waiting.RETRIES_S[0]
    proxy.is_down = False
    assert not directory.follow()
    assert directory.offline is None
    bus_of(directory).dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))


def test_it_opens_without_the_server(computers: Computers, proxy: DelayingProxy) -> None:
    directory = computers.open("rita", through=proxy)
    bus_of(computers.open("ada")).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    computers.at("rita")
    directory.follow()
    directory.close()
    proxy.is_down = True
    again = computers.open("rita", through=proxy)
    assert again.offline is not None
    assert (again.account, again.rights, again.log.head().position) == ("rita", "reader", 1)
    assert again.offline_since == again.seen_at > 0
    by_url = computers.address("rita", proxy)
    with closing(SharedDirectory.open(replace(by_url, directory_id=None))) as known:
        assert known.log.head() == again.log.head()
    with pytest.raises(NotConnectedError):
        SharedDirectory.open(replace(by_url, user="ines", directory_id=None))
    proxy.is_down = False
    again.hurry()
    assert again.wait(0)
    again.follow()
    assert again.offline is None


def test_others_wake_whoever_waits(computers: Computers, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEARING_S", "DEAF_S"):  # so that nobody looks of their own accord
        monkeypatch.setattr(waiting, name, 3600)
    ada, ben = computers.open("ada"), computers.open("ben")
    assert ben.wait(5), "what came before it listened is still to be read"
    ben.follow()
    assert not ben.wait(0.1)
    saved = threading.Timer(0.2, lambda: bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {})))
    saved.start()
    assert ben.wait(60)
    assert ben.follow()
    saved.join()
    assert ben.present() == ["ben"]
    assert ada.wait(5)
    assert ben.present() == ["ada", "ben"]
    closing_soon = threading.Timer(0.2, ben.close)
    closing_soon.start()
    assert not ben.wait(3600), "closing wakes"
    closing_soon.join()
    while ada.present() != ["ada"]:  # the server may take a moment to notice
        time.sleep(0.02)


def test_behind_a_pooler_the_head_is_looked_at(
    computers: Computers, on_server: OnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nothing to be listened to, as each statement may be another session's."""
    monkeypatch.setattr(waiting, "HEARING_S", 3600)
    ada = computers.open("ada")
    with running_pooler(on_server.cluster, ["ben"]) as folder:
        computers.at("ben")
        through = replace(computers.address("ben"), host=folder, port="6432")
        with closing(SharedDirectory.open(through)) as ben:
            while ben.wait(0):
                ben.follow()
            bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
            assert ben.wait(20)
            assert ben.follow()
            bus_of(ben).dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
            with bus_of(ben).change() as change:
                change.dispatch(UpdateUser(ADA, {"title": "Cook"}, {}))
            require_sound(ben, on_server)
            assert ada.present() == [], "nobody listens"
            with closing(SharedDirectory.open(through)) as again:
                for title in ("Clerk", "Cook", "Head", "Count"):
                    bus_of(ben).dispatch(UpdateUser(ADA, {"title": title}, {}))
                    bus_of(again).dispatch(UpdateUser(ADA, {"department": title}, {}))
    require_sound(ada, on_server)


def test_the_server_remembers_what_is_asked_again_and_again(on_server: OnServer) -> None:
    with on_server.log("ada") as log:
        for _ in range(4):
            log.head()
        remembered = log.connection.execute("SELECT statement FROM pg_prepared_statements").fetchall()
    assert any("head" in statement for (statement,) in remembered)


def test_a_client_whose_clock_is_an_hour_off_does_no_harm(
    computers: Computers, on_server: OnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = 3_600 * 10**9
    now = time.time_ns
    for off in (hour, -hour):
        monkeypatch.setattr(time, "time_ns", lambda off=off: now() + off)
        directory = computers.open("ada", f"off by {off}")
        user_id = str(uuid_utils.uuid7())
        bus_of(directory).dispatch(CreateUser(user_id, {"first_name": "Ada"}, {}))
        bus_of(directory).dispatch(UpdateUser(user_id, {"title": "Clerk"}, {}))
        assert abs(directory.clock() - now() // 1000) < 5_000_000
        for recorded in directory.log.stream(user_id):
            assert abs(recorded.recorded_at - now() // 1000) < 5_000_000
            assert recorded.occurred_at == recorded.recorded_at
        require_sound(directory, on_server)


def test_that_nothing_can_be_noted_takes_back_nothing_that_was_saved(
    computers: Computers, proxy: DelayingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = computers.open("ada", through=proxy)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(kept, "write_whole", full)
    monkeypatch.setattr(shared_directory, "_REMEMBERED_US", -1)
    receipt = bus_of(ada).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    assert receipt.events == 1
    assert ada.log.head().position == 1
    assert not ada.follow()
    proxy.is_down = True
    proxy.cut_all()
    with pytest.raises(NotConnectedError):
        ada.follow()
    assert ada.offline is not None


def test_everything_kept_is_for_its_owner_alone(computers: Computers, tmp_path: Path) -> None:
    bus_of(computers.open("ada")).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    found = list((folders.state() / "followers").rglob("*"))
    assert found
    for path in found:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_where_others_write_what_they_wrote_comes_with_the_answer(
    computers: Computers, on_server: OnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_log, "_FRESH_S", 60.0)
    ada, ben = computers.open("ada"), computers.open("ben")
    bus_of(ben).dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    bus_of(ada).dispatch(CreateUser(BEN, {"first_name": "Ben"}))  # and finds that somebody else has been here
    bus_of(ben).dispatch(UpdateUser(ADA, {"title": "Countess"}))
    with monkeypatch.context() as asking_for_rows_fails:
        asking_for_rows_fails.setattr(ServerLog, "pages", None)
        bus_of(ada).dispatch(UpdateUser(BEN, {"title": "King"}))
        assert ada.log.head().position == head_on(on_server) == 4
        with pytest.raises(TypeError):
            ada.follow()
    require_sound(ada, on_server)


def test_a_save_is_told_where_looking_for_others_fails(
    computers: Computers, on_server: OnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben = computers.open("ada"), computers.open("ben")
    bus_of(ben).dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    bus_of(ada).dispatch(CreateUser(BEN, {"first_name": "Ben"}))
    bus_of(ben).dispatch(UpdateUser(ADA, {"title": "Countess"}))
    with monkeypatch.context() as looking_fails:
        looking_fails.setattr(
            "whowas.store.server.server_log._SELECT_PAGE", "SELECT %s::bigint, %s::bigint, %s::bigint / 0, %s::bigint"
        )
        receipt = bus_of(ada).dispatch(UpdateUser(BEN, {"title": "King"}))
    assert (receipt.first_position, receipt.last_position) == (4, 4)
    require_sound(ada, on_server)
