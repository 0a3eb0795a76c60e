"""A file of an older version is renewed when a write first needs the comparison keys of now, and not before."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import json_lines, whowas
from tests.decisions import decided
from tests.integration.store.test_upgrade import golden, schema_of
from whowas.command_bus.bus import Bus
from whowas.command_bus.renewal import Renewal
from whowas.domain.commands import CreateUser, DeleteUser, EraseUser, RestoreUser, UpdateUser
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.events import UserCreated
from whowas.domain.former_keys import former_key
from whowas.store.codec import EVENTS
from whowas.store.decided import Committed
from whowas.store.event_log import EventLog
from whowas.store.file.schema import RENEWED_TYPE
from whowas.store.recorded_event import NewEvent

HEAD = "10:fddc56617500459c1989ad37c6b051e349e31424bed9952d0c74a01f36ba7cf4"
ADA, ANNA, OTHER_ANNA, CY, OTHER_CY, BERTA, NAMELESS, DAN = (
    f"0199a3c4-0000-7000-8000-00000000000{number}" for number in range(8)
)
NEW = "0199a3c4-0000-7000-8000-0000000000ff"
KEEPS = "Each keeps it until it is changed."
TOLD = [
    f"Anna One (anna@münchen.example) and Anna Two (anna@xn--mnchen-3ya.example) have the same email. {KEEPS}",
    f"Cy One (cy@example.org) and Cy Two (cy@example.org ) have the same email. {KEEPS}",
    f"Anna One (00123) and Anna Two ( 00123) have the same external id. {KEEPS}",
]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The directory as version 0.4.0 wrote it: two Annas, two Cys, weiß@ under weiss@; deleted Dan had Cy's email."""
    return golden(tmp_path, "0.4.0")


@pytest.fixture
def log(old: Path) -> Iterator[EventLog]:
    log = EventLog.open(old)
    yield log
    log.close()


def bus_over(log: EventLog, renewals: list[Renewal] | None = None) -> Bus:
    return Bus(
        log,
        clock=lambda: 2_000_000_000_000_000,
        actor="ines",
        renewed=lambda renewal: None if renewals is None else renewals.append(renewal),
    )


def test_it_reads_as_it_did_and_stays_as_it_was_until_it_needs_to_change(old: Path) -> None:
    assert whowas("verify", old, "--head", HEAD).code == 0
    listed = whowas("list", old, "--status", "any", "--json").objects
    answer = whowas("run", old, stdin=json_lines({"command": "UpdateUser", "id": NAMELESS, "title": "Head"}))
    assert len(listed) == 8
    assert (answer.code, schema_of(old)) == (0, 2)
    assert whowas("verify", old, "--head", HEAD).code == 0


def test_a_write_that_needs_it_renews_it_after_a_copy_and_tells_who_shares_what(old: Path) -> None:
    before = whowas("list", old, "--status", "any", "--json").objects
    answer = whowas("run", old, stdin=json_lines({"command": "UpdateUser", "id": ADA, "email": "ada@x.example"}))

    assert answer.objects[0]["ok"], answer
    assert schema_of(old) == 3
    first, *shared = [line for line in answer.err.splitlines() if "backup" not in line.lower() or "copy" in line]
    assert first.startswith(
        "Emails and external ids that look alike count as one from now on, so this file was renewed"
    )
    assert shared == TOLD
    copy = Path(first.partition("“")[2].rstrip("”."))
    assert (stat.S_IMODE(copy.stat().st_mode), schema_of(copy)) == (0o600, 2)
    after = whowas("list", old, "--status", "any", "--json").objects
    assert after == [{**user, "email": "ada@x.example", "version": 3} if user["id"] == ADA else user for user in before]
    verified = [whowas("verify", file, "--head", HEAD) for file in (old, copy)]
    assert [(answer.code, answer.err.splitlines()) for answer in verified] == [(0, TOLD), (0, [])]
    again = whowas("run", old, stdin=json_lines({"command": "UpdateUser", "id": ADA, "email": "ada@y.example"}))
    assert "renewed" not in again.err


