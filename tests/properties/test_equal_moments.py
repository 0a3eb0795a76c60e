"""Histories in which much happened at the same moment, done by several people: each line is told as its own."""

from __future__ import annotations

import json
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.naive_steps import naive_steps
from whowas.command_bus.bus import Bus
from whowas.domain.commands import Command, DeleteUser, SetPassword, SuspendUser, UpdateUser
from whowas.domain.comparison_keys import email_key
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent
from whowas.domain.fields import LABELS
from whowas.domain.users import User, evolve
from whowas.interchange.importing.import_changes import import_changes
from whowas.interchange.source import Source
from whowas.projections.queries.find_user import user_called
from whowas.projections.queries.history import HistoryEntry, history, history_of
from whowas.projections.queries.named_moments import place_of
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent

SECOND = 1_000_000
NOW = 1_700_000_000 * SECOND

WHO = st.sampled_from(["E1", "E2"])
WHEN = st.integers(1, 3)
ACTOR = st.sampled_from(["kim", "lee", "max"])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["clerk", "head", None]),
        "phone": st.sampled_from(["1", "2"]),
        "email": st.sampled_from(["a@x.org", "b@x.org", "c@x.org", None]),
        "Room": st.sampled_from(["R1", "R2", None]),
        "groups": st.lists(st.sampled_from(["Choir", "Board"]), unique=True),
        "status": st.sampled_from(["active", "suspended", "deleted"]),
    },
)
LINE = st.tuples(WHO, WHEN, ACTOR, st.sampled_from(["create", "update", "update", "update", "delete"]), FIELDS)
IMPORT = st.lists(LINE, min_size=1, max_size=10)
COMMAND = st.tuples(
    st.sampled_from(
        [
            lambda user_id: UpdateUser(user_id, {"title": "chief"}),
            lambda user_id: UpdateUser(user_id, {"title": None, "phone": "3"}),
            lambda user_id: SetPassword(user_id, "$argon2id$one"),
            SuspendUser,
            DeleteUser,
        ]
    ),
    WHO,
    WHEN,
    ACTOR,
)
RUN = st.lists(COMMAND, min_size=1, max_size=4)
CHANGES = st.lists(IMPORT | IMPORT | RUN, min_size=1, max_size=4)


@given(CHANGES)
def test_every_event_is_told_as_its_own_and_every_moment_is_the_naive_fold(changes: list[list[tuple[object]]]) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(EventLog.create(Path(folder) / "d.whowas")) as log:
        bus = Bus(log, clock=lambda: NOW, actor="ines")
        with closing(ReadSide(log, Path(folder) / "cache")) as side:
            side.catch_up()
            for change in changes:
                _carry_out(bus, side, change)
                side.catch_up()
            events = list(log.read())
            _is_told(side, log, events)
            caught_up = _all_of(side)
            side.rebuild()
            assert _all_of(side) == caught_up


def _carry_out(bus: Bus, side: ReadSide, change: list[tuple[object]]) -> None:
    """Import lines or dispatch commands as one change, without what is refused."""
    if len(change[0]) == 5:
        content = "\n".join(json.dumps(_line(*line)) for line in change)
        import_changes(bus, [Source.of("log.jsonl", content.encode())], skip_refused=True)
        return
    with bus.change() as unit:
        for make, who, when, actor in change:
            user_id = user_called(side.read_model, who)
            if user_id is not None:
                with suppress(RefusedError):
                    command: Command = make(user_id)
                    unit.dispatch(command, actor=actor, occurred_at=_moment(when))


def _line(who: str, when: int, actor: str, operation: str, fields: dict[str, object]) -> dict[str, object]:
    at = f"2020-01-01T00:00:0{when}Z"
    given = {} if operation == "delete" else {"fields": {"first_name": who, **fields}}
    return {"at": at, "actor": actor, "op": operation, "id": who, **given}


def _moment(when: int) -> int:
    return (1_577_836_800 + when) * SECOND


