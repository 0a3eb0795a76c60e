"""Whenever sharing is killed, the directory is the file or is on the server, and the same again finishes it."""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.sharing_killed import in_a_process
from tests.integration.team.places import NOON, Place, directory, followed, place_on, user
from tests.postgres import Cluster
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.safekeeping import backup_places, left_behind
from whowas.safekeeping.sweeper import sweep_register
from whowas.store.event_log import EventLog, ReadOnlyError
from whowas.store.file.identity import MovedFileError
from whowas.store.server.making.moving_in import found_at
from whowas.store.server.team_file import read_team_file
from whowas.system import folders
from whowas.team.creating import create

EVERY = os.environ.get("EVERY_FAULT") == "1"
KILLS = 7
"""How often it is killed in the normal run at lines that lie evenly, and as often around the commit; else at each."""
APART = 18
"""How many lines lie between those around the commit; at some 35 of them the directory is in doubt."""


def write(path: Path) -> None:
    with closing(EventLog.open(path)) as log:
        backup_places.keep_as_it_is(log)
        Bus(log, clock=lambda: NOON, actor="ines").dispatch(CreateUser(user(99_999), {"first_name": "Later"}))


@pytest.mark.timeout(3600)
def test_killed_at_any_line(cluster: Cluster, tmp_path: Path) -> None:
    original = directory(tmp_path / "original.whowas")
    lines, before_commit = _lines(place_on(cluster), original, tmp_path / "whole")
    evenly = range(1, lines + 1, 1 if EVERY else lines // KILLS)
    around = range(before_commit, min(before_commit + APART * KILLS, lines), APART)

    seen = {_killed(at, place_on(cluster), original, tmp_path / str(at)) for at in sorted({*evenly, *around})}

    assert seen == {"a file", "in doubt", "shared"}


def _lines(place: Place, original: Path, folder: Path) -> tuple[int, int]:
    folder.mkdir()
    shutil.copy(original, folder / "staff.whowas")
    counted = in_a_process(0, folder / "staff.whowas", place.address, folder / "staff.whowas-team")
    assert counted is not None
    return counted


def _killed(at: int, place: Place, original: Path, folder: Path) -> str:
    """Share, kill that, look what there is, and share again; return what there was."""
    folder.mkdir()
    file, team_file = folder / "staff.whowas", folder / "staff.whowas-team"
    shutil.copy(original, file)
    with closing(EventLog.open(file)) as log:
        directory_id, head = log.directory_id, log.head()

    in_a_process(at, file, place.address, team_file)

    is_there = found_at(replace(place.address, directory_id=directory_id)) == directory_id
    left = left_behind.in_doubt(file)
    if is_there:
        assert not file.exists() or (left is not None and file.samefile(left.path))
        state = "shared"
    elif left is not None:
        with pytest.raises((ReadOnlyError, MovedFileError)):
            write(Path(left.path))
        state = "in doubt"
    else:
        assert not team_file.exists()
        with closing(EventLog.open(file)) as log:
            assert (log.head(), log.read_only) == (head, "")
        state = "a file"

    if not team_file.exists() or left is not None:
        created = create(file, place.address, team_file)
        assert (created.head, created.left_behind.exists()) == (head, True)
    assert read_team_file(team_file).directory_id == directory_id
    assert not file.exists()
    with place.log() as server, closing(followed(server, folder / "follower.whowas")) as log:
        assert (server.head(), log.verify(head)) == (head, None)
    with pytest.raises(ReadOnlyError):
        write(left_behind.of_directory(directory_id)[0])
    _swept(folder)
    for one in left_behind.of_directory(directory_id):
        left_behind.forget(one)
    with suppress(FileNotFoundError):
        shutil.rmtree(folders.state() / "followers")
    return state


def _swept(folder: Path) -> None:
    sweep_register()
    names = {path.name for path in folder.iterdir() if not path.name.endswith(("-wal", "-shm"))}
    assert names == {"staff.whowas-team", "staff before sharing.whowas", "follower.whowas"}
