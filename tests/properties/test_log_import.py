"""Any history, exported as a log and imported into a new directory, gives the same users at every moment."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.histories import taken_in
from tests.properties.test_live_and_past import COMMANDS, IDS
from whowas.command_bus.bus import Bus
from whowas.domain.commands import (
    Command,
    CreateGroup,
    DefineField,
    DeleteField,
    DeleteMoment,
    DescribeField,
    NameMoment,
    OrderFields,
    OrderGroups,
    RecordListImport,
    RenameField,
    RestoreField,
    UpdateUser,
)
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent, Forgotten, UserErased
from whowas.domain.streams import DirectoryStream
from whowas.domain.users import User, evolve
from whowas.interchange import log_export
from whowas.interchange.log_import import import_log
from whowas.interchange.source import Source
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent

NOON = 1_700_000_000_000_000
MOMENTS = [f"0199a3c4-0000-7000-8000-00000000e{number:03}" for number in range(2)]
OTHERS: st.SearchStrategy[Command] = st.one_of(
    st.builds(DefineField, st.sampled_from(["Desk", "Room"])),
    st.builds(RenameField, st.sampled_from(["Desk", "Room"]), st.sampled_from(["Desk", "Room", "Shelf"])),
    st.builds(DeleteField, st.sampled_from(["Desk", "Room"])),
    st.builds(RestoreField, st.sampled_from(["Desk", "Room"])),
    st.builds(DescribeField, st.just("Desk"), st.sampled_from(["number", "yes or no", "text"]), st.booleans()),
    st.builds(DescribeField, st.just("Desk"), st.just("choice"), choices=st.sampled_from([("7",), ("8", "9")])),
    st.builds(OrderFields, st.permutations(["Desk", "Room"]).map(tuple)),
    st.builds(UpdateUser, st.sampled_from(IDS), st.just({}), st.just({"Desk": "7"})),
    st.builds(
        NameMoment, st.sampled_from(MOMENTS), st.sampled_from(["Audit", "Move"]), st.none(), st.just(0), st.just(0)
    ),
    st.builds(DeleteMoment, st.sampled_from(MOMENTS)),
    st.builds(RecordListImport, st.just("Members"), st.just(tuple(IDS))),
)
HISTORIES = st.lists(st.tuples(COMMANDS | OTHERS, st.integers(0, 3)), max_size=30)


@given(HISTORIES, st.integers(0, 30))
def test_a_log_that_was_exported_comes_in_again(history: list[tuple[Command, int]], named_after: int) -> None:
    with taken_in(history) as (log, _, _), tempfile.TemporaryDirectory() as folder:
        _name_one(log, named_after)
        path = Path(folder) / "new.whowas"
        content = "".join(log_export.write(log)).encode()
        with closing(EventLog.create(path)) as new:
            bus = Bus(new, clock=lambda: 1_800_000_000_000_000, actor="lee")
            outcome = import_log(bus, Source.of("log.jsonl", content))
            if not content:
                assert not outcome.accepted
                return
            assert outcome.written or not outcome.events
            _are_the_same(log, new)
            assert new.verify() is None


def _name_one(log: EventLog, after: int) -> None:
    """Name the moment after some event of the log, if it has as many."""
    recorded = next(log.read(after, after + 1), None)
    if recorded is not None:
        name = NameMoment("0199a3c4-0000-7000-8000-00000000e0ff", "Then", None, recorded.occurred_at, recorded.position)
        Bus(log, clock=lambda: 1_750_000_000_000_000, actor="kim").dispatch(name)


def _are_the_same(log: EventLog, new: EventLog) -> None:
    erased = set(log.erased_users())
    events = [event for event in log.read() if event.stream not in erased]
    assert [_told(event, log) for event in events] == [_told(event, new) for event in new.read()]
    for moment in sorted({event.occurred_at for event in events}):
        assert _at(events, moment) == _at(new.read(), moment)
    assert _named(events) == _named(list(new.read()))
    assert len({event.change_id for event in new.read()}) <= 1


def _told(event: RecordedEvent, log: EventLog) -> tuple[object, ...]:
    stream = "" if event.stream == log.directory_id else event.stream
    return stream, event.version, event.occurred_at, event.actor, type(event.event)


def _at(events: Iterator[RecordedEvent] | list[RecordedEvent], moment: int) -> tuple[dict[str, User | None], object]:
    """Return all users, and the groups and fields of the directory, once everything until a moment had occurred."""
    users: dict[str, User | None] = {}
    directory = Directory()
    for event in sorted(events, key=lambda event: (event.occurred_at, event.position)):
        if event.occurred_at <= moment:
            if isinstance(event.event, DirectoryEvent):
                directory = evolve_directory(directory, event.event)
            elif not isinstance(event.event, Forgotten | UserErased):
                users[event.stream] = evolve(users.get(event.stream), event.event)
    names = {key: (named.name, named.note, named.occurred_at) for key, named in directory.moments.items()}
    return users, (
        directory.version,
        [*directory.fields.items()],
        directory.deleted_fields,
        directory.definitions,
        directory.groups,
        directory.deleted_groups,
        names,
    )


def _named(events: list[RecordedEvent]) -> list[tuple[str, int]]:
    """Return the names of moments at the end, each with how many events lie before it."""
    directory = Directory()
    keys = sorted((event.occurred_at, event.position) for event in events)
    for event in sorted(events, key=lambda event: (event.occurred_at, event.position)):
        if isinstance(event.event, DirectoryEvent):
            directory = evolve_directory(directory, event.event)
    moments = directory.moments.values()
    return sorted((known.name, bisect_right(keys, known.place) if known.position else 0) for known in moments)


ORDERS = st.lists(st.tuples(st.integers(0, 20), st.permutations(range(3)), st.integers(0, 3)), max_size=4)


@given(ORDERS, ORDERS)
def test_groups_keep_their_order_at_every_moment_those_here_and_those_that_come_in(
    ours: list[tuple[int, list[int], int]], theirs: list[tuple[int, list[int], int]]
) -> None:
    """Each list is of when groups were put into an order, which, and how many of them are named in it."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        here, other = (
            opened.enter_context(closing(_with_orders(Path(folder) / f"{which}.whowas", which, orders)))
            for which, orders in enumerate((ours, theirs))
        )
        alone = [list(_orders_of(log)) for log in (here, other)]
        bus = Bus(here, clock=lambda: 1_800_000_000_000_000, actor="lee")
        assert import_log(bus, Source.of("log.jsonl", "".join(log_export.write(other)).encode())).written
        for moment, both in enumerate(_orders_of(here)):
            for which, orders_alone in enumerate(alone):
                assert [group_id for group_id in both if group_id.endswith(str(which))] == orders_alone[moment]


def _with_orders(path: Path, which: int, orders: list[tuple[int, list[int], int]]) -> EventLog:
    log = EventLog.create(path)
    bus = Bus(log, clock=lambda: 1_750_000_000_000_000, actor="kim")
    groups = [f"0199a3c4-0000-7000-8000-0000000f{number}00{which}" for number in range(3)]
    for number, group_id in enumerate(groups):
        bus.dispatch(CreateGroup(group_id, f"Group {number} {which}"), occurred_at=NOON)
    for when, order, named in orders:
        with suppress(RefusedError):  # it was so already
            bus.dispatch(OrderGroups(tuple(groups[number] for number in order[:named])), occurred_at=NOON + when)
    return log


def _orders_of(log: EventLog) -> Iterator[list[str]]:
    """Yield the ids of the groups in their order, at each moment."""
    events = [(one.occurred_at, one.event) for one in log.stream(log.directory_id)]
    stream = DirectoryStream()
    for occurred_at, event in events:
        assert isinstance(event, DirectoryEvent)
        stream = stream.then(occurred_at, event)
    for moment in range(22):
        yield [group_id for group_id, _ in stream.as_of(NOON + moment).ordered_groups()]
