"""Emails belong to one user who is not deleted, external ids to one user ever; both may change hands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import Command, CreateUser, DeleteUser, RestoreUser, SuspendUser, UpdateUser
from whowas.domain.errors import RefusedError
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"
CAM = "01890000-0000-7000-8000-00000000000c"
DAN = "01890000-0000-7000-8000-00000000000d"
SECOND = 1_000_000


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    """Each change happens a second after the one before; Ada, Ben and Cam begin in the seconds 1 to 3."""
    moments = iter(range(SECOND, 1000 * SECOND, SECOND))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    for user_id, name in ((ADA, "ada"), (BEN, "ben"), (CAM, "cam")):
        bus.dispatch(CreateUser(user_id, {"email": f"{name}@example.org", "external_id": name}))
    return bus


def owners(log: EventLog, *names: str) -> list[str | None]:
    """Return who owns the emails and who owns the external ids, as a program started now would find it."""
    with Bus(log, clock=lambda: 0, actor="noor").change() as change:
        return [
            *(change.reservations.owner_of_email(f"{name.upper()}@example.org") for name in names),
            *(change.reservations.owner_of_external_id(name) for name in names),
        ]


def test_a_deleted_user_gives_the_email_up_and_keeps_the_external_id(log: EventLog, bus: Bus) -> None:
    bus.dispatch(DeleteUser(ADA))
    assert owners(log, "ada") == [None, ADA]
    bus.dispatch(UpdateUser(BEN, {"email": "Ada@example.org"}))
    with pytest.raises(RefusedError, match="Another user has the external id"):
        bus.dispatch(UpdateUser(BEN, {"external_id": "ada"}))
    assert owners(log, "ada", "ben") == [BEN, None, ADA, BEN]


def test_a_restored_user_has_the_email_again(log: EventLog, bus: Bus) -> None:
    bus.dispatch(DeleteUser(ADA))
    bus.dispatch(RestoreUser(ADA))
    assert owners(log, "ada") == [ADA, ADA]


def test_a_suspended_user_keeps_everything(log: EventLog, bus: Bus) -> None:
    bus.dispatch(SuspendUser(ADA))
    assert owners(log, "ada") == [ADA, ADA]


def test_what_is_cleared_is_free(log: EventLog, bus: Bus) -> None:
    bus.dispatch(UpdateUser(ADA, {"first_name": "Ada", "email": None, "external_id": None}))
    bus.dispatch(UpdateUser(BEN, {"email": "ada@example.org", "external_id": "ada"}))
    assert owners(log, "ada", "ben") == [BEN, None, BEN, None]


def test_the_same_email_in_another_case_is_still_ones_own(log: EventLog, bus: Bus) -> None:
    bus.dispatch(UpdateUser(ADA, {"email": "ADA@Example.org"}))
    assert owners(log, "ada") == [ADA, ADA]


@pytest.mark.parametrize("field", ["email", "external_id"])
def test_two_users_swap_within_one_change(log: EventLog, bus: Bus, field: str) -> None:
    def value(name: str) -> str:
        return f"{name}@example.org" if field == "email" else name

    with bus.change() as change:
        change.dispatch(UpdateUser(ADA, {field: value("spare")}))
        change.dispatch(UpdateUser(BEN, {field: value("ada")}))
        change.dispatch(UpdateUser(ADA, {field: value("ben")}))
    swapped = {"email": [BEN, ADA, None, ADA, BEN, None], "external_id": [ADA, BEN, None, BEN, ADA, None]}
    assert owners(log, "ada", "ben", "spare") == swapped[field]


def test_an_email_goes_round_and_comes_back_within_one_change(log: EventLog, bus: Bus) -> None:
    with bus.change() as change:
        change.dispatch(DeleteUser(ADA), UpdateUser(BEN, {"email": "ada@example.org"}))
        change.dispatch(DeleteUser(BEN), RestoreUser(ADA))
    assert owners(log, "ada", "ben") == [ADA, None, ADA, BEN]


def test_an_abandoned_change_moves_nothing(log: EventLog, bus: Bus) -> None:
    with bus.change() as change:
        change.dispatch(UpdateUser(ADA, {"email": "spare@example.org"}))
        change.abandon()
        assert [change.reservations.owner_of_email(f"{name}@example.org") for name in ("ada", "spare")] == [ADA, None]
    assert owners(log, "ada", "spare") == [ADA, None, ADA, None]


def test_a_change_that_fails_moves_nothing(log: EventLog, bus: Bus) -> None:
    def fail(change: Change) -> None:
        change.dispatch(DeleteUser(ADA), UpdateUser(BEN, {"email": "ada@example.org", "external_id": "spare"}))
        raise LookupError

    head = log.head()
    with pytest.raises(LookupError), bus.change() as change:
        fail(change)
    assert log.head() == head
    assert owners(log, "ada", "ben", "spare") == [ADA, BEN, None, ADA, BEN, None]
    assert bus.dispatch(UpdateUser(ADA, {"title": "Clerk"})).events == 1


COLLISIONS: list[tuple[list[Command], Command]] = [
    # All these values were free at second 3.
    ([UpdateUser(BEN, {"email": "new@example.org"})], UpdateUser(ADA, {"email": "New@example.org"})),
    ([UpdateUser(BEN, {"external_id": "new"})], UpdateUser(ADA, {"external_id": "new"})),
    ([DeleteUser(ADA), UpdateUser(BEN, {"email": "ada@example.org"})], UpdateUser(CAM, {"email": "ada@example.org"})),
    ([UpdateUser(BEN, {"email": "new@example.org"})], CreateUser(DAN, {"email": "NEW@example.org"})),
]


@pytest.mark.parametrize(("since", "command"), COLLISIONS)
def test_a_backdated_command_takes_nothing_that_another_has_today(
    log: EventLog, bus: Bus, since: list[Command], command: Command
) -> None:
    for done in since:
        bus.dispatch(done)
    head, before = log.head(), owners(log, "ada", "ben", "cam", "new")
    with pytest.raises(RefusedError, match=r"Another user has the (email|external id)"):
        bus.dispatch(command, occurred_at=3 * SECOND)
    assert (log.head(), owners(log, "ada", "ben", "cam", "new")) == (head, before)


def test_a_backdated_edit_of_something_else_leaves_ones_own_email_alone(log: EventLog, bus: Bus) -> None:
    assert bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}), occurred_at=2 * SECOND).events == 1
    assert owners(log, "ada") == [ADA, ADA]


def test_a_backdated_restoring_does_not_bring_back_a_later_email_that_another_has(log: EventLog, bus: Bus) -> None:
    """Ada had one email when she was deleted; the one she got later, though recorded earlier, is Ben's by now."""
    bus.dispatch(UpdateUser(ADA, {"email": "late@example.org"}), occurred_at=30 * SECOND)
    bus.dispatch(DeleteUser(ADA), occurred_at=10 * SECOND)
    assert owners(log, "ada", "late") == [None, None, ADA, None]
    bus.dispatch(UpdateUser(BEN, {"email": "Late@example.org"}))
    head = log.head()

    with bus.change() as change:
        with pytest.raises(RefusedError, match=r"Another user has the email late@") as refused:
            change.dispatch(RestoreUser(ADA), occurred_at=20 * SECOND)
        assert change.events == 0
        assert change.reservations.owner_of_email("late@example.org") == BEN
    assert refused.value.field == "email"
    assert log.head() == head

    bus.dispatch(UpdateUser(BEN, {"email": None}))
    bus.dispatch(RestoreUser(ADA), occurred_at=20 * SECOND)
    assert owners(log, "ada", "late") == [None, ADA, ADA, None]
