"""A directory on a server, open on several computers: what each sees, and that what it is told is so."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
import threading
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import uuid_utils
from psycopg import sql

from tests.altered_files import alter
from tests.delaying_proxy import STEPS, DelayingProxy, Step
from tests.integration.store.follower.conftest import Computers, bus_of
from tests.pooler import running_pooler
from tests.postgres import running_cluster
from tests.shared_directories import OnServer, installed
from tests.unit.store.follower.followed_file import owners
from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.corrections.sending_again import send_again
from whowas.domain.commands import ClearPassword, CreateUser, EraseUser, SetPassword, UpdateUser
from whowas.domain.errors import ConflictError, RefusedError, StoreError, UncertainError
from whowas.domain.events import PasswordSet
from whowas.domain.hidden import is_stand_in
from whowas.store.event_log import EventLog
from whowas.store.follower import kept, shared_deciding, shared_directory, shared_log, silence, waiting
from whowas.store.follower.kept import LastKnown, Lost
from whowas.store.follower.lost_changes import LostChangesError
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.server.administering.membership import set_rights
from whowas.store.server.errors import NotConnectedError
from whowas.store.server.server_log import ServerLog
from whowas.system import folders

ADA, BEN, CLEO = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abc")
APPEND = b"append_1"


def head_on(on_server: OnServer) -> int:
    with on_server.log() as log:
        return log.head().position


def require_sound(directory: SharedDirectory, on_server: OnServer) -> None:
    directory.follow()
    with on_server.log() as log:
        assert directory.log.head() == log.head()
    assert directory.log.verify() is None


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
    ada._remember(lost=Lost("lost changes.whowas", 0, 1))
    remember, begins, go_on = ada._kept.remember, threading.Event(), threading.Event()

    def slowly(known: LastKnown) -> LastKnown:
        if not begins.is_set():
            begins.set()
            go_on.wait(1)
        return remember(known)

    monkeypatch.setattr(ada._kept, "remember", slowly)
    seeing = threading.Thread(target=ada._remember, kwargs={"skew": 7})
    seeing.start()
    assert begins.wait(10)
    ada._remember(lost=None)
    go_on.set()
    seeing.join()
    assert (ada._known.lost, ada._known.skew) == (None, 7)


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


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("is_locked", [False, True])
def test_a_connection_cut_while_saving_saves_once(
    computers: Computers, on_server: OnServer, proxy: DelayingProxy, step: Step, is_locked: bool
) -> None:
    directory = computers.open("ada", through=proxy)
    bus = bus_of(directory)
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    proxy.cut_at(APPEND, step)
    if is_locked:
        with bus.change() as change:
            change.dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
    else:
        receipt = bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
        assert (receipt.first_position, receipt.last_position) == (2, 2)
    assert proxy.cuts == 1
    require_sound(directory, on_server)
    assert directory.log.head().position == 2


@pytest.mark.parametrize("words", [APPEND, b"COMMIT", b".head"])
@pytest.mark.parametrize("step", ["before", "request cut", "asked", "answer cut"])
def test_a_connection_that_is_silent_for_good_is_given_up_and_all_is_saved_once(
    computers: Computers,
    on_server: OnServer,
    proxy: DelayingProxy,
    monkeypatch: pytest.MonkeyPatch,
    step: Step,
    words: bytes,
) -> None:
    """As of a proxy that hangs: it is still there for the system, and nothing ever comes of what is asked."""
    monkeypatch.setattr(silence, "LOOK_S", 0.05)
    directory = computers.open("ada", through=proxy)
    bus_of(directory).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    proxy.swallows = True
    proxy.cut_at(words, step)
    with bus_of(directory).change() as change:
        change.dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
    assert proxy.cuts == 1
    require_sound(directory, on_server)
    assert directory.log.head().position == 2


def test_a_server_that_takes_long_is_waited_for(
    computers: Computers, on_server: OnServer, proxy: DelayingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "LOOK_S", 0.05)
    directory = computers.open("ada", through=proxy)
    bus_of(directory).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    working = directory._link.server().connection.info.backend_pid
    with on_server.cluster.superuser(on_server.database) as busy:
        busy.execute("BEGIN")
        busy.execute(f"SELECT 1 FROM {on_server.schema}.head FOR UPDATE")
        freed = threading.Timer(2.0, busy.execute, ["COMMIT"])
        freed.start()
        bus_of(directory).dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
        freed.join()
    assert directory._link.server().connection.info.backend_pid == working
    require_sound(directory, on_server)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the server tells")
def test_what_comes_through_is_seen(computers: Computers, proxy: DelayingProxy) -> None:
    directory = computers.open("ada", through=proxy)
    server = directory._link.server()
    seen = [silence._passed(server.connection) for _ in range(2)]
    assert seen[0] == seen[1] != b""
    server.head()
    assert silence._passed(server.connection) != seen[0]


@pytest.mark.parametrize("words", [b"COMMIT", b"lock_1", b"BEGIN"])
@pytest.mark.parametrize("step", STEPS)
def test_a_connection_cut_around_a_locked_change_saves_it_once(
    computers: Computers, on_server: OnServer, proxy: DelayingProxy, step: Step, words: bytes
) -> None:
    directory = computers.open("ada", through=proxy)
    bus_of(directory).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    proxy.cut_at(words, step)
    with bus_of(directory).change() as change:
        change.dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
    assert proxy.cuts == 1
    require_sound(directory, on_server)
    assert directory.log.head().position == 2


@pytest.mark.parametrize("step", STEPS)
def test_a_connection_cut_in_an_import_saves_it_once(
    computers: Computers, on_server: OnServer, proxy: DelayingProxy, step: Step
) -> None:
    directory = computers.open("ada", through=proxy)

    def decide(change: Change) -> None:
        for number in range(50):
            change.dispatch(CreateUser(str(uuid_utils.uuid7()), {"first_name": f"{number}"}, {}))

    for words in (APPEND, b"COMMIT"):
        before = head_on(on_server)
        proxy.cut_at(words, step)
        with suppress(NotConnectedError):  # then nothing was written
            bus_of(directory).carry_out(decide, whole=True)
            before += 50
        assert head_on(on_server) == before
    require_sound(directory, on_server)


def test_who_cannot_be_asked_what_became_of_it_says_so(
    computers: Computers, on_server: OnServer, proxy: DelayingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_deciding, "_TRIES_S", (0.0, 0.1))
    directory = computers.open("ada", through=proxy)
    bus_of(directory).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    proxy.cut_at(APPEND, "asked")
    proxy.is_down = True
    with pytest.raises(StoreError, match="cannot be asked now whether that was done"):
        bus_of(directory).dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))
    proxy.is_down = False
    require_sound(directory, on_server)
    assert directory.log.head().position == 2


def test_that_the_server_is_busy_says_nothing_of_a_change_whose_answer_was_lost(
    computers: Computers, on_server: OnServer, proxy: DelayingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the connection broke while the change waits for a second server, and all others for the change."""
    monkeypatch.setattr(shared_deciding, "_TRIES_S", (0.0,))
    directory = computers.open("ada", through=proxy)
    bus_of(directory).dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
    with on_server.log("ben") as other, other.locked():
        proxy.cut_at(APPEND, "before")
        with pytest.raises(UncertainError, match="cannot be asked now whether that was done"):
            bus_of(directory).dispatch(UpdateUser(ADA, {"title": "Clerk"}, {}))


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


def test_the_server_is_killed_between_statements(computers: Computers, tmp_path: Path) -> None:
    del tmp_path
    with running_cluster() as cluster:
        mine = installed(cluster)
        mine.member("ada", "editor")
        own = Computers(mine, computers.at("killing"), computers._at, computers._held)
        directory = own.open("ada")
        bus, saved = bus_of(directory), 0
        bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}, {}))
        for number in range(6):
            killer = threading.Timer(0.004 * number, lambda: (cluster.kill(), cluster.start()))
            killer.start()
            until = time.monotonic() + 0.05
            while killer.is_alive() or time.monotonic() < until:
                try:
                    bus.dispatch(UpdateUser(ADA, {"title": f"{saved}"}, {}))
                except NotConnectedError:
                    continue
                saved += 1
            killer.join()
        require_sound(directory, mine)
        assert directory.log.head().position == 1 + saved
        directory.close()


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
