"""How groups look: their order and colours, what is said of them, and taking back what a change did to them."""

from __future__ import annotations

import pytest

from whowas.domain.commands import ColourGroup, OrderGroups
from whowas.domain.directory import Directory, evolve_directory
from whowas.domain.errors import AlteredAgainError, RefusedError
from whowas.domain.events import (
    DirectoryEvent,
    GroupColoured,
    GroupCreated,
    GroupDeleted,
    GroupRenamed,
    GroupsOrdered,
)
from whowas.domain.groups import COLOURS, GroupLooks, decide_look, moved_to, ordered_groups
from whowas.domain.looks_back import looks_back
from whowas.domain.sentences import directory_sentence
from whowas.domain.streams import DirectoryStream

NAMES = {"z": "Zoo", "a": "ants", "b": "Bees", "c": "Cats"}
START = [GroupCreated(group_id, name) for group_id, name in NAMES.items()]


def after(*events: DirectoryEvent) -> Directory:
    directory = Directory()
    for event in (*START, *events):
        directory = evolve_directory(directory, event)
    return directory


@pytest.mark.parametrize(
    ("order", "listed"),
    [
        ((), "abcz"),
        (("z",), "zabc"),
        (("c", "gone", "a"), "cabz"),
        (("z", "c", "b", "a"), "zcba"),
    ],
)
def test_groups_are_listed_in_their_order_and_the_others_follow_by_name(order: tuple[str, ...], listed: str) -> None:
    assert "".join(group_id for group_id, _ in ordered_groups(NAMES, GroupLooks(order=order))) == listed


def test_a_group_made_after_the_others_were_ordered_follows_them() -> None:
    directory = after(GroupsOrdered(("z", "c", "b", "a")), GroupCreated("n", "Ants of old"))
    assert [name for _, name in directory.ordered_groups()] == ["Zoo", "Cats", "Bees", "ants", "Ants of old"]


@pytest.mark.parametrize(("place", "moved"), [(0, "cab"), (1, "acb"), (2, "abc"), (-3, "cab"), (9, "abc")])
def test_one_moves_among_the_others(place: int, moved: str) -> None:
    assert "".join(moved_to(list("abc"), "c", place)) == moved


def test_a_colour_is_refused_in_a_sentence_that_names_those_there_are() -> None:
    with pytest.raises(RefusedError, match=r"cannot be “mauve”, only red, .* and grey") as refused:
        decide_look(ColourGroup("a", "mauve"), GroupLooks(), NAMES, ())
    assert refused.value.field == "colour"
    assert len(COLOURS) == len(set(COLOURS)) == 8


def test_a_group_that_is_brought_back_looks_as_before() -> None:
    coloured = after(GroupColoured("b", "teal"), GroupsOrdered(("z", "b")), GroupDeleted("b"))
    assert [group_id for group_id, _ in coloured.ordered_groups()] == ["z", "a", "c"]
    back = evolve_directory(coloured, GroupCreated("b", "Bees"))
    assert back.looks == GroupLooks({"b": "teal"}, ("z", "b"))
    assert [group_id for group_id, _ in back.ordered_groups()] == ["z", "b", "a", "c"]


def test_a_backdated_look_counts_from_then_on_until_another() -> None:
    stream = DirectoryStream()
    for when_us, event in enumerate(START):
        stream = stream.then(when_us, event)
    stream = stream.then(50, GroupColoured("a", "red")).then(60, GroupsOrdered(("z",)))
    stream = stream.then(20, GroupColoured("a", "blue")).then(30, GroupsOrdered(("c",)))
    stream = stream.then(1, GroupColoured("z", "grey"))  # before there was such a group
    assert stream.directory.looks == GroupLooks({"a": "red", "z": "grey"}, ("z",))
    assert stream.as_of(40).looks == GroupLooks({"a": "blue", "z": "grey"}, ("c",))
    assert stream.as_of(10).looks == GroupLooks({"z": "grey"})


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([GroupColoured("b", "blue")], "Group Bees coloured blue"),
        ([GroupColoured("c", None)], "Colour of group Cats taken away"),
        ([GroupColoured("a", "blue"), GroupColoured("b", "red")], "2 groups coloured"),
        ([GroupsOrdered(("z",))], "Groups put into another order"),
        (
            [GroupRenamed("a", "Ants"), GroupsOrdered(("z",))],
            "Group ants renamed to Ants and groups put into another order",
        ),
        ([GroupDeleted("c")], "Group Cats deleted"),
    ],
)
def test_what_became_of_looks_is_said(events: list[DirectoryEvent], said: str) -> None:
    before = after(GroupColoured("c", "olive"))
    state = before
    for event in events:
        state = evolve_directory(state, event)
    assert directory_sentence(before, state) == ("group", said)


def test_only_what_the_change_altered_goes_back() -> None:
    before = after(GroupColoured("a", "red"), GroupColoured("c", "olive"), GroupsOrdered(("z",)))
    done = [GroupColoured("a", None), GroupColoured("b", "blue"), GroupsOrdered(())]
    changed = after(GroupColoured("a", "red"), GroupColoured("c", "olive"), GroupsOrdered(("z",)), *done)
    now = evolve_directory(changed, GroupColoured("c", "pink"))
    assert looks_back(before, changed, now) == [
        ColourGroup("a", "red"),
        ColourGroup("b", None),
        OrderGroups(("z",)),
    ]
    assert looks_back(before, before, now) == []


@pytest.mark.parametrize(
    ("since", "why"),
    [
        (GroupColoured("a", "blue"), "ants was changed again since"),
        (GroupDeleted("a"), "ants was changed again since"),
        (GroupsOrdered(("c",)), "another order since"),
    ],
)
def test_later_work_is_not_taken_back_with_it(since: DirectoryEvent, why: str) -> None:
    before = after()
    changed = after(GroupColoured("a", "red"), GroupsOrdered(("z",)))
    with pytest.raises(AlteredAgainError, match=why):
        looks_back(before, changed, evolve_directory(changed, since))


def test_a_group_that_the_change_made_needs_no_colour_taken_away() -> None:
    changed = after(GroupCreated("n", "New"), GroupColoured("n", "red"))
    assert looks_back(after(), changed, changed) == []