def test_who_shares_an_address_keeps_it_and_a_third_cannot_take_it(log: EventLog) -> None:
    bus = bus_over(log)
    for user_id in (ANNA, OTHER_ANNA, CY, OTHER_CY):
        bus.dispatch(UpdateUser(user_id, {"title": "Head"}))
    bus.dispatch(UpdateUser(ANNA, {"email": "ANNA@münchen.example", "external_id": "00123 "}))
    with pytest.raises(RefusedError, match="Another user has the email"):
        bus.dispatch(CreateUser(NEW, {"email": "anna@MÜNCHEN.example"}))
    with pytest.raises(RefusedError, match="Another user has the external id"):
        bus.dispatch(CreateUser(NEW, {"external_id": "00123"}))
    with pytest.raises(RefusedError, match="Another user has the email"):
        bus.dispatch(RestoreUser(DAN))
    assert sorted(log.owners_of_email("anna@münchen.example")) == [ANNA, OTHER_ANNA]
    bus.dispatch(UpdateUser(OTHER_CY, {"email": "other@example.org"}))
    with pytest.raises(RefusedError, match="Another user has the email"):
        bus.dispatch(UpdateUser(OTHER_CY, {"email": "cy@example.org"}))
    bus.dispatch(DeleteUser(CY))
    bus.dispatch(UpdateUser(OTHER_CY, {"email": "cy@example.org"}))
    assert log.owners_of_email("cy@example.org") == [OTHER_CY]
    assert log.verify() is None


def test_sharp_s_is_another_mailbox_by_now(log: EventLog) -> None:
    renewals: list[Renewal] = []
    bus = bus_over(log, renewals)
    bus.dispatch(CreateUser(NEW, {"email": "weiss@example.org"}))
    assert (log.schema_version, len(renewals)) == (3, 1)
    assert [log.owners_of_email(f"{name}@example.org") for name in ("weiss", "weiß")] == [[NEW], [BERTA]]
    assert log.verify() is None


def test_nothing_is_kept_of_it_where_nothing_is_written(log: EventLog, old: Path) -> None:
    renewals: list[Renewal] = []
    bus, head = bus_over(log, renewals), log.head()
    with bus.change() as change:
        change.dispatch(CreateUser(NEW, {"email": "new@example.org"}))
        assert change.reservations.owners_of_email("cy@example.org") == {CY, OTHER_CY}
        change.abandon()
        assert change.reservations.owners_of_email("cy@example.org") == {CY, OTHER_CY}
    with pytest.raises(RefusedError, match="Another user"):
        bus.dispatch(UpdateUser(ADA, {"email": "cy@example.org"}))
    assert (log.schema_version, log.head(), renewals) == (2, head, [])
    assert list(old.parent.glob("*migration*")) == []
    bus.dispatch(UpdateUser(ADA, {"email": "new@example.org"}))
    assert (log.schema_version, len(renewals)) == (3, 1)


def test_where_it_cannot_be_copied_nothing_is_written(log: EventLog, old: Path) -> None:
    def fails(_log: EventLog) -> Path:
        raise StoreError("The disk is full.")

    bus, head = Bus(log, clock=lambda: 2_000_000_000_000_000, actor="ines", copied=fails), log.head()
    with pytest.raises(StoreError, match="disk is full"):
        bus.dispatch(UpdateUser(ADA, {"email": "new@example.org"}))
    assert (log.schema_version, log.head()) == (2, head)
    bus_over(log).dispatch(UpdateUser(ADA, {"email": "new@example.org"}))
    assert log.schema_version == 3


def test_what_fails_before_the_commit_takes_the_copy_along(log: EventLog, old: Path) -> None:
    moved = old.with_name("moved.whowas")

    def copied_and_moved(log: EventLog) -> Path:
        copy = old.with_name("copy.whowas")
        copy.write_bytes(b"as it was")
        old.rename(moved)
        return copy

    bus = Bus(log, clock=lambda: 2_000_000_000_000_000, actor="ines", copied=copied_and_moved)
    with pytest.raises(StoreError):
        bus.dispatch(UpdateUser(ADA, {"email": "new@example.org"}))
    assert not old.with_name("copy.whowas").exists()
    assert schema_of(moved) == 2


