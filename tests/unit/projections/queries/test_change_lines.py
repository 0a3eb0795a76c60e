"""The lines of the changes list, against the log they tell of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.naive_steps import naive_steps
from whowas.command_bus.bus import Bus
from whowas.domain.causation import ImportOf
from whowas.domain.commands import CreateGroup, CreateUser, DefineField, DeleteGroup, RecordListImport, UpdateUser
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.events import DirectoryEvent
from whowas.domain.sentences import sentence
from whowas.domain.text_folding import folded
from whowas.domain.users import User, evolve
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.change_lines import ChangeLine, change_lines, rows_of_step, user_lines
from whowas.projections.queries.differences import differences
from whowas.projections.queries.history import history_of
from whowas.projections.queries.step_summaries import USERS_COMPARED
from whowas.projections.sides.read_side import ReadSide
from whowas.sample import make_sample
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"
STAFF = "01890000-0000-7000-8000-0000000000f1"
CREW = "01890000-0000-7000-8000-0000000000f2"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def bus(log: EventLog) -> Bus:
    moments = iter(range(1_000_000, 100_000_000, 1_000_000))
    return Bus(log, clock=lambda: next(moments), actor="ines")


@pytest.fixture
def side(log: EventLog, tmp_path: Path) -> Iterator[ReadSide]:
    side = ReadSide(log, tmp_path / "cache")
    yield side
    side.close()


def lines(side: ReadSide, *moments: int) -> list[ChangeLine]:
    return change_lines(side.read_model, side.catch_up(), moments)


def users(side: ReadSide, moment: int) -> list[tuple[str, str]]:
    index = side.catch_up()
    told = user_lines(side.read_model, index, moment, rows_of_step(index, moment).tolist())
    return [(line.name, line.sentence.text) for line in told]


Life = tuple[str, User | None, User, str]
"""Of one user in one step: id, state before and after, who did it."""


def naive(log: EventLog) -> Iterator[tuple[int, str, list[Life], Directory]]:
    """Fold the whole log: yield each step's (occurred_at, change id, lives, directory after it)."""
    known: dict[str, User] = {}
    directory = Directory()
    for step in naive_steps(log.read()):
        lives: dict[str, Life] = {}
        for recorded in step:
            if isinstance(recorded.event, DirectoryEvent):
                directory = evolve_directory(directory, recorded.event)
                continue
            user_id = recorded.stream
            first = lives[user_id][1] if user_id in lives else known.get(user_id)
            known[user_id] = evolve(known.get(user_id), recorded.event)
            lives[user_id] = (user_id, first, known[user_id], recorded.actor)
        yield step[0].occurred_at, step[0].change_id, list(lives.values()), directory


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventLog]:
    file = tmp_path_factory.mktemp("sample") / "sample.whowas"
    make_sample(file, people=90, changes=700)
    log = EventLog.open(file)
    yield log
    log.close()


@pytest.fixture
def sample_index(sample: EventLog, tmp_path: Path) -> Iterator[tuple[ReadSide, VersionIndex]]:
    side = ReadSide(sample, tmp_path / "cache")
    yield side, side.catch_up()
    side.close()


def test_every_step_of_the_sample_is_told_as_its_log_has_it(
    sample: EventLog, sample_index: tuple[ReadSide, VersionIndex]
) -> None:
    side, index = sample_index
    steps = list(naive(sample))
    told = change_lines(side.read_model, index, range(1, index.now + 1))
    assert len(told) == len(steps) > 600
    for moment, (line, (occurred_at, change_id, lives, directory)) in enumerate(zip(told, steps, strict=True), 1):
        assert (line.moment, line.occurred_at, line.change_id) == (moment, occurred_at, change_id)
        assert line.users == len(lives)
        if len(lives) == 1:
            ((_, before, after, actor),) = lives
            one = sentence(before, after, directory.groups)
            assert (line.actor, line.kind) == (actor, one.kind)
            assert line.title == f"{after.name}: {one.title}"
            assert line.detail in (one.detail, "")
    assert {line.source for line in told} == {"staff list.csv", None}
    assert {line.in_parts for line in told[1:] if line.source} == {True}, "the first list is of one day"


def test_the_users_of_every_step_of_the_sample_are_those_of_its_log(
    sample: EventLog, sample_index: tuple[ReadSide, VersionIndex]
) -> None:
    side, index = sample_index
    for moment, (_, _, lives, directory) in enumerate(naive(sample), 1):
        told = user_lines(side.read_model, index, moment, rows_of_step(index, moment).tolist())
        names = [folded(line.name) for line in told]
        assert names == sorted(names)
        assert {(line.user_id, line.actor, line.sentence) for line in told} == {
            (user_id, actor, sentence(before, after, directory.groups)) for user_id, before, after, actor in lives
        }


