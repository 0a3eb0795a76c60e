"""A folder of old lists becomes history: at each of their dates the directory is what the list says."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.command_line import whowas
from tests.dated_lists import People, Person, monthly_lists, write_lists
from tests.naive_steps import naive_steps
from whowas.domain.events import (
    Event,
    GroupJoined,
    GroupLeft,
    UserCreated,
    UserDeleted,
    UserReactivated,
    UserRestored,
    UserSuspended,
    UserUpdated,
)
from whowas.interchange.importing.dates.list_dates import moment_of
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent
from whowas.system import folders

OPTIONS = ("--true-since", "name", "--map", "Room=attribute:Room")
DELETE_CLEAR = ("--missing", "delete", "--blank", "clear")
DELETE_KEEP = ("--missing", "delete", "--blank", "keep")
KEEP_KEEP = ("--missing", "keep", "--blank", "keep")

Lists = list[tuple[date, People]]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rules", [DELETE_CLEAR, DELETE_KEEP], ids=["clear", "keep"])
def test_a_few_lists_of_a_small_office_become_its_history(tmp_path: Path, rules: tuple[str, ...], seed: int) -> None:
    lists = list(monthly_lists(seed, 14, 25, blanks=rules is DELETE_CLEAR))
    file = imported(tmp_path, lists, rules, seed)
    expected = said(lists, blanks=rules is DELETE_CLEAR)
    require_directory_at_each_date(file, expected)
    events = events_of(file)
    require_differences_at_their_dates(events, expected)
    assert len(naive_steps(events)) <= len(lists)
    require_few_steps(file, len(lists))


@pytest.mark.parametrize("rules", [DELETE_CLEAR, DELETE_KEEP], ids=["clear", "keep"])
def test_sixty_lists_of_two_thousand_users_become_their_history(tmp_path: Path, rules: tuple[str, ...]) -> None:
    lists = list(monthly_lists(60, 60, 2_000, blanks=rules is DELETE_CLEAR))
    file = imported(tmp_path, lists, rules, 60)
    expected = said(lists, blanks=rules is DELETE_CLEAR)
    require_directory_at_each_date(file, expected)
    require_differences_at_their_dates(events_of(file), expected)
    require_few_steps(file, len(lists))


@pytest.mark.parametrize("seed", range(3))
def test_lists_imported_in_two_goes_become_the_same_history(tmp_path: Path, seed: int) -> None:
    lists = list(monthly_lists(seed, 10, 20, blanks=True))
    imported(tmp_path, lists[:6], DELETE_CLEAR, seed)
    file = imported(tmp_path, lists[6:], DELETE_CLEAR, seed)
    require_directory_at_each_date(file, lists)
    require_differences_at_their_dates(events_of(file), lists)
    require_few_steps(file, len(lists))


@pytest.mark.parametrize("seed", range(3))
def test_where_the_missing_are_kept_nobody_goes(tmp_path: Path, seed: int) -> None:
    lists = [(day, lasting(people)) for day, people in monthly_lists(seed, 8, 20, blanks=False)]
    file = imported(tmp_path, lists, KEEP_KEEP, seed)
    there: People = {}
    for day, people in lists:
        there |= {name: person.over(there.get(name)) for name, person in people.items()}
        assert listed(file, day) == there
    assert not any(isinstance(each.event, UserDeleted) for each in events_of(file))


@pytest.mark.parametrize("seed", range(3))
def test_where_the_missing_are_suspended_they_are_until_a_list_has_them_again(tmp_path: Path, seed: int) -> None:
    lists = [(day, lasting(people)) for day, people in monthly_lists(seed, 8, 20, blanks=True)]
    file = imported(tmp_path, lists, ("--missing", "suspend", "--blank", "clear"), seed)
    there: People = {}
    for day, people in lists:
        there = {name: replace(person, status="suspended") for name, person in there.items()} | people
        assert listed(file, day) == there
    require_few_steps(file, len(lists))


def lasting(people: People) -> People:
    """Return people whose addresses are their own for ever, as whoever is kept keeps theirs."""
    return {name: replace(person, email=f"{name}@example.org".lower()) for name, person in people.items()}


def imported(folder: Path, lists: Lists, rules: tuple[str, ...], seed: int) -> Path:
    """Import lists through the command line, and return the directory."""
    file = folder / "staff.whowas"
    answer = whowas("import", file, *write_lists(folder, lists, seed), *OPTIONS, *rules)
    assert answer.code == 0, answer.err[-3000:]
    return file


def said(lists: Lists, *, blanks: bool) -> Lists:
    """Return who is there at each date: what the list says, and where blank cells say nothing what was said before."""
    if blanks:
        return lists
    known: People = {}
    found = []
    for day, people in lists:
        known |= {name: person.over(known.get(name)) for name, person in people.items()}
        found.append((day, {name: known[name] for name in people}))
    return found


def listed(file: Path, day: date) -> People:
    """Return who was there on a day."""
    answer = whowas("list", file, "--at", day.isoformat(), "--json")
    assert answer.code == 0, answer.err
    return {user["external_id"]: _person(user) for user in answer.objects}


def _person(user: Mapping[str, object]) -> Person:
    attributes, groups = user["attributes"], user["groups"]
    assert isinstance(attributes, dict)
    assert isinstance(groups, list)
    texts = ("external_id", "first_name", "last_name", "email", "phone", "department", "status")
    return Person(*(str(user[name] or "") for name in texts), frozenset(groups), attributes.get("Room", ""))


def events_of(file: Path) -> list[RecordedEvent]:
    """Return all events in recorded order."""
    with closing(EventLog.open(file)) as log:
        return list(log.read())


def require_directory_at_each_date(file: Path, expected: Lists) -> None:
    """See that at each date the directory is what was said."""
    for day, people in expected:
        there = listed(file, day)
        assert there.keys() == people.keys(), day
        assert there == people, day


def require_differences_at_their_dates(events: list[RecordedEvent], expected: Lists) -> None:
    """See that events say the differences between one list and the next, no more and no less, at its date."""
    names = {
        each.stream: str(each.event.fields["external_id"]) for each in events if isinstance(each.event, UserCreated)
    }
    found: dict[int, dict[str, set[str]]] = {}
    for each in events:
        if each.stream in names:
            of_day = found.setdefault(each.occurred_at, {})
            of_day.setdefault(names[each.stream], set()).update(_altered(each.event))
    before: People = {}
    ever: set[str] = set()
    for day, people in expected:
        of_day = found.pop(moment_of(day), {})
        for name in before.keys() | people.keys():
            happened, old, new = of_day.pop(name, set()), before.get(name), people.get(name)
            if old is not None and new is not None:
                assert happened == _differing(old, new), (day, name)
            elif new is None:
                assert "left" in happened, (day, name)
            else:
                assert ("back" if name in ever else "created") in happened, (day, name)
        assert not of_day, day
        before = people
        ever |= people.keys()
    assert not found


def _differing(old: Person, new: Person) -> set[str]:
    return {name for name in old.__dataclass_fields__ if getattr(old, name) != getattr(new, name)}


def _altered(event: Event) -> set[str]:
    match event:
        case UserCreated():
            return {"created"}
        case UserDeleted():
            return {"left"}
        case UserRestored():
            return {"back"}
        case UserSuspended() | UserReactivated():
            return {"status"}
        case GroupJoined() | GroupLeft():
            return {"groups"}
        case UserUpdated(changes, attributes):
            return {*changes, *(name.lower() for name in attributes)}
        case _:
            return {type(event).__name__}


def require_few_steps(file: Path, lists: int) -> None:
    """See that the timeline has at most one step for each list, all of one actor."""
    with closing(EventLog.open(file)) as log, closing(ReadSide(log, folders.cache())) as read_side:
        assert 0 < read_side.catch_up().now <= lists
