"""Values of unique custom fields belong to one user, deleted or not; those of emails to one who is not deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import (
    Command,
    CreateUser,
    DefineField,
    DeleteField,
    DeleteUser,
    DescribeField,
    EraseUser,
    RenameField,
    RestoreField,
    RestoreUser,
    UpdateUser,
)
from whowas.domain.errors import RefusedError
from whowas.domain.field_definitions import FieldType
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
    assert log.verify() is None, "whoever has what is as the events say, whatever was done"
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    """Each change happens a second after the one before; Ada, Ben and Cam begin in the seconds 1 to 3."""
    moments = iter(range(SECOND, 1000 * SECOND, SECOND))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    for user_id, name in ((ADA, "Ada"), (BEN, "Ben"), (CAM, "Cam")):
        bus.dispatch(CreateUser(user_id, {"first_name": name, "email": f"{name}@example.org"}))
    bus.dispatch(DefineField("Badge", "badge"))
    bus.dispatch(DefineField("Work email", "work"))
    return bus


def unique(bus: Bus, kind: FieldType = "text") -> None:
    bus.dispatch(DescribeField("badge", type=kind, unique=True))
    bus.dispatch(DescribeField("work", type="email", unique=True))


def gives(bus: Bus, user_id: str, badge: str | None = None, work: str | None = None) -> None:
    given = {"badge": badge, "work": work}
    bus.dispatch(UpdateUser(user_id, {}, {key: value for key, value in given.items() if value is not None}))


def refused(bus: Bus, command: Command, **how: int) -> tuple[str, str]:
    before = bus._log.head() if isinstance(bus._log, EventLog) else None
    with pytest.raises(RefusedError) as caught:
        bus.dispatch(command, **how)
    assert isinstance(bus._log, EventLog)
    assert bus._log.head() == before, "nothing was written"
    return caught.value.field, str(caught.value)


def test_a_value_that_somebody_has_is_refused_in_its_field(bus: Bus) -> None:
    unique(bus)
    gives(bus, ADA, "12 B")
    told = "attributes.Badge", "Another user has the Badge 12 b already."
    assert refused(bus, UpdateUser(BEN, {}, {"badge": "12 b"})) == told
    assert refused(bus, CreateUser(DAN, {"first_name": "Dan"}, {"badge": "12 b"})) == told
    gives(bus, ADA, "12 b")  # one's own may be written in another way
    gives(bus, BEN, "13")


def test_numbers_are_the_same_by_value(bus: Bus) -> None:
    unique(bus, "number")
    gives(bus, ADA, "012.50")
    for same in ("12.5", "+12.5", "0012.500"):
        refused(bus, UpdateUser(BEN, {}, {"badge": same}))
    gives(bus, BEN, "-12.5")
    gives(bus, CAM, "0")
    refused(bus, UpdateUser(BEN, {}, {"badge": "-0.0"}))


def test_it_is_said_that_who_has_it_is_deleted(bus: Bus) -> None:
    unique(bus)
    gives(bus, ADA, "12")
    bus.dispatch(DeleteUser(ADA))
    told = refused(bus, UpdateUser(BEN, {}, {"badge": "12"}))
    assert told == ("attributes.Badge", "A user who is deleted has the Badge 12 already.")
    bus.dispatch(RestoreUser(ADA))
    bus.dispatch(EraseUser(ADA))
    gives(bus, BEN, "12")


def test_what_is_given_up_is_free(bus: Bus) -> None:
    unique(bus)
    gives(bus, ADA, "12", "desk@example.org")
    bus.dispatch(UpdateUser(ADA, {}, {"badge": None, "work": "ada@work.example"}))
    gives(bus, BEN, "12", "desk@example.org")


def test_emails_of_all_fields_are_one_namespace(bus: Bus) -> None:
    unique(bus)
    gives(bus, ADA, work="desk@example.org")
    gives(bus, BEN, work="BEN@example.org")  # one may have one's own twice
    bus.dispatch(UpdateUser(BEN, {"email": None}))
    assert refused(bus, UpdateUser(CAM, {"email": "ben@example.org"}))[0] == "email"
    told = refused(bus, UpdateUser(CAM, {}, {"work": "Desk@example.org"}))
    assert told == ("attributes.Work email", "Another user has the Work email Desk@example.org already.")
    assert refused(bus, UpdateUser(CAM, {}, {"work": "ada@example.org"}))[0] == "attributes.Work email"


def test_the_email_of_who_is_deleted_is_free_and_may_keep_them_from_coming_back(bus: Bus) -> None:
    unique(bus)
    gives(bus, ADA, work="desk@example.org")
    bus.dispatch(DeleteUser(ADA))
    gives(bus, BEN, work="desk@example.org")
    told = refused(bus, RestoreUser(ADA))
    assert told == ("attributes.Work email", "Another user has the Work email desk@example.org already.")
    bus.dispatch(UpdateUser(BEN, {}, {"work": None}))
    bus.dispatch(RestoreUser(ADA))
    refused(bus, UpdateUser(BEN, {}, {"work": "desk@example.org"}))


def test_a_field_does_not_become_unique_over_values_that_several_have(bus: Bus) -> None:
    gives(bus, ADA, "12")
    gives(bus, BEN, "12")
    gives(bus, CAM, "13")
    bus.dispatch(DeleteUser(BEN))
    told = refused(bus, DescribeField("badge", unique=True))
    sentence = "“Badge” cannot be unique, because several users have the same: 12 (Ada and Ben, who is deleted)."
    assert told == ("unique", sentence)
    bus.dispatch(UpdateUser(ADA, {}, {"badge": "14"}))
    bus.dispatch(DescribeField("badge", unique=True))
    refused(bus, UpdateUser(ADA, {}, {"badge": "12"}))
    refused(bus, UpdateUser(ADA, {}, {"badge": "13"}))


def test_up_to_three_shared_values_are_named_and_the_rest_counted(bus: Bus) -> None:
    with bus.change() as change:
        for number in range(5 * 5):
            fields = {"first_name": f"User {number}"}
            change.dispatch(CreateUser(f"01890000-0000-7000-8000-{number:012d}", fields, {"badge": f"B{number // 5}"}))
    _, sentence = refused(bus, DescribeField("badge", unique=True))
    assert sentence.count("User") == 9
    assert "B0 (User 0, User 1, User 2 and 2 more)" in sentence
    assert sentence.endswith("and 2 more.")


def test_who_shares_an_email_across_fields_is_in_the_way_too(bus: Bus) -> None:
    gives(bus, ADA, work="Ben@example.org")
    _, sentence = refused(bus, DescribeField("work", type="email", unique=True))
    assert "Ben@example.org (Ada and Ben)" in sentence


def test_a_field_that_is_unique_no_more_lets_everybody_have_everything(bus: Bus) -> None:
    unique(bus)
    gives(bus, ADA, "12")
    bus.dispatch(DescribeField("badge", unique=False))
    gives(bus, BEN, "12")
    refused(bus, DescribeField("badge", unique=True))


def test_a_deleted_field_keeps_nobody_from_anything_until_it_comes_back(bus: Bus) -> None:
    unique(bus)
    gives(bus, ADA, "12")
    gives(bus, BEN, "13")
    bus.dispatch(DeleteField("badge"))
    bus.dispatch(RestoreField("badge"))
    refused(bus, UpdateUser(BEN, {}, {"badge": "12"}))
    bus.dispatch(RenameField("badge", "Card"))
    assert refused(bus, UpdateUser(BEN, {}, {"badge": "12"}))[1] == "Another user has the Card 12 already."


def test_a_field_of_another_type_compares_its_values_as_that_does(bus: Bus) -> None:
    unique(bus)
    gives(bus, ADA, "12")
    gives(bus, BEN, "12.0")
    told = refused(bus, DescribeField("badge", type="number"))
    assert "12 (Ada and Ben)" in told[1]
    gives(bus, BEN, "13.0")
    bus.dispatch(DescribeField("badge", type="number"))
    refused(bus, UpdateUser(ADA, {}, {"badge": "13"}))
    bus.dispatch(DescribeField("badge", type="text"))
    gives(bus, ADA, "13")


def test_what_is_backdated_counts_by_what_is_there_now(bus: Bus) -> None:
    unique(bus)
    gives(bus, ADA, "12")
    refused(bus, UpdateUser(BEN, {}, {"badge": "12"}), occurred_at=6 * SECOND)
    gives(bus, BEN, "13")
    bus.dispatch(UpdateUser(BEN, {}, {"badge": "12"}), occurred_at=6 * SECOND)  # it is 13 since


def test_values_pass_in_a_circle_where_what_they_come_to_counts(bus: Bus) -> None:
    unique(bus)
    gives(bus, ADA, "12", "a@w.example")
    gives(bus, BEN, "13", "b@w.example")
    with bus.change() as change, change.together():
        change.dispatch(UpdateUser(ADA, {}, {"badge": "13", "work": "b@w.example"}))
        change.dispatch(UpdateUser(BEN, {}, {"badge": "12", "work": "a@w.example"}))
    refused(bus, UpdateUser(CAM, {}, {"badge": "12"}))

    with bus.change() as change:
        with pytest.raises(RefusedError, match="Another user has the Badge 14"):
            swap(change)
        assert change.events == 0


def swap(change: Change) -> None:
    with change.together():
        change.dispatch(UpdateUser(ADA, {}, {"badge": "14"}))
        change.dispatch(UpdateUser(BEN, {}, {"badge": "14"}))


def test_commands_that_go_together_are_all_taken_back(bus: Bus) -> None:
    gives(bus, ADA, "12")
    with bus.change() as change:
        with pytest.raises(RefusedError, match="has the Badge 12"):
            change.dispatch(
                UpdateUser(BEN, {}, {"badge": "11"}),
                DescribeField("badge", unique=True),
                UpdateUser(BEN, {}, {"badge": "12"}),
            )
        change.dispatch(UpdateUser(BEN, {}, {"badge": "12"}))  # it is not unique
        change.dispatch(UpdateUser(ADA, {}, {"badge": "13"}))
        change.dispatch(DescribeField("badge", unique=True))
        change.dispatch(UpdateUser(ADA, {}, {"badge": "11"}))
        with pytest.raises(RefusedError, match="has the Badge 12"):
            change.dispatch(UpdateUser(CAM, {}, {"badge": "12"}))
