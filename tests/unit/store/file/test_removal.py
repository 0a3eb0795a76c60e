"""A directory that was made for nothing goes without a trace; one that holds anything stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog
from whowas.store.file.identity import MovedFileError
from whowas.store.file.removal import remove_if_empty

ADA = "0199a3c4-0000-7000-8000-000000000001"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.whowas"


def made(path: Path) -> str:
    log = EventLog.create(path)
    log.close()
    return log.directory_id


def write(log: EventLog) -> None:
    Bus(log, clock=lambda: 1_700_000_000_000_000, actor="ines").dispatch(CreateUser(ADA, {"first_name": "Ada"}))


def test_an_empty_one_goes_with_all_that_lies_beside_it(path: Path) -> None:
    assert remove_if_empty(path, made(path))
    assert list(path.parent.iterdir()) == []


def test_one_that_holds_something_stays(path: Path) -> None:
    directory_id = made(path)
    log = EventLog.open(path)
    write(log)
    log.close()
    assert not remove_if_empty(path, directory_id)
    kept = EventLog.open(path)
    assert kept.head().position == 1
    kept.close()


def test_another_one_at_its_place_stays(path: Path) -> None:
    before = made(path)
    path.unlink()
    made(path)
    assert not remove_if_empty(path, before)
    assert path.exists()


def test_what_is_no_directory_stays(path: Path) -> None:
    path.write_text("a letter")
    assert not remove_if_empty(path, "")
    assert path.read_text() == "a letter"


def test_what_is_gone_is_gone(path: Path) -> None:
    assert remove_if_empty(path, "")


def test_whoever_has_it_open_is_told(path: Path) -> None:
    directory_id = made(path)
    other = EventLog.open(path)
    other.head()
    assert remove_if_empty(path, directory_id)
    with pytest.raises(MovedFileError):
        write(other)
    other.close()


def test_where_it_cannot_be_removed_it_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unlink(_path: Path, **_: bool) -> None:
        raise PermissionError(13, "not allowed")

    directory_id = made(path)
    monkeypatch.setattr(Path, "unlink", unlink)
    assert not remove_if_empty(path, directory_id)
    assert path.exists()


def test_a_log_that_is_locked_is_left_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def writing(_log: EventLog) -> None:
        raise StoreError("locked")

    directory_id = made(path)
    monkeypatch.setattr(EventLog, "writing", writing)
    assert not remove_if_empty(path, directory_id)
    assert path.exists()
