"""Whatever happens to the read side, it comes to equal the log again."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, EraseUser, UpdateUser
from whowas.domain.errors import StoreError
from whowas.projections.index import files
from whowas.projections.index.ranks import ranked
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.sides import read_side as read_sides
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables.read_model import ReadModel
from whowas.store.chain import GENESIS
from whowas.store.event_log import EventLog

IDS = [f"0199a3c4-0000-7000-8000-{number:012}" for number in range(300)]


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    log = EventLog.create(tmp_path / "staff.whowas")
    bus = Bus(log, clock=lambda: time.time_ns() // 1000, actor="test")
    for user_id in IDS:
        bus.dispatch(CreateUser(user_id, {"first_name": f"User {user_id[-3:]}"}))
    return log


def shown(read_side: ReadSide) -> list[str]:
    index = read_side.catch_up()
    numbers = index.numbers[index.orders["name"]][index.alive(index.now)[index.orders["name"]]]
    return [row.user.name for row in read_side.rows(numbers.tolist())]


EXPECTED = sorted(f"User {user_id[-3:]}" for user_id in IDS)


def gone(folder: Path) -> None:
    shutil.rmtree(folder)


def header_damaged(folder: Path) -> None:
    content = bytearray((folder / "read.db").read_bytes())
    content[:64] = b"\xff" * 64
    (folder / "read.db").write_bytes(content)


def middle_damaged(folder: Path) -> None:
    content = bytearray((folder / "read.db").read_bytes())
    content[4096 : len(content) - 4096] = b"\xaa" * (len(content) - 8192)
    (folder / "read.db").write_bytes(content)


def arrays_cut(folder: Path) -> None:
    (arrays,) = folder.glob("index-*/arrays.bin")
    arrays.write_bytes(arrays.read_bytes()[:100])


def other_schema(folder: Path) -> None:
    model = ReadModel(folder / "read.db")
    with model.writing() as connection:
        connection.execute("UPDATE checkpoint SET schema = 'another'")
    model.close()


def of_an_older_version(folder: Path) -> None:
    """Version 0.3.0 kept no checksums."""
    (folder / "read.db").unlink()
    with closing(sqlite3.connect(folder / "read.db")) as connection, connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("CREATE TABLE checkpoint (only_one INTEGER, schema TEXT)")


def links_instead(folder: Path) -> None:
    """Of everything: to what is of another schema, which is not ours to alter, and to what is not there."""
    other_schema(folder)
    moved = folder.with_name("elsewhere")
    folder.rename(moved)
    folder.mkdir()
    for path in (*moved.iterdir(), moved / "gone"):
        (folder / path.name).symlink_to(path)


@pytest.mark.parametrize(
    "harm", [links_instead, gone, header_damaged, middle_damaged, arrays_cut, other_schema, of_an_older_version]
)
def test_a_harmed_read_side_is_made_again(log: EventLog, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    first = ReadSide(log, tmp_path / "cache")
    assert shown(first) == EXPECTED
    first.keep_index()
    first.close()
    (folder,) = (tmp_path / "cache").iterdir()
    harm(folder)
    again = ReadSide(log, tmp_path / "cache")
    assert shown(again) == EXPECTED
    again.keep_index()
    again.close()
    made = [path for path in folder.rglob("*") if path.name != "read.db-shm"]
    assert {path.lstat().st_mode & 0o777 for path in made} == {0o600, 0o700}
    log.close()


def test_a_read_side_of_a_longer_past_is_made_again(log: EventLog, tmp_path: Path) -> None:
    log.close()
    older = tmp_path / "older"
    shutil.copy(log.path, older)
    bus = Bus(log, clock=lambda: time.time_ns() // 1000, actor="test")
    bus.dispatch(UpdateUser(IDS[0], {"first_name": "Renamed"}))
    read_side = ReadSide(log, tmp_path / "cache")
    assert "Renamed" in shown(read_side)
    read_side.close()
    log.close()
    shutil.copy(older, log.path)
    for suffix in ("-wal", "-shm"):
        log.path.with_name(log.path.name + suffix).unlink(missing_ok=True)
    back = EventLog.open(log.path)
    again = ReadSide(back, tmp_path / "cache")
    assert shown(again) == EXPECTED
    again.close()
    back.close()


def test_two_read_sides_on_one_cache_agree(log: EventLog, tmp_path: Path) -> None:
    one, other = ReadSide(log, tmp_path / "cache"), ReadSide(log, tmp_path / "cache")
    assert shown(one) == shown(other) == EXPECTED
    Bus(log, clock=lambda: time.time_ns() // 1000, actor="test").dispatch(UpdateUser(IDS[5], {"first_name": "Zoe"}))
    assert shown(other)[-1] == "Zoe"
    assert shown(one)[-1] == "Zoe"
    for read_side in (one, other):
        read_side.close()
    log.close()


def test_who_builds_the_same_cache_is_waited_for(log: EventLog, tmp_path: Path) -> None:
    with closing(log), closing(ReadSide(log, tmp_path / "cache")) as side, ExitStack() as other_window:
        other = other_window.enter_context(closing(ReadModel(side.read_model.path)))
        other.prepare(log.directory_id, GENESIS)
        other_window.enter_context(other.writing())
        side.read_model.connection().set_busy_timeout(1)
        told: list[tuple[int, int]] = []

        def let_go_at_last(done: int, total: int) -> None:
            told.append((done, total))
            if len(told) == 3:
                other_window.close()

        assert len(side.catch_up(let_go_at_last).numbers) == len(IDS)
        assert told[:3] == [(0, 2 * len(IDS))] * 3


def test_who_never_lets_the_cache_go_is_told_of(log: EventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_sides, "_WAITS", 2)
    with (
        closing(log),
        closing(ReadSide(log, tmp_path / "cache")) as side,
        closing(ReadModel(side.read_model.path)) as other,
    ):
        side.read_model.connection().set_busy_timeout(1)
        with other.writing(), pytest.raises(StoreError, match="in use by another program that does not let go"):
            side.catch_up()
        assert shown(side) == EXPECTED


def test_arrays_that_another_program_kept_later_are_not_taken_for_the_newer_ones(
    log: EventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, keep = tmp_path / "cache", files.save
    with closing(log), closing(ReadSide(log, cache)) as older, closing(ReadSide(log, cache)) as newer:
        index = older.catch_up()
        Bus(log, clock=lambda: time.time_ns() // 1000, actor="test").dispatch(UpdateUser(IDS[0], {"title": "Dean"}))

        def keep_the_older_one_after(later: VersionIndex, folder: Path, commits: int) -> None:
            keep(later, folder, commits)
            keep(index, folder, commits - 1)

        monkeypatch.setattr(read_sides, "_ROWS_HELD", 0)
        monkeypatch.setattr(files, "save", keep_the_older_one_after)
        assert newer.catch_up().now == len(IDS) + 1


def kept_in(cache: Path) -> list[str]:
    return [path.name for path in cache.glob("*/index-*")]


def test_arrays_of_before_somebody_was_erased_are_not_kept_after_it(log: EventLog, tmp_path: Path) -> None:
    """By a window that has not looked since another program erased them, and made the tables anew."""
    cache = tmp_path / "cache"
    with closing(log), closing(ReadSide(log, cache)) as window:
        assert shown(window) == EXPECTED
        Bus(log, clock=lambda: time.time_ns() // 1000, actor="test").dispatch(EraseUser(IDS[0]))
        with closing(ReadSide(log, cache)) as other:
            assert shown(other) == EXPECTED[1:]
            other.keep_index()
        kept = kept_in(cache)
        window.keep_index()
        assert kept_in(cache) == kept
        assert shown(window) == EXPECTED[1:]
        assert len(kept_in(cache)) == 1, "they were not made anew once more"


def test_tables_that_another_program_made_anew_are_shared_again(log: EventLog, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with closing(log), closing(ReadSide(log, cache)) as window:
        window.catch_up()
        shutil.rmtree(cache)
        assert shown(window) == EXPECTED, "as long as nobody asks in another thread"
        with closing(ReadSide(log, cache)) as other:
            other.catch_up()
            assert window.read_model.whereabouts == "replaced"
            assert window.checkpoint_of(window.catch_up()) == other.checkpoint_of(other.catch_up()) is not None
            assert shown(window) == EXPECTED
            assert window.read_model.whereabouts == other.read_model.whereabouts == "in place"


def test_an_index_that_another_program_has_gone_on_from_is_of_no_checkpoint(log: EventLog, tmp_path: Path) -> None:
    with closing(log), closing(ReadSide(log, tmp_path / "cache")) as window:
        index = window.catch_up()
        assert window.checkpoint_of(index) is not None
        Bus(log, clock=lambda: time.time_ns() // 1000, actor="test").dispatch(UpdateUser(IDS[5], {"title": "Dean"}))
        with closing(ReadSide(log, tmp_path / "cache")) as other:
            other.catch_up()
        assert window.checkpoint_of(index) is None
        assert window.checkpoint_of(window.catch_up()) is not None


def test_arrays_that_are_mapped_stay_as_they_are_whatever_becomes_of_their_files(
    log: EventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are replaced and removed, and never cut: whoever reads what is mapped behind their end is killed."""
    monkeypatch.setattr(read_sides, "_ROWS_HELD", 0)
    cache = tmp_path / "cache"
    with closing(log), closing(ReadSide(log, cache)) as window, closing(ReadSide(log, cache)) as other:
        window.catch_up()
        index = window.sorted_by("email")
        mapped = [index.numbers, index.orders["name"], index.laid["email"].numbers]
        assert not any(array.flags.owndata or array.flags.writeable for array in mapped)
        before = [array.tolist() for array in mapped]
        Bus(log, clock=lambda: time.time_ns() // 1000, actor="test").dispatch(EraseUser(IDS[0]))
        other.catch_up()
        other.sorted_by("email")
        other.keep_index()
        shutil.rmtree(cache)
        assert [array.tolist() for array in mapped] == before
        assert shown(window) == EXPECTED[1:]


def test_rows_that_another_program_has_put_elsewhere_are_not_sorted_as_those_they_were(
    log: EventLog, tmp_path: Path
) -> None:
    bus = Bus(log, clock=lambda: time.time_ns() // 1000, actor="test")
    bus.dispatch(UpdateUser(IDS[0], {"title": "Dean"}))
    with closing(log), closing(ReadSide(log, tmp_path / "cache")) as window:
        before = window.catch_up()
        bus.dispatch(UpdateUser(IDS[0], {"phone": "1"}), occurred_at=int(before.steps.occurred_at[0]) + 1)
        with closing(ReadSide(log, tmp_path / "cache")) as other:
            other.catch_up()
        index = window.sorted_by("first_name")
        shown_now = ranked(index, "first_name").at(index.now).all_numbers().tolist()
        assert [row.user.name for row in window.rows(shown_now)] == EXPECTED
        assert window.catch_up() is index


def test_of_two_windows_that_are_stale_the_second_takes_what_the_first_has_made(log: EventLog, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with closing(log), closing(ReadSide(log, cache)) as first, closing(ReadSide(log, cache)) as second:
        assert shown(first) == shown(second) == EXPECTED
        shutil.rmtree(cache)
        Bus(log, clock=lambda: time.time_ns() // 1000, actor="test").dispatch(EraseUser(IDS[0]))
        first.catch_up()
        made = first.read_model.path.stat().st_ino
        second.rebuild()
        assert first.read_model.path.stat().st_ino == made
        assert shown(second) == shown(first) == EXPECTED[1:]


def test_no_thread_looks_at_another_file_than_the_others(log: EventLog, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with closing(log), closing(ReadSide(log, cache)) as window, ThreadPoolExecutor(1) as thread:
        index = window.catch_up()
        shutil.rmtree(cache)
        Bus(log, clock=lambda: time.time_ns() // 1000, actor="test").dispatch(EraseUser(IDS[0]))
        with closing(ReadSide(log, cache)) as other:
            other.catch_up()
        with pytest.raises(read_sides.DamagedReadSideError):
            thread.submit(window.rows, index.numbers[:1].tolist()).result()
        assert shown(window) == EXPECTED[1:]
        assert thread.submit(window.rows, [1]).result()[0].user.name == EXPECTED[1]
