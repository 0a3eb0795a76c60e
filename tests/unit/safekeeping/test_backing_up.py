"""Backups made by themselves: when one is made, which stay, and what becomes of them when somebody is erased."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import uuid_utils

from tests.leftovers_of import Person, files_with
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, EraseUser, UpdateUser
from whowas.domain.errors import StoreError
from whowas.erasure import erase, finish
from whowas.safekeeping import backing_up, backup_places, thinning
from whowas.safekeeping.backing_up import backed_up, backed_up_today, renew_after_erasure
from whowas.safekeeping.backup_places import BackupSettings, set_settings
from whowas.safekeeping.backups import (
    AFTER_ERASING,
    BEFORE_IMPORT,
    BEFORE_RESTORE,
    BEFORE_UPGRADE,
    DAILY,
    Backup,
    backups_of,
    backups_of_path,
)
from whowas.store import backup
from whowas.store.event_log import EventLog
from whowas.system import folders

ADA = "0199a3c4-0000-7000-8000-000000000001"
PERSON = Person()
NO_PLACES = b'{"place": "a/b", "earlier": ["", "c", "/d\\u0000e"]}'
SECOND = 1_000_000
DAY = 24 * 3600 * SECOND
NOON = 1_795_000_000 * SECOND


class Clock:
    """The wall clock that names backups."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> int:
        self.now += SECOND
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(backing_up, "_now", clock)
    return clock


@pytest.fixture
def log(tmp_path: Path, clock: Clock) -> Iterator[EventLog]:
    with closing(EventLog.create(tmp_path / "staff.whowas")) as log:
        Bus(log, clock=clock, actor="ines").dispatch(CreateUser(ADA, PERSON.fields()))
        yield log


def change(log: EventLog, title: str = "Head") -> None:
    Bus(log, clock=lambda: NOON, actor="ines").dispatch(UpdateUser(ADA, {"title": title}))


def remove(log: EventLog) -> None:
    """Erase Ada as every command does."""
    bus = Bus(log, clock=lambda: NOON, actor="ines")
    done = erase(bus, log, ADA, cache=folders.cache(), drafts=folders.drafts(log.directory_id), reports=())
    assert not done.left


def test_a_backup_is_the_directory_verified_and_for_its_owner_alone(log: EventLog) -> None:
    assert backed_up(log, BEFORE_IMPORT) == ""

    (made,) = backups_of(log)
    assert (made.head, made.verified, made.reason, made.managed) == (log.head(), True, BEFORE_IMPORT, True)
    assert made.path.name.endswith(" before import.whowas")
    assert made.path.is_relative_to(folders.state() / "backups")
    assert made.size == made.path.stat().st_size
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert all(stat.S_IMODE(folder.stat().st_mode) == 0o700 for folder in made.path.parents[:2])
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in made.path.parent.iterdir())
    with closing(EventLog.open(made.path)) as copy:
        assert (copy.verify(), copy.directory_id) == (None, log.directory_id)
    assert backups_of(log.directory_id) == backups_of_path(log.path) == [made]


def test_none_is_made_where_nothing_was_changed_since(log: EventLog) -> None:
    for _ in range(2):
        assert backed_up(log, BEFORE_IMPORT) == ""
        assert backed_up(log, DAILY) == ""
    assert len(backups_of(log)) == 1
    change(log)
    backed_up(log, BEFORE_IMPORT)
    assert len(backups_of(log)) == 2


@pytest.mark.parametrize("how", ["gone", "written since"])
def test_one_is_made_where_the_last_one_cannot_be_relied_on(log: EventLog, how: str) -> None:
    backed_up(log, BEFORE_IMPORT)
    (first,) = backups_of(log)
    if how == "gone":
        first.path.unlink()
    else:
        first.path.write_bytes(first.path.read_bytes() + b"\0")
    assert backed_up(log, BEFORE_IMPORT) == ""
    assert [one.verified for one in backups_of(log)] == ([True] if how == "gone" else [True, False])


def test_once_a_day_is_enough(log: EventLog, clock: Clock) -> None:
    for title in ("a", "b", "c"):
        change(log, title)
        assert backed_up_today(log) == ""
    assert [one.reason for one in backups_of(log)] == [DAILY]
    clock.now += DAY
    backed_up_today(log)
    assert len(backups_of(log)) == 2


