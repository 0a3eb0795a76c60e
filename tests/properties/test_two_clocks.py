"""Both clocks, alone and together, against a naive fold: how it was, as of what had been recorded by then."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import at_most
from tests.naive_steps import naive_steps
from tests.properties.test_live_and_past import COMMANDS, GROUPS, IDS
from whowas.cli.opened import Opened
from whowas.cli.opening import opened
from whowas.command_bus.bus import Bus
from whowas.domain.commands import Command, CreateGroup, CreateUser, JoinGroup, LeaveGroup, UpdateUser
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent
from whowas.domain.users import User, evolve
from whowas.interchange.iso_moments import written
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent

SECOND = 1_000_000
PASSED = st.sampled_from([-3 * SECOND, -1, 0, 0, 1, SECOND, 2 * SECOND])
"""By how much the clock on the wall differs from when the last change was made; it may be set back."""

AGO = st.integers(0, 6)
"""How many seconds ago a command is said to have happened, 0 being now."""

USER = st.sampled_from(IDS[:2])
EDIT: st.SearchStrategy[Command] = st.one_of(
    st.builds(UpdateUser, USER, st.dictionaries(st.sampled_from(["title", "notes"]), st.sampled_from("abcd"))),
    st.builds(JoinGroup, USER, st.just(GROUPS[0])),
    st.builds(LeaveGroup, USER, st.just(GROUPS[0])),
)
"""What is hardly ever refused, so that the lives of few users get events between those known so far."""

CHANGE = st.tuples(PASSED, st.lists(st.tuples(EDIT | EDIT | COMMANDS, AGO), min_size=1, max_size=4))
"""One change: its commands, each at its own moment."""

Step = list[RecordedEvent]


@settings(max_examples=at_most(30))
@given(st.lists(CHANGE, min_size=3, max_size=8))
def test_both_clocks_equal_the_naive_fold(changes: list[tuple[int, list[tuple[Command, int]]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "d.whowas"
        events = _recorded(file, changes)
        ends = [0, *(change[-1].position for change in _changes(events))]
        with opened(file) as today:
            _position_and_moment_agree_with(today, events)
        for known in ends:
            with opened(file, f"#{known}") as directory:
                assert directory.position == known
                steps = _steps(event for event in events if event.position <= known)
                _is_the_fold(directory, "now", steps)
                for text, shown in _asked(events, steps):
                    _is_the_fold(directory, text, shown)


def _recorded(file: Path, changes: list[tuple[int, list[tuple[Command, int]]]]) -> list[RecordedEvent]:
    """Carry out what of ``changes`` is not refused, and return the log."""
    log = EventLog.create(file)
    now = 1_700_000_000_000_000
    bus = Bus(log, clock=lambda: now, actor="ines")
    first = [CreateGroup(GROUPS[0], "Records"), *(CreateUser(user_id, {"first_name": "Ada"}) for user_id in IDS[:2])]
    for command in first:
        bus.dispatch(command, occurred_at=now - 12 * SECOND)
    for passed, commands in changes:
        now += passed
        with bus.change() as change:
            for command, ago in commands:
                with suppress(RefusedError):
                    change.dispatch(command, occurred_at=now - ago * SECOND if ago else None)
    events = list(log.read())
    log.close()
    return events


def _position_and_moment_agree_with(today: Opened, events: Sequence[RecordedEvent]) -> None:
    """Which changes are known by a position or by a time: whole ones, all of a microsecond together."""
    for position in range(len(events) + 1):
        last = [change[-1].position for change in _changes(events) if change[-1].position <= position]
        assert today.known_by(f"#{position}") == max(last, default=0)
    for recorded_at in {event.recorded_at + nearly for event in events for nearly in (-1, 0, 1)}:
        by_then = [event.position for event in events if event.recorded_at <= recorded_at]
        assert today.known_by(written(recorded_at)) == max(by_then, default=0)
    assert today.known_by("now") == len(events)


def _asked(events: Sequence[RecordedEvent], known: list[Step]) -> Iterable[tuple[str, list[Step]]]:
    """Return moments as people write them, of whatever is known today, each with the known steps it shows."""
    yield "#0", []
    for event in events:
        place = event.occurred_at, event.position
        yield f"#{event.position}", [step for step in known if (step[0].occurred_at, step[0].position) <= place]
    for occurred_at in {event.occurred_at + nearly for event in events for nearly in (-1, 0)}:
        yield written(occurred_at), [step for step in known if step[0].occurred_at <= occurred_at]


def _is_the_fold(directory: Opened, text: str, steps: list[Step]) -> None:
    """Whether that moment shows what folding those steps gives."""
    users: dict[str, User] = {}
    own = Directory()
    for recorded in (event for step in steps for event in step):
        if isinstance(recorded.event, DirectoryEvent):
            own = evolve_directory(own, recorded.event)
        else:
            user = evolve(users.get(recorded.stream), recorded.event)
            if user is not None:  # nobody is left of who was erased
                users[recorded.stream] = user
    moment = directory.moment(text)
    assert moment == len(steps)
    shown = list(directory.users(directory.index.numbers[directory.index.alive(moment)]))
    assert {user.id: user for user in shown} == users
    assert len(shown) == len(users), "a user is shown once"
    state = directory.index.directory(moment)
    assert (state.version, state.fields, state.deleted_groups) == (own.version, own.fields, own.deleted_groups)
    assert state.groups.items() >= own.groups.items()


def _changes(events: Iterable[RecordedEvent]) -> list[list[RecordedEvent]]:
    return [list(change) for _, change in groupby(events, attrgetter("change_id"))]


def _steps(events: Iterable[RecordedEvent]) -> list[Step]:
    """Return the steps of events, in timeline order."""
    return naive_steps(events)
