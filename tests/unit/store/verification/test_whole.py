"""Verifying looks at what the hash chain does not: events that cannot be, and all that lies beside them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.altered_files import alter, rechained
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateGroup, CreateUser, DeleteUser, EraseUser, JoinGroup, UpdateUser
from whowas.domain.errors import CancelledError
from whowas.store.backup import DamagedBackupError, back_up
from whowas.store.chain import Damage
from whowas.store.event_log import EventLog, ReadOnlyError

ADA, BEN, CHI = (f"0199a3c4-0000-7000-8000-{number:012}" for number in (1, 2, 3))
GROUP = "0199a3c4-0000-7000-9000-000000000001"
HOUR = 3_600_000_000
ADA_STREAM, CHI_STREAM = (f"x'{user_id.replace('-', '')}'" for user_id in (ADA, CHI))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Ten events: a group, Ada (one of hers backdated), Ben who was deleted, and Chi who was erased."""
    path = tmp_path / "staff.whowas"
    with closing(EventLog.create(path)) as log:
        now = iter(range(100 * HOUR, 200 * HOUR, HOUR))
        bus = Bus(log, clock=lambda: next(now), actor="ines")
        bus.dispatch(CreateGroup(GROUP, "Staff"))
        bus.dispatch(CreateUser(ADA, {"first_name": "Ada", "email": "ada@example.org", "external_id": "a1"}))
        bus.dispatch(UpdateUser(ADA, {"email": "late@example.org"}))
        bus.dispatch(UpdateUser(ADA, {"email": "early@example.org"}), occurred_at=101 * HOUR + 5)
        bus.dispatch(CreateUser(BEN, {"first_name": "Ben", "email": "ben@example.org", "external_id": "b1"}))
        bus.dispatch(DeleteUser(BEN))
        bus.dispatch(CreateUser(CHI, {"first_name": "Chi", "email": "chi@example.org"}))
        bus.dispatch(UpdateUser(CHI, {"title": "Clerk"}))
        bus.dispatch(EraseUser(CHI))
        bus.dispatch(JoinGroup(ADA, GROUP))
        log.sweep()
        log.mark_swept()
    return path


@pytest.fixture
def log(file: Path) -> Iterator[EventLog]:
    with closing(EventLog.open(file)) as log:
        yield log


def found(file: Path) -> Damage | None:
    """Verify a file."""
    with closing(EventLog.open(file)) as log:
        return log.verify()


def test_what_was_written_is_sound_and_the_latest_email_is_that_of_the_timeline(file: Path) -> None:
    assert found(file) is None
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT email FROM email_owner").fetchall() == [("late@example.org",)]


def payload(text: str, position: int) -> str:
    return f"UPDATE payload SET body = x'{text.encode().hex()}' WHERE position = {position}"


@pytest.mark.parametrize(
    ("statements", "position", "reason"),
    [
        (["UPDATE event SET version = 9 WHERE position = 10"], 10, "it stands in the place of event 4"),
        (
            [
                *("UPDATE event SET version = 9 WHERE position = 3", "UPDATE event SET version = 2 WHERE position = 4"),
                "UPDATE event SET version = 3 WHERE position = 3",
            ],
            3,
            "it stands in the place of event 3",
        ),
        ([payload("{}", 3)], 3, "what it holds cannot be read"),
        ([payload('{"changes":{"email":7},"attributes":{}}', 3)], 3, "what it holds cannot be read"),
        ([payload("[]", 6), payload("[]", 3)], 3, "what it holds cannot be read"),
        (["UPDATE event SET occurred_at = 0 WHERE position = 4"], 4, "it lies before the beginning of its user"),
        (["UPDATE event SET occurred_at = 1 << 62 WHERE position = 4"], 4, "its moment lies outside the calendar"),
        (["UPDATE event SET causation = '{}' WHERE position = 4"], 4, "why it was done cannot be read"),
        (["UPDATE event SET event_id = x'' WHERE position = 4"], 4, "its own id, or that of its change or command"),
        (["UPDATE event SET command_id = x'' WHERE position = 4"], 4, "its own id, or that of its change or command"),
        (["UPDATE event SET stream = x'00' WHERE position = 4"], 4, "whose event it is"),
        (["INSERT INTO payload SELECT 8, salt, body FROM payload WHERE position = 3"], 8, "its user was erased"),
        ([f"UPDATE event SET stream = {CHI_STREAM}, version = 4 WHERE position = 10"], 10, "it comes after the erasu"),
        ([f"UPDATE event SET stream = {ADA_STREAM}, version = 5 WHERE position = 1"], 1, "it stands in the place of"),
    ],
)  # fmt: skip
def test_events_that_cannot_be_are_found_though_their_chain_is_whole(
    file: Path, statements: list[str], position: int, reason: str
) -> None:
    alter(file, *statements)
    rechained(file)
    damage = found(file)
    assert damage is not None
    assert (damage.position, damage.reason[: len(reason)]) == (position, reason)
    assert damage.sentence().startswith(f"Damaged at position {position}: {reason}")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE email_owner SET email = 'early@example.org'", f"the email of user {ADA} is not kept as theirs"),
        ("INSERT INTO email_owner SELECT 'ben@example.org', user_id FROM email_owner", "an email is kept for somebody"),
        ("DELETE FROM external_id_owner WHERE external_id = 'b1'", f"the external id of user {BEN} is not kept"),
        ("INSERT INTO external_id_owner VALUES ('x', x'00')", "an external id is kept for somebody"),
        ("DELETE FROM event_type WHERE type = 'UserErased'", "its list of the types of events is not that of"),
        ("INSERT INTO payload VALUES (11, zeroblob(16), x'7b7d')", "it holds a payload that belongs to no event"),
        (f"UPDATE directory SET value = '{BEN}'", "its id is not that under which its own events are recorded"),
        ("INSERT INTO directory VALUES ('x', '')", "what it says about itself holds something that Whowas does not"),
    ],
)
def test_what_lies_beside_the_events_is_compared_with_them(file: Path, statement: str, reason: str) -> None:
    alter(file, statement)
    damage = found(file)
    assert damage is not None
    assert (damage.position, damage.reason[: len(reason)]) == (None, reason)
    assert damage.sentence() == f"The history is as it was written, but the file is damaged: {damage.reason}."
    copy = file.with_name("copy.whowas")
    with pytest.raises(DamagedBackupError, match=reason):
        back_up(file, copy)
    assert not copy.exists()


