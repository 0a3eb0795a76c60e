"""A directory that goes to a server and comes back is the same, byte for byte; and what cannot go stays as it was."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.integration.store.test_upgrade import golden
from tests.integration.team.places import NOON, Place, directory, followed, rows_of, user
from tests.properties.histories import HISTORIES, taken_in
from whowas.command_bus.bus import Bus
from whowas.domain.commands import Command, CreateUser, EraseUser
from whowas.domain.errors import CancelledError, RefusedError, StoreError, UnfinishedError
from whowas.safekeeping import backup_places, left_behind
from whowas.safekeeping.backing_up import backed_up
from whowas.safekeeping.backups import BEFORE_SHARING, DAILY, backups_of
from whowas.store.event_log import EventLog, ReadOnlyError
from whowas.store.file import handing_over
from whowas.store.file.identity import MovedFileError
from whowas.store.follower.follower import Follower
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.server.making.moving_in import found_at
from whowas.store.server.team_file import read_team_file
from whowas.team import creating
from whowas.team.creating import create
from whowas.team.taking_back import take_back


def there_and_back(file: Path, place: Place, tmp_path: Path) -> Path:
    """Move a directory to the server, follow it, and take it back; return the file that it is in then."""
    created = create(file, place.address, tmp_path / "staff.whowas-team")
    with place.log() as server, closing(followed(server, tmp_path / "follower.whowas")) as log:
        assert server.head() == created.head
        assert log.verify(created.head) is None
        assert take_back(log, tmp_path / "back.whowas") == created.head
    return tmp_path / "back.whowas"


def owners_of(path: Path) -> list[list[tuple[str, bytes]]]:
    with closing(sqlite3.connect(path)) as connection:
        return [
            connection.execute(f"SELECT * FROM {kind}_owner ORDER BY 1, 2").fetchall()
            for kind in ("email", "external_id")
        ]


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0", "0.4.0", "0.5.0", "0.6.0"])
def test_a_directory_of_each_version_comes_back_as_it_went(place: Place, tmp_path: Path, version: str) -> None:
    file = golden(tmp_path, version)
    rows = rows_of(file)

    back = there_and_back(file, place, tmp_path)

    assert rows_of(back) == rows
    assert rows_of(tmp_path / "old before sharing.whowas") == rows
    assert not file.exists()


def test_a_readers_copy_is_not_moved_as_passwords_are_hidden_in_it(place: Place, tmp_path: Path) -> None:
    file = golden(tmp_path, "0.7.0")
    rows = rows_of(file)

    with pytest.raises(StoreError, match=r"is a reader's copy of a shared directory, without the passwords"):
        create(file, place.address, tmp_path / "staff.whowas-team")

    assert rows_of(file) == rows


def test_what_was_erased_stays_so_and_owners_are_who_they_were(place: Place, tmp_path: Path) -> None:
    file = directory(tmp_path / "staff.whowas")
    owners = owners_of(file)

    back = there_and_back(file, place, tmp_path)

    assert owners_of(back) == owners_of(tmp_path / "follower.whowas") == owners
    with closing(EventLog.open(back)) as log:
        assert (log.erased_users(), log.unswept) == ([user(1)], False)


@settings(settings.get_profile("brief"))
@given(HISTORIES)
def test_any_history_comes_back_as_it_was(
    place_made: Callable[[], Place], tmp_path_factory: pytest.TempPathFactory, history: list[tuple[Command, int]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    with taken_in(history) as (log, _, _):
        log.settle()
        shutil.copy(log.path, folder / "staff.whowas")
    rows = rows_of(folder / "staff.whowas")

    assert rows_of(there_and_back(folder / "staff.whowas", place_made(), folder)) == rows


def test_the_team_file_leads_to_it_and_the_file_counts_as_a_backup(place: Place, tmp_path: Path) -> None:
    file = directory(tmp_path / "staff.whowas")

    created = create(file, place.address, tmp_path / "staff.whowas-team")

    assert read_team_file(created.team_file).directory_id == created.address.directory_id == found_at(created.address)
    assert created.left_behind == tmp_path / "staff before sharing.whowas"
    assert backup_places.is_backup(created.left_behind)
    assert [one.path for one in backups_of(str(created.address.directory_id))] == [created.left_behind]
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"staff.whowas-team", "staff before sharing.whowas"}


def test_where_open_files_cannot_be_renamed_it_is_closed_first(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over, "OPEN_FILES_STAY", True)
    file = directory(tmp_path / "staff.whowas")
    rows = rows_of(file)

    noted = left_behind.note

    def changed(directory_id: str, path: Path, *rest: Any) -> None:
        noted(directory_id, path, *rest)
        with closing(EventLog.open(file)) as log:
            Bus(log, clock=lambda: NOON, actor="ines").dispatch(CreateUser(user(50), {"first_name": "Meanwhile"}))

    with monkeypatch.context() as patched:
        patched.setattr(left_behind, "note", changed)
        with pytest.raises(StoreError, match="was changed meanwhile"):
            create(file, place.address, tmp_path / "staff.whowas-team")
    with closing(EventLog.open(file)) as log:
        assert log.head().position == len(rows) + 1
    assert left_behind.in_doubt(file) is None

    assert len(rows_of(there_and_back(file, place, tmp_path))) == len(rows) + 1


def test_long_values_in_any_script_go_too(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "staff.whowas"
    with closing(EventLog.create(file)) as log:
        fields = {"external_id": "".join(chr(0x4E00 + number * 7 % 20_000) for number in range(1_000))}
        Bus(log, clock=lambda: NOON, actor="ines" * 20).dispatch(CreateUser(user(1), fields))
    rows = rows_of(file)

    assert rows_of(there_and_back(file, place, tmp_path)) == rows


def test_a_schema_that_is_there_and_empty_will_do(place: Place, tmp_path: Path) -> None:
    with place.superuser() as connection:
        connection.execute(f"CREATE SCHEMA whowas AUTHORIZATION {place.maker}")

    there_and_back(directory(tmp_path / "staff.whowas"), place, tmp_path)


def as_it_was(file: Path, place: Place, created: Path) -> None:
    """See that nothing came of it: the file can be written to, and nothing is on the server."""
    assert not created.exists()
    with closing(EventLog.open(file)) as log:
        backup_places.keep_as_it_is(log)
        Bus(log, clock=lambda: NOON, actor="ines").dispatch(CreateUser(user(99_999), {"first_name": "Later"}))
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    with place.superuser() as connection:
        found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'whowas'").fetchone()
    assert found is None


def test_cancelling_leaves_everything_as_it_was(place: Place, tmp_path: Path) -> None:
    file, team_file = directory(tmp_path / "staff.whowas", 4_000), tmp_path / "staff.whowas-team"
    steps: list[int] = []
    create_until = [0]

    def progress(done: int, total: int) -> None:
        steps.append(done)
        if len(steps) == create_until[0]:
            raise CancelledError("enough")

    for create_until[0] in (1, 6, 11, 16):
        steps.clear()
        with pytest.raises(CancelledError):
            create(file, place.address, team_file, progress)
    as_it_was(file, place, team_file)


def test_a_damaged_one_does_not_go(place: Place, tmp_path: Path) -> None:
    file = directory(tmp_path / "staff.whowas")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DELETE FROM email_owner")
        connection.commit()

    with pytest.raises(StoreError, match="was not moved to a server"):
        create(file, place.address, tmp_path / "staff.whowas-team")

    as_it_was(file, place, tmp_path / "staff.whowas-team")


def test_one_with_traces_of_somebody_erased_does_not_go(place: Place, tmp_path: Path) -> None:
    file = directory(tmp_path / "staff.whowas")
    with closing(EventLog.open(file)) as log:
        Bus(log, clock=lambda: NOON, actor="ines").dispatch(EraseUser(user(2)))

    with pytest.raises(StoreError, match="still has traces of somebody erased"):
        create(file, place.address, tmp_path / "staff.whowas-team")

    as_it_was(file, place, tmp_path / "staff.whowas-team")


def test_one_that_another_program_writes_to_does_not_go(place: Place, tmp_path: Path) -> None:
    file = directory(tmp_path / "staff.whowas")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="in use by another program"):
            create(file, place.address, tmp_path / "staff.whowas-team")
    as_it_was(file, place, tmp_path / "staff.whowas-team")


def test_who_has_it_open_elsewhere_saves_nothing_into_what_is_left(place: Place, tmp_path: Path) -> None:
    file = directory(tmp_path / "staff.whowas")
    with closing(EventLog.open(file)) as other:
        created = create(file, place.address, tmp_path / "staff.whowas-team")
        with pytest.raises(MovedFileError):
            Bus(other, clock=lambda: NOON, actor="ines").dispatch(CreateUser(user(99_999), {"first_name": "Late"}))

    with closing(EventLog.open(created.left_behind)) as left:
        backup_places.keep_as_it_is(left)
        assert left.head() == created.head
        with pytest.raises(ReadOnlyError):
            Bus(left, clock=lambda: NOON, actor="ines").dispatch(CreateUser(user(99_999), {"first_name": "Late"}))


def test_a_schema_with_something_in_it_is_refused(place: Place, tmp_path: Path) -> None:
    create(directory(tmp_path / "first.whowas"), place.address, tmp_path / "first.whowas-team")
    second = directory(tmp_path / "second.whowas")

    with pytest.raises(RefusedError, match="There is something in the schema “whowas” already"):
        create(second, place.address, tmp_path / "second.whowas-team")

    assert second.exists()
    assert not (tmp_path / "second.whowas-team").exists()


def test_an_account_without_rights_is_told_so(place: Place, tmp_path: Path) -> None:
    place.cluster.account("guest")
    file = directory(tmp_path / "staff.whowas")

    with pytest.raises(StoreError, match="ALTER ROLE … CREATEROLE"):
        create(file, place.of("guest"), tmp_path / "staff.whowas-team")

    as_it_was(file, place, tmp_path / "staff.whowas-team")


def test_a_team_file_that_is_there_is_not_replaced(place: Place, tmp_path: Path) -> None:
    file, team_file = directory(tmp_path / "staff.whowas"), tmp_path / "staff.whowas-team"
    team_file.write_text("somebody's own")

    with pytest.raises(StoreError, match="exists already"):
        create(file, place.address, team_file)

    assert team_file.read_text() == "somebody's own"
    team_file.unlink()
    as_it_was(file, place, team_file)


def test_a_team_file_that_cannot_be_written_is_written_the_next_time(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, team_file = directory(tmp_path / "staff.whowas"), tmp_path / "staff.whowas-team"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(creating, "write_team_file", full)
        with pytest.raises(UnfinishedError, match="The directory is on the server"):
            create(file, place.address, team_file)
    assert not file.exists()

    created = create(file, place.address, team_file)
    assert read_team_file(team_file).directory_id == created.address.directory_id


def test_a_file_with_hidden_passwords_is_not_taken_back(place: Place, tmp_path: Path) -> None:
    created = create(directory(tmp_path / "staff.whowas"), place.address, tmp_path / "staff.whowas-team")
    follower = Follower(tmp_path / "f.whowas", str(created.address.directory_id), hides_passwords=True)
    with place.log() as server, closing(follower.log) as log:
        with place.superuser() as connection:
            place.cluster.account("reading")
            connection.execute(f'GRANT "{server.roles.reader}" TO reading')
        with place.log("reading") as readers:
            follower.follow(readers)
        with pytest.raises(StoreError, match="1 password in this directory cannot be seen by your account"):
            take_back(log, tmp_path / "back.whowas")
        assert backed_up(log, DAILY) == ""
        assert [one.reason for one in backups_of(log)] == [BEFORE_SHARING]
    assert not (tmp_path / "back.whowas").exists()


def test_a_backup_is_made_of_the_follower_and_is_the_directory(place: Place, tmp_path: Path) -> None:
    created = create(directory(tmp_path / "staff.whowas"), place.address, tmp_path / "staff.whowas-team")
    with place.log() as server, closing(followed(server, tmp_path / "follower.whowas")) as log:
        assert backed_up(log, DAILY) == ""
        newest = backups_of(log)[0]

    assert (newest.reason, newest.head, newest.verified) == (DAILY, created.head, True)
    assert rows_of(newest.path) == rows_of(created.left_behind)


def test_a_database_that_reads_backslashes_in_texts_holds_the_same_bytes(place: Place, tmp_path: Path) -> None:
    with place.superuser() as connection:
        connection.execute(f"ALTER DATABASE {place.database} SET standard_conforming_strings = off")  # type: ignore[arg-type]
    file = directory(tmp_path / "staff.whowas")
    rows = rows_of(file)

    assert rows_of(there_and_back(file, place, tmp_path)) == rows
    with closing(SharedDirectory.open(place.address)) as shared:
        bus = Bus(shared.writes, clock=shared.clock, actor=shared.account)
        assert bus.dispatch(CreateUser(user(60), {"first_name": "One"})).events == 1
        assert shared.log.verify() is None
