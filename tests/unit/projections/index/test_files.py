"""The index is kept on disk, and taken from there only as it was written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateGroup, CreateUser
from whowas.projections.index import files
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

IDS = [f"0199a3c4-0000-7000-8000-{number:012}" for number in range(30)]
COMMITS = 7


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VersionIndex]:
    log = EventLog.create(tmp_path / "staff.whowas")
    bus = Bus(log, clock=lambda: 1_600_000_000_000_000, actor="test")
    bus.dispatch(CreateGroup("0199a3c4-0000-7000-8000-0000000000aa", "Staff é"))
    for user_id in IDS:
        bus.dispatch(CreateUser(user_id, {"first_name": f"User {user_id[-3:]}"}))
    side = ReadSide(log, tmp_path / "cache")
    side.catch_up()
    yield side.sorted_by("email")
    side.close()
    log.close()


@pytest.fixture
def folder(index: VersionIndex, tmp_path: Path) -> Path:
    """Where the index is kept, made at seven commits."""
    folder = tmp_path / "kept"
    folder.mkdir()
    files.save(index, folder, COMMITS)
    return folder


def test_it_comes_back(index: VersionIndex, folder: Path) -> None:
    again = files.load(folder, index.epoch, COMMITS)
    assert again is not None
    assert (again.memberships, again.directories) == (index.memberships, index.directories)
    assert list(again.orders) == list(again.laid) == ["name", "email"]
    for array in ("numbers", "users", "begins", "ends", "contents", "statuses", "groupsets"):
        assert np.array_equal(getattr(again, array), getattr(index, array))
    for column in index.orders:
        assert np.array_equal(again.orders[column], index.orders[column])
        assert np.array_equal(again.laid[column].ends, index.laid[column].ends)
    assert again.counts(again.now) == index.counts(index.now)
    assert again.steps.key_of(3) == index.steps.key_of(3)


def test_it_is_not_taken_for_that_of_fewer_commits_and_makes_room_for_it(index: VersionIndex, folder: Path) -> None:
    assert files.load(folder, index.epoch, COMMITS + 1) is not None
    assert files.load(folder, index.epoch, COMMITS - 1) is None
    files.save(index, folder, COMMITS - 1)
    assert files.load(folder, index.epoch, COMMITS - 1) is not None


def test_every_flipped_bit_of_the_description_is_noticed(index: VersionIndex, folder: Path) -> None:
    (kept,) = folder.iterdir()
    pristine = folder.with_name("pristine")
    shutil.copytree(kept, pristine)
    content = (kept / "index.json").read_bytes()
    for bit in range(0, 8 * len(content), 13):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        kept.mkdir(exist_ok=True)
        for path in pristine.iterdir():
            shutil.copy(path, kept)
        (kept / "index.json").write_bytes(damaged)
        assert files.load(folder, index.epoch, COMMITS) is None, bit
        assert not kept.exists(), "so that it can be kept again"
