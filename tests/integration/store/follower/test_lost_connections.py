"""What is saved while the connection to the server is lost, or says nothing, is saved once, or it is said that not."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import uuid_utils

from tests.delaying_proxy import STEPS, DelayingProxy, Step
from tests.integration.store.follower.conftest import Computers, bus_of, head_on, require_sound
from tests.postgres import running_cluster
from tests.shared_directories import OnServer, installed
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.errors import StoreError, UncertainError
from whowas.store.follower import shared_deciding, silence
from whowas.store.server.errors import NotConnectedError

ADA = "01890000-0000-7000-8000-00000000000a"
APPEND = b"append_1"


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
