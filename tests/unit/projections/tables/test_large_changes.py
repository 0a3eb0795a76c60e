"""What is too large to be held at once is projected as if it had been."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from whowas.command_bus.bus import Bus
from whowas.corrections.what_if.imagined_log import ImaginedLog
from whowas.domain.commands import CreateUser, EraseUser, SetPassword, UpdateUser
from whowas.domain.events import UserCreated, UserSuspended, UserUpdated
from whowas.domain.users import User
from whowas.domain.weight import AN_EVENT, weight, weight_of_user
from whowas.interchange.importing.import_changes import import_changes
from whowas.interchange.source import Source
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables import latest_users, logged_change, projector, waiting_rows
from whowas.projections.tables.logged_change import gathered
from whowas.projections.tables.search_texts import SEARCHED
from whowas.store import transaction
from whowas.store.event_log import EventLog

TABLES = (
    "SELECT * FROM step ORDER BY number",
    "SELECT * FROM change ORDER BY number",
    "SELECT * FROM directory_state ORDER BY step",
    "SELECT position, ordering_epoch, erasure_count, latest FROM checkpoint",
    (
        "SELECT user_id, begins, actor, version, status, first_name, notes, groups, attributes, content, text "
        f"FROM version_row JOIN user ON user.number = user JOIN {SEARCHED} USING (number) "
        "ORDER BY user_id, begins, version_row.version"
    ),
)


def history(random: Random) -> bytes:
    """Return a change log of few people with many equal moments, in any order."""
    lines = []
    for number in range(200):
        someone, second = random.randrange(12), random.randrange(20) if number > 12 else 0
        fields = {"first_name": f"N{random.randrange(5)}", "notes": f"note {number}", "groups": [f"G{number % 3}"]}
        lines.append(
            {
                "at": f"2020-01-01T00:00:{second:02}Z",
                "actor": random.choice(("ines", "max")),
                "op": random.choice(("create", "update", "update", "delete")),
                "id": f"u{someone}",
                "fields": {name: fields[name] for name in random.sample(sorted(fields), 2)},
            }
        )
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


@pytest.fixture(params=range(6))
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    """A log with two imports, backdated changes and an erasure."""
    random = Random(request.param)
    log = EventLog.create(tmp_path / "staff.whowas")
    now = int(datetime(2021, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
    bus = Bus(log, clock=lambda: now, actor="ines")
    for _ in range(2):
        import_changes(bus, [Source.of("log.jsonl", history(random))], skip_refused=True)
    known = sorted({recorded.stream for recorded in log.read(only=UserCreated)})
    with bus.change() as change:
        for user_id in known:
            change.dispatch(SetPassword(user_id, "$argon2id$")) if change.user(user_id).status != "deleted" else None  # type: ignore[union-attr]
    with bus.change() as change:
        for user_id in random.sample(known, 3):
            user = change.user(user_id)
            if user is not None and user.status != "deleted":
                change.dispatch(UpdateUser(user_id, {"notes": "backdated"}), occurred_at=now - 1)
    with bus.change() as change:
        change.dispatch(EraseUser(known[0]))
    yield log
    log.close()


def tables(log: EventLog, cache: Path) -> list[list[object]]:
    read_side = ReadSide(log, cache)
    read_side.catch_up()
    found: list[list[object]] = [list(read_side.read_model.select(sql)) for sql in TABLES]
    read_side.close()
    return found


@pytest.mark.parametrize("held_bytes", [1, 5_000, 20_000])
def test_whatever_is_held_at_once_the_tables_are_the_same(
    log: EventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held_bytes: int
) -> None:
    whole = tables(log, tmp_path / "whole")
    monkeypatch.setattr(waiting_rows, "HELD_BYTES", held_bytes)
    monkeypatch.setattr(waiting_rows, "_ROWS_AT_ONCE", held_bytes // 300 + 1)
    monkeypatch.setattr(latest_users, "USERS_HELD", held_bytes // 1_000)
    monkeypatch.setattr(projector, "EVENTS_WITH_LOOKUP", 0)
    monkeypatch.setattr(waiting_rows, "LONG_ROW", held_bytes // 5)
    monkeypatch.setattr(logged_change, "HELD_BYTES", held_bytes)
    assert all(whole)
    assert tables(log, tmp_path / "in parts") == whole


def test_a_large_change_is_taken_in_timeline_order(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logged_change, "HELD_BYTES", 1)
    (first,) = log.read(0, 1)
    places = log.timeline_keys_of_change(1)
    change = gathered(log, (event for event in log.read() if event.change_id == first.change_id))
    taken = [(event.occurred_at, event.position) for event in change.events]
    assert change.first == first
    assert taken == sorted(places)
    assert change.last_position == max(position for _, position in taken) == places[-1][1]


def test_an_imagined_log_tells_the_places_of_its_changes(log: EventLog) -> None:
    first_of_last = log.head().position
    anew = list(log.read(100))
    imagined = ImaginedLog(log, 100, first_of_last, anew)
    for first in (1, anew[0].position, first_of_last):
        if first != anew[0].position or anew[0].change_id != next(log.read(99, 100)).change_id:
            assert imagined.timeline_keys_of_change(first) == log.timeline_keys_of_change(first)


def test_events_appended_in_portions_are_all_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "_FEW", 0)
    monkeypatch.setattr(transaction, "_BYTES_AT_ONCE", 3_000)
    log = EventLog.create(tmp_path / "staff.whowas")
    with Bus(log, clock=lambda: 1, actor="ines").change() as change:
        for number in range(50):
            change.dispatch(
                CreateUser(f"01890000-0000-7000-8000-{number:012x}", {"external_id": f"u{number}", "notes": "x" * 900})
            )
    assert [event.event.fields["external_id"] for event in log.read(only=UserCreated)] == [  # type: ignore[union-attr]
        f"u{number}" for number in range(50)
    ]
    assert log.verify() is None
    log.close()


def test_events_and_users_weigh_what_their_texts_do() -> None:
    long, wide = "x" * 100_000, "\N{GRINNING FACE}" * 1_000
    assert weight(UserSuspended()) == AN_EVENT
    assert 100_000 < weight(UserCreated("7", {"notes": long}, {})) < 102_000
    assert 104_000 < weight(UserUpdated({"notes": long, "title": None}, {"motto": wide})) < 107_000
    assert 104_000 < weight_of_user(User("7", 1, notes=long, attributes={"motto": wide})) < 107_000