def _is_told(side: ReadSide, log: EventLog, events: list[RecordedEvent]) -> None:
    index = side.catch_up()
    steps = naive_steps(events)
    assert index.steps.first_position.tolist() == [step[0].position for step in steps]
    assert [place_of(log, index.steps, moment) for moment in range(1, index.now + 1)] == [
        (step[-1].occurred_at, step[-1].position) for step in steps
    ]
    streams = {event.stream for event in events if not isinstance(event.event, DirectoryEvent)}
    everybody: list[HistoryEntry] = []
    for stream in streams:
        life = [event for event in events if event.stream == stream]
        entries = history_of(side.read_model, index, stream)
        _tells(entries, sorted(life, key=lambda event: (event.occurred_at, event.position)))
        everybody += entries
    with closing(history(side.read_model, index)) as told:
        assert sorted(everybody, key=lambda entry: (entry.moment, entry.user.id)) == sorted(
            told, key=lambda entry: (entry.moment, entry.user.id)
        )
    table: dict[str, User] = {}
    held: dict[str, set[str]] = {}
    for moment, step in enumerate(steps, 1):
        for recorded in step:
            if not isinstance(recorded.event, DirectoryEvent):
                user = evolve(table.get(recorded.stream), recorded.event)
                assert user is not None
                table[recorded.stream] = user
                if user.email is not None:
                    held.setdefault(email_key(user.email), set()).add(user.id)
        shown = side.rows(index.numbers[index.alive(moment)].tolist())
        assert {row.user.id: row.user for row in shown} == table
        assert len(shown) == len(table)
    for email, holders in held.items():
        owners = set(log.owners_of_email(email))
        assert user_called(side.read_model, email) in (owners or holders)


def _tells(entries: list[HistoryEntry], life: list[RecordedEvent]) -> None:
    """Whether a history tells each event of a life, in order, by whom it was and with what it altered."""
    before: User | None = None
    first = 0
    for entry in entries:
        part = life[first : entry.user.version]
        assert part, "no entry is about nothing"
        origins = {(event.occurred_at, event.actor, event.change_id) for event in part}
        assert origins == {(entry.occurred_at, entry.actor, entry.change_id)}
        told = {change.field: (change.before, change.after) for change in entry.changes}
        altered: set[str] = set()
        user = before
        for event in part:
            assert not isinstance(event.event, DirectoryEvent)
            earlier, user = user, evolve(user, event.event)
            assert user is not None
            for thing, pair in _differences(earlier, user).items():
                began = None if before is None else before.status
                if thing == "status" and began in (None, "deleted") and user.status == "suspended":
                    assert told["status"] == (began, "suspended"), "who is there suspended, came so in one step"
                    continue
                assert thing not in altered, "what is altered twice needs two entries"
                altered.add(thing)
                if thing in told and thing not in ("status", "password"):
                    assert told[thing] == pair
        assert user == entry.user
        before, first = user, entry.user.version
    assert first == len(life)


def _differences(before: User | None, after: User) -> dict[str, tuple[str | None, str | None]]:
    """Return what differs between two states; of groups each, by id."""
    found = {name: (before.text(name) if before else None, after.text(name)) for name in LABELS}
    old = before.attributes if before else {}
    for name in {*old, *after.attributes}:
        found[f"attributes.{name}"] = old.get(name), after.attributes.get(name)
    for group in (before.groups if before else frozenset()) ^ after.groups:
        found[group] = ("out", "in") if group in after.groups else ("in", "out")
    found["status"] = before.status if before else None, after.status
    found["password"] = before.password if before else None, after.password
    return {thing: pair for thing, pair in found.items() if pair[0] != pair[1]}


def _all_of(side: ReadSide) -> list[tuple[object, ...]]:
    """Return the rows and steps by what they say, whatever their numbers."""
    index = side.catch_up()
    rows = {row.number: row for row in side.rows(index.numbers.tolist())}
    lives = zip(index.numbers.tolist(), index.begins.tolist(), index.ends.tolist(), strict=True)
    steps = side.read_model.select(
        "SELECT occurred_at, first_position, actor, created, changed, removed FROM step ORDER BY 1, 2"
    )
    told = sorted((rows[number].user.id, begins, ends, str(rows[number].user)) for number, begins, ends in lives)
    return [*steps, *told]
