"""Imports during which somebody else writes: they come to what they would have come to right after that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.command_line import json_lines
from tests.optimistic_log import OptimisticLog
from tests.unit.interchange.importing.given_lists import NOW, given
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateGroup, CreateUser, DefineField, JoinGroup, UpdateUser
from whowas.domain.errors import CancelledError
from whowas.interchange import log_export
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.import_changes import import_changes
from whowas.interchange.importing.import_files import import_files
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.interchange.log_import import import_log
from whowas.interchange.source import Source
from whowas.store.decided import Committed, Moved
from whowas.store.event_log import EventLog

ADA, BEN, CLEO, STAFF = (f"01890000-0000-7000-8000-00000000000{last}" for last in "abcf")
DAY = 86_400_000_000

Take = Callable[..., ImportOutcome]


def list_of_members(bus: Bus, log: EventLog, **options: Any) -> ImportOutcome:
    rows = [
        {"first_name": "Ada", "email": "ada@x.org", "title": "Bursar", "groups": "Staff"},
        {"first_name": "Cleo", "email": "cleo@x.org"},
        {"first_name": "Dora", "email": "no email"},
    ]
    rules = ImportRules(skip_refused=True, missing="suspend", among="Staff")
    return import_files(bus, log, [given(rows)], rules, **options)


def dated_lists(bus: Bus, log: EventLog, **options: Any) -> ImportOutcome:
    first = given([{"first_name": "Ada", "email": "ada@x.org"}], name="1.csv", occurred_at=NOW - 9 * DAY)
    second = given([{"first_name": "Cleo", "email": "cleo@x.org"}], name="2.csv", occurred_at=NOW - 8 * DAY)
    return import_files(bus, log, [first, second], ImportRules(skip_refused=True), **options)


def change_log(bus: Bus, _log: EventLog, **options: Any) -> ImportOutcome:
    lines = [
        {"at": "2020-03-03T14:05:00Z", "op": "create", "id": "cleo", "fields": {"first_name": "Cleo"}},
        {"at": "2020-03-03T14:05:00Z", "op": "create", "id": "dora", "fields": {"email": "ada@x.org"}},
        {"at": "2020-03-02T14:05:00Z", "op": "dance", "id": "dora"},
        {"at": "2020-03-04T14:05:00Z", "op": "update", "id": "cleo", "fields": {"title": "Clerk"}},
    ]
    source = Source.of("history.jsonl", json_lines(*lines).encode())
    return import_changes(bus, [source], skip_refused=True, **options)


def exported_log(bus: Bus, _log: EventLog, **options: Any) -> ImportOutcome:
    with TemporaryDirectory() as folder, closing(EventLog.create(Path(folder) / "old.whowas")) as old:
        theirs = Bus(old, clock=lambda: NOW, actor="max")
        theirs.dispatch(CreateUser(CLEO, {"first_name": "Cleo", "email": "cleo@x.org"}))
        theirs.dispatch(UpdateUser(CLEO, {"title": "Clerk"}))
        lines = "".join(log_export.write(old)).encode()
    return import_log(bus, Source.of("log.jsonl", lines), **options)


def nothing_of_it(bus: Bus) -> None:
    bus.dispatch(DefineField("Desk"))


def what_the_lists_say_too(bus: Bus) -> None:
    with bus.change() as change:
        change.dispatch(CreateUser(BEN, {"first_name": "Cleo", "email": "cleo@x.org"}), JoinGroup(BEN, STAFF))
        change.dispatch(UpdateUser(ADA, {"title": "Bursar"}))


def what_stood_in_the_way(bus: Bus) -> None:
    bus.dispatch(UpdateUser(ADA, {"email": None}))


def what_the_log_says_too(bus: Bus) -> None:
    bus.dispatch(CreateUser(CLEO, {"first_name": "C"}))


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[[str], EventLog]]:
    """Make directories in which Ada is staff."""
    logs: list[EventLog] = []

    def make(name: str) -> EventLog:
        log = EventLog.create(tmp_path / f"{name}.whowas")
        logs.append(log)
        with Bus(log, clock=lambda: NOW - DAY, actor="lee").change() as change:
            change.dispatch(CreateGroup(STAFF, "Staff"))
            change.dispatch(CreateUser(ADA, {"first_name": "Ada", "email": "ada@x.org"}), JoinGroup(ADA, STAFF))
        return log

    yield make
    for log in logs:
        log.close()


def bus_of(log: EventLog | OptimisticLog, actor: str = "ines") -> Bus:
    return Bus(log, clock=lambda: NOW, actor=actor)


def told(outcome: ImportOutcome) -> list[object]:
    """Return all that an outcome says but for ids, which are new each time."""
    rows = [(row.what, row.file, row.line, row.name, dict(row.changes), row.reason) for row in outcome.rows]
    done = (outcome.suspended, outcome.deleted, outcome.events, outcome.fields, outcome.groups, outcome.said)
    return [rows, outcome.counts, done, outcome.readable, outcome.accepted, outcome.written, outcome.in_part]


@pytest.mark.parametrize("meanwhile", [nothing_of_it, what_the_lists_say_too, what_the_log_says_too])
@pytest.mark.parametrize("take", [list_of_members, dated_lists, change_log, exported_log])
def test_it_is_as_if_the_other_had_been_first(
    made: Callable[[str], EventLog], take: Take, meanwhile: Callable[[Bus], None]
) -> None:
    here, there = made("here"), made("there")
    meanwhile(bus_of(there, "theo"))
    wanted = take(bus_of(there), there)

    with closing(EventLog.open(here.path)) as other:
        coming = [lambda: meanwhile(bus_of(other, "theo"))]
        optimistic = OptimisticLog(here, lambda: coming.pop()() if coming else None)
        outcome = take(bus_of(optimistic), here)

    assert told(outcome) == told(wanted)
    answers = [type(answer) for answer in optimistic.answers]
    assert answers == [Moved, Committed] if wanted.events else [Moved]
    assert [(event.occurred_at, type(event.event), event.actor) for event in here.read()] == [
        (event.occurred_at, type(event.event), event.actor) for event in there.read()
    ]
    if outcome.change_id:
        assert here.change_at(here.head().position) == outcome.change_id
    assert here.verify() is None


@pytest.mark.parametrize(
    ("take", "meanwhile"),
    [
        (list_of_members, what_the_lists_say_too),
        (dated_lists, what_the_lists_say_too),
        (change_log, what_stood_in_the_way),
        (exported_log, what_the_log_says_too),
    ],
)
def test_only_what_was_looked_at_is_written(
    made: Callable[[str], EventLog], take: Take, meanwhile: Callable[[Bus], None]
) -> None:
    log = made("here")
    with closing(EventLog.open(log.path)) as other:
        coming = [lambda: meanwhile(bus_of(other, "theo"))]
        optimistic = OptimisticLog(log, lambda: coming.pop()() if coming else None)
        previewed = take(bus_of(optimistic), log, dry_run=True)
        assert (optimistic.answers, bool(coming), previewed.written) == ([], True, False)
        outcome = take(bus_of(optimistic), log, previewed=previewed)
    assert [type(answer) for answer in optimistic.answers] == [Moved]
    assert (outcome.written, bool(outcome.decided_again), outcome.change_id) == (False, True, "")
    assert {event.actor for event in log.read()} == {"lee", "theo"}
    with closing(EventLog.open(log.path)) as now:
        assert told(take(bus_of(now), now, dry_run=True)) == told(outcome)


@pytest.mark.parametrize("take", [list_of_members, dated_lists, change_log, exported_log])
def test_a_dry_run_keeps_nobody_from_writing(made: Callable[[str], EventLog], take: Take) -> None:
    log, writes = made("here"), 0

    def write(_done: int, _total: int) -> None:
        nonlocal writes
        writes += bus_of(other, "theo").dispatch(UpdateUser(ADA, {"title": f"Title {writes}"})).events

    with closing(EventLog.open(log.path)) as other:
        before = told(take(bus_of(log), log, dry_run=True))
        assert told(take(bus_of(log), log, dry_run=True, progress=write)) == before
    assert writes > 0
    assert log.head().position == 3 + writes


@pytest.mark.parametrize("answers", [0, 1])
@pytest.mark.parametrize("take", [list_of_members, dated_lists, change_log, exported_log])
def test_it_can_be_stopped_also_when_it_is_decided_again(
    made: Callable[[str], EventLog], take: Take, answers: int
) -> None:
    log = made("here")

    def stop(_done: int, _total: int) -> None:
        if len(optimistic.answers) == answers:
            raise CancelledError

    with closing(EventLog.open(log.path)) as other:
        coming = [lambda: nothing_of_it(bus_of(other, "theo"))]
        optimistic = OptimisticLog(log, lambda: coming.pop()() if coming else None)
        with pytest.raises(CancelledError):
            take(bus_of(optimistic), log, progress=stop)
    assert [type(answer) for answer in optimistic.answers] == [Moved][:answers]
    assert {event.actor for event in log.read()} == ({"lee", "theo"} if answers else {"lee"})