def test_lines_come_in_the_order_asked_for_and_alone_as_together(
    sample_index: tuple[ReadSide, VersionIndex],
) -> None:
    side, index = sample_index
    moments = [index.now, 3, 1, index.now // 2]
    together = change_lines(side.read_model, index, moments)
    assert [line.moment for line in together] == moments
    assert together == [change_lines(side.read_model, index, [moment])[0] for moment in moments]
    assert change_lines(side.read_model, index, []) == []


def test_a_bulk_edit_is_one_line_that_unfolds_into_its_users(bus: Bus, side: ReadSide) -> None:
    bus.dispatch(CreateUser(BEN, {"first_name": "Ben", "department": "IT"}))
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    with bus.change() as change:
        change.dispatch(*(UpdateUser(user_id, {"department": "Press"}) for user_id in (BEN, ADA)))
    (line,) = lines(side, 3)
    assert (line.users, line.text, line.in_parts) == (2, "2 users changed: Department → Press", False)
    assert users(side, 3) == [
        ("Ada", "Department changed: empty → Press"),
        ("Ben", "Department changed: IT → Press"),
    ]


def test_an_import_stands_at_its_own_dates_and_is_known_as_one_change(bus: Bus, side: ReadSide) -> None:
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    with bus.change(causation=ImportOf("staff.csv", by="ines")) as change:
        change.dispatch(CreateUser(BEN, {"first_name": "Ben"}), occurred_at=500, actor="olga")
        change.dispatch(UpdateUser(BEN, {"title": "Clerk"}), occurred_at=600, actor="paul")
    first, second, ada = lines(side, 1, 2, 3)
    assert [first.text, second.text] == [
        "Ben: Created, imported from staff.csv",
        "Ben: Title changed (empty → Clerk), imported from staff.csv",
    ]
    assert [(line.occurred_at, line.actor, line.in_parts) for line in (first, second)] == [
        (500, "olga", True),
        (600, "paul", True),
    ]
    assert first.change_id == second.change_id != ada.change_id
    assert (ada.text, ada.source, ada.in_parts) == ("Ada: Created", None, False)


def test_what_was_done_to_the_directory_itself_is_told_together(bus: Bus, side: ReadSide) -> None:
    with bus.change() as change:
        change.dispatch(DefineField("Room"), CreateGroup(STAFF, "Staff"), CreateGroup(CREW, "Crew"))
    bus.dispatch(DeleteGroup(CREW))
    told = lines(side, 1, 2)
    assert [(line.kind, line.users, line.text) for line in told] == [
        ("group", 0, "2 groups created and custom field Room defined"),
        ("group", 0, "Group Crew deleted"),
    ]


def test_a_step_that_lands_before_another_changes_what_that_one_says(bus: Bus, side: ReadSide) -> None:
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada", "title": "Clerk"}))
    bus.dispatch(UpdateUser(ADA, {"title": "Head"}))
    assert lines(side, 2)[0].detail == "Clerk → Head"
    bus.dispatch(UpdateUser(ADA, {"title": "Bursar"}), occurred_at=1_500_000)
    assert [line.detail for line in lines(side, 2, 3)] == ["Clerk → Bursar", "Bursar → Head"]


def test_no_row_of_a_step_of_a_great_many_users_is_read(
    bus: Bus, side: ReadSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bus.change() as change:
        for number in range(USERS_COMPARED + 1):
            change.dispatch(CreateUser(f"01890000-0000-7000-8000-{number:012}", {"first_name": f"U{number:02}"}))
    index = side.catch_up()
    monkeypatch.setattr(side.read_model, "rows", lambda numbers: [] if not numbers else pytest.fail("read"))
    (line,) = change_lines(side.read_model, index, [1])
    assert (line.users, line.text, line.actor) == (51, "51 users added", "ines")
    monkeypatch.undo()
    some = rows_of_step(index, 1)[10:12].tolist()
    assert [one.name for one in user_lines(side.read_model, index, 1, some)] == ["U10", "U11"]


def test_rows_made_anew_since_the_index_are_told_without_what_is_not_there(bus: Bus, side: ReadSide) -> None:
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    index = side.catch_up()
    with side.read_model.writing() as connection:
        connection.execute("DELETE FROM version_row")
    (line,) = change_lines(side.read_model, index, [1])
    assert line.text == "1 user added"
    assert user_lines(side.read_model, index, 1, rows_of_step(index, 1).tolist()) == []


def test_a_list_as_which_everybody_was_already_changed_nothing(log: EventLog, bus: Bus, side: ReadSide) -> None:
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    with bus.change(causation=ImportOf("members.csv")) as change:
        change.dispatch(RecordListImport("Members", (ADA,)))

    (line,) = lines(side, 2)
    assert (line.kind, line.users, line.title, line.detail) == ("nothing", 0, "Nothing changed", "")
    assert line.text == "Nothing changed, imported from members.csv"
    assert line.change == "Import of members.csv"
    index = side.catch_up()
    assert [entry.moment for entry in history_of(side.read_model, index, ADA)] == [1]
    assert list(differences(side.read_model, index, 1, 2)) == []


def test_the_record_of_a_list_does_not_show_beside_what_the_list_did(log: EventLog, bus: Bus, side: ReadSide) -> None:
    with bus.change(causation=ImportOf("members.csv")) as change:
        change.dispatch(CreateUser(ADA, {"first_name": "Ada"}), RecordListImport("Members"))
    with bus.change(causation=ImportOf("members.csv")) as change:
        change.dispatch(DefineField("Room"), RecordListImport("Members"))

    assert [line.title for line in lines(side, 1, 2)] == ["Ada: Created", "Custom field Room defined"]
