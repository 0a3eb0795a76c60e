"""Importing as the window calls it: a report, progress that can be stopped, and one change or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import json_lines
from whowas.command_bus.bus import Bus
from whowas.domain.causation import ImportOf
from whowas.domain.commands import CreateUser, DeleteUser, SetPassword, UpdateUser
from whowas.domain.errors import CancelledError
from whowas.domain.events import UserCreated
from whowas.interchange import change_log, csv_format
from whowas.interchange.importing.import_file import REPORT_EVERY, import_file
from whowas.interchange.report import ImportReport
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2g"
LINE: dict[str, object] = {"at": "2020-03-03T14:05:00Z", "op": "create", "id": "ada", "fields": {"first_name": "Ada"}}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "staff.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    return Bus(log, clock=lambda: 1_700_000_000_000_000, actor="ines")


def take(bus: Bus, *lines: dict[str, object], **options: bool) -> ImportReport:
    return import_file(bus, json_lines(*lines).encode(), "history.jsonl", file_format=change_log.IMPORT, **options)


def many(count: int) -> list[dict[str, object]]:
    return [{**LINE, "id": f"p{number}"} for number in range(count)]


def test_the_report_counts_lines_people_and_events(bus: Bus, log: EventLog) -> None:
    update = {**LINE, "op": "update", "fields": {"title": "Clerk", "state": "WA"}}
    nothing_new = {**LINE, "op": "update", "fields": {"title": "Clerk"}}
    delete = {"at": "2020-03-03T14:05:00Z", "op": "delete", "id": "ada"}
    back = {**LINE, "fields": {"last_name": "Lovelace"}}

    report = take(bus, LINE, update, nothing_new, delete, back, {**LINE, "id": "ben"})

    assert (report.created, report.changed, report.deleted, report.people) == (3, 1, 1, 2)
    assert report.events == log.head().position
    assert (report.readable, report.accepted, report.written, report.refusals) == (True, True, True, ())
    assert report.summary() == "Imported 2 people: 3 created, 1 changed, 1 deleted."


def test_the_log_knows_the_file_and_who_took_it_in(bus: Bus, log: EventLog) -> None:
    take(bus, {**LINE, "actor": "Grace"})

    (recorded,) = log.read()

    assert recorded.causation == ImportOf("history.jsonl", by="ines")
    assert recorded.actor == "Grace"


def test_listeners_hear_of_an_import_once_and_of_a_dry_run_never(bus: Bus) -> None:
    heard: list[int] = []
    bus.subscribe(lambda receipt: heard.append(receipt.events))

    take(bus, *many(3), dry_run=True)
    take(bus, *many(3))

    assert heard == [3]


def test_progress_is_told_and_the_total_known(bus: Bus) -> None:
    told: list[tuple[int, int]] = []
    content = json_lines(*many(REPORT_EVERY * 2 + 1)).encode()

    def progress(done: int, total: int) -> None:
        told.append((done, total))

    import_file(bus, content, "x", file_format=change_log.IMPORT, progress=progress)

    assert told == [(0, 401), (200, 401), (400, 401)]


def test_a_stopped_import_leaves_nothing(bus: Bus, log: EventLog) -> None:
    def stop(done: int, total: int) -> None:
        if done >= REPORT_EVERY:
            raise CancelledError("Stopped.")

    content = json_lines(*many(REPORT_EVERY * 2)).encode()
    with pytest.raises(CancelledError):
        import_file(bus, content, "x", file_format=change_log.IMPORT, progress=stop)

    assert log.head().position == 0
    assert take(bus, LINE).written


@pytest.mark.parametrize("skip_refused", [False, True])
def test_a_dry_run_reports_what_the_import_then_does(skip_refused: bool, bus: Bus, log: EventLog) -> None:
    lines = [LINE, {**LINE, "id": "ben", "fields": {"first_name": "Ben", "email": "x"}}, {**LINE, "id": "cam"}]

    dry = take(bus, *lines, dry_run=True, skip_refused=skip_refused)
    assert (dry.written, log.head().position) == (False, 0)
    real = take(bus, *lines, skip_refused=skip_refused)

    assert real.written is real.accepted is skip_refused
    assert (dry.created, dry.events, dry.refusals) == (real.created, real.events, real.refusals)
    assert (log.head().position > 0) is skip_refused


def test_a_file_that_breaks_off_is_not_taken_even_in_part(bus: Bus, log: EventLog) -> None:
    content = b'email,notes\na@example.org,fine\nb@example.org,"open'
    report = import_file(bus, content, "x", file_format=csv_format.IMPORT, skip_refused=True)

    assert (report.readable, report.accepted, report.written) == (False, False, False)
    assert [(refusal.line, refusal.column) for refusal in report.refusals] == [(3, 2)]
    assert list(report.left_out()) == []
    assert log.head().position == 0


def test_somebody_created_again_comes_back_without_what_is_not_said(bus: Bus) -> None:
    bus.dispatch(CreateUser(ADA, {"external_id": "ada", "email": "desk@example.org"}), occurred_at=1)
    bus.dispatch(SetPassword(ADA, HASH), occurred_at=2)
    bus.dispatch(DeleteUser(ADA), occurred_at=3)
    bus.dispatch(CreateUser(ADA[:-1] + "b", {"email": "desk@example.org"}), occurred_at=4)

    assert take(bus, LINE).refusals == ()

    with bus.change() as change:
        ada = change.user(ADA)
    assert ada is not None
    assert (ada.status, ada.first_name, ada.email, ada.password) == ("active", "Ada", None, None)


def test_a_line_is_judged_by_the_state_of_its_own_moment(bus: Bus) -> None:
    later = {**LINE, "at": "2021-01-01T00:00:00Z"}
    assert take(bus, later).written
    with bus.change() as change:
        user_id = change.reservations.owner_of_external_id("ada")
    assert user_id is not None
    bus.dispatch(UpdateUser(user_id, {"title": "Clerk"}))

    update = {**LINE, "op": "update", "fields": {"title": "Press"}}
    reasons = [str(take(bus, line).refusals[0]) for line in (LINE, update)]

    assert "from a later moment on" in reasons[0]
    assert "There is no user “ada” to update" in reasons[1]
    assert take(bus, {**update, "at": "2021-06-01T00:00:00Z"}).written
    with bus.change() as change:
        ada = change.user(user_id)
    assert ada is not None
    assert ada.title == "Clerk", "what happened later is not undone by what is learnt later"


def test_passwords_come_as_hashes_or_not_at_all(bus: Bus) -> None:
    plain = {**LINE, "fields": {"first_name": "Ada", "password": "secret"}}
    hashed = {**LINE, "id": "ben", "fields": {"first_name": "Ben", "password_hash": HASH}}

    report = take(bus, plain, hashed, skip_refused=True)

    assert [(refusal.field, refusal.taken_without_field) for refusal in report.refusals] == [("password", True)]
    with bus.change() as change:
        users = [change.user(change.reservations.owner_of_external_id(who) or "") for who in ("ada", "ben")]
        fields = change.directory().fields
    assert [user.password for user in users if user] == [None, HASH]
    assert fields == (), "a password is never taken for a custom field"


def test_a_cell_at_fault_is_named_as_its_column_is(bus: Bus) -> None:
    content = b"external_id,Room,attributes.email\na,fine,x\nb,bad\x01,x\nc,fine,y\x01\n"

    report = import_file(bus, content, "list.csv", file_format=csv_format.IMPORT, skip_refused=True)

    assert [(str(refusal).partition(": ")[0], refusal.taken_without_field) for refusal in report.refusals] == [
        ("Line 3, column 2, Room", True),
        ("Line 4, column 3, email", True),
    ]
    with bus.change() as change:
        users = [change.user(change.reservations.owner_of_external_id(who) or "") for who in "abc"]
    assert [user.attributes for user in users if user] == [
        {"Room": "fine", "email": "x"},
        {"email": "x"},
        {"Room": "fine"},
    ]


def test_a_line_from_the_future_is_listed_and_nothing_is_written(bus: Bus, log: EventLog) -> None:
    ahead = {**LINE, "at": "2030-01-01T00:00:00Z", "id": "ben", "fields": {"first_name": "Ben", "state": "WA"}}
    report = take(bus, LINE, ahead)
    (refusal,) = report.refusals
    assert (refusal.line, refusal.column, refusal.field) == (2, 2, "at")
    assert "lies in the future" in str(refusal)
    assert (report.written, log.head().position) == (False, 0)


def test_the_lines_beside_one_from_the_future_can_be_taken(bus: Bus, log: EventLog) -> None:
    ahead = {**LINE, "at": "2030-01-01T00:00:00Z", "id": "ben", "fields": {"first_name": "Ben", "state": "WA"}}
    report = take(bus, ahead, LINE, skip_refused=True)
    assert [refusal.line for refusal in report.refusals] == [1]
    assert [type(recorded.event) for recorded in log.read()] == [UserCreated]


def test_an_import_that_comes_out_as_previewed_is_written_and_another_is_not(bus: Bus, log: EventLog) -> None:
    content = b"email,title\nada@example.org,Clerk\nben@example.org,Clerk\n"

    def importing(**options: Any) -> ImportReport:
        return import_file(bus, content, "list.csv", file_format=csv_format.IMPORT, skip_refused=True, **options)

    bus.dispatch(CreateUser(ADA, {"email": "ada@example.org"}))
    dry = importing(dry_run=True)
    bus.dispatch(UpdateUser(ADA, {"title": "Judge"}))
    at = log.head().position

    late = importing(previewed=dry)
    assert (late.written, late.accepted, log.head().position) == (False, True, at)
    assert (late.created, late.changed) == (dry.created, dry.changed), "what it meets differs, not what it counts"

    again = importing(previewed=late)
    assert again.written
    assert log.head().position > at


def test_fresh_ids_make_no_difference_between_two_looks(bus: Bus) -> None:
    lines = [{**LINE, "fields": {"first_name": "Ada", "groups": ["Records"]}}, {**LINE, "id": "ben"}]
    assert take(bus, *lines, dry_run=True).comes_out_as(take(bus, *lines, dry_run=True))
