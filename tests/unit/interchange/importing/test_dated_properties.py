"""Dated lists made from random histories: the directory at each date is the list, whatever was there before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from tests.unit.interchange.importing.given_lists import Desk, desk, given, whats
from whowas.domain.users import User
from whowas.interchange.importing.outcome import ImportOutcome
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