def test_where_a_description_is_lost_or_wrong_the_file_is_asked(log: EventLog) -> None:
    backed_up(log, BEFORE_IMPORT)
    (made,) = backups_of(log)
    description = made.path.with_name(f".{made.path.name}.json")
    for broken in (b"", b"{", b'{"made_at": "never"}', description.read_bytes().replace(b'"head":"1', b'"head":"x')):
        description.write_bytes(broken)
        (found,) = backups_of(log)
        assert (found.head, found.verified, found.reason, found.size) == (log.head(), False, BEFORE_IMPORT, made.size)
        assert abs(found.made_at - made.made_at) < SECOND
    description.unlink()
    assert backups_of(log)[0].head == log.head()


def test_what_is_no_backup_is_told_as_such_or_not_at_all(log: EventLog, tmp_path: Path) -> None:
    backed_up(log, BEFORE_IMPORT)
    (made,) = backups_of(log)
    folder = made.path.parent
    folder.joinpath("notes.txt").write_text("mine")
    folder.joinpath("a folder.whowas").mkdir()
    folder.joinpath("a link.whowas").symlink_to(made.path)
    folder.joinpath("rubbish.whowas").write_bytes(b"rubbish")
    assert [(one.path.name, one.head, one.verified) for one in backups_of(log)] == [
        ("rubbish.whowas", None, False),
        (made.path.name, made.head, True),
    ]


