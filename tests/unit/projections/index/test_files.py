"""The index is kept on disk, and taken from there only as it was written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateGroup, CreateUser
from whowas.domain.directory import Directory
from whowas.domain.errors import CancelledError
from whowas.domain.field_definitions import FieldDefinition
from whowas.projections.index import files, order_files
from whowas.projections.index.checked_arrays import DamagedArraysError
from whowas.projections.index.order_names import order_name
from whowas.projections.index.steps import Steps
from whowas.projections.index.version_index import Laid, VersionIndex
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

IDS = [f"0199a3c4-0000-7000-8000-{number:012}" for number in range(30)]
COMMITS = 7


@pytest.fixture
def side(tmp_path: Path) -> Iterator[ReadSide]:
    log = EventLog.create(tmp_path / "staff.whowas")
    bus = Bus(log, clock=lambda: 1_600_000_000_000_000, actor="test")
    bus.dispatch(CreateGroup("0199a3c4-0000-7000-8000-0000000000aa", "Staff é"))
    for user_id in IDS:
        bus.dispatch(CreateUser(user_id, {"first_name": f"User {user_id[-3:]}"}))
    side = ReadSide(log, tmp_path / "cache")
    side.catch_up()
    yield side
    side.close()
    log.close()


@pytest.fixture
def index(side: ReadSide) -> VersionIndex:
    return side.sorted_by("email")


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
    assert again.orders.keys() == again.laid.keys() == {"name", "email"}
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


def test_an_order_that_is_laid_later_is_put_beside_the_others(
    side: ReadSide, index: VersionIndex, folder: Path
) -> None:
    assert files.with_order_mapped(index, "email", folder, COMMITS) is not index
    later = files.with_order_mapped(side.sorted_by("title"), "title", folder, COMMITS)
    with pytest.raises(ValueError, match="read-only"):
        later.orders["title"][:] = 0
    again = files.load(folder, index.epoch, COMMITS)
    assert again is not None
    assert again.orders.keys() == again.laid.keys() == {"name", "email", "title"}
    assert np.array_equal(again.orders["title"], side.sorted_by("title").orders["title"])
    assert not [path for path in folder.rglob("*") if path.name.startswith(".")], "what it was made in is gone"
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()} == {0o600}


def test_closing_adds_the_orders_that_are_not_kept_yet(side: ReadSide, index: VersionIndex, folder: Path) -> None:
    files.save(side.sorted_by("title"), folder, COMMITS)
    again = files.load(folder, index.epoch, COMMITS)
    assert again is not None
    assert again.orders.keys() == {"name", "email", "title"}


def test_a_damaged_order_costs_no_more_than_that_one(index: VersionIndex, folder: Path) -> None:
    (kept,) = folder.iterdir()
    orders = [path for path in kept.glob("order-*.bin") if path.stat().st_size]
    for damaged in orders:
        content = damaged.read_bytes()
        damaged.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        again = files.load(folder, index.epoch, COMMITS)
        assert again is None or again.orders.keys() == {"name"}, "without the one by name there is none at all"
        files.save(index, folder, COMMITS)
    assert len(orders) == 2


def test_an_order_by_another_definition_is_neither_kept_nor_taken(
    side: ReadSide, index: VersionIndex, folder: Path
) -> None:
    defined = Directory(definitions={"Desk": FieldDefinition("number")})
    by_number = order_name("attributes.Desk", defined)
    both = side.sorted_by(by_number)
    files.save(both, folder, COMMITS)
    files.with_order_mapped(both, by_number, folder, COMMITS)
    again = files.load(folder, index.epoch, COMMITS)
    assert again is not None
    assert again.orders.keys() == {"name", "email"}, "the field holds text"


def test_definitions_come_back(index: VersionIndex, tmp_path: Path) -> None:
    defined = Directory(2, {"Desk": "Desk"}, definitions={"Desk": FieldDefinition("choice", choices=("A", "B"))})
    known = replace(index, directories=(*index.directories, (index.now, defined)))
    files.save(known, tmp_path, COMMITS)
    again = files.load(tmp_path, index.epoch, COMMITS)
    assert again is not None
    assert again.latest_directory() == defined


def test_an_order_of_later_commits_is_not_taken(side: ReadSide, index: VersionIndex, folder: Path) -> None:
    files.with_order_mapped(side.sorted_by("title"), "title", folder, COMMITS + 1)
    again = files.load(folder, index.epoch, COMMITS)
    assert again is not None
    assert again.orders.keys() == {"name", "email"}


def test_an_order_is_not_laid_where_that_is_cancelled(side: ReadSide, index: VersionIndex) -> None:
    def cancelled(_done: int, total: int) -> None:
        assert total == len(index.numbers)
        raise CancelledError("Cancelled; nothing was changed.")

    with pytest.raises(CancelledError):
        side.sorted_by("title", cancelled)
    assert side.index is index
    assert "title" in side.sorted_by("title").orders


def test_sort_orders_of_another_index_are_not_taken(index: VersionIndex, folder: Path) -> None:
    """Such as were kept before others came: they are whole, but of other rows."""
    (kept,) = folder.iterdir()
    few = replace(
        index,
        orders={column: np.sort(order[order < 9])[::-1] for column, order in index.orders.items()},
        laid={column: Laid(*(array[:9] for array in _laid(laid))) for column, laid in index.laid.items()},
        numbers=index.numbers[:9],
    )
    folder.with_name("older").mkdir()
    files.save(few, folder.with_name("older"), COMMITS)
    (older,) = folder.with_name("older").iterdir()
    for path in older.glob("order-*"):
        shutil.copy(path, kept)
    assert files.load(folder, index.epoch, COMMITS) is None


def test_arrays_of_an_older_index_are_not_taken_for_those_of_the_sort_orders(index: VersionIndex, folder: Path) -> None:
    (kept,) = folder.iterdir()
    folder.with_name("older").mkdir()
    files.save(replace(index, steps=Steps.of(np.zeros((0, 6), dtype=np.int64))), folder.with_name("older"), COMMITS)
    (older,) = folder.with_name("older").iterdir()
    for name in ("arrays.bin", "index.json"):
        shutil.copy(older / name, kept)
    assert files.load(folder, index.epoch, COMMITS) is None


def test_one_that_another_program_keeps_meanwhile_is_not_taken_for_ours(index: VersionIndex, folder: Path) -> None:
    (kept,) = folder.iterdir()
    order_files.add(index, "email", kept, COMMITS + 1)
    written = order_files.write

    def write_later(*arguments: Any) -> None:
        written(*arguments)
        (mine,) = arguments[2].glob("*.json")
        shutil.copy(next(kept.glob(mine.name)), mine)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order_files, "write", write_later)
        with pytest.raises(DamagedArraysError):
            order_files.add(index, "email", kept, COMMITS)
    assert files.load(folder, index.epoch, COMMITS) is not None


def _laid(laid: Laid) -> tuple[Any, ...]:
    return laid.numbers, laid.begins, laid.ends


def test_making_all_of_it_can_be_cancelled(side: ReadSide) -> None:
    before = side.catch_up()
    side.index = None
    reports: list[int] = []

    def cancelled(done: int, total: int) -> None:
        reports.append(done)
        if done == total:
            raise CancelledError("Cancelled; nothing was changed.")

    with pytest.raises(CancelledError):
        side.catch_up(cancelled)
    assert reports == sorted(reports)
    assert len(reports) > 2, "of steps, rows and the sort order"
    assert side.index is None
    assert np.array_equal(side.catch_up().orders["name"], before.orders["name"])
