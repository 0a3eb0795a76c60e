"""Erasing from a shared directory: no byte is left on the server, in any window, or in what sharing left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.integration.team.places import NOON, Place, user
from tests.leftovers_of import Person, files_with
from tests.postgres import running_cluster
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, EraseUser, SetPassword, UpdateUser
from whowas.domain.errors import RefusedError
from whowas.erasure import Erasure, erase, finish
from whowas.safekeeping import left_behind
from whowas.safekeeping.backing_up import backed_up
from whowas.safekeeping.backups import BEFORE_IMPORT, backups_of
from whowas.store.backup import save_copy
from whowas.store.event_log import EventLog
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.server.administering.sweeping import sweep
from whowas.system import folders
from whowas.team.creating import create
from whowas.team.erasing import UNREACHED, not_forgotten_told, sweep_server
from whowas.team.members import grant, revoke

PERSON = Person()


def filled(path: Path) -> Path:
    """Make a directory with the person, and with others."""
    with closing(EventLog.create(path)) as log:
        bus = Bus(log, clock=lambda: NOON, actor="ines")
        for number in range(30):
            bus.dispatch(CreateUser(user(number + 10), {"first_name": f"n{number}", "email": f"n{number}@example.org"}))
        bus.dispatch(CreateUser(user(1), PERSON.fields()))
    return path


@contextmanager
def window(place: Place, account: str) -> Iterator[SharedDirectory]:
    """Open the directory as one of the accounts does."""
    with closing(SharedDirectory.open(place.of(account))) as directory:
        yield directory


def bus_of(directory: SharedDirectory) -> Bus:
    return Bus(directory.writes, clock=directory.clock, actor=directory.account)


def remove(directory: SharedDirectory) -> Erasure:
    """Erase the person as every command does."""
    log = directory.log
    return erase(
        bus_of(directory), log, user(1), cache=folders.cache(), drafts=folders.drafts(log.directory_id), reports=()
    )


def caught_up(directory: SharedDirectory) -> None:
    directory.follow()
    finish(directory.log, cache=folders.cache(), drafts=folders.drafts(directory.log.directory_id), reports=())


def files_of(place: Place) -> Path:
    """Return the folder of the database's tables."""
    with place.superuser() as connection:
        row = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert row is not None
    return place.cluster.data / "base" / str(row[0])


@pytest.fixture
def shared(place: Place, tmp_path: Path) -> Place:
    """A place with a directory in which the person is, was altered, and has a password and backups."""
    return with_person(place, tmp_path)


def with_person(place: Place, tmp_path: Path) -> Place:
    create(filled(tmp_path / "staff.whowas"), place.address, tmp_path / "staff.whowas-team")
    with window(place, place.maker) as directory:
        bus_of(directory).dispatch(UpdateUser(user(1), PERSON.later()))
        bus_of(directory).dispatch(SetPassword(user(1), PERSON.password))
        directory.follow()
        assert backed_up(directory.log, BEFORE_IMPORT) == ""
        assert len(backups_of(directory.log)) == 2
    return place


def test_no_byte_of_them_is_left_in_the_tables_of_the_server(shared: Place, tmp_path: Path) -> None:
    folder = files_of(shared)
    with shared.superuser() as connection:
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")
    assert files_with(folder, PERSON)

    with window(shared, shared.maker) as directory, shared.log() as server:
        remove(directory)
        assert sweep_server(server)[-1] == UNREACHED
        assert sweep_server(server) == ()
    with shared.superuser() as connection:
        connection.execute("CHECKPOINT")

    assert files_with(folder, PERSON) == []
    assert files_with(tmp_path, PERSON) == []
    assert files_with(folders.state(), PERSON) == []
    with shared.log() as server:
        assert left_behind.of_directory(server.directory_id) == []
        assert server.chain_at(server.head().position) == server.head().chain


