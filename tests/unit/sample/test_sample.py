"""The sample: made-up people with years of history, the same for the same seed."""

from __future__ import annotations

import stat
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import contents, whowas
from whowas.domain.errors import CancelledError, StoreError
from whowas.interchange.iso_moments import written
from whowas.sample import make_sample
from whowas.store.event_log import EventLog

START_DATE = "Start date"
DAY = 24 * 3600
TWELVE_YEARS = 12 * 365 * DAY


def made(folder: Path, name: str = "sample.whowas", *, people: int = 30, changes: int = 200, seed: int = 1) -> Path:
    file = folder / name
    make_sample(file, people=people, changes=changes, seed=seed)
    return file


def everybody(file: Path) -> list[dict[str, Any]]:
    """Return all users without what depends on the day on which the sample was made."""
    users = whowas("list", file, "--json", "--status", "any").objects
    for user in users:
        user["attributes"].pop(START_DATE, None)
    return users


def told(file: Path) -> list[tuple[str, str, object]]:
    """Return who did what to whom, without dates."""
    entries = whowas("history", file, "--json").objects
    return [
        (
            entry["actor"],
            entry["kind"],
            {name: pair for name, pair in entry["changes"].items() if START_DATE not in name},
        )
        for entry in entries
    ]


def test_the_same_seed_makes_the_same_sample(tmp_path: Path) -> None:
    first, second = made(tmp_path, "first.whowas"), made(tmp_path, "second.whowas")

    assert everybody(first) == everybody(second)
    assert told(first) == told(second)


@pytest.mark.parametrize("days", [1, 3, 5, 40, 364])
def test_the_same_seed_makes_the_same_sample_on_any_day(
    days: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = made(tmp_path, "today.whowas")
    monkeypatch.setattr("whowas.sample._now", lambda: (time.time_ns() // 1000) - days * DAY * 1_000_000)

    earlier = made(tmp_path, "earlier.whowas")

    assert told(earlier) == told(today)
    # An id holds the moment at which it was given.
    assert [user | {"id": ""} for user in everybody(earlier)] == [user | {"id": ""} for user in everybody(today)]


def test_another_seed_makes_another_sample(tmp_path: Path) -> None:
    first, second = made(tmp_path, "first.whowas"), made(tmp_path, "second.whowas", seed=2)

    assert {user["id"] for user in everybody(first)}.isdisjoint(user["id"] for user in everybody(second))
    assert told(first) != told(second)


@pytest.mark.parametrize(("people", "changes"), [(0, 0), (0, 10), (1, 0), (1, 60), (7, 3), (50, 100)])
def test_there_are_as_many_people_as_asked_for(people: int, changes: int, tmp_path: Path) -> None:
    file = made(tmp_path, people=people, changes=changes)

    assert len(everybody(file)) == people
    assert len({user["email"] for user in everybody(file)}) == people
    assert whowas("verify", file).code == 0


def test_its_history_covers_the_last_years_and_nothing_to_come(tmp_path: Path) -> None:
    file = made(tmp_path, people=60, changes=600)
    now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    begun = time.strftime("%Y-%m-%d", time.gmtime(time.time() - TWELVE_YEARS))
    a_week_before = time.strftime("%Y-%m-%d", time.gmtime(time.time() - TWELVE_YEARS - 7 * DAY))

    moments = [entry["occurred_at"] for entry in whowas("history", file, "--json").objects]

    assert moments == sorted(moments)
    assert moments[-1][:19] <= now
    assert a_week_before <= moments[0][:10] <= begun


def test_it_was_recorded_along_its_history_and_some_of_it_late(tmp_path: Path) -> None:
    log = EventLog.open(made(tmp_path, people=60, changes=600))
    events = list(log.read())
    log.close()
    recorded = [event.recorded_at for event in events]
    year = 365 * DAY * 1_000_000

    assert recorded == sorted(recorded)
    assert recorded[-1] <= time.time_ns() // 1000
    assert recorded[0] == events[0].occurred_at
    assert recorded[-1] - recorded[0] > 11 * year
    assert all(later - earlier < 3 * year for earlier, later in pairwise(recorded))
    assert all(event.occurred_at <= event.recorded_at for event in events)
    saves = [event for event in events if event.causation is None]
    assert {event.recorded_at == event.occurred_at for event in saves} == {True, False}


def test_it_was_not_known_at_once_as_it_was(tmp_path: Path) -> None:
    file = made(tmp_path, people=60, changes=600)
    log = EventLog.open(file)
    late = [event for event in log.read() if event.causation is None and event.recorded_at > event.occurred_at]
    log.close()
    moment = written(late[0].occurred_at)

    was, known = (whowas("list", file, "--at", moment, *more, "--json").objects for more in ([], ["--known", moment]))

    assert was != known
    assert len(known) > 10


def test_whoever_was_there_from_the_start_came_in_one_step(tmp_path: Path) -> None:
    entries = whowas("history", made(tmp_path, people=60, changes=10), "--json").objects
    first = [entry for entry in entries if entry["occurred_at"] == entries[0]["occurred_at"]]

    assert len(first) == 20
    assert len({(entry["position"], entry["actor"]) for entry in first}) == 1


def test_there_is_something_of_everything(tmp_path: Path) -> None:
    file = made(tmp_path, people=60, changes=1_500)
    users = everybody(file)

    assert {user["status"] for user in users} == {"active", "suspended", "deleted"}
    assert len({group for user in users for group in user["groups"]}) > 3
    assert len({actor for actor, _, _ in told(file)}) > 1


def test_it_is_a_file_for_its_owner_only(tmp_path: Path) -> None:
    assert stat.S_IMODE(made(tmp_path).stat().st_mode) == 0o600


def test_it_is_never_written_over_a_file(tmp_path: Path) -> None:
    file = tmp_path / "sample.whowas"
    file.write_text("mine", encoding="utf-8")

    with pytest.raises(StoreError, match="exists already"):
        make_sample(file)

    assert file.read_text(encoding="utf-8") == "mine"


def test_a_sample_that_was_stopped_leaves_no_file(tmp_path: Path) -> None:
    def stop(done: int, of: int) -> None:
        raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        make_sample(tmp_path / "sample.whowas", progress=stop)

    assert list(tmp_path.iterdir()) == []


def test_the_command_makes_it(tmp_path: Path) -> None:
    file = tmp_path / "sample.whowas"

    answer = whowas("sample", file, "--people", "5", "--changes", "20", "--seed", "3")

    assert (answer.code, answer.err) == (0, "")
    assert "5 people" in answer.out
    assert everybody(file) == everybody(made(tmp_path, "same.whowas", people=5, changes=20, seed=3))


def test_the_log_of_a_file_that_is_gone_is_set_aside_and_told(tmp_path: Path) -> None:
    file, wal = tmp_path / "sample.whowas", tmp_path / "sample.whowas-wal"
    wal.write_bytes(b"7" * 10_000)

    answer = whowas("sample", file, "--people", "5", "--changes", "20")

    assert answer.code == 0
    assert answer.err.endswith("they were kept as “sample.whowas-wal set aside”.\n")
    assert wal.with_name("sample.whowas-wal set aside").read_bytes() == b"7" * 10_000
    assert whowas("verify", file).code == 0


@pytest.mark.parametrize("options", [["--people", "-1"], ["--changes", "many"], ["--seed", "x"]])
def test_wrong_numbers_are_refused(options: list[str], tmp_path: Path) -> None:
    assert whowas("sample", tmp_path / "sample.whowas", *options).code == 2
    assert contents(tmp_path) == {}
