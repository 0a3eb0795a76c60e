"""Importing change logs: what becomes of entries, progress that can be stopped, and one change or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import json_lines
from whowas.command_bus.bus import Bus
from whowas.domain.causation import ImportOf
from whowas.domain.commands import CreateUser, DeleteUser, EraseUser, SetPassword, UpdateUser
from whowas.domain.errors import CancelledError
from whowas.domain.events import UserCreated
from whowas.interchange.importing.import_changes import REPORT_EVERY, import_changes
from whowas.interchange.importing.told.outcome import ImportOutcome, RowOutcome
from whowas.interchange.source import Source
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


def take(bus: Bus, *lines: dict[str, object], **options: Any) -> ImportOutcome:
    return import_changes(bus, [Source.of("history.jsonl", json_lines(*lines).encode())], **options)


def refused(outcome: ImportOutcome) -> list[RowOutcome]:
    """Return the entries that are not taken, or not wholly."""
    return [row for row in outcome.rows if row.reason]


def many(count: int) -> list[dict[str, object]]:
    return [{**LINE, "id": f"p{number}"} for number in range(count)]


def test_the_outcome_tells_what_became_of_each_line(bus: Bus, log: EventLog) -> None:
    update = {**LINE, "op": "update", "fields": {"title": "Clerk", "state": "WA"}}
    nothing_new = {**LINE, "op": "update", "fields": {"title": "Clerk"}}
    delete = {"at": "2020-03-03T14:05:00Z", "op": "delete", "id": "ada"}
    back = {**LINE, "fields": {"last_name": "Lovelace"}}

    outcome = take(bus, LINE, update, nothing_new, delete, back, {**LINE, "id": "ben"})

    assert [row.what for row in outcome.rows] == ["created", "changed", "unchanged", "changed", "changed", "created"]
    assert outcome.rows[1].changes == {"title": (None, "Clerk"), "attribute:state": (None, "WA")}
    assert outcome.rows[3].changes == {"status": ("active", "deleted")}
    assert (outcome.counts["created"], outcome.counts["changed"], outcome.deleted) == (2, 3, 1)
    assert outcome.fields == ("state",)
    assert outcome.events == log.head().position
    assert (outcome.readable, outcome.accepted, outcome.written) == (True, True, True)


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

    def progress(done: int, total: int) -> None:
        told.append((done, total))

    take(bus, *many(REPORT_EVERY * 2 + 1), progress=progress)

    assert told[:3] == [(0, 0), (REPORT_EVERY, 0), (REPORT_EVERY * 2, 0)], "while the file is read"
    total = REPORT_EVERY * 2 + 1
    assert told[3:6] == [(0, total), (REPORT_EVERY, total), (REPORT_EVERY * 2, total)]


def test_a_stopped_import_leaves_nothing(bus: Bus, log: EventLog) -> None:
    def stop(done: int, total: int) -> None:
        if total and done >= REPORT_EVERY:
            raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        take(bus, *many(REPORT_EVERY * 2), progress=stop)

    assert log.head().position == 0
    assert take(bus, LINE).written


@pytest.mark.parametrize("skip_refused", [False, True])
def test_a_dry_run_reports_what_the_import_then_does(skip_refused: bool, bus: Bus, log: EventLog) -> None:
    lines = [LINE, {**LINE, "id": "ben", "fields": {"first_name": "Ben", "email": "x"}}, {**LINE, "id": "cam"}]

    dry = take(bus, *lines, dry_run=True, skip_refused=skip_refused)
    assert (dry.written, log.head().position) == (False, 0)
    real = take(bus, *lines, skip_refused=skip_refused)

    assert real.written is real.accepted is skip_refused
    assert (dry.counts, dry.events) == (real.counts, real.events)
    assert [(row.line, row.reason) for row in dry.rows] == [(row.line, row.reason) for row in real.rows]
    assert (log.head().position > 0) is skip_refused


def test_a_file_that_breaks_off_is_not_taken_even_in_part(bus: Bus, log: EventLog) -> None:
    content = b"[" + json_lines(LINE).encode() + b', {"at": '
    outcome = import_changes(bus, [Source.of("x.json", content)], skip_refused=True)

    assert (outcome.readable, outcome.accepted, outcome.written) == (False, False, False)
    assert [row.what for row in outcome.rows] == ["created", "refused"]
    assert log.head().position == 0


def test_an_empty_file_is_refused_beside_another(bus: Bus, log: EventLog) -> None:
    full, empty = Source.of("a.jsonl", json_lines(LINE).encode()), Source.of("b.jsonl", b"\n")
    outcome = import_changes(bus, [full, empty])

    assert [(row.file, row.reason) for row in refused(outcome)] == [("b.jsonl", "The file is empty.")]
    assert (outcome.readable, outcome.written, log.head().position) == (False, False, 0)


def test_several_files_are_taken_in_one_order_of_moments(bus: Bus) -> None:
    later = {**LINE, "at": "2021-01-01T00:00:00Z", "op": "update", "fields": {"title": "Clerk"}}
    files = [Source.of(name, json_lines(line).encode()) for name, line in (("a.jsonl", later), ("b.jsonl", LINE))]

    outcome = import_changes(bus, files)

    assert [(row.file, row.what) for row in outcome.rows] == [("a.jsonl", "changed"), ("b.jsonl", "created")]


def test_somebody_created_again_comes_back_without_what_is_not_said(bus: Bus) -> None:
    bus.dispatch(CreateUser(ADA, {"external_id": "ada", "email": "desk@example.org"}), occurred_at=1)
    bus.dispatch(SetPassword(ADA, HASH), occurred_at=2)
    bus.dispatch(DeleteUser(ADA), occurred_at=3)
    bus.dispatch(CreateUser(ADA[:-1] + "b", {"email": "desk@example.org"}), occurred_at=4)

    assert take(bus, LINE).rows[0].changes["status"] == ("deleted", "active")

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
    reasons = [take(bus, line).rows[0].reason for line in (LINE, update)]

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

    outcome = take(bus, plain, hashed, skip_refused=True)

    assert [(row.field, row.taken_without_field) for row in refused(outcome)] == [("password", True)]
    with bus.change() as change:
        users = [change.user(change.reservations.owner_of_external_id(who) or "") for who in ("ada", "ben")]
        fields = change.directory().fields
    assert [user.password for user in users if user] == [None, HASH]
    assert fields == {}, "a password is never taken for a custom field"


def test_a_line_is_never_taken_without_its_status(bus: Bus, log: EventLog) -> None:
    outcome = take(bus, {**LINE, "fields": {"first_name": "Ada", "status": "gone"}}, skip_refused=True)

    assert [(row.what, row.field) for row in outcome.rows] == [("refused", "status")]
    assert log.head().position == 0


def test_a_line_from_the_future_is_listed_and_nothing_is_written(bus: Bus, log: EventLog) -> None:
    ahead = {**LINE, "at": "2030-01-01T00:00:00Z", "id": "ben", "fields": {"first_name": "Ben", "state": "WA"}}
    outcome = take(bus, LINE, ahead)
    (row,) = refused(outcome)
    assert (row.line, row.column, row.field) == (2, 2, "at")
    assert "lies in the future" in row.reason
    assert (outcome.written, log.head().position) == (False, 0)


def test_the_lines_beside_one_from_the_future_can_be_taken(bus: Bus, log: EventLog) -> None:
    ahead = {**LINE, "at": "2030-01-01T00:00:00Z", "id": "ben", "fields": {"first_name": "Ben", "state": "WA"}}
    outcome = take(bus, ahead, LINE, skip_refused=True)
    assert [row.line for row in refused(outcome)] == [1]
    assert [type(recorded.event) for recorded in log.read()] == [UserCreated]


def test_an_import_that_comes_out_as_previewed_is_written_and_another_is_not(bus: Bus, log: EventLog) -> None:
    lines = [LINE, {**LINE, "op": "update", "fields": {"title": "Clerk", "groups": ["Records"]}}, {**LINE, "id": "ben"}]
    dry = take(bus, *lines, dry_run=True)
    assert not take(bus, *lines, dry_run=True, previewed=dry).decided_again, "new ids make no difference"

    bus.dispatch(CreateUser(ADA, {"external_id": "ben"}))
    at = log.head().position
    late = take(bus, *lines, previewed=dry)
    assert (late.written, log.head().position, late.decided_again) == (False, at, (2,))

    bus.dispatch(EraseUser(ADA))
    assert take(bus, *lines, previewed=dry).written


def swap(at: str, *more: dict[str, object]) -> list[dict[str, object]]:
    """Return lines that exchange the emails of E1 and E2 at one moment."""
    emails = {"E1": "b@example.org", "E2": "a@example.org"}
    updates = [{"at": at, "op": "update", "id": who, "fields": {"email": email}} for who, email in emails.items()]
    return [*updates, *more]


@pytest.fixture
def two(bus: Bus) -> Bus:
    emails = {"E1": "a@example.org", "E2": "b@example.org"}
    assert take(bus, *({**LINE, "id": who, "fields": {"email": email}} for who, email in emails.items())).written
    return bus


def emails_of(bus: Bus) -> list[str | None]:
    with bus.change() as change:
        owner_of = change.reservations.owner_of_external_id
        users = [change.user(owner_of(who) or "") for who in ("E1", "E2")]
    return [user.email for user in users if user]


def test_emails_change_hands_at_one_moment(two: Bus) -> None:
    titled = {"at": "2021-01-01T00:00:00Z", "op": "update", "id": "E1", "fields": {"title": "Clerk"}}
    outcome = take(two, *swap("2021-01-01T00:00:00Z", titled))
    assert [row.what for row in outcome.rows] == ["changed"] * 3
    assert emails_of(two) == ["b@example.org", "a@example.org"]


def test_emails_do_not_change_hands_at_two_moments(two: Bus, log: EventLog) -> None:
    first, second = swap("2021-01-01T00:00:00Z")
    outcome = take(two, first, {**second, "at": "2021-01-01T00:00:01Z"})
    assert [(row.what, row.field) for row in outcome.rows] == [("refused", "email"), ("refused", "email")]
    assert not outcome.written


def test_who_leaves_at_a_moment_leaves_the_email_to_whom_it_goes_then(two: Bus) -> None:
    at = "2021-01-01T00:00:00Z"
    taken = {"at": at, "op": "update", "id": "E1", "fields": {"email": "b@example.org"}}
    outcome = take(two, taken, {"at": at, "op": "delete", "id": "E2"})
    assert [row.what for row in outcome.rows] == ["changed", "changed"]
    assert outcome.written


@pytest.mark.parametrize("which", [0, 1])
def test_one_refused_entry_refuses_all_that_it_exchanges_with(two: Bus, which: int) -> None:
    assert take(two, {**LINE, "id": "E3"}).written
    lines = swap("2021-01-01T00:00:00Z")
    lines[which] = {**lines[which], "fields": {**lines[which]["fields"], "external_id": "E3"}}  # type: ignore[dict-item]
    outcome = take(two, *lines, skip_refused=True)
    at_fault, other = outcome.rows[which], outcome.rows[1 - which]
    assert (at_fault.what, at_fault.field) == ("refused", "external_id")
    assert (other.what, other.field) == ("refused", "")
    assert f"line {which + 1}" in other.reason
    assert emails_of(two) == ["a@example.org", "b@example.org"]