def test_they_are_thinned_but_never_the_newest(log: EventLog, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        clock.now += DAY
        change(log, f"a{number}")
        backed_up(log, BEFORE_IMPORT)
        change(log, f"b{number}")
        backed_up(log, BEFORE_IMPORT)
    assert len(backups_of(log)) == 6
    newest = backups_of(log)[0]
    monkeypatch.setattr(thinning, "LIMIT_BYTES", newest.size)
    change(log, "last")
    backed_up(log, BEFORE_IMPORT)
    (only,) = backups_of(log)
    assert only.head == log.head()
    assert {file.suffix for file in only.path.parent.iterdir()} == {".whowas", ".json"}


def test_a_clock_set_back_takes_nothing_away(log: EventLog, clock: Clock) -> None:
    backed_up(log, BEFORE_IMPORT)
    change(log)
    clock.now -= 400 * DAY
    assert backed_up(log, BEFORE_IMPORT) == ""
    assert len(backups_of(log)) == 2
    assert log.head() in {one.head for one in backups_of(log)}


def test_switched_off_none_is_made(log: EventLog) -> None:
    set_settings(BackupSettings(makes=False))
    assert backed_up(log, BEFORE_IMPORT) == backed_up_today(log) == ""
    assert backups_of(log) == []


def test_no_backup_is_made_of_a_backup(log: EventLog) -> None:
    backed_up(log, BEFORE_IMPORT)
    (made,) = backups_of(log)
    assert backup_places.is_backup(made.path)
    assert not backup_places.is_backup(log.path)
    with closing(EventLog.open(made.path)) as copy:
        change(copy)
        assert backed_up(copy, BEFORE_IMPORT) == ""
    assert len(backups_of(log.directory_id)) == 1


def test_another_place_holds_them_and_the_earlier_ones_are_still_found(log: EventLog, tmp_path: Path) -> None:
    backed_up(log, BEFORE_IMPORT)
    chosen = tmp_path / "disk"
    set_settings(backup_places.settings().at(chosen))
    change(log)
    refused = backed_up(log, BEFORE_IMPORT)
    assert refused == f"No backup was made. The folder for backups, “{chosen}”, is not there."
    assert not chosen.exists()
    chosen.mkdir()
    assert backed_up(log, BEFORE_IMPORT) == ""
    assert [one.path.is_relative_to(chosen) for one in backups_of(log)] == [True, False]
    set_settings(backup_places.settings().at(None))
    assert len(backups_of(log)) == 2
    assert backup_places.settings() == BackupSettings(earlier=(chosen,))


def test_settings_that_cannot_be_read_are_those_of_somebody_who_chose_nothing() -> None:
    file = folders.config() / "backups.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    for content in (b"", b"[]", b"{", b'{"makes": 0, "place": 7, "earlier": "x"}', b"\xff", NO_PLACES):
        file.write_bytes(content)
        assert backup_places.settings() == BackupSettings()


@pytest.mark.parametrize("fails", ["nothing", "the new one", "switched off"])
def test_an_erasure_leaves_at_most_one_backup_and_nobody_in_it(
    log: EventLog, home: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    backed_up(log, BEFORE_IMPORT)
    moved = backups_of(log)[0].path.parent.with_name(f"{log.directory_id}-0123456789ab")
    shutil.copytree(backups_of(log)[0].path.parent, moved)
    change(log)
    backed_up(log, BEFORE_IMPORT)
    assert len(files_with(home, PERSON)) == 3
    if fails == "the new one":
        monkeypatch.setattr(backup, "make_copy", _full)
    set_settings(BackupSettings(makes=fails != "switched off"))

    remove(log)

    assert files_with(home, PERSON) == files_with(log.path.parent, PERSON) == []
    left = backups_of(log)
    assert [(one.reason, one.verified, one.head) for one in left] == (
        [(AFTER_ERASING, True, log.head())] if fails == "nothing" else []
    )
    assert not log.unswept
    for one in left:
        with closing(EventLog.open(one.path)) as copy:
            assert not copy.unswept


def _full(target: Path, *_: object) -> None:
    raise StoreError("The disk is full; make room for “staff.whowas”.")


def test_it_says_what_became_of_the_backups(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    assert renew_after_erasure(log) == ""
    assert renew_after_erasure(log) == "", "what was made already stays"
    assert len(backups_of(log)) == 1
    change(log)
    assert renew_after_erasure(log) == "A new backup was made without this user, and the older one was deleted."
    change(log, "again")
    with monkeypatch.context() as disk:
        disk.setattr(backup, "make_copy", _full)
        assert renew_after_erasure(log) == (
            "The backup that held this user was deleted. No new backup was made. "
            "The disk is full; make room for “staff.whowas”."
        )
    assert backups_of(log) == []


def finished(log: EventLog) -> None:
    """Open a directory as every command does."""
    finish(log, cache=folders.cache(), drafts=folders.drafts(log.directory_id), reports=())


@pytest.mark.parametrize("remains", ["nothing", "the folder where it was mounted"])
def test_backups_on_a_disk_that_is_not_there_are_deleted_once_it_is_there_again(
    log: EventLog, tmp_path: Path, remains: str
) -> None:
    disk, away = tmp_path / "disk", tmp_path / "away"
    disk.mkdir()
    set_settings(BackupSettings(place=disk))
    backed_up(log, BEFORE_IMPORT)
    set_settings(BackupSettings())
    disk.rename(away)
    if remains != "nothing":
        disk.mkdir()
    bus = Bus(log, clock=lambda: NOON, actor="ines")
    done = erase(bus, log, ADA, cache=folders.cache(), drafts=folders.drafts(log.directory_id), reports=())
    assert done.left == ()
    assert done.backups == (
        f"Older backups at “{disk}” were not there; they are deleted when this directory is opened while they are."
    )
    finished(log)
    assert files_with(away, PERSON)
    if remains != "nothing":
        disk.rmdir()
    away.rename(disk)
    finished(log)
    assert not list(disk.rglob("*.whowas"))
    assert not backup_places.owes(log.directory_id)
    assert renew_after_erasure(log) == ""


def test_backups_on_a_disk_are_not_taken_for_those_that_lie_where_it_was_mounted(log: EventLog, tmp_path: Path) -> None:
    disk, away = tmp_path / "disk", tmp_path / "away"
    disk.mkdir()
    set_settings(BackupSettings(place=disk))
    backed_up(log, BEFORE_IMPORT)
    disk.rename(away)
    disk.mkdir()
    remove(log)
    finished(log)
    assert [one.reason for one in backups_of(log)] == [AFTER_ERASING]
    shutil.rmtree(disk)
    away.rename(disk)
    finished(log)
    assert files_with(disk, PERSON) == []
    assert not backup_places.owes(log.directory_id)


def test_a_disk_that_never_comes_back_costs_no_later_backup(log: EventLog, clock: Clock, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    set_settings(BackupSettings(place=disk))
    backed_up(log, BEFORE_IMPORT)
    set_settings(BackupSettings())
    shutil.rmtree(disk)
    remove(log)
    for _ in range(3):
        Bus(log, clock=clock, actor="ines").dispatch(CreateUser(str(uuid_utils.uuid7()), {"first_name": "Ben"}))
        backed_up(log, BEFORE_IMPORT)
        finished(log)
    assert [one.reason for one in backups_of(log)] == [*[BEFORE_IMPORT] * 3, AFTER_ERASING]


def test_of_a_disk_that_is_there_again_only_backups_that_hold_somebody_erased_go(log: EventLog, tmp_path: Path) -> None:
    disk, away = tmp_path / "disk", tmp_path / "away"
    disk.mkdir()
    set_settings(BackupSettings(place=disk))
    backed_up(log, BEFORE_IMPORT)
    disk.rename(away)
    remove(log)
    away.rename(disk)
    assert backed_up(log, BEFORE_RESTORE) == "", "by a window that was open all the time"
    finished(log)
    assert [one.reason for one in backups_of(log)] == [BEFORE_RESTORE]
    assert backup_places.elsewhere(log.directory_id) == [disk]
    assert files_with(disk, PERSON) == []


def test_a_backup_during_which_somebody_is_erased_is_made_again(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    saved, calls = backing_up.save_copy, []

    def erased_meanwhile(of: EventLog, target: Path, *rest: object) -> int:
        position = saved(of, target)
        calls.append(target)
        if len(calls) == 1:
            with closing(EventLog.open(log.path)) as other:
                remove(other)
        return position

    monkeypatch.setattr(backing_up, "save_copy", erased_meanwhile)
    assert backed_up(log, BEFORE_IMPORT) == ""
    assert len(calls) == 2
    assert files_with(folders.state(), PERSON) == []


def test_after_an_unswept_erasure_a_backup_holds_no_trace(log: EventLog) -> None:
    Bus(log, clock=lambda: NOON, actor="ines").dispatch(EraseUser(ADA))
    assert log.unswept
    assert backed_up(log, BEFORE_IMPORT) == ""
    assert files_with(folders.state(), PERSON) == []


def test_an_interrupted_erasure_is_ended_with_its_backups(log: EventLog, home: Path) -> None:
    backed_up(log, BEFORE_IMPORT)
    Bus(log, clock=lambda: NOON, actor="ines").dispatch(EraseUser(ADA))
    assert files_with(home, PERSON)
    finish(log, cache=folders.cache(), drafts=folders.drafts(log.directory_id), reports=())
    assert not log.unswept
    assert files_with(home, PERSON) == []
    assert [one.reason for one in backups_of(log)] == [AFTER_ERASING]


@pytest.mark.parametrize("place", ["there", "gone", "switched off"])
def test_a_migration_always_makes_a_copy(log: EventLog, tmp_path: Path, place: str) -> None:
    set_settings(BackupSettings(makes=place != "switched off", place=tmp_path / "gone" if place == "gone" else None))
    made = backing_up.copy_before_upgrade(log)
    (found,) = backups_of(log)
    assert (found.path, found.head, found.reason) == (made, log.head(), BEFORE_UPGRADE)
    assert found.managed == (place != "gone")
    if place == "gone":
        assert made == log.path.with_name("staff before migration.whowas")


def test_older_ones_that_cannot_be_deleted_are_told_of(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(path: Backup) -> None:
        raise PermissionError(13, "Permission denied", "a.whowas")

    for title in ("a", "b"):
        change(log, title)
        backed_up(log, BEFORE_IMPORT)
    monkeypatch.setattr(thinning, "LIMIT_BYTES", 1)
    monkeypatch.setattr(backing_up, "delete", fails)
    change(log)
    assert backed_up(log, BEFORE_IMPORT) == (
        "A backup was made, but older ones that are not needed any more are left. "
        "“a.whowas” cannot be used: Permission denied."
    )
    with pytest.raises(StoreError, match="Backups that hold them are left"):
        renew_after_erasure(log)
    assert len([one for one in backups_of(log) if one.verified]) == 4


def test_two_programs_at_the_same_moment_do_not_get_into_each_others_way(
    log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved, calls = backing_up.save_copy, []

    def taken_meanwhile(of: EventLog, target: Path, *rest: object) -> int:
        calls.append(target)
        if len(calls) == 1:
            saved(of, target)
        return saved(of, target)

    monkeypatch.setattr(backing_up, "save_copy", taken_meanwhile)
    assert backed_up(log, BEFORE_IMPORT) == ""
    assert len(set(calls)) == 2
    assert [one.head for one in backups_of(log)] == [log.head()] * 2


def test_migration_copies_beside_the_file_count(log: EventLog) -> None:
    beside = log.path.with_name("staff before migration.whowas")
    assert backup.back_up(log.path, beside) == 1
    log.path.with_name("staff before migration 2.whowas").write_bytes(b"somebody's own file")
    change(log)
    (found,) = backups_of(log)
    assert (found.path, found.managed, found.verified) == (beside, False, False)
    assert found.head is not None
    assert found.head.position == 1
    assert backups_of(log.directory_id) == []
    assert [one.path for one in backups_of_path(log.path)] == [beside]
