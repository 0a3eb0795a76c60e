"""Blame: a field's values, each with its time, its author and its change, as a naive fold of the log tells them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.naive_steps import naive_steps
from whowas.command_bus.bus import Bus
from whowas.domain.causation import ImportOf
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteGroup,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    RenameGroup,
    RestoreUser,
    SuspendUser,
    UpdateUser,
)
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent
from whowas.domain.fields import LABELS, field_called
from whowas.domain.sentences import Sentence
from whowas.domain.users import User, evolve
from whowas.projections.queries.causes import Cause
from whowas.projections.queries.field_history import Span
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent

ADA, BEN, NOBODY = (f"01890000-0000-7000-8000-{number:012x}" for number in range(3))
STAFF, POETS = (f"01890000-0000-7000-8000-0000000000f{number}" for number in range(2))
FIELDS = (*LABELS, "name", "status", "groups", "attributes.Room")

TEXT = st.sampled_from(["x", "y", "Émile 🌱", None])
USER = st.sampled_from([ADA, BEN])
GROUP = st.sampled_from([STAFF, POETS])
COMMAND: st.SearchStrategy[Command] = st.one_of(
    st.builds(UpdateUser, USER, st.dictionaries(st.sampled_from(["first_name", "title", "notes"]), TEXT, max_size=2)),
    st.builds(UpdateUser, USER, st.just({}), st.fixed_dictionaries({"Room": TEXT})),
    st.builds(DeleteUser, USER),
    st.builds(RestoreUser, USER),
    st.builds(SuspendUser, USER),
    st.builds(JoinGroup, USER, GROUP),
    st.builds(LeaveGroup, USER, GROUP),
    st.builds(RenameGroup, GROUP, st.sampled_from(["Crew", "Bards", "Staff"])),
    st.builds(DeleteGroup, GROUP),
    st.builds(CreateGroup, GROUP, st.sampled_from(["Crew", "Bards"])),
)
PART = st.tuples(COMMAND, st.integers(10, 16), st.sampled_from(["ines", "ruth"]))
CHANGES = st.lists(st.tuples(st.lists(PART, min_size=1, max_size=3), st.booleans()), max_size=12)


UNTOLD = Sentence("changed", "", "")
"""In place of the sentence, which the naive fold does not tell."""


def shown(user: User, directory: Directory, field: str) -> str | None:
    """What a cell of the table holds."""
    if field == "groups":
        return ", ".join(directory.names_of(user.groups)) or None
    if field.startswith("attributes."):
        return user.attributes.get(field.removeprefix("attributes."))
    value: str | None = getattr(user, field)
    return value


def steps_of(log: EventLog) -> list[list[RecordedEvent]]:
    """The events of the log, step by step, in timeline order."""
    return naive_steps(log.read())


def folded_slowly(log: EventLog, user_id: str, field: str) -> list[Span]:
    """Look at the field after each step: a span begins wherever it is another than before."""
    user: User | None = None
    directory = Directory()
    spans: list[Span] = []
    for moment, step in enumerate(steps_of(log), 1):
        first = step[0]
        for recorded in step:
            if isinstance(recorded.event, DirectoryEvent):
                directory = evolve_directory(directory, recorded.event)
            elif recorded.stream == user_id:
                user = evolve(user, recorded.event)
        if user is None or (spans and spans[0].value == shown(user, directory, field)):
            continue
        at, cause = first.occurred_at, first.causation
        why = Cause(cause) if isinstance(cause, ImportOf) else None
        spans[:1] = [replace(span, until=moment, until_at=at) for span in spans[:1]]
        value = shown(user, directory, field)
        origin = (first.position, first.recorded_at, first.actor, first.change_id, why)
        spans.insert(0, Span(value, moment, at, None, None, *origin, UNTOLD))
    return spans


@contextmanager
def directory_of(folder: Path) -> Iterator[tuple[EventLog, Bus]]:
    """A directory of two people, two groups and a custom field, all from the second 1 on."""
    log = EventLog.create(folder / "staff.whowas")
    bus = Bus(log, clock=lambda: 100, actor="ines")
    with bus.change() as change:
        change.dispatch(CreateGroup(STAFF, "Staff"), CreateGroup(POETS, "Poets"), DefineField("Room"), occurred_at=1)
        change.dispatch(CreateUser(ADA, {"first_name": "Ada", "title": "x"}), occurred_at=1)
        change.dispatch(CreateUser(BEN, {"first_name": "Ben"}), occurred_at=2)
    try:
        yield log, bus
    finally:
        log.close()


@given(changes=CHANGES)
def test_the_spans_are_those_of_a_naive_fold(changes: list[tuple[list[tuple[Command, int, str]], bool]]) -> None:
    with tempfile.TemporaryDirectory() as name, directory_of(Path(name)) as (log, bus):
        for parts, imported in changes:
            with bus.change(causation=ImportOf("list.csv") if imported else None) as change:
                for command, occurred_at, actor in parts:
                    with suppress(RefusedError):
                        change.dispatch(command, occurred_at=occurred_at, actor=actor)
        read_side = ReadSide(log, Path(name) / "cache")
        try:
            index = read_side.catch_up()
            for user_id, field in product((ADA, BEN), FIELDS):
                spans = read_side.spans_of(user_id, field, index)
                assert all(span.sentence.text for span in spans)
                untold = [replace(span, sentence=UNTOLD) for span in spans]
                assert untold == folded_slowly(log, user_id, field)
        finally:
            read_side.close()


@pytest.fixture
def staff(tmp_path: Path) -> Iterator[tuple[EventLog, Bus]]:
    with directory_of(tmp_path) as made:
        yield made


def blamed(log: EventLog, user_id: str, field: str, folder: Path) -> list[Span]:
    read_side = ReadSide(log, folder / "cache")
    try:
        return read_side.spans_of(user_id, field, read_side.catch_up())
    finally:
        read_side.close()


def test_what_leaves_the_field_alone_begins_no_span(staff: tuple[EventLog, Bus], tmp_path: Path) -> None:
    log, bus = staff
    for changes in ({"phone": "1"}, {"title": None}, {"notes": "n"}, {"title": "x"}):
        bus.dispatch(UpdateUser(ADA, changes))
    bus.dispatch(DeleteUser(ADA))

    spans = blamed(log, ADA, "title", tmp_path)

    assert [(span.value, span.begins, span.until) for span in spans] == [("x", 6, None), (None, 4, 6), ("x", 1, 4)]
    assert [span.sentence.text for span in spans] == [
        "Title changed: empty → x",
        "Title changed: x → empty",
        "Created: Ada",
    ]


def test_a_group_is_called_as_the_table_called_it(staff: tuple[EventLog, Bus], tmp_path: Path) -> None:
    log, bus = staff
    bus.dispatch(JoinGroup(ADA, STAFF), actor="ruth")
    bus.dispatch(JoinGroup(ADA, POETS), actor="ruth")
    bus.dispatch(RenameGroup(STAFF, "Crew"), actor="farid")
    bus.dispatch(DeleteGroup(POETS), actor="farid")
    bus.dispatch(CreateGroup(POETS, "Bards"))

    spans = blamed(log, ADA, "groups", tmp_path)

    assert [(span.value, span.actor, span.sentence.text) for span in spans] == [
        ("Bards, Crew", "ines", "Group restored: Bards"),
        ("Crew", "farid", "Group deleted: Poets"),
        ("Crew, Poets", "farid", "Group renamed: Staff → Crew"),
        ("Poets, Staff", "ruth", "Added to group: Poets"),
        ("Staff", "ruth", "Added to group: Staff"),
        (None, "ines", "Created: Ada"),
    ]


def test_an_unknown_user_has_no_spans_and_an_unknown_field_is_a_bug(
    staff: tuple[EventLog, Bus], tmp_path: Path
) -> None:
    log, _ = staff
    assert blamed(log, NOBODY, "title", tmp_path) == []
    for field in ("password", "id", "Title", "shoe size"):
        with pytest.raises(KeyError):
            blamed(log, ADA, field, tmp_path)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("title", "title"),
        (" TITLE ", "title"),
        ("External ID", "external_id"),
        ("external_id", "external_id"),
        ("Groups", "groups"),
        ("STATUS", "status"),
        ("Name", "name"),
        ("room", "attributes.Room"),
        ("Attributes.ROOM", "attributes.Room"),
        ("attributes.Title", "attributes.Title"),
        ("Desk", "attributes.Desk"),
        ("desk", "attributes.desk"),
        ("attributes.odd", "attributes.attributes.odd"),
    ],
)
def test_what_people_call_a_field(text: str, field: str) -> None:
    assert field_called(text, {name: name for name in ("Room", "Title", "Desk", "desk", "attributes.odd")}) == field


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("shoe\nsize", "There is no field “shoe size”."),
        ("", "There is no field “”."),
        ("password", "There is no field “password”."),
        ("DESK", "Desk and desk differ only in case: write exactly the one you mean."),
    ],
)
def test_a_field_that_nobody_can_mean(text: str, sentence: str) -> None:
    with pytest.raises(RefusedError) as refused:
        field_called(text, {"Desk": "Desk", "desk": "desk"})
    assert (refused.value.field, str(refused.value)) == ("field", sentence)
