"""Undoing what a change did to types, rules and order of custom fields, with later work on them in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from whowas.command_bus.bus import Bus
from whowas.command_bus.field_describing import describe
from whowas.corrections.undo.last_change import take_back
from whowas.corrections.undo.sentences import why_nothing
from whowas.corrections.undo_one.outcome import carried_out, outcome
from whowas.corrections.undo_one.plan import FIELD_DEFINITION, FIELD_ORDER
from whowas.corrections.undo_one.planning import planned
from whowas.domain.causation import UndoOf
from whowas.domain.commands import (
    Command,
    CreateUser,
    DefineField,
    DeleteField,
    DescribeField,
    OrderFields,
    RestoreField,
    UpdateUser,
)
from whowas.domain.directory import Directory
from whowas.domain.errors import AlteredAgainError, RefusedError
from whowas.domain.field_definitions import FieldDefinition
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
SECOND = 1_000_000
CHOICE = FieldDefinition("choice", choices=("Early", "Late"))

Do = Callable[..., DoneChange]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    moments = iter(range(SECOND, 1000 * SECOND, SECOND))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    with bus.change() as change:
        change.dispatch(DefineField("Shift"), DefineField("Car"), DefineField("Pay"))
        change.dispatch(CreateUser(ADA, {"first_name": "Ada"}, {"Shift": "late"}))
    return bus


@pytest.fixture
def do(bus: Bus, log: EventLog) -> Do:
    def do(command: Command) -> DoneChange:
        def decide(change: object) -> None:
            if isinstance(command, DescribeField):
                describe(change, log, command)  # type: ignore[arg-type]
            else:
                change.dispatch(command)  # type: ignore[attr-defined]

        _, receipt = bus.carry_out(decide, whole=True)
        return DoneChange(receipt.change_id, receipt.first_position, receipt.last_position, 0)

    return do


def directory(bus: Bus) -> Directory:
    with bus.change() as change:
        return change.directory()


def shift_of_ada(bus: Bus) -> str | None:
    with bus.change() as change:
        user = change.user(ADA)
    assert user is not None
    return user.attributes.get("Shift")


def test_a_type_goes_back_with_the_spelling_that_values_got_by_it(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(DescribeField("Shift", "choice", choices=("Early", "Late")))
    do(DescribeField("Shift", help="When."))
    assert shift_of_ada(bus) == "Late"
    plan = planned(log, old)
    assert (plan.conflicts, outcome(plan).described) == ((), (DescribeField("Shift", "text", choices=()),))
    assert carried_out(bus, plan)
    assert directory(bus).definition("Shift") == FieldDefinition(help="When.")
    assert shift_of_ada(bus) == "late"


def test_what_a_field_is_is_asked_about_where_it_became_something_else_since(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(DescribeField("Shift", "choice", choices=("Early", "Late")))
    do(DescribeField("Shift", choices=("Early", "Late", "Night")))
    plan = planned(log, old)
    (conflict,) = plan.conflicts
    assert (conflict.key, conflict.called, conflict.label) == (("Shift", FIELD_DEFINITION), "Shift", "Type and rules")
    assert (conflict.before, conflict.after, conflict.now) == (
        "text",
        "choice: Early, Late",
        "choice: Early, Late, Night",
    )
    assert not outcome(plan).described
    with pytest.raises(AlteredAgainError, match="What the custom field Shift is was changed again since"):
        take_back(bus, log, old, UndoOf(old.change_id))
    assert carried_out(bus, plan, [conflict.key])
    assert directory(bus).definition("Shift").type == "text"


def test_who_has_a_value_that_would_fit_no_more_is_in_nobodys_way(bus: Bus, log: EventLog, do: Do) -> None:
    do(DescribeField("Shift", "choice", choices=("Early", "Late")))
    old = do(DescribeField("Shift", choices=("Early", "Late", "Night")))
    do(UpdateUser(ADA, {}, {"Shift": "Night"}))
    assert take_back(bus, log, old, UndoOf(old.change_id))
    assert (directory(bus).definition("Shift"), shift_of_ada(bus)) == (CHOICE, "Night")


@pytest.mark.parametrize(
    ("was", "became", "since"),
    [
        (DescribeField("Pay", "number"), DescribeField("Pay", "text"), DescribeField("Pay", default="none")),
        (DescribeField("Pay", hidden=True), DescribeField("Pay", hidden=False), DescribeField("Pay", required=True)),
        (
            DescribeField("Pay", "choice", choices=("1", "2")),
            DescribeField("Pay", "text"),
            DescribeField("Pay", choices=()),
        ),
    ],
)
def test_no_field_goes_back_to_what_it_cannot_be_by_what_was_said_of_it_since(
    bus: Bus, log: EventLog, do: Do, was: Command, became: Command, since: Command
) -> None:
    do(UpdateUser(ADA, {}, {"Pay": "1"}))
    do(was)
    old = do(became)
    do(since)
    known = directory(bus), log.head()
    for attempt in (
        lambda: carried_out(bus, planned(log, old)),
        lambda: take_back(bus, log, old, UndoOf(old.change_id)),
    ):
        with pytest.raises(RefusedError, match="It does not go with what “Pay” became later"):
            attempt()
    assert (directory(bus), log.head()) == known


def test_a_deleted_field_comes_back_with_what_it_is_and_to_its_place(bus: Bus, log: EventLog, do: Do) -> None:
    do(DescribeField("Shift", required=True))
    old = do(DeleteField("Shift"))
    do(CreateUser(ADA[:-1] + "b", {"first_name": "Ben"}))
    do(DefineField("Desk"))
    assert take_back(bus, log, old, UndoOf(old.change_id))
    assert [*directory(bus).fields] == ["Shift", "Car", "Pay", "Desk"]
    assert directory(bus).definition("Shift").required


def test_an_order_goes_back_around_fields_that_came_since(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(OrderFields(("Pay", "Shift")))
    do(DefineField("Desk"))
    assert [*directory(bus).fields] == ["Pay", "Shift", "Car", "Desk"]
    plan = planned(log, old)
    assert (plan.conflicts, outcome(plan).field_order) == ((), ("Shift", "Car", "Desk", "Pay"))
    assert carried_out(bus, plan)
    assert [*directory(bus).fields] == ["Shift", "Car", "Desk", "Pay"]
    assert not outcome(planned(log, old))
    assert why_nothing(log, old) == "All of it was taken back already."


def test_an_order_is_asked_about_where_it_is_another_since(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(OrderFields(("Pay", "Shift")))
    do(OrderFields(("Car", "Pay")))
    plan = planned(log, old)
    (conflict,) = plan.conflicts
    assert conflict.key == ("", FIELD_ORDER)
    assert (conflict.before, conflict.after, conflict.now) == ("Shift, Car, Pay", "Pay, Shift, Car", "Car, Pay, Shift")
    assert not outcome(plan)
    with pytest.raises(AlteredAgainError, match="put into another order since"):
        take_back(bus, log, old, UndoOf(old.change_id))
    assert carried_out(bus, plan, [conflict.key])
    assert [*directory(bus).fields] == ["Shift", "Car", "Pay"]


def test_a_field_that_somebody_brought_back_since_stays_where_they_put_it(bus: Bus, log: EventLog, do: Do) -> None:
    old = do(DeleteField("Shift"))
    do(RestoreField("Shift"))
    assert [*directory(bus).fields] == ["Shift", "Car", "Pay"]
    do(OrderFields(("Car", "Pay", "Shift")))
    assert not outcome(planned(log, old))
    assert [*directory(bus).fields] == ["Car", "Pay", "Shift"]