def test_an_index_that_does_not_fit_its_table_is_found(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        page_size, root = (
            connection.execute(query).fetchone()[0]
            for query in (
                "PRAGMA page_size",
                "SELECT rootpage FROM sqlite_master WHERE name = 'user_is_erased_once'",
            )
        )
    content = bytearray(file.read_bytes())
    at = content.index(bytes.fromhex(CHI.replace("-", "")), (root - 1) * page_size)
    content[at] ^= 1
    file.write_bytes(content)
    damage = found(file)
    assert damage is not None
    assert damage.position is None
    assert damage.reason.startswith("its tables and indexes do not fit together (")


def test_it_tells_how_far_it_is_and_can_be_stopped_at_any_time(log: EventLog) -> None:
    with Bus(log, clock=lambda: 10**15, actor="ines").change() as change:
        for number in range(3_000):
            change.dispatch(CreateUser(f"0199a3c4-0000-7000-a000-{number:012}", {"first_name": "Dee"}))
    told: list[tuple[int, int]] = []
    assert log.verify(progress=lambda done, total: told.append((done, total))) is None
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert {total for _, total in told} == {3 * 3_010}
    assert {(done - 1) // 3_010 for done, _ in told} == {0, 1, 2}, "each step tells"
    for stop in range(len(told)):
        calls = iter(range(stop + 1))

        def stopped(_done: int, _total: int, calls: Iterator[int] = calls, stop: int = stop) -> None:
            if next(calls) == stop:
                raise CancelledError("Stopped.")

        with pytest.raises(CancelledError):
            log.verify(progress=stopped)
    Bus(log, clock=lambda: 10**15, actor="ines").dispatch(UpdateUser(ADA, {"title": "Head"}))
    assert log.verify() is None


def test_what_others_save_meanwhile_is_not_looked_at(file: Path, log: EventLog) -> None:
    with Bus(log, clock=lambda: 10**15, actor="ines").change() as change:
        for number in range(1_500):
            change.dispatch(CreateUser(f"0199a3c4-0000-7000-a000-{number:012}", {"first_name": "Dee"}))
    with closing(EventLog.open(file)) as other:
        bus = Bus(other, clock=lambda: 10**15, actor="max")
        numbers = iter(range(100))

        def save(_done: int, _total: int) -> None:
            number = next(numbers)
            user_id = f"0199a3c4-0000-7000-b000-{number:012}"
            bus.dispatch(CreateUser(user_id, {"email": f"new{number}@example.org", "external_id": f"n{number}"}))

        assert log.verify(progress=save) is None
        assert next(numbers) > 1


ALTERATIONS = {
    "dropped": ["DROP TRIGGER event_is_never_updated"],
    "replaced": [
        "DROP TRIGGER event_is_never_updated",
        "CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event BEGIN SELECT 1; END",
    ],
    "added": ["CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM email_owner; END"],
    "an index": ["DROP INDEX user_is_erased_once"],
    "a table": ["CREATE TABLE t (x)"],
}


@pytest.mark.parametrize("altered", ALTERATIONS)
@pytest.mark.parametrize("saved_before", [False, True])
def test_what_somebody_alters_while_the_file_is_open_is_noticed_before_the_next_save(
    file: Path, log: EventLog, altered: str, *, saved_before: bool
) -> None:
    bus = Bus(log, clock=lambda: 10**15, actor="ines")
    if saved_before:
        bus.dispatch(UpdateUser(ADA, {"title": "Head"}))
    head = log.head()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in ALTERATIONS[altered]:
            connection.execute(statement)
    for _ in range(2):
        with pytest.raises(ReadOnlyError, match=r"staff\.whowas.* is damaged.*This was not saved\."):
            bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}))
    assert log.head() == head
    damage = log.verify()
    assert damage is not None
    assert damage.reason in log.read_only


def test_statistics_and_rewriting_by_others_do_not_stop_a_save(file: Path, log: EventLog) -> None:
    bus = Bus(log, clock=lambda: 10**15, actor="ines")
    for number, statement in enumerate(("ANALYZE", "VACUUM", "REINDEX")):
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute(statement)
        bus.dispatch(UpdateUser(ADA, {"title": f"Title {number}"}))
    assert log.verify() is None


def test_a_file_that_this_process_has_open_already_is_compared_too(file: Path, log: EventLog) -> None:
    assert not log.read_only
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER event_is_never_updated")
    with closing(EventLog.open(file)) as other:
        assert "trigger “event_is_never_updated” is missing" in other.read_only


def test_an_index_that_needs_a_function_nobody_knows_is_told(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.create_function("secret", 1, lambda value: value, deterministic=True)
        connection.execute("CREATE INDEX i ON event (secret(actor))")
    damage = found(file)
    assert damage is not None
    with closing(EventLog.open(file)) as log:
        assert log.read_only
        assert len(log.stream(ADA)) == 4
