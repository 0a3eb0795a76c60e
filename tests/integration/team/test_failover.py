"""A server that fails and is followed by its standby: what it had acknowledged is there, or is named as lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.team.places import directory, user
from tests.postgres import Cluster, running_cluster
from whowas.command_bus.bus import Bus
from whowas.corrections.sending_again import send_again
from whowas.domain.commands import UpdateUser
from whowas.domain.errors import StoreError
from whowas.store.follower.lost_changes import LostChangesError
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.server.address import ServerAddress
from whowas.store.server.errors import NotConnectedError
from whowas.store.server.team_file import read_team_file
from whowas.team.connected import server_at
from whowas.team.creating import create

_PATIENCE_S = 60


@contextmanager
def pair(tmp_path: Path, *, synchronous: bool) -> Iterator[tuple[Cluster, Cluster, ServerAddress]]:
    """Yield a server, its standby, and what the team file of a directory says that names both."""
    with ExitStack() as stack:
        first = stack.enter_context(running_cluster(tcp=True))
        second = stack.enter_context(running_cluster(standby_of=first, tcp=True))
        if synchronous:
            first.set(synchronous_standby_names="*")
        address = ServerAddress(
            host="127.0.0.1,127.0.0.1",
            port=f"{first.port},{second.port}",
            dbname=first.database(),
            user="postgres",
            sslmode="disable",
        )
        create(directory(tmp_path / "staff.whowas"), address, tmp_path / "staff.whowas-team")
        yield first, second, read_team_file(tmp_path / "staff.whowas-team")


def opened(address: ServerAddress) -> closing[SharedDirectory]:
    return closing(SharedDirectory.open(as_postgres(address)))


def as_postgres(address: ServerAddress) -> ServerAddress:
    return replace(address, user="postgres")


def save(window: SharedDirectory, title: str) -> None:
    Bus(window.writes, clock=window.clock, actor=window.account).dispatch(UpdateUser(user(0), {"title": title}))


def save_locked(window: SharedDirectory, title: str) -> None:
    with Bus(window.writes, clock=window.clock, actor=window.account).change() as change:
        change.dispatch(UpdateUser(user(0), {"title": title}))


def promote(standby: Cluster) -> None:
    with standby.superuser() as connection:
        connection.execute("SELECT pg_promote(true, 60)")


def caught_up(first: Cluster, second: Cluster) -> None:
    """Wait until the standby shows all that its server has."""
    with first.superuser() as ahead, second.superuser() as behind:
        (position,) = ahead.execute("SELECT pg_current_wal_lsn()").fetchone() or ()
        until = time.monotonic() + _PATIENCE_S
        while behind.execute("SELECT pg_last_wal_replay_lsn() < %s", (position,)).fetchone() == (True,):
            assert time.monotonic() < until
            time.sleep(0.02)


def after_a_while(window: SharedDirectory, title: str) -> None:
    """Save as soon as there is a connection again."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        with suppress(NotConnectedError):
            save(window, title)
            return
        assert time.monotonic() < until
        time.sleep(0.1)


def test_with_a_synchronous_standby_nothing_is_lost_and_an_open_window_goes_on(tmp_path: Path) -> None:
    with pair(tmp_path, synchronous=True) as (first, second, address), opened(address) as window:
        for number in range(20):
            save(window, f"Title {number}")
        assert not window.writes.not_copied
        window.follow()
        before = window.log.head()

        first.kill()
        promote(second)
        after_a_while(window, "after")
        window.follow()

        assert window.log.chain_at(before.position) == before.chain
        assert window.log.head().position == before.position + 1
        assert (window.lost(), window.log.verify()) == (None, None)


def test_what_an_asynchronous_standby_had_not_got_is_named_and_sent_again_after_what_others_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pair(tmp_path, synchronous=False) as (first, second, address):
        with opened(address) as window:
            save(window, "on both")
            caught_up(first, second)
            second.stop()
            for number in range(21):
                save(window, f"lost {number}")
            window.follow()
            through = window.log.head().position - 21
            first.kill()
            second.start()
            promote(second)
            with monkeypatch.context() as another_computer:
                another_computer.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
                with opened(address) as other:
                    for number in range(25):
                        save(other, f"others {number}")
            with pytest.raises(LostChangesError, match="Others were saved in their place"):
                window.follow()

        with opened(address) as window:
            lost = window.lost()
            assert lost is not None
            changes = list(lost.changes())
            assert (lost.through, lost.count, len(changes)) == (through, 21, 21)
            titles = [event.event.changes["title"] for change in changes for event in change.events]  # type: ignore[union-attr]
            assert titles == [f"lost {number}" for number in range(21)]
            assert {change.actor for change in changes} == {"postgres"}
            assert window.remark is not None
            assert "no longer has 21 events" in window.remark
            assert window.log.head().position == through + 25
            bus = Bus(window.writes, clock=window.clock, actor=window.account)
            assert all(sent.receipt is not None for sent in send_again(bus, changes, lost.count))
            assert window.log.head().position == through + 25 + 21
            assert window.log.verify() is None
        with opened(address) as window:
            assert window.lost() == lost, "until they are sent or let go"


def test_a_missing_synchronous_standby_keeps_nothing_from_being_saved_once(tmp_path: Path) -> None:
    with pair(tmp_path, synchronous=True) as (first, second, address), opened(address) as window:
        for saved in (save, save_locked):
            saved(window, f"{saved.__name__} on both")
            assert not window.writes.not_copied
            before = window.log.head().position
            second.stop()
            saving = threading.Thread(target=saved, args=(window, f"{saved.__name__} on one"))
            saving.start()
            with first.superuser() as connection:
                until = time.monotonic() + _PATIENCE_S
                while not connection.execute(
                    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                ).fetchall():
                    assert time.monotonic() < until
                    time.sleep(0.05)
            saving.join(_PATIENCE_S)

            assert not saving.is_alive()
            assert window.writes.not_copied, saved
            window.follow()
            assert window.log.head().position == before + 1
            second.start()


def test_a_standby_by_itself_is_no_place_to_save(tmp_path: Path) -> None:
    with pair(tmp_path, synchronous=False) as (first, second, address):
        caught_up(first, second)
        alone = ServerAddress(
            host="127.0.0.1", port=str(second.port), dbname=address.dbname, user="postgres", sslmode="disable"
        )
        with pytest.raises(StoreError, match="only copies another one"), server_at(alone):
            pass
