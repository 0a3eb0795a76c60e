"""Choosing steps by text, actor, kind and change, against the log they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.projections.queries.test_change_lines import naive
from whowas.command_bus.bus import Bus
from whowas.domain.causation import ImportOf
from whowas.domain.commands import (
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteUser,
    JoinGroup,
    RenameGroup,
    RestoreUser,
    SetPassword,
    UpdateUser,
)
from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS
from whowas.domain.text_folding import searchable
from whowas.domain.users import User
from whowas.projections.queries import change_filter
from whowas.projections.queries.change_filter import ChangeFilter, UserSet, actors, goes_on, matching_moments
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables.row_codec import search_text
from whowas.sample import make_sample
from whowas.store.event_log import EventLog

ADA = "01890000-0000-7000-8000-00000000000a"
BEN = "01890000-0000-7000-8000-00000000000b"
STAFF = "01890000-0000-7000-8000-0000000000f1"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog.create(tmp_path / "people.whowas")
    yield log
    log.close()


@pytest.fixture
def side(log: EventLog, tmp_path: Path) -> Iterator[ReadSide]:
    """Steps 1 to 3 imported by Ines from lines of Olga's; then a group, Ada, and Ben deleted, each by Paul."""
    moments = iter(range(1_000_000, 100_000_000, 1_000_000))
    importing = Bus(log, clock=lambda: next(moments), actor="ines")
    with importing.change(causation=ImportOf("Größen.csv")) as change:
        change.dispatch(CreateUser(BEN, {"first_name": "Ben", "department": "IT"}), occurred_at=100, actor="olga")
        change.dispatch(UpdateUser(BEN, {"department": "Press"}), occurred_at=200, actor="olga")
        change.dispatch(CreateGroup(STAFF, "Staff"), occurred_at=300, actor="olga")
    bus = Bus(log, clock=lambda: next(moments), actor="paul")
    bus.dispatch(RenameGroup(STAFF, "Crew"))
    bus.dispatch(CreateUser(ADA, {"first_name": "Ada", "department": "Press"}))
    bus.dispatch(DeleteUser(BEN))
    side = ReadSide(log, tmp_path / "cache")
    yield side
    side.close()


def found(side: ReadSide, wanted: ChangeFilter) -> list[int]:
    return matching_moments(side.read_model, side.catch_up(), wanted).tolist()


@pytest.mark.parametrize(
    ("wanted", "moments"),
    [
        (ChangeFilter(), [6, 5, 4, 3, 2, 1]),
        (ChangeFilter(text="  "), [6, 5, 4, 3, 2, 1]),
        (ChangeFilter(text="ben"), [6, 2, 1]),
        (ChangeFilter(text="BEN it"), [2, 1]),
        (ChangeFilter(text="press"), [6, 5, 2]),
        (ChangeFilter(text="crew"), [4]),
        (ChangeFilter(text="renamed crew"), [4]),
        (ChangeFilter(text="grossen"), [3, 2, 1]),
        (ChangeFilter(text="ben grossen"), []),
        (ChangeFilter(text="nobody"), []),
        (ChangeFilter(actor="paul"), [6, 5, 4]),
        (ChangeFilter(actor="olga"), [3, 2, 1]),
        (ChangeFilter(actor="ines"), []),
        (ChangeFilter(actor="somebody"), []),
        (ChangeFilter(kind="added"), [5, 1]),
        (ChangeFilter(kind="changed"), [4, 3, 2]),
        (ChangeFilter(kind="removed"), [6]),
        (ChangeFilter(kind="imported"), [3, 2, 1]),
        (ChangeFilter(kind="imported", text="press"), [2]),
        (ChangeFilter(text="ben", actor="paul", kind="removed"), [6]),
        (ChangeFilter(text="ben", actor="paul", kind="added"), []),
    ],
)
def test_every_part_that_is_given_has_to_hold(side: ReadSide, wanted: ChangeFilter, moments: list[int]) -> None:
    assert found(side, wanted) == moments