def test_no_byte_is_left_in_its_log_either_where_the_account_may_switch_that(tmp_path: Path) -> None:
    settings = {"wal_keep_size": "0", "min_wal_size": "32MB", "max_wal_size": "32MB", "wal_recycle": "off"}
    settings |= {"autovacuum": "off"}
    with running_cluster(settings=settings) as cluster:
        place = with_person(Place(cluster, cluster.database(), "postgres"), tmp_path)
        with window(place, "postgres") as directory, place.log() as server:
            remove(directory)
            assert sweep_server(server) == (UNREACHED,)

        assert files_with(files_of(place), PERSON) == []
        assert files_with(cluster.data / "pg_wal", PERSON) == []


def test_rows_that_somebody_may_still_look_at_stay_and_are_said_to(shared: Place) -> None:
    with window(shared, shared.maker) as directory, shared.log() as server:
        with shared.cluster.connect(shared.database) as reading:
            reading.autocommit = False
            reading.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            reading.execute("SELECT count(*) FROM pg_class")
            remove(directory)
            swept = sweep(server)
            assert swept is not None
            assert swept.kept == 3 + 2, "three payloads, an email and an external id"
            told = sweep_server(server)
            assert told[0].startswith("5 deleted rows are left in the server's files")
            reading.rollback()
        swept = sweep(server)
        assert swept is not None
        assert swept.kept == 0
        assert sweep(server) is None


def test_only_an_admin_erases_and_sweeps(shared: Place, place_made: Callable[[], Place]) -> None:
    for account in ("edda", "rita"):
        shared.cluster.account(account)
    with shared.log() as server:
        grant(server, "edda", "editor")
        grant(server, "rita", "reader")
    with window(shared, "edda") as directory:
        with pytest.raises(RefusedError, match="Only an admin of a shared directory may erase"):
            bus_of(directory).dispatch(EraseUser(user(1)))
        assert len(directory.log.stream(user(1))) == 3
    for account in ("edda", "rita"):
        with (
            shared.cluster.connect(shared.database, account) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("SELECT whowas.sweep_1()")


def test_what_was_kept_beside_a_follower_goes_too(shared: Place) -> None:
    with window(shared, shared.maker) as directory:
        log = directory.log
        kept = log.path.with_name("d0 lost changes.whowas")
        for path in (kept, log.path.with_name("whole 0.whowas")):
            save_copy(log, path)
        other = log.path.with_name("without passwords 1.whowas")
        save_copy(log, other)  # which another account uses, and which says itself what it has forgotten
        done = remove(directory)

        assert "“d0 lost changes.whowas” and “whole 0.whowas” held this user and were deleted." in done.backups
        assert sorted(path.name for path in log.path.parent.glob("*.whowas")) == sorted([log.path.name, other.name])


def test_who_may_nothing_here_any_more_cannot_be_reached_and_that_is_said(
    shared: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for account in ("edda", "rita"):
        shared.cluster.account(account)
    with shared.log() as server:
        for account in ("edda", "rita"):
            grant(server, account, "reader")
        for account in ("edda", "rita"):
            with monkeypatch.context() as own_computer:
                own_computer.setenv("XDG_STATE_HOME", str(tmp_path / account))
                with window(shared, account):
                    pass
        revoke(server, "edda")
        with window(shared, shared.maker) as directory:
            remove(directory)
            caught_up(directory)
        assert not_forgotten_told(server) == (
            "1 window of “rita” has not forgotten yet; it does so once connected to the server. “edda” has no right "
            "here any more, so that what a computer of theirs kept cannot be reached: it stays there until somebody "
            "deletes it."
        )


def test_every_window_forgets_and_says_so(shared: Place) -> None:
    shared.cluster.account("edda")
    with shared.log() as server:
        grant(server, "edda", "reader")  # who has a follower of their own, even on the same computer
    with window(shared, "edda") as theirs, window(shared, shared.maker) as directory, shared.log() as server:
        assert not_forgotten_told(server) == ""
        remove(directory)
        caught_up(directory)
        expected = "1 window of “edda” has not forgotten yet; it does so once connected to the server."
        assert not_forgotten_told(server) == expected

        caught_up(theirs)
        theirs.follow()

        assert not_forgotten_told(server) == ""
        assert theirs.log.erased_users() == [user(1)]
    assert files_with(folders.state(), PERSON) == []
