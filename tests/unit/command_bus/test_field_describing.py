"""A definition comes into force only where values keep to it; nothing is written where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from whowas.command_bus.bus import Bus
from whowas.command_bus.field_describing import Describing, bringing_back, describe, describing, values_held
from whowas.domain.commands import (
    CreateUser,
    DefineField,
    DeleteField,
    DeleteUser,
    DescribeField,
    EraseUser,
    RestoreUser,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.directory import Directory
from whowas.domain.errors import CancelledError, RefusedError
from whowas.domain.events import FieldDescribed, FieldRestored, UserUpdated
from whowas.domain.users import User
from whowas.store.event_log import EventLog

ADA, BEN, CLEO, DAN, EVE, FAY = (f"01890000-0000-7000-8000-00000000000{letter}" for letter in "abcdef")
SECOND = 1_000_000


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    """Ada, the suspended Ben and Cleo have a shift, Cleo no car; Dan is deleted, Eve erased, Fay has nothing."""
    moments = iter(range(SECOND, 1000 * SECOND, SECOND))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    with bus.change() as change:
        change.dispatch(DefineField("Shift"), DefineField("Car"))
        for user_id, name, shift, car in (
            (ADA, "Ada", "early", "Yes"),
            (BEN, "Ben", "Late", "no"),
            (CLEO, "Cleo", "late", ""),
            (DAN, "Dan", "Late", "TRUE"),
            (EVE, "Eve", "7", "7"),
            (FAY, "Fay", "", ""),
        ):
            change.dispatch(CreateUser(user_id, {"first_name": name}, {"Shift": shift, "Car": car}))
        change.dispatch(SuspendUser(BEN), DeleteUser(DAN))
    bus.dispatch(EraseUser(EVE))
    return bus


def done(bus: Bus, log: EventLog, field_id: str, **aspects: Any) -> Describing:
    command = DescribeField(field_id, **aspects)
    return bus.carry_out(lambda change: describe(change, log, command), whole=True)[0]


def user(bus: Bus, user_id: str) -> User:
    with bus.change() as change:
        found = change.user(user_id)
    assert found is not None
    return found


def directory(bus: Bus) -> Directory:
    with bus.change() as change:
        return change.directory()


def test_values_that_fit_in_another_spelling_get_that_in_the_same_change(bus: Bus, log: EventLog) -> None:
    head = log.head().position
    assert done(bus, log, "Shift", type="choice", choices=("Early", "Late"))[1:] == (0, 2)
    events = list(log.read(head))
    assert [(one.stream, one.event) for one in events] == [
        (log.directory_id, FieldDescribed("Shift", "choice", choices=("Early", "Late"))),
        (ADA, UserUpdated({}, {"Shift": "Early"})),
        (CLEO, UserUpdated({}, {"Shift": "Late"})),
    ]
    assert len({one.change_id for one in events}) == 1


def test_who_is_deleted_gets_that_spelling_when_they_come_back(bus: Bus, log: EventLog) -> None:
    done(bus, log, "Car", type="yes or no")
    assert user(bus, DAN).attributes["Car"] == "TRUE"
    bus.dispatch(RestoreUser(DAN))
    assert user(bus, DAN).attributes["Car"] == "yes"


def test_whoever_has_nothing_gets_the_default_of_a_field_that_becomes_required(bus: Bus, log: EventLog) -> None:
    assert done(bus, log, "Car", type="yes or no", required=True, default="no")[1:] == (2, 1)
    assert [user(bus, one).attributes["Car"] for one in (ADA, BEN, CLEO, FAY)] == ["yes", "no", "no", "no"]


def test_a_default_alone_is_for_new_users(bus: Bus, log: EventLog) -> None:
    assert done(bus, log, "Car", default="none")[1:] == (0, 0)
    assert "Car" not in user(bus, FAY).attributes


@pytest.mark.parametrize(
    ("field_id", "aspects", "field", "sentence"),
    [
        (
            "Shift",
            {"type": "number"},
            "type",
            "“Shift” has values that are no number: Ada (early), Ben (Late), Cleo (late) and 1 other.",
        ),
        (
            "Shift",
            {"type": "choice", "choices": ("Early",)},
            "type",
            "“Shift” has values that are none of these choices: Ben (Late), Cleo (late) and Dan (Late, deleted).",
        ),
        ("Car", {"required": True}, "required", "“Car” is empty for Cleo and Fay."),
        ("never", {"required": True}, "name", "This directory has no custom field “never”."),
    ],
)
def test_what_would_make_values_wrong_is_refused_by_name_and_writes_nothing(
    bus: Bus, log: EventLog, field_id: str, aspects: dict[str, Any], field: str, sentence: str
) -> None:
    head = log.head()
    with pytest.raises(RefusedError) as refused:
        done(bus, log, field_id, **aspects)
    assert (refused.value.field, str(refused.value)) == (field, sentence)
    assert log.head() == head


def test_a_choice_that_somebody_has_cannot_go_and_one_of_nobody_can(bus: Bus, log: EventLog) -> None:
    done(bus, log, "Shift", type="choice", choices=("Early", "Noon", "Late"))
    done(bus, log, "Shift", choices=("Early", "Late"))
    with pytest.raises(RefusedError, match=r"none of these choices: Ada .Early.") as refused:
        done(bus, log, "Shift", choices=("Late",))
    assert refused.value.field == "choices"


def test_what_did_not_fit_before_is_in_nobodys_way(bus: Bus, log: EventLog) -> None:
    done(bus, log, "Shift", type="choice", choices=("Early", "Late", "Noon"))
    with bus.change() as change, change.as_recorded():
        change.dispatch(DescribeField("Shift", choices=("Late", "Noon")))
    done(bus, log, "Shift", choices=("Late",))
    assert user(bus, ADA).attributes["Shift"] == "Early"


def test_it_can_be_backdated_unless_values_change_with_it(bus: Bus, log: EventLog) -> None:
    with bus.change() as change:
        free = describing(change, log, DescribeField("Shift", help="When."), occurred_at=SECOND + 1)
        with pytest.raises(RefusedError) as refused:
            describing(change, log, DescribeField("Car", "yes or no"), occurred_at=SECOND + 1)
    assert free.commands == [DescribeField("Shift", help="When.")]
    assert refused.value.field == "occurred_at"


def test_a_description_of_before_another_one_is_judged_by_what_it_comes_to(bus: Bus, log: EventLog) -> None:
    done(bus, log, "Car", type="yes or no")
    with bus.change() as change:
        commands = describing(change, log, DescribeField("Car", "number"), occurred_at=SECOND + 1).commands
        change.dispatch(*commands, occurred_at=SECOND + 1)
    assert directory(bus).definition("Car").type == "yes or no"


@pytest.mark.parametrize(
    ("now", "then", "sentence"),
    [
        ({"type": "number"}, {"type": "text", "default": "abc"}, "“abc” is no number."),
        ({"type": "yes or no"}, {"type": "text", "default": "TRUE"}, "the default is written “yes”."),
        ({"unique": True}, {"unique": False, "default": "1"}, "can have no default"),
        ({"hidden": True}, {"hidden": False, "required": True}, "is required shows"),
    ],
)
def test_a_description_of_before_another_one_is_refused_where_both_do_not_go_together(
    bus: Bus, log: EventLog, now: dict[str, Any], then: dict[str, Any], sentence: str
) -> None:
    bus.dispatch(DefineField("Desk"))
    done(bus, log, "Desk", **now)
    with bus.change() as change, pytest.raises(RefusedError) as refused:
        describing(change, log, DescribeField("Desk", **then), occurred_at=SECOND + 1)
    assert refused.value.field == "occurred_at"
    assert sentence in str(refused.value)


def test_a_field_comes_back_as_required_as_its_values_allow(bus: Bus, log: EventLog) -> None:
    done(bus, log, "Car", type="yes or no", required=True, default="no")
    for new in (False, True):
        bus.dispatch(DeleteField("Car"))
        if new:
            bus.dispatch(CreateUser(EVE[:-1] + "9", {"first_name": "Gil"}))
        head = log.head().position
        bus.carry_out(lambda change: change.dispatch(*bringing_back(change, log, "Car")), whole=True)
        relaxed = [FieldDescribed("Car", required=False)] if new else []
        assert [one.event for one in log.read(head)] == [FieldRestored("Car"), *relaxed]


def test_the_value_that_occurred_last_is_held_whenever_it_was_recorded(bus: Bus, log: EventLog) -> None:
    bus.dispatch(UpdateUser(ADA, {}, {"Car": "was"}), occurred_at=SECOND)
    bus.dispatch(UpdateUser(BEN, {}, {"Car": None}))
    assert values_held(log, "Car") == {ADA: "was", DAN: "TRUE"}
    bus.dispatch(UpdateUser(ADA, {}, {"Car": "is"}))
    bus.dispatch(UpdateUser(ADA, {}, {"Car": "earlier"}), occurred_at=SECOND)
    assert values_held(log, "Car") == {ADA: "is", DAN: "TRUE"}


def test_it_can_be_cancelled_and_leaves_everything(bus: Bus, log: EventLog) -> None:
    def cancel(_done: int, _total: int) -> None:
        raise CancelledError

    with bus.change() as change:
        for number in range(1100):
            change.dispatch(CreateUser(f"01890000-0000-7000-8000-{number:012}", {"first_name": "N"}, {"Car": "no"}))
    head = log.head()
    with pytest.raises(CancelledError):
        bus.carry_out(lambda change: describe(change, log, DescribeField("Car", "yes or no"), cancel), whole=True)
    assert log.head() == head
