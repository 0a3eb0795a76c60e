"""Events recorded out of order give the same stream as in order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.events import (
    DirectoryEvent,
    FieldDefined,
    Forgotten,
    GroupCreated,
    GroupDeleted,
    GroupJoined,
    GroupLeft,
    GroupRenamed,
    ListImported,
    PasswordCleared,
    PasswordSet,
    UserCreated,
    UserDeleted,
    UserErased,
    UserEvent,
    UserReactivated,
    UserRestored,
    UserSuspended,
    UserUpdated,
)
from whowas.domain.streams import DirectoryStream, UserStream, fold
from whowas.domain.users import User, evolve

NAMES = st.sampled_from(["x", "y"])
VALUES = st.sampled_from(["one", "two", None])
MOMENTS = st.integers(0, 5)
"""Few times, so that many events share one; users begin at 0."""

USER_EVENTS: st.SearchStrategy[UserEvent] = st.one_of(
    st.builds(
        UserUpdated, st.dictionaries(st.sampled_from(["title", "notes"]), VALUES), st.dictionaries(NAMES, VALUES)
    ),
    st.sampled_from([UserDeleted(), UserRestored(), UserSuspended(), UserReactivated(), PasswordCleared()]),
    st.builds(PasswordSet, NAMES),
    st.builds(GroupJoined, NAMES),
    st.builds(GroupLeft, NAMES),
)
LIVES = st.lists(st.tuples(MOMENTS, USER_EVENTS), max_size=12)
DIRECTORY_EVENTS: st.SearchStrategy[DirectoryEvent] = st.one_of(
    st.builds(FieldDefined, NAMES),
    st.builds(GroupCreated, NAMES, NAMES),
    st.builds(GroupRenamed, NAMES, NAMES),
    st.builds(GroupDeleted, NAMES),
    st.builds(ListImported, NAMES, st.just(())),
)

Life = list[tuple[int, UserEvent]]


def lived(recorded: Life) -> UserStream:
    """Append the events one after the other, as they were recorded."""
    stream = UserStream().then(0, UserCreated("a", {"first_name": "Ada"}, {"x": "one"}))
    for occurred_at, event in recorded:
        stream = stream.then(occurred_at, event)
    return stream


def naive(recorded: Life, through: int) -> User:
    """Sort first and fold once: events at the same time keep the order in which they were recorded."""
    user = evolve(None, UserCreated("a", {"first_name": "Ada"}, {"x": "one"}))
    for occurred_at, event in sorted(recorded, key=lambda known: known[0]):
        if occurred_at <= through:
            user = evolve(user, event)
    return user


@given(LIVES)
def test_the_present_user_is_the_fold_in_timeline_order(recorded: Life) -> None:
    stream = lived(recorded)
    assert stream.user == naive(recorded, through=5)
    assert stream.version == stream.user.version == len(recorded) + 1
    assert stream.last_occurred_at == max((moment for moment, _ in recorded), default=0)


@given(LIVES, st.integers(0, 6))
def test_the_user_of_any_moment_is_the_fold_so_far(recorded: Life, moment: int) -> None:
    assert lived(recorded).as_of(moment) == naive(recorded, through=moment)


@given(LIVES, st.integers(-3, -1))
def test_nobody_is_there_before_the_beginning(recorded: Life, moment: int) -> None:
    assert lived(recorded).as_of(moment) is None
    assert UserStream().as_of(moment) is None


@given(LIVES, MOMENTS, USER_EVENTS)
def test_taking_an_event_in_leaves_the_life_before_it_as_it_was(recorded: Life, moment: int, event: UserEvent) -> None:
    stream = lived(recorded)
    life, user = stream.events, stream.user
    stream.then(moment, event)
    assert (stream.events, stream.user) == (life, user)


def test_a_life_may_begin_before_1970() -> None:
    stream = UserStream().then(-10, UserCreated("a", {"first_name": "Ada"}, {})).then(-5, UserDeleted())
    assert stream.last_occurred_at == -5
    assert [user and user.status for user in map(stream.as_of, (-11, -10, -5))] == [None, "active", "deleted"]


@given(LIVES)
def test_a_fold_may_be_taken_up_where_another_ended(recorded: Life) -> None:
    events = [UserCreated("a", {"first_name": "Ada"}, {}), *(event for _, event in recorded)]
    half = len(events) // 2
    assert fold(fold(None, events[:half]), events[half:]) == fold(None, events)


@given(st.lists(st.tuples(MOMENTS, DIRECTORY_EVENTS), max_size=8))
def test_the_directory_too_is_the_fold_of_its_events_in_timeline_order(
    recorded: list[tuple[int, DirectoryEvent]],
) -> None:
    stream, directory = DirectoryStream(), Directory()
    for occurred_at, event in recorded:
        stream = stream.then(occurred_at, event)
    for _, event in sorted(recorded, key=lambda known: known[0]):
        directory = evolve_directory(directory, event)
    assert stream.directory == directory
    assert stream.last_occurred_at == max((moment for moment, _ in recorded), default=0)


@given(LIVES, MOMENTS)
def test_of_an_erased_user_only_kinds_and_moments_are_left(recorded: Life, moment: int) -> None:
    before = lived(recorded)
    erased = before.then(before.last_occurred_at, UserErased())
    assert (erased.erased, erased.user, erased.as_of(moment)) == (True, None, None)
    assert erased.version == before.version + 1
    names = [(at, version, type(event).__name__) for at, version, event in before.events]
    assert [(at, version, event.name) for at, version, event in erased.events[:-1]] == names  # type: ignore[union-attr]

    again = UserStream()
    for at, _, event in sorted(erased.events, key=lambda known: known[1]):
        again = again.then(at, event if isinstance(event, UserErased) else Forgotten(event.name))  # type: ignore[union-attr]
    assert again == erased, "what is read back is what was remembered"
