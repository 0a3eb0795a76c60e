"""The moment of the commit: whatever is lost then, the directory is the file or is on the server, and never both."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.integration.team.places import NOON, Place, directory, user
from tests.postgres import running_cluster
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.domain.errors import RefusedError, StoreError, UncertainError
from whowas.safekeeping import backup_places, left_behind
from whowas.store.event_log import EventLog
from whowas.store.server.errors import NotConnectedError
from whowas.store.server.making import moving_in
from whowas.store.server.team_file import read_team_file
from whowas.team import creating
from whowas.team.creating import create

Move = Callable[..., None]


def write(path: Path) -> None:
    with closing(EventLog.open(path)) as log:
        backup_places.keep_as_it_is(log)
        Bus(log, clock=lambda: NOON, actor="ines").dispatch(CreateUser(user(50), {"first_name": "Later"}))


def cut_off(*_: object) -> None:
    raise NotConnectedError("The connection to the server was lost.")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return directory(tmp_path / "staff.whowas")


@pytest.fixture
def team_file(tmp_path: Path) -> Path:
    return tmp_path / "staff.whowas-team"


def cut_off_before_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the server end the connection when all is there but the commit."""
    move_in = creating.move_in

    def moved_in(address: Any, seed: Path, head: Any, about_to_commit: Callable[[], None], progress: Any) -> None:
        def last_words() -> None:
            about_to_commit()
            raise NotConnectedError("The connection to the server was lost.")

        move_in(address, seed, head, last_words, progress)

    monkeypatch.setattr(creating, "move_in", moved_in)


def cut_off_after_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the answer to the commit be lost."""
    move_in = creating.move_in

    def moved_in(*given: Any) -> None:
        move_in(*given)
        cut_off()

    monkeypatch.setattr(creating, "move_in", moved_in)


def test_what_was_not_committed_is_the_file_again(
    place: Place, file: Path, team_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        cut_off_before_the_commit(patched)
        with pytest.raises(NotConnectedError):
            create(file, place.address, team_file)

    assert left_behind.in_doubt(file) is None
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    write(file)
    assert create(file, place.address, team_file).head.position == 6


def test_what_was_committed_is_shared_though_nobody_heard_of_it(
    place: Place, file: Path, team_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off_after_the_commit(monkeypatch)

    created = create(file, place.address, team_file)

    assert read_team_file(team_file).directory_id == created.address.directory_id
    with place.log() as server:
        assert server.head() == created.head


@pytest.mark.parametrize("came", [True, False])
def test_while_the_server_cannot_be_asked_nothing_is_written_to_either(
    place: Place, file: Path, team_file: Path, monkeypatch: pytest.MonkeyPatch, *, came: bool
) -> None:
    with monkeypatch.context() as patched:
        (cut_off_after_the_commit if came else cut_off_before_the_commit)(patched)
        patched.setattr(creating, "found_at", cut_off)
        with pytest.raises(UncertainError, match=r"is not known\. The connection to the server was lost\. Until it is"):
            create(file, place.address, team_file)
        interrupted = left_behind.in_doubt(file)
        assert interrupted is not None
        with pytest.raises(StoreError, match="stays as it is"):
            write(Path(interrupted.path))
        with pytest.raises(UncertainError):
            create(file, place.address, team_file)
        elsewhere = replace(place.address, dbname=place.cluster.database())
        with pytest.raises(StoreError, match=r"was on its way to the server .* share it there once more first"):
            create(file, elsewhere, team_file)
    created = create(file, place.address, team_file)

    assert read_team_file(team_file).directory_id == created.address.directory_id
    assert left_behind.in_doubt(file) is None
    with place.log() as server:
        assert server.head() == created.head


def test_a_server_that_crashes_at_the_commit_is_asked_when_it_is_back(
    file: Path, team_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_cluster() as cluster:
        place = Place(cluster, cluster.database(), "postgres")
        noted = left_behind.note

        def crashing(*given: Any) -> None:
            noted(*given)
            cluster.kill()

        with monkeypatch.context() as patched:
            patched.setattr(left_behind, "note", crashing)
            with pytest.raises(UncertainError, match="share it once more, which finds out"):
                create(file, place.address, team_file)
        assert (file.exists(), team_file.exists()) == (False, False)
        cluster.start()

        created = create(file, place.address, team_file)

        with place.log() as server:
            assert server.head() == created.head
        assert not file.exists()


def test_of_two_who_share_at_one_place_at_once_one_does(place: Place, tmp_path: Path) -> None:
    files = [directory(tmp_path / f"staff{number}.whowas") for number in range(2)]

    def shared(file: Path) -> bool:
        try:
            create(file, place.address, file.with_suffix(".whowas-team"))
        except (RefusedError, StoreError):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(shared, files))

    assert sum(done) == 1
    lost, won = files[done.index(False)], files[done.index(True)]
    assert not won.exists()
    write(lost)
    assert not lost.with_suffix(".whowas-team").exists()


def test_a_server_whose_disk_is_full_leaves_the_file_as_it_was(
    place: Place, file: Path, team_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise psycopg.errors.DiskFull("could not extend file")

    with monkeypatch.context() as patched:
        patched.setattr(moving_in, "load", full)
        with pytest.raises(StoreError, match="disk of the server"):
            create(file, place.address, team_file)
    write(file)
