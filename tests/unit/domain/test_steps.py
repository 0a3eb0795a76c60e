"""Where one change's steps begin: with another moment, another actor, or what was altered already of the same user."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from tests.command_line import whowas
from whowas.command_bus.bus import Bus
from whowas.corrections.undo.last_change import take_back
from whowas.corrections.undo_one.planning import planned
from whowas.domain.causation import ImportOf, UndoOf
from whowas.domain.commands import CreateGroup, CreateUser, DeleteUser, EraseUser, SuspendUser, UpdateUser
from whowas.domain.events import (
    Event,
    Forgotten,
    GroupJoined,
    GroupLeft,
    GroupRenamed,
    ListImported,
    PasswordCleared,
    PasswordSet,
    UserCreated,
    UserDeleted,
    UserReactivated,
    UserRestored,
    UserSuspended,
    UserUpdated,
)
from whowas.domain.sentences import sentence
from whowas.domain.steps import StepSplitter, altered_by
from whowas.domain.users import User
from whowas.projections.queries.change_lines import change_lines
from whowas.projections.queries.step_summaries import USERS_COMPARED
from whowas.projections.queries.undo_list import UndoList
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"
STAFF = "01890000-0000-7000-8000-0000000000f1"
SECOND = 1_000_000

CREATED = UserCreated(ADA, {"first_name": "Ada"}, {"Room": "R1"})
TITLE, PHONE = UserUpdated({"title": "x"}, {}), UserUpdated({"phone": "1"}, {})
ROOM, FIRST_NAME = UserUpdated({}, {"Room": "R2"}), UserUpdated({"first_name": "A"}, {})
IN, OUT, IN_ANOTHER = GroupJoined(STAFF), GroupLeft(STAFF), GroupJoined(BEN)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def side(log: EventLog, tmp_path: Path) -> Iterator[ReadSide]:
    side = ReadSide(log, tmp_path / "cache")
    yield side
    side.close()


def lengths(*events: Event, streams: str = "") -> list[int]:
    """How many events each step holds, of one actor at one moment, and of one user unless ``streams`` names them."""
    splitter, found = StepSplitter(), []
    for event, stream in zip(events, streams or "a" * len(events), strict=True):
        if splitter.begins(1, "kim", stream, event):
            found.append(0)
        found[-1] += 1
    return found


@pytest.mark.parametrize(
    ("events", "steps"),
    [
        ((TITLE, PHONE, ROOM, IN, IN_ANOTHER, PasswordSet("h"), UserSuspended()), [7]),
        ((CREATED, IN, PasswordSet("h"), UserSuspended()), [4]),
        ((CREATED, TITLE), [2]),
        ((CREATED, FIRST_NAME), [1, 1]),
        ((CREATED, ROOM), [1, 1]),
        ((CREATED, UserDeleted()), [1, 1]),
        ((TITLE, PHONE, TITLE, PHONE), [2, 2]),
        ((IN, OUT), [1, 1]),
        ((PasswordSet("h"), PasswordCleared()), [1, 1]),
        ((UserSuspended(), UserReactivated()), [1, 1]),
        ((UserSuspended(), UserDeleted(), UserRestored()), [1, 1, 1]),
        ((UserRestored(), TITLE, UserSuspended()), [3]),
        ((UserDeleted(), UserRestored(), UserSuspended()), [1, 2]),
        ((UserRestored(), UserDeleted()), [1, 1]),
        ((TITLE, UserDeleted()), [2]),
        ((GroupRenamed(STAFF, "a"), GroupRenamed(STAFF, "b")), [2]),
        ((ListImported("Members", ()), ListImported("Members", ())), [2]),
        ((Forgotten("UserCreated"), Forgotten("GroupJoined"), Forgotten("GroupJoined")), [3]),
        ((Forgotten("UserUpdated"), Forgotten("UserUpdated")), [2]),
        ((Forgotten("UserCreated"), Forgotten("UserDeleted"), Forgotten("UserRestored")), [1, 1, 1]),
    ],
)
def test_a_step_alters_nothing_of_a_user_twice(events: tuple[Event, ...], steps: list[int]) -> None:
    assert lengths(*events) == steps


def test_who_comes_back_suspended_has_one_line_that_says_so() -> None:
    deleted = User(ADA, 3, "deleted", "Ada")
    back = deleted._replace(version=5, status="suspended")
    assert sentence(deleted, back, {}).text == "Restored as suspended: Ada"
    assert sentence(deleted, back._replace(status="active"), {}).text == "Restored: Ada"


def test_users_do_not_get_in_each_others_way() -> None:
    assert lengths(*[TITLE] * 6, streams="abcbca") == [3, 3]


def test_another_moment_or_actor_begins_a_step() -> None:
    splitter = StepSplitter()
    asked = [(1, "kim"), (1, "kim"), (1, "lee"), (2, "lee"), (2, "lee"), (2, "kim")]
    found = [splitter.begins(*at_by, str(place), TITLE) for place, at_by in enumerate(asked)]
    assert found == [True, False, True, True, False, True]


def test_what_is_left_of_an_event_alters_no_more_than_the_event_did() -> None:
    known = [CREATED, TITLE, IN, OUT, UserDeleted(), UserRestored(), UserSuspended(), UserReactivated()]
    for event in [*known, PasswordSet("h"), PasswordCleared()]:
        assert altered_by(Forgotten(type(event).__name__)) <= altered_by(event)
    assert all(isinstance(altered_by(Forgotten(kind.__name__)), frozenset) for kind in get_args(Event))


def imported(folder: Path, *lines: dict[str, object]) -> Path:
    (folder / "log.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    assert whowas("import", folder / "staff.whowas", folder / "log.jsonl").code == 0
    return folder / "staff.whowas"


def line(at: str, actor: str, operation: str, **fields: str) -> dict[str, object]:
    return {"at": at, "actor": actor, "op": operation, "id": "E1"} | ({"fields": fields} if fields else {})


def told(file: Path) -> list[tuple[str, str]]:
    entries = whowas("history", file, "E1", "--json").objects
    return [(entry["actor"], entry["sentence"]) for entry in entries]


def test_each_line_of_a_second_is_told_as_whose_it_was(tmp_path: Path) -> None:
    file = imported(
        tmp_path,
        line("2020-01-01T00:00:00Z", "kim", "create", first_name="Ann", title="clerk"),
        line("2021-05-01T09:00:00Z", "lee", "update", title="head"),
        line("2021-05-01T09:00:00Z", "max", "update", title="chief"),
        line("2021-05-02T09:00:00Z", "lee", "update", title="x"),
        line("2021-05-02T09:00:00Z", "max", "update", title="chief"),
        line("2021-05-03T09:00:00Z", "lee", "delete"),
        line("2021-05-03T09:00:00Z", "max", "create", first_name="Ann", title="chief"),
        line("2021-05-04T09:00:00Z", "lee", "update", phone="1"),
        line("2021-05-04T09:00:00Z", "max", "update", department="D"),
    )
    assert told(file) == [
        ("kim", "Created: Ann"),
        ("lee", "Title changed: clerk → head"),
        ("max", "Title changed: head → chief"),
        ("lee", "Title changed: chief → x"),
        ("max", "Title changed: x → chief"),
        ("lee", "Deleted: Ann"),
        ("max", "Restored: Ann"),
        ("lee", "Phone changed: empty → 1"),
        ("max", "Department changed: empty → D"),
    ]


def test_an_email_held_for_no_time_finds_who_held_it(tmp_path: Path) -> None:
    file = imported(
        tmp_path,
        line("2020-01-01", "kim", "create", first_name="Ann", email="a@example.org"),
        line("2021-01-01", "lee", "delete"),
        line("2021-01-01", "max", "create", first_name="Ann", email="b@example.org"),
        line("2022-01-01", "lee", "update", email="c@example.org"),
        line("2022-01-01", "lee", "update", email="d@example.org"),
    )
    for letter in "abcd":
        answer = whowas("show", file, f"{letter}@example.org", "--json")
        assert [user["external_id"] for user in answer.objects] == ["E1"]


def test_many_users_of_one_moment_are_one_step(log: EventLog, side: ReadSide) -> None:
    with Bus(log, clock=lambda: 1, actor="ines").change(causation=ImportOf("staff.csv")) as change:
        change.dispatch(CreateGroup(STAFF, "Staff"))
        for number in range(USERS_COMPARED + 10):
            user_id = f"01890000-0000-7000-8000-{number:012}"
            change.dispatch(CreateUser(user_id, {"first_name": "A"}), SuspendUser(user_id), actor="ines")
    assert side.catch_up().now == 1


def test_a_large_step_of_an_import_is_its_actors_not_the_importers(log: EventLog, side: ReadSide) -> None:
    with Bus(log, clock=lambda: 1, actor="ines").change(causation=ImportOf("log.jsonl")) as change:
        for number in range(USERS_COMPARED + 10):
            change.dispatch(CreateUser(f"01890000-0000-7000-8000-{number:012}", {"first_name": "A"}), actor="lee")
    assert [one.actor for one in change_lines(side.read_model, side.catch_up(), [1])] == ["lee"]


def test_undoing_the_deletion_of_suspended_users_takes_one_step_however_many_they_are(
    log: EventLog, side: ReadSide
) -> None:
    moments = iter(range(SECOND, 9 * SECOND, SECOND))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    user_ids = [f"01890000-0000-7000-8000-{number:012}" for number in range(5)]
    with bus.change() as change:
        for user_id in user_ids:
            change.dispatch(CreateUser(user_id, {"first_name": "A"}), SuspendUser(user_id))
    with bus.change() as change:
        change.dispatch(*(DeleteUser(user_id) for user_id in user_ids))
    assert side.catch_up().now == 2
    done = UndoList("ines")
    done.follow(side.read_model)
    assert done.to_undo is not None
    assert take_back(bus, log, done.to_undo, UndoOf(done.to_undo.change_id))
    index = side.catch_up()
    assert index.now == 3
    assert {row.user.status for row in side.rows(index.numbers[index.alive(3)].tolist())} == {"suspended"}


def test_a_plan_counts_the_steps_that_the_slider_counts(log: EventLog, side: ReadSide) -> None:
    with Bus(log, clock=lambda: 9 * SECOND, actor="ines").change(causation=ImportOf("log.jsonl")) as change:
        change.dispatch(CreateUser(ADA, {"first_name": "Ada"}), actor="kim", occurred_at=SECOND)
        for actor, title in (("lee", "head"), ("max", "chief"), ("max", "dean")):
            change.dispatch(UpdateUser(ADA, {"title": title}), actor=actor, occurred_at=2 * SECOND)
        change.dispatch(CreateUser(BEN, {"first_name": "Ben"}), actor="kim", occurred_at=SECOND)
    index, done = side.catch_up(), UndoList("ines")
    done.follow(side.read_model)
    assert done.to_undo is not None
    assert planned(log, done.to_undo).extent.steps == index.now == 4


def test_what_somebody_else_did_at_the_moment_of_an_erased_user_stays_where_it_was(
    log: EventLog, side: ReadSide
) -> None:
    moments = iter(range(9 * SECOND, 90 * SECOND, SECOND))
    bus = Bus(log, clock=lambda: next(moments), actor="ines")
    with bus.change() as change:
        for user_id, actor in ((ADA, "kim"), (BEN, "lee")):
            change.dispatch(CreateUser(user_id, {"first_name": "A"}), actor=actor, occurred_at=SECOND)
            change.dispatch(UpdateUser(user_id, {"title": "x"}), DeleteUser(user_id), actor=actor, occurred_at=SECOND)
    steps = side.catch_up().steps
    before = steps.first_position.tolist()
    assert len(before) == 4
    bus.dispatch(EraseUser(ADA))
    assert side.catch_up().steps.first_position.tolist()[:-1] == before
