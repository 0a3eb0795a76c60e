"""Custom fields defined, renamed, deleted and restored at random, also backdated, against folding the slow way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from tests.properties.histories import taken_in
from whowas.command_bus.bus import Bus
from whowas.corrections.undo.last_change import take_back
from whowas.corrections.undo_one.outcome import carried_out
from whowas.corrections.undo_one.planning import planned
from whowas.corrections.what_if.apply import apply
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.causation import RedoOf, UndoOf
from whowas.domain.commands import (
    Command,
    CreateUser,
    DefineField,
    DeleteField,
    DeleteUser,
    DescribeField,
    OrderFields,
    RenameField,
    RestoreField,
    UpdateUser,
)
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent
from whowas.domain.field_definitions import FieldDefinition
from whowas.domain.fields import name_key
from whowas.domain.users import User, evolve
from whowas.projections.queries.history import history
from whowas.projections.queries.undo_list import DoneChange
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent

ADA, BEN = (f"0199a3c4-0000-7000-8000-{number:012}" for number in range(2))
USERS = st.sampled_from([ADA, BEN])
IDS = st.sampled_from(["Desk", "Room", "Desk 2", "Room 2"])
NAMES = st.sampled_from(["Desk", "Room", "ROOM", "Shelf"])
VALUES = st.dictionaries(IDS, st.sampled_from(["7", "8", None]), min_size=1, max_size=2)
FIELD_COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(DefineField, NAMES),
    st.builds(RenameField, IDS, NAMES),
    st.builds(DeleteField, IDS),
    st.builds(RestoreField, IDS),
    st.builds(
        DescribeField,
        IDS,
        type=st.sampled_from([None, "text", "number", "choice"]),
        required=st.sampled_from([None, True, False]),
        choices=st.sampled_from([None, ("7", "8"), ("8", "9")]),
        help=st.sampled_from([None, "Where.", ""]),
    ),
    st.builds(OrderFields, st.permutations(["Desk", "Room", "Desk 2", "Room 2"]).map(tuple)),
)
COMMANDS = st.one_of(
    FIELD_COMMANDS,
    FIELD_COMMANDS,
    st.builds(UpdateUser, USERS, st.just({}), VALUES),
    st.builds(UpdateUser, USERS, st.just({}), VALUES),
    st.builds(CreateUser, USERS, st.just({"first_name": "Ada"}), st.just({})),
    st.builds(DeleteUser, USERS),
)
BEGINNING: list[tuple[Command, int]] = [
    (DefineField("Desk"), 0),
    (DefineField("Room"), 0),
    (CreateUser(ADA, {"first_name": "Ada"}, {"Desk": "1"}), 0),
]
HISTORIES = st.lists(st.tuples(COMMANDS, st.integers(0, 3)), max_size=25).map(lambda history: [*BEGINNING, *history])


def in_order(events: Iterable[RecordedEvent]) -> list[RecordedEvent]:
    return sorted(events, key=lambda event: (event.occurred_at, event.position))


class State(NamedTuple):
    """What custom fields are called, in their order, what they are, and the values that show of who is not deleted."""

    fields: list[tuple[str, str]]
    definitions: dict[str, FieldDefinition]
    shown: dict[str, dict[str, str]]


def state(log: EventLog) -> State:
    """Return what there is."""
    directory, users = Directory(), dict[str, User | None]()
    for recorded in in_order(log.read()):
        if isinstance(recorded.event, DirectoryEvent):
            directory = evolve_directory(directory, recorded.event)
        else:
            users[recorded.stream] = evolve(users.get(recorded.stream), recorded.event)
    shown = {
        user.id: directory.attributes_of(user.attributes)
        for user in users.values()
        if user is not None and user.status != "deleted"
    }
    definitions = {field_id: directory.definition(field_id) for field_id in directory.fields}
    return State(list(directory.fields.items()), definitions, shown)


@given(HISTORIES)
@example([*BEGINNING, (RenameField("Desk", "Shelf"), 0), (DefineField("Desk"), 0)])
def test_every_value_ever_held_shows_in_the_history_under_its_name_of_then(history_: list[tuple[Command, int]]) -> None:
    with taken_in(history_) as (log, side, index):
        told = {
            (entry.user.id, entry.occurred_at, change.label, change.after)
            for entry in history(side.read_model, index)
            for change in entry.changes
            if change.field.startswith("attributes.")
        }
        directory, users = Directory(), dict[str, User | None]()
        named: list[tuple[str, int, str, str | None, str | None]] = []
        for recorded in in_order(log.read()):
            if isinstance(recorded.event, DirectoryEvent):
                directory = evolve_directory(directory, recorded.event)
                continue
            before = users.get(recorded.stream)
            after = users[recorded.stream] = evolve(before, recorded.event)
            old, new = ({} if one is None else one.attributes for one in (before, after))
            for key in {*old, *new}:
                if old.get(key) != new.get(key):
                    called = directory.fields.get(key) or directory.deleted_fields.get(key)
                    named.append((recorded.stream, recorded.occurred_at, key, called, new.get(key)))
        for user, when_us, key, called, value in named:
            labels = {label for one, at, label, held in told if (one, at, held) == (user, when_us, value)}
            assert called in labels if called is not None else labels, key
        assert index.fields_at(index.now) == directory.fields
        for moment in range(index.now + 1):
            shown = index.fields_at(moment)
            assert len(set(shown.values())) == len(shown), "a value would be dropped"


@given(HISTORIES, st.lists(COMMANDS, min_size=1, max_size=5))
def test_undoing_leaves_what_was_before_and_redoing_what_was_after(
    history_: list[tuple[Command, int]], commands: list[Command]
) -> None:
    with taken_in(history_) as (log, _, _):
        bus = Bus(log, clock=lambda: 1_800_000_000_000_000, actor="ines")
        before, done = state(log), changed(log, bus, commands)
        after = state(log)
        if done is None:
            return
        assert take_back(bus, log, done, UndoOf(done.change_id)) or before == after
        assert state(log) == before
        if before != after:
            undo = last_change(log, done)
            assert take_back(bus, log, undo, RedoOf(done.change_id))
            assert state(log) == after


@given(HISTORIES, st.lists(COMMANDS, min_size=1, max_size=5))
def test_undoing_any_change_leaves_what_was_before_while_nothing_came_since(
    history_: list[tuple[Command, int]], commands: list[Command]
) -> None:
    with taken_in(history_) as (log, _, _):
        bus = Bus(log, clock=lambda: 1_800_000_000_000_000, actor="ines")
        before, done = state(log), changed(log, bus, commands)
        if done is not None:
            plan = planned(log, done)
            assert not plan.conflicts
            carried_out(bus, plan)
            assert state(log) == before


def changed(log: EventLog, bus: Bus, commands: list[Command]) -> DoneChange | None:
    """Carry out commands as one change, as far as the rules allow; None where they alter nothing."""
    head = log.head().position
    with bus.change() as change:
        for command in commands:
            try:
                change.dispatch(command)
            except RefusedError:
                continue
    events = list(log.read(head))
    if not events:
        return None
    return DoneChange(events[0].change_id, events[0].position, events[-1].position, events[0].recorded_at)


def last_change(log: EventLog, before: DoneChange) -> DoneChange:
    events = list(log.read(before.last_position))
    return DoneChange(events[0].change_id, events[0].position, events[-1].position, events[0].recorded_at)


@given(HISTORIES, st.data())
def test_a_what_if_that_is_carried_out_is_so_and_undone_is_not(
    history_: list[tuple[Command, int]], data: st.DataObject
) -> None:
    with taken_in(history_) as (log, _, _):
        bus = Bus(log, clock=lambda: 1_800_000_000_000_000, actor="ines")
        changes = list(dict.fromkeys(recorded.change_id for recorded in log.read()))
        what_if, before, head = imagine(log, [data.draw(st.sampled_from(changes))]), state(log), log.head().position
        would_be = what_if.directory
        staying = {key: name for key, name in before.fields if key not in would_be.deleted_fields}
        try:
            done = apply(bus, what_if)
        except RefusedError:  # a field that stays has the name that another one would have
            assert name_key_shared({**staying, **would_be.fields})
            assert log.head().position == head
            return
        fields, definitions, users = state(log)
        assert dict(fields) == {**staying, **would_be.fields}
        assert {key: definitions[key] for key in would_be.fields} == {
            key: would_be.definition(key) for key in would_be.fields
        }
        assert [key for key, _ in fields if key in would_be.fields] == [*would_be.fields]
        for user in what_if.users.values():
            if user.status != "deleted":
                shown = {name: text for name, text in users[user.id].items() if name in would_be.fields.values()}
                assert shown == would_be.attributes_of(user.attributes)
        if done:
            events = list(log.read(head))
            undone = DoneChange(events[0].change_id, events[0].position, events[-1].position, events[0].recorded_at)
            assert take_back(bus, log, undone, UndoOf(undone.change_id))
            assert state(log) == before


def name_key_shared(fields: dict[str, str]) -> bool:
    return len({name_key(name) for name in fields.values()}) < len(fields)