def test_an_import_can_be_picked_as_the_one_change_it_was(side: ReadSide) -> None:
    side.catch_up()
    (change_id,) = next(iter(side.read_model.select("SELECT change_id FROM change WHERE causation IS NOT NULL")))
    assert found(side, ChangeFilter(change_id=change_id)) == [3, 2, 1]
    assert found(side, ChangeFilter(change_id=change_id, text="it")) == [2, 1]
    assert found(side, ChangeFilter(change_id="another")) == []


def test_everybody_offered_did_something_and_everybody_who_did_is_offered(side: ReadSide) -> None:
    offered = actors(side.read_model, side.catch_up())
    assert offered == {"olga", "paul"}
    assert sorted(moment for actor in offered for moment in found(side, ChangeFilter(actor=actor))) == [*range(1, 7)]


def test_who_did_anything_is_found_out_once(side: ReadSide, log: EventLog) -> None:
    index = side.catch_up()
    moments = iter((200_000_000, 300_000_000))
    assert actors(side.read_model, index, index) == set()
    Bus(log, clock=lambda: next(moments), actor="rosa").dispatch(UpdateUser(ADA, {"title": "Clerk"}))
    Bus(log, clock=lambda: next(moments), actor="sven").dispatch(RenameGroup(STAFF, "Band"))
    assert actors(side.read_model, side.catch_up(), index) == {"rosa", "sven"}


def test_what_came_after_the_index_was_made_is_left_out(side: ReadSide, log: EventLog) -> None:
    index = side.catch_up()
    Bus(log, clock=lambda: 200_000_000, actor="paul").dispatch(UpdateUser(ADA, {"title": "Clerk"}))
    side.catch_up()
    assert matching_moments(side.read_model, index, ChangeFilter(actor="paul")).tolist() == [6, 5, 4]


