"""Whatever is done to users and to what fields are, everybody's values fit their fields, or nothing was written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from itertools import count
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from whowas.command_bus.bus import Bus
from whowas.command_bus.field_describing import bringing_back, describe
from whowas.command_bus.unit_of_work import Change
from whowas.corrections.restore import carried_out as put_back
from whowas.corrections.restore import planned as restoring
from whowas.corrections.undo.last_change import take_back
from whowas.domain.causation import UndoOf
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
    RestoreUser,
    UpdateUser,
)
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent
from whowas.domain.field_definitions import FIELD_TYPES
from whowas.domain.field_values import checked_as
from whowas.domain.users import User, evolve
from whowas.projections.queries.undo_list import DoneChange
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

USERS = st.sampled_from([f"0199a3c4-0000-7000-8000-{number:012}" for number in range(3)])
IDS = st.sampled_from(["Shift", "Pay"])
TEXTS = st.sampled_from([None, "", "Early", "late", "LATE", "7", "07", "2020-02-29", "yes", "TRUE", "110", "a@b.org"])
VALUES = st.dictionaries(IDS, TEXTS, max_size=2)
CHOICES = st.sampled_from([None, (), ("Early", "Late"), ("late", "7"), ("Early", "Late", "yes", "TRUE2"), ("7", "110")])
FLAGS = st.sampled_from([None, None, True, False])
DESCRIPTIONS = st.builds(
    DescribeField,
    IDS,
    type=st.sampled_from([None, *FIELD_TYPES]),
    required=FLAGS,
    unique=FLAGS,
    default=TEXTS,
    choices=CHOICES,
    hidden=FLAGS,
)
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    DESCRIPTIONS,
    DESCRIPTIONS,
    st.builds(CreateUser, USERS, st.just({"first_name": "Ada"}), VALUES),
    st.builds(CreateUser, USERS, st.just({"first_name": "Ada"}), VALUES),
    st.builds(UpdateUser, USERS, st.just({}), VALUES),
    st.builds(DeleteUser, USERS),
    st.builds(RestoreUser, USERS),
    st.builds(DeleteField, IDS),
    st.builds(RestoreField, IDS),
    st.builds(RenameField, IDS, st.sampled_from(["Rota", "Shift", "Pay"])),
    st.builds(OrderFields, st.permutations(["Shift", "Pay"]).map(tuple)),
)


def state(log: EventLog) -> tuple[Directory, dict[str, User]]:
    directory, users = Directory(), dict[str, User | None]()
    for recorded in log.read():
        if isinstance(recorded.event, DirectoryEvent):
            directory = evolve_directory(directory, recorded.event)
        else:
            users[recorded.stream] = evolve(users.get(recorded.stream), recorded.event)
    return directory, {user_id: user for user_id, user in users.items() if user is not None}


def require_fitting(directory: Directory, users: Iterable[User]) -> None:
    """Require that everybody who shows has values that their fields take, in the form in which they take them."""
    for user in users:
        for field_id, name in directory.fields.items() if user.status != "deleted" else ():
            text = user.attributes.get(field_id)
            assert checked_as(directory.definition(field_id), name, text) == text


def carried_out(bus: Bus, log: EventLog, command: Command) -> DoneChange | None:
    """Carry a command out as the command line does; None where it is refused or alters nothing."""

    def decide(change: Change) -> None:
        match command:
            case DescribeField():
                describe(change, log, command)
            case RestoreField(field_id):
                change.dispatch(*bringing_back(change, log, field_id))
            case _:
                change.dispatch(command)

    head = log.head()
    try:
        _, receipt = bus.carry_out(decide, whole=True)
    except RefusedError:
        assert log.head() == head
        return None
    if not receipt.events:
        return None
    return DoneChange(receipt.change_id, receipt.first_position, receipt.last_position, 0)


@given(st.lists(COMMANDS, max_size=25))
def test_values_fit_whatever_is_done_and_every_change_can_be_undone(commands: list[Command]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(EventLog.create(Path(folder) / "d.whowas")) as log,
    ):
        bus = Bus(log, clock=lambda: 1_700_000_000_000_000, actor="ines")
        for command in (DefineField("Shift"), DefineField("Pay"), *commands):
            before = state(log)
            done = carried_out(bus, log, command)
            require_fitting(*_both(state(log)))
            if done is not None and isinstance(command, DescribeField | RestoreField | DeleteField | OrderFields):
                after = state(log)
                assert take_back(bus, log, done, UndoOf(done.change_id))
                assert _as_it_shows(state(log)) == _as_it_shows(before)
                assert carried_out(bus, log, command) is not None
                assert _as_it_shows(state(log)) == _as_it_shows(after)


@given(st.lists(COMMANDS, max_size=20), st.data())
def test_no_definition_of_today_keeps_anybody_from_being_put_back_to_what_they_were(
    commands: list[Command], data: st.DataObject
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(EventLog.create(Path(folder) / "d.whowas")) as log,
        closing(ReadSide(log, Path(folder) / "cache")) as side,
    ):
        moments = count(1_700_000_000_000_000, 1_000_000)
        bus = Bus(log, clock=lambda: next(moments), actor="ines")
        for command in (DefineField("Shift"), DefineField("Pay"), *commands):
            carried_out(bus, log, command)
        index = side.catch_up()
        moment = data.draw(st.integers(0, index.now))
        there, values = state(log)[0].fields, dict[str, dict[str, str]]()
        for row in side.rows(index.numbers[index.alive(moment)].tolist()):
            values[row.user.id] = row.user.attributes
        put_back(bus, restoring(side.read_model, index, log.head().position, moment))
        for user_id, user in state(log)[1].items():
            if user.status != "deleted":
                assert shown(user.attributes, there) == shown(values[user_id], there)


def shown(values: Mapping[str, str], there: Mapping[str, str]) -> dict[str, str]:
    return {field_id: text for field_id, text in values.items() if field_id in there}


def _both(state: tuple[Directory, dict[str, User]]) -> tuple[Directory, Iterable[User]]:
    return state[0], state[1].values()


def _as_it_shows(state: tuple[Directory, dict[str, User]]) -> tuple[object, ...]:
    directory, users = state
    definitions = {field_id: directory.definition(field_id) for field_id in directory.fields}
    values = {user_id: (user.status, user.attributes) for user_id, user in users.items()}
    return list(directory.fields.items()), definitions, values
