"""A file that is held still can be given another name, and nobody who has it open saves into it after that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.domain.errors import StoreError
from whowas.store.event_log import EventLog
from whowas.store.file.handing_over import held_still, remove_left_beside, renamed
from whowas.store.file.identity import MovedFileError

ADA = "0199a3c4-0000-7000-8000-000000000001"
BEA = "0199a3c4-0000-7000-8000-000000000002"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    with closing(EventLog.create(tmp_path / "staff.whowas")) as log:
        create(log, ADA)
        yield log


def create(log: EventLog, user_id: str) -> None:
    Bus(log, clock=lambda: 1, actor="ines").dispatch(CreateUser(user_id, {"first_name": "Ada"}))


def test_nobody_else_writes_while_it_is_held(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whowas.store.file.database.BUSY_TIMEOUT_MS", 10)
    with closing(EventLog.open(log.path)) as other:
        with held_still(log):
            assert log.is_settled
            with pytest.raises(StoreError, match="in use by another program"):
                create(other, BEA)
        create(other, BEA)
        assert other.head().position == 2


def test_under_its_other_name_it_is_whole_and_nobody_saves_into_it(log: EventLog, tmp_path: Path) -> None:
    aside = tmp_path / "aside.whowas"
    head = log.head()
    with closing(EventLog.open(log.path)) as other:
        with held_still(log):
            renamed(log.path, aside)
        with pytest.raises(MovedFileError):
            create(other, BEA)
    log.close()
    remove_left_beside(log.path)

    with closing(EventLog.open(aside)) as opened:
        assert (opened.head(), opened.verify()) == (head, None)
    assert {path.name for path in tmp_path.iterdir() if not path.name.startswith(aside.name)} == set()


def test_what_goes_wrong_leaves_it_as_it_was(log: EventLog, tmp_path: Path) -> None:
    taken = tmp_path / "aside.whowas"
    taken.touch()
    with pytest.raises(StoreError, match="exists already"), held_still(log):
        renamed(log.path, taken)
    create(log, BEA)
    assert (log.head().position, taken.read_bytes()) == (2, b"")


def test_a_file_that_went_by_itself_is_none_that_was_renamed(log: EventLog, tmp_path: Path) -> None:
    log.path.rename(tmp_path / "moved by hand")
    with pytest.raises(MovedFileError), held_still(log):
        pytest.fail("the file is not there")