def test_the_sample_is_found_as_its_log_has_it(tmp_path: Path) -> None:
    make_sample(tmp_path / "sample.whowas", people=60, changes=400)
    log = EventLog.open(tmp_path / "sample.whowas")
    side = ReadSide(log, tmp_path / "cache")
    steps = [(moment, lives) for moment, (_, _, lives, _) in enumerate(naive(log), 1)]
    someone = steps[len(steps) // 2][1][0][2].last_name or ""

    def has(user: User | None) -> bool:
        return user is not None and searchable(someone) in search_text(user)

    assert sorted(found(side, ChangeFilter(text=someone))) == [
        moment for moment, lives in steps if any(has(before) or has(after) for _, before, after, _ in lives)
    ]
    for actor in actors(side.read_model, side.catch_up()):
        assert sorted(found(side, ChangeFilter(actor=actor))) == [
            moment for moment, lives in steps if any(who == actor for *_, who in lives)
        ]
    side.close()
    log.close()


def test_a_field_counts_where_a_value_of_it_changed(tmp_path: Path) -> None:
    make_sample(tmp_path / "sample.whowas", people=60, changes=400)
    log = EventLog.open(tmp_path / "sample.whowas")
    side = ReadSide(log, tmp_path / "cache")
    steps = [(moment, lives) for moment, (_, _, lives, _) in enumerate(naive(log), 1)]
    custom = side.catch_up().latest_directory().fields
    assert custom

    def value(user: User | None, field: str) -> object:
        if user is None:
            return None
        if field.startswith(ATTRIBUTE_PREFIX):
            return user.attributes.get(field.removeprefix(ATTRIBUTE_PREFIX))
        return getattr(user, field) or None

    for field in (*LABELS, "status", "groups", "password", *(f"{ATTRIBUTE_PREFIX}{name}" for name in custom)):
        assert sorted(found(side, ChangeFilter(field=field))) == [
            moment
            for moment, lives in steps
            if any(value(before, field) != value(after, field) for _, before, after, _ in lives)
        ]
    with pytest.raises(KeyError):
        found(side, ChangeFilter(field="nothing"))
    side.close()
    log.close()


def test_users_count_where_something_was_done_to_one_of_them(side: ReadSide) -> None:
    side.catch_up()
    numbers = {user_id: side.read_model.user_number(user_id) or 0 for user_id in (ADA, BEN)}
    assert found(side, ChangeFilter(users=UserSet.of([numbers[BEN]]))) == [6, 2, 1]
    assert found(side, ChangeFilter(users=UserSet.of([numbers[ADA]]))) == [5]
    assert found(side, ChangeFilter(users=UserSet.of(numbers.values()), kind="changed")) == [2]
    assert found(side, ChangeFilter(users=UserSet.of([numbers[BEN]]), field="department")) == [2, 1]


def test_what_came_since_is_looked_at_alone_and_found_as_in_all(
    side: ReadSide, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_filter, "_ROWS_READ", 2)
    moments = iter(range(200_000_000, 900_000_000, 1_000_000))
    bus = Bus(log, clock=lambda: next(moments), actor="rosa")

    def bulk() -> None:
        with bus.change(causation=ImportOf("press.csv")) as change:
            change.dispatch(*(UpdateUser(user, {"department": "Press"}, {"Room": "1"}) for user in (ADA, BEN)))

    acts: list[Callable[[], object]] = [
        lambda: bus.dispatch(UpdateUser(ADA, {"department": "IT"})),
        lambda: bus.dispatch(RestoreUser(BEN)),
        lambda: bus.dispatch(JoinGroup(ADA, STAFF)),
        lambda: bus.dispatch(DefineField("Room")),
        bulk,
        lambda: bus.dispatch(RenameGroup(STAFF, "Press")),
        lambda: bus.dispatch(UpdateUser(ADA, {"title": "Press officer", "department": None})),
        lambda: bus.dispatch(UpdateUser(ADA, {"title": "Clerk"}), occurred_at=100_000_000),
        lambda: bus.dispatch(SetPassword(BEN, "$argon2id$x")),
        lambda: bus.dispatch(UpdateUser(BEN, {}, {"Room": "2"})),
    ]
    numbers = {user: side.read_model.user_number(user) or 0 for user in (ADA, BEN) if side.catch_up()}
    wanted = [
        *(ChangeFilter(text=text) for text in ("press", "ada it", "crew", "press.csv", "clerk")),
        *(ChangeFilter(field=field) for field in ("department", "title", "status", "groups", "password")),
        ChangeFilter(field="attributes.Room"),
        ChangeFilter(actor="rosa"),
        ChangeFilter(actor="paul"),
        ChangeFilter(kind="changed", users=UserSet.of([numbers[ADA]])),
        ChangeFilter(text="ben", actor="rosa", field="department"),
    ]
    index = side.catch_up()
    found = [matching_moments(side.read_model, index, one) for one in wanted]
    went_on = 0
    for act in acts:
        act()
        known, index = index, side.catch_up()
        for place, one in enumerate(wanted):
            whole = matching_moments(side.read_model, index, one)
            if goes_on(known, index, one):
                went_on += 1
                later = matching_moments(side.read_model, index, one, known)
                assert [*later, *found[place]] == whole.tolist(), one
            found[place] = whole
    # All but what a group's new name may find, and a step that lands between others.
    assert went_on == len(wanted) * (len(acts) - 1) - sum(bool(one.text) for one in wanted)


def test_a_field_is_looked_for_in_what_was_there_when_the_index_was_made(side: ReadSide, log: EventLog) -> None:
    index = side.catch_up()
    Bus(log, clock=lambda: 200_000_000, actor="paul").dispatch(UpdateUser(ADA, {"department": "Board"}))
    side.catch_up()
    assert matching_moments(side.read_model, index, ChangeFilter(field="department")).tolist() == [5, 2, 1]
