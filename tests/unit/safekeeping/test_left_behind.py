"""The file that sharing leaves behind counts as a backup: it stays as it is, is listed, and goes with an erasure."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import whowas
from tests.leftovers_of import Person
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.domain.errors import StoreError
from whowas.erasure import erase, finish
from whowas.safekeeping import backup_places, left_behind
from whowas.safekeeping.backups import BEFORE_SHARING, backups_of
from whowas.store.backup import back_up
from whowas.store.event_log import EventLog
from whowas.system import folders

ADA = "0199a3c4-0000-7000-8000-000000000001"
NOON = 1_795_000_000_000_000


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    with closing(EventLog.create(tmp_path / "follower.whowas")) as log:
        Bus(log, clock=lambda: NOON, actor="ines").dispatch(CreateUser(ADA, Person().fields()))
        yield log


@pytest.fixture
def left(log: EventLog, tmp_path: Path) -> Path:
    """A file that was left behind, of the same directory."""
    path = left_behind.new_name(tmp_path / "staff.whowas")
    left_behind.note(log.directory_id, path, tmp_path / "staff.whowas")
    back_up(log.path, path)
    return path


def remove(log: EventLog) -> None:
    bus = Bus(log, clock=lambda: NOON, actor="ines")
    done = erase(bus, log, ADA, cache=folders.cache(), drafts=folders.drafts(log.directory_id), reports=())
    assert not done.left


def test_it_is_called_after_the_file_and_never_over_anything(tmp_path: Path) -> None:
    file = tmp_path / "staff.whowas"
    first = left_behind.new_name(file)
    first.touch()
    assert (first.name, left_behind.new_name(file).name) == (
        "staff before sharing.whowas",
        "staff before sharing 2.whowas",
    )


def test_it_stays_as_it_is_and_only_where_it_was_noted(left: Path, tmp_path: Path) -> None:
    own = tmp_path / "somebody's own before sharing.whowas"
    shutil.copy(left, own)

    assert [backup_places.is_backup(path) for path in (left, own)] == [True, False]
    with closing(EventLog.open(left)) as opened:
        backup_places.keep_as_it_is(opened)
        assert opened.read_only == backup_places.stays_as_it_is(left)


def test_it_is_listed_among_the_backups(log: EventLog, left: Path) -> None:
    expected = [(left, BEFORE_SHARING, log.head(), False)]

    assert [(one.path, one.reason, one.head, one.managed) for one in backups_of(log)] == expected
    assert [one.path for one in backups_of(log.directory_id)] == [left]


def test_an_erasure_deletes_it(log: EventLog, left: Path) -> None:
    remove(log)

    assert not left.exists()
    assert left_behind.of_directory(log.directory_id) == []


def test_an_erasure_lets_one_of_another_directory_stay(log: EventLog, left: Path, tmp_path: Path) -> None:
    other = tmp_path / "other before sharing.whowas"
    left_behind.note("0199a3c4-0000-7000-8000-00000000000f", other, tmp_path / "other.whowas")
    shutil.copy(left, other)

    remove(log)

    assert other.exists()


def test_one_on_a_disk_that_was_not_there_goes_when_it_is(log: EventLog, left: Path, tmp_path: Path) -> None:
    left.rename(tmp_path / "elsewhere")
    remove(log)
    (tmp_path / "elsewhere").rename(left)

    finish(log, cache=folders.cache(), drafts=folders.drafts(log.directory_id), reports=())

    assert not left.exists()


def test_who_looks_for_it_where_it_was_is_told_where_it_is(log: EventLog, left: Path, tmp_path: Path) -> None:
    file = tmp_path / "staff.whowas"
    with pytest.raises(StoreError, match=r"“staff\.whowas” is shared now"):
        left_behind.require_not_left(file)
    assert "“staff.whowas” is shared now, on a server." in whowas("head", file).err

    left_behind.note(log.directory_id, left, file, "db.example.org")
    with pytest.raises(StoreError, match=r"on its way to the server db\.example\.org when that was interrupted"):
        left_behind.require_not_left(file)

    file.touch()
    left_behind.require_not_left(file)
    left_behind.require_not_left(tmp_path / "other.whowas")


def test_what_is_owed_is_looked_for_when_a_directory_is_opened(log: EventLog, left: Path) -> None:
    assert not backup_places.owes(log.directory_id)
    left.rename(left.with_name("elsewhere"))
    remove(log)
    assert backup_places.owes(log.directory_id)


def test_nothing_that_was_written_over_the_register_hurts(log: EventLog, left: Path) -> None:
    (folders.state() / "backups" / "left behind.json").write_text('{"not": "a list"}')

    assert not left_behind.is_left_behind(left)
    left_behind.note(log.directory_id, left, left)
    assert left_behind.is_left_behind(left)


def test_only_what_was_interrupted_is_in_doubt(log: EventLog, left: Path, tmp_path: Path) -> None:
    file = tmp_path / "staff.whowas"
    assert left_behind.in_doubt(file) is None

    left_behind.note(log.directory_id, left, file, "db.example.org")
    found = left_behind.in_doubt(file)
    assert found is not None
    assert (found.path, found.going_to) == (str(left), "db.example.org")

    left_behind.forget(left)
    assert left_behind.in_doubt(file) is None
