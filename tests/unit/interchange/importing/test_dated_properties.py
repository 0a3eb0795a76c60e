"""Dated lists made from random histories: the directory at each date is the list, whatever was there before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from tests.unit.interchange.importing.given_lists import Desk, desk, given, whats
from whowas.domain.events import (
    DirectoryEvent,
    Event,
    GroupJoined,
    GroupLeft,
    UserCreated,
    UserUpdated,
)
from whowas.domain.fields import LABELS
from whowas.domain.streams import UserStream
from whowas.domain.users import User
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.sides.read_side import ReadSide

DAY = 86_400_000_000
BEGIN = 1_500_000_000_000_000

Fields = dict[str, str | None]
Directory = dict[str, Fields]
"""The fields of everybody who is there, by external id or email."""

PEOPLE = ("1", "2", "3", "4")
EMAILS = ("a@example.org", "b@example.org", "c@example.org", None)
TEXTS = st.sampled_from(["Clerk", "Judge", None])
GROUPS = st.sampled_from(["", "Staff", "Board", "Board;Staff"])


@st.composite
def directories(draw: st.DrawFn, *, by_email: bool = False, with_status: bool = False) -> Directory:
    """A directory of a few people, in which emails may be anybody's, or are what tells people apart."""
    people = draw(st.sets(st.sampled_from(PEOPLE)))
    emails = draw(st.permutations(EMAILS))
    return {
        person: {
            "first_name": f"Person {person}",
            **({} if by_email else {"external_id": person}),
            "email": f"{person}@example.org" if by_email else email,
            "title": draw(TEXTS),
            "attributes.Room": draw(TEXTS),
            "groups": draw(GROUPS),
            **({"status": draw(st.sampled_from(["active", "suspended"]))} if with_status else {}),
        }
        for person, email in zip(sorted(people), emails, strict=False)
    }


def fields_of(user: User, index: VersionIndex, moment: int, like: Mapping[str, str | None]) -> Fields:
    """What a user is, in the fields that a list has."""
    known: Fields = {"groups": ";".join(index.directory(moment).names_of(user.groups)), "status": user.status}
    return {name: known[name] if name in known else user.value(name) for name in like}


def shown(side: ReadSide, index: VersionIndex, occurred_at: int, like: Mapping[str, str | None]) -> Directory:
    """Who is there at a moment, as the window would show it."""
    moment = index.steps.moment_at(occurred_at)
    users = [row.user for row in side.rows(index.numbers[index.alive(moment)].tolist())]
    there = [user for user in users if user.status != "deleted"]
    return {(user.first_name or "")[-1]: fields_of(user, index, moment, like) for user in there}


@contextmanager
def reading(desk: Desk) -> Iterator[tuple[ReadSide, VersionIndex]]:
    """The read side of a directory."""
    side = ReadSide(desk.log, Path(desk.log.path).parent / "cache")
    try:
        yield side, side.catch_up()
    finally:
        side.close()


def take(desk: Desk, lists: Sequence[Directory], begin: int = BEGIN, **rules: object) -> ImportOutcome:
    """Import directories as lists of one date each."""
    inputs = [
        given(people.values(), "members", f"{number}.csv", begin + number * DAY) for number, people in enumerate(lists)
    ]
    return desk.take_all(inputs, **{"missing": "delete", "yes": True, **rules})


def require_shown(desk: Desk, lists: Sequence[Directory]) -> None:
    """Compare the directory at each date with its list, and see that each difference stands there as one step."""
    like = next((fields for people in lists for fields in people.values()), {})
    with reading(desk) as (side, index):
        for number, people in enumerate(lists):
            assert shown(side, index, BEGIN + number * DAY, like) == people
        occurred = index.steps.occurred_at.tolist()
    before: Sequence[Directory] = [{}, *lists]
    changes = [number for number, people in enumerate(lists) if people != before[number]]
    assert occurred == [BEGIN + number * DAY for number in changes]


@settings(deadline=None)
@drawn(st.lists(directories(), min_size=1, max_size=6))
def test_the_directory_at_each_date_is_the_list(lists: list[Directory]) -> None:
    with desk() as staff:
        outcome = take(staff, lists)
        assert not {"refused", "similar"} & set(whats(outcome))
        assert outcome.written
        require_shown(staff, lists)


@settings(deadline=None)
@drawn(st.lists(directories(by_email=True), min_size=1, max_size=6))
def test_so_it_is_where_only_emails_tell_who_is_who(lists: list[Directory]) -> None:
    with desk() as staff:
        assert take(staff, lists).written
        require_shown(staff, lists)
        assert len(staff.users()) == len({person for people in lists for person in people}), "nobody is made twice"


@settings(deadline=None)
@drawn(st.lists(directories(with_status=True), min_size=1, max_size=6))
def test_so_it_is_where_lists_say_who_is_suspended(lists: list[Directory]) -> None:
    with desk() as staff:
        assert take(staff, lists).written
        require_shown(staff, lists)


# Lists that come into a directory which has changes from later.


def things_later(desk: Desk, occurred_at: int) -> dict[str, set[str]]:
    """What is altered after a moment of each person, by the last letter of their name; "any" where anything is."""
    found: dict[str, set[str]] = {}
    for user in desk.users():
        things = found.setdefault((user.first_name or "")[-1], set())
        for recorded in desk.log.stream(user.id):
            if recorded.occurred_at > occurred_at:
                things |= {"any", *_things(recorded.event)}
    return found