def test_who_is_called_as_somebody_else_is_asked_for_by_id(old: Path) -> None:
    whowas("run", old, stdin=json_lines({"command": "UpdateUser", "id": ADA, "email": "ada@x.example"}))
    told = f"Several users are called “anna@münchen.example”: {ANNA} and {OTHER_ANNA}. Give the id of the one you mean."
    answer = whowas("run", old, stdin=json_lines({"command": "DeleteUser", "id": "anna@münchen.example"}))
    erased = whowas("erase", old, "anna@münchen.example", "--yes")
    assert (answer.objects[0]["ok"], answer.objects[0]["message"]) == (False, told)
    assert (erased.code, erased.err) == (2, f"{told}\n")
    assert whowas("erase", old, OTHER_ANNA, "--yes").code == 0
    assert whowas("erase", old, "anna@xn--mnchen-3ya.example", "--yes").code == 0, "it is hers alone by now"


def test_erasing_needs_it_only_for_who_has_such_an_address(old: Path) -> None:
    assert whowas("erase", old, NAMELESS, "--yes").code == 0
    assert schema_of(old) == 2
    assert whowas("erase", old, BERTA, "--yes").code == 0
    assert schema_of(old) == 3
    assert b"wei\xc3\x9f@example.org" not in old.read_bytes()
    assert not list(old.parent.glob("*migration*"))
    assert whowas("verify", old).code == 0


@pytest.mark.parametrize("version", ["0.1.0", "0.2.0"])
def test_a_file_with_plain_keys_only_stays_what_it_was(tmp_path: Path, version: str) -> None:
    file = golden(tmp_path, version)
    before = schema_of(file)
    lines = (
        {"command": "CreateUser", "id": NEW, "first_name": "Émile", "email": "Emile@example.org", "external_id": "e-9"},
        {"command": "UpdateUser", "id": NEW, "email": "e@example.org", "external_id": None},
        {"command": "CreateUser", "first_name": "Jürgen", "email": "jürgen@münchen.example"},
        {"command": "CreateUser", "first_name": "J", "email": "JÜRGEN@MÜNCHEN.example"},
        {"command": "DeleteUser", "id": NEW},
    )
    answers = whowas("run", file, stdin=json_lines(*lines)).objects
    assert [answer["ok"] for answer in answers] == [True, True, True, False, True], answers
    assert schema_of(file) == before
    assert whowas("verify", file).code == 0


def test_it_is_renewed_for_what_another_program_wrote_in_between(tmp_path: Path) -> None:
    """Nothing special was in the file when this program first looked; then an older one wrote something invisible."""
    path = golden(tmp_path, "0.2.0")
    with closing(EventLog.open(path)) as log, closing(EventLog.open(path)) as older:
        bus = bus_over(log)
        bus.dispatch(CreateUser(NEW, {"email": "new@example.org"}))
        assert log.schema_version == 2
        email, by_older = "kim@example.org\u200b", "0199a3c4-0000-7000-8000-0000000000fe"
        with older.writing() as transaction:
            created = NewEvent(
                by_older, 1, UserCreated(by_older, {"email": email}, {}), 2_000_000_000_000_001, "lee", None
            )
            claimed = [(former_key("email", email), by_older)]
            change = decided(transaction.head, created, recorded_at=2_000_000_000_000_001, claimed_emails=claimed)
            assert isinstance(transaction.append(change, lambda: None), Committed)
        assert log.verify() is None
        with pytest.raises(RefusedError, match=r"Another user has the email kim@example\.org already"):
            bus.dispatch(UpdateUser(NEW, {"email": "kim@example.org"}))
        assert log.schema_version == 2
        bus.dispatch(UpdateUser(NEW, {"email": "kim2@example.org"}))
        assert (log.schema_version, log.verify()) == (3, None)


def test_an_older_program_that_has_it_open_does_not_go_on_writing(log: EventLog, old: Path) -> None:
    bus_over(log).dispatch(UpdateUser(ADA, {"email": "new@example.org"}))
    with closing(sqlite3.connect(old)) as connection:
        listed = connection.execute("SELECT type, schema FROM event_type").fetchall()
    assert (RENEWED_TYPE, 1) in listed
    # It asks this of every type listed, before it writes, as soon as the log has gone on.
    with pytest.raises(StoreError, match="newer version"):
        EVENTS.require_known(RENEWED_TYPE, 1)


def test_an_erasure_leaves_no_copy_with_the_person(old: Path) -> None:
    with closing(EventLog.open(old)) as log:
        bus_over(log).dispatch(EraseUser(BERTA))
        assert log.schema_version == 3
        log.sweep()
        assert log.verify() is None
    assert list(old.parent.glob("*migration*")) == []
