"""kill -9 at random points: what was reported as done is there, a bulk change is there whole or not at all."""

from __future__ import annotations

import random
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from tests.leftovers_of import Person, as_of_the_first_version, files_with
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.domain.events import UserErased
from whowas.erasure import erase, finish
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

USER = "0199a3c4-0000-7000-8000-000000000001"
BULK = 20_000


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.integration.writer", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    path = tmp_path / "staff.whowas"
    log = EventLog.create(path)
    Bus(log, clock=lambda: time.time_ns() // 1000, actor="test").dispatch(CreateUser(USER, {"first_name": "Ada"}))
    log.close()
    return path


def check(path: Path, cache: Path) -> EventLog:
    """Open the file after the crash: it verifies, and its read side equals a new one."""
    log = EventLog.open(path)
    assert log.verify() is None
    read_side, fresh = ReadSide(log, cache), ReadSide(log, cache.with_name("fresh"))
    index, again = read_side.catch_up(), fresh.rebuild()
    rows = [read_side.rows(index.numbers[index.alive(index.now)].tolist())]
    rows.append(fresh.rows(again.numbers[again.alive(again.now)].tolist()))
    assert [row.user for row in rows[0]] == [row.user for row in rows[1]]
    read_side.close()
    fresh.close()
    return log


def test_every_save_reported_as_done_survives_kill_9(directory: Path, tmp_path: Path) -> None:
    dice = random.Random(1)
    reported = 0
    for _ in range(8):
        process = start("saves", directory, USER, "1000000")
        assert process.stdout is not None
        for _ in range(dice.randrange(20, 40)):
            reported = int(process.stdout.readline())
        time.sleep(dice.random() * 0.01)
        process.kill()
        rest, _ = process.communicate()
        whole = [line for line in rest.split("\n")[:-1] if line]
        reported = int(whole[-1]) if whole else reported
        log = check(directory, tmp_path / "cache")
        assert log.head().position >= reported
        log.close()
    assert reported >= 200


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.4, 0.8, 1.2, 1.6, 2.0])
def test_a_bulk_change_is_there_whole_or_not_at_all(directory: Path, tmp_path: Path, delay: float) -> None:
    process = start("bulk", directory, str(BULK))
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(delay)
    process.kill()
    told, _ = process.communicate()
    log = check(directory, tmp_path / "cache")
    position = log.head().position
    log.close()
    assert position in (1, BULK + 1)
    if "done" in told:
        assert position == BULK + 1


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5])
def test_an_erasure_is_there_whole_or_not_at_all(tmp_path: Path, delay: float) -> None:
    person, cache, folder = Person(), tmp_path / "cache", tmp_path / "files"
    folder.mkdir()
    directory = folder / "staff.whowas"
    log = EventLog.create(directory)
    bus = Bus(log, clock=lambda: time.time_ns() // 1000, actor="test")
    bus.dispatch(CreateUser(USER, person.fields()))
    with bus.change() as change:
        for number in range(BULK // 4):
            change.dispatch(CreateUser(str(uuid.uuid4()), {"first_name": f"User {number}"}))
    log.close()
    as_of_the_first_version(directory)

    process = start("erase", directory, USER, cache)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(delay)
    process.kill()
    told, _ = process.communicate()

    log = check(directory, cache)
    finish(log, cache=cache, drafts=cache / "none", reports=())
    erased = log.erasure_of(USER) is not None
    assert erased or "done" not in told
    if not erased:
        assert files_with(folder, person), "nothing was taken away"
        bus = Bus(log, clock=lambda: time.time_ns() // 1000, actor="test")
        erase(bus, log, USER, cache=cache, drafts=cache / "none", reports=())
    assert isinstance(log.stream(USER)[-1].event, UserErased)
    log.close()
    assert files_with(folder, person) == []
    assert [path.name for path in folder.iterdir()] == ["staff.whowas"], "the copy made before the migration went too"