def _things(event: Event) -> set[str]:
    match event:
        case UserCreated():
            return {"begins"}
        case UserUpdated(changes, attributes):
            return {*changes, *(f"attributes.{name}" for name in attributes)}
        case GroupJoined(group_id) | GroupLeft(group_id):
            return {group_id}
        case _:
            return {"status"}


def contradicts(desk: Desk, index: VersionIndex, before: Directory, people: Directory, occurred_at: int) -> bool:
    """Say whether a list differs from the directory at its date in what the directory knows otherwise later."""
    later = things_later(desk, occurred_at)
    groups = {name: group_id for group_id, name in index.latest_directory().groups.items()}
    then = index.directory(index.steps.moment_at(occurred_at)).groups
    for person in before.keys() - people.keys():
        if later[person]:
            return True
    for person, fields in people.items():
        things, was = later.get(person, set()), before.get(person)
        if "begins" in things or (was is None and "status" in things):
            return True
        known = was or last_known(desk, person, occurred_at, index) or {}
        altered = {name for name, value in fields.items() if known.get(name) != value}
        wanted = {name for name in (fields["groups"] or "").split(";") if name}
        had = {name for name in (known.get("groups") or "").split(";") if name}
        if any(groups.get(name) in things for name in wanted ^ had):
            return True
        if any(name in groups and groups[name] not in then for name in wanted - had):
            return True
        if altered & things:
            return True
    return False


def last_known(desk: Desk, person: str, occurred_at: int, index: VersionIndex) -> Fields | None:
    """What somebody was who was deleted by a moment."""
    for user in desk.users():
        with desk.bus.change() as change:
            then = change.stream(user.id).as_of(occurred_at)
        if then is not None and (then.first_name or "")[-1] == person:
            like = ("first_name", "external_id", "email", "title", "attributes.Room", "groups")
            return fields_of(then, index, index.steps.moment_at(occurred_at), dict.fromkeys(like))
    return None


def states_seen(desk: Desk) -> dict[tuple[int, str], Fields]:
    """What each event of the log left of the thing that it altered: by position and thing."""
    found: dict[tuple[int, str], Fields] = {}
    for user in desk.users():
        stream = UserStream()
        for recorded in sorted(desk.log.stream(user.id), key=lambda one: (one.occurred_at, one.position)):
            assert not isinstance(recorded.event, DirectoryEvent)
            stream = stream.then(recorded.occurred_at, recorded.event)
            assert stream.user is not None
            for thing in _things(recorded.event):
                known = {"begins": user.id, "status": stream.user.status}
                is_text = thing.startswith("attributes.") or thing in LABELS
                text = stream.user.value(thing) if is_text else str(thing in stream.user.groups)
                found[recorded.position, thing] = {"value": known.get(thing, text)}
    return found


@settings(deadline=None)
@drawn(
    st.lists(directories(), min_size=1, max_size=3),
    st.lists(directories(), min_size=1, max_size=3),
    st.sampled_from([-1, 0, 1, 2, 3, 5, 9]),
)
def test_later_changes_stand_or_the_list_is_refused(first: list[Directory], second: list[Directory], day: int) -> None:
    with desk() as staff:
        assert take(staff, [people for people in first for _ in range(2)]).written
        known, events = states_seen(staff), [recorded.position for recorded in staff.log.read()]
        outcome = take(staff, second, BEGIN + day * DAY)
        if not outcome.written:
            assert {"refused", "similar"} & set(whats(outcome))
            assert all(row.reason for row in outcome.rows if row.what in ("refused", "similar"))
            assert [recorded.position for recorded in staff.log.read()] == events
            return
        like = next((fields for people in second for fields in people.values()), {})
        with reading(staff) as (side, index):
            for number, people in enumerate(second):
                assert shown(side, index, BEGIN + (day + number) * DAY, like) == people
            for moment in range(index.now + 1):
                alive = [row.user for row in side.rows(index.numbers[index.alive(moment)].tolist())]
                emails = [user.email for user in alive if user.email and user.status != "deleted"]
                assert len(emails) == len(set(emails)), "an email is one user's at any moment"
        assert {key: value for key, value in states_seen(staff).items() if key in known} == known


@settings(deadline=None)
@drawn(
    st.lists(directories(), min_size=1, max_size=3),
    directories(),
    st.sampled_from([-1, 0, 1, 2, 3, 5]),
)
def test_nothing_is_refused_that_does_not_contradict(first: list[Directory], people: Directory, day: int) -> None:
    with desk() as staff:
        take(staff, [people for people in first for _ in range(2)])
        occurred_at = BEGIN + day * DAY
        with reading(staff) as (side, index):
            like = dict.fromkeys(("first_name", "external_id", "email", "title", "attributes.Room", "groups"))
            before = shown(side, index, occurred_at, like)
            wrong = contradicts(staff, index, before, people, occurred_at)
        outcome = take(staff, [people], occurred_at)
        refused = [row for row in outcome.rows if row.what in ("refused", "similar")]
        assert outcome.written == (not refused)
        if wrong:
            assert refused
        elif refused:  # only what one user at a time may have can stand against it still
            assert all("belongs to" in row.reason or "email" in row.reason for row in refused)
