"""A comparison shows what ``diff`` tells, for any two moments of any history, in any order and through any filter."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import escape
from itertools import combinations, product
from pathlib import Path
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.command_line import whowas
from tests.examples import at_most
from tests.properties.test_live_and_past import COMMANDS, IDS, USER
from whowas.command_bus.bus import Bus
from whowas.domain.commands import Command, CreateUser, DeleteUser, RestoreUser, SuspendUser, UpdateUser
from whowas.domain.errors import RefusedError
from whowas.domain.fields import label
from whowas.domain.users import STATUSES
from whowas.interchange.comparison_export import HEADERS, Heading, csv_lines, html_lines
from whowas.projections.index import ranks
from whowas.projections.index.counts import DELETED
from whowas.projections.index.ranks import ranked
from whowas.projections.index.version_index import Mask, VersionIndex
from whowas.projections.queries.comparison import Became, Compared, Comparing, DifferenceCounts
from whowas.projections.queries.differences import ComparedUser, differences, group_names, told
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

History = list[tuple[Command, int]]
Row = tuple[int, Became, int]
"""The version row shown, what became of its user, the row at the other moment or 0."""

ADA, BEN, CHI = IDS
EVERYBODY = [
    CreateUser(ADA, {"first_name": "Ada"}),
    CreateUser(BEN, {"first_name": "Ben"}),
    CreateUser(CHI, {"first_name": "Aaron"}),
]
LIVES: History = [
    (command, 0)
    for command in (
        EVERYBODY[0],
        EVERYBODY[1],
        UpdateUser(ADA, {"title": "Clerk"}),
        DeleteUser(BEN),
        EVERYBODY[2],
        UpdateUser(ADA, {"title": None}),
        RestoreUser(BEN),
        SuspendUser(CHI),
        DeleteUser(ADA),
        UpdateUser(BEN, {"title": "Intern"}),
        DeleteUser(BEN),
    )
]
"""Lives that cross: created early and late, deleted, restored, deleted again, changed and changed back, suspended."""
ABOUT_USERS: st.SearchStrategy[Command] = st.one_of(
    st.builds(DeleteUser, USER),
    st.builds(RestoreUser, USER),
    st.builds(UpdateUser, USER, st.fixed_dictionaries({"title": st.sampled_from(["Clerk", "Intern"])})),
    COMMANDS,
)
HISTORIES = st.lists(st.tuples(COMMANDS, st.integers(0, 3)), max_size=25)
CROSSING = st.tuples(
    st.permutations([(command, 0) for command in EVERYBODY]),
    st.lists(st.tuples(ABOUT_USERS, st.integers(0, 3)), min_size=5, max_size=20),
).map(lambda parts: [parts[0][0], *parts[1][:3], *parts[0][1:], *parts[1][3:]])
"""Users come one early and two late, so that some moments have them and some not."""
_ROW = re.compile(r"<td>(.*?)</td></tr>", re.DOTALL)

SECTIONS = st.sets(st.sampled_from(STATUSES)).map(sorted)


def recorded(folder: Path, history: History) -> tuple[EventLog, ReadSide, VersionIndex]:
    log = EventLog.create(folder / "d.whowas")
    now = 1_700_000_000_000_000
    bus = Bus(log, clock=lambda: now, actor="ines")
    for command, ago in history:
        now += 1_000_000
        try:
            bus.dispatch(command, occurred_at=now - ago * 2_500_000 if ago else None)
        except RefusedError:
            continue
    side = ReadSide(log, folder / "cache")
    return log, side, side.catch_up()


@contextmanager
def compared_in(history: History) -> Iterator[tuple[Path, ReadSide, VersionIndex]]:
    """File, read side and index of a history, some of it backdated by seconds, sorted by name and by title."""
    with tempfile.TemporaryDirectory() as folder:
        log, side, _ = recorded(Path(folder), history)
        with closing(log), closing(side):
            yield log.path, side, side.sorted_by("title")


def looked_up(index: VersionIndex, shown: int, other: int, passing: Mask, order: list[int]) -> list[Row]:
    """What a comparison is to show, found user by user."""
    here, there = (_rows_at(index, moment) for moment in (shown, other))
    found: dict[int, Row] = {}
    for user in {*here, *there}:
        mine, pinned = here.get(user), there.get(user)
        row = _shown_and_became(index, mine, pinned, forwards=other <= shown)
        if row is not None and any(passing[place] for place in (mine, pinned) if place is not None):
            found[row[0]] = int(index.numbers[row[0]]), row[1], row[2]
    return [found[place] for place in order if place in found]


def _shown_and_became(index: VersionIndex, mine: int | None, pinned: int | None, *, forwards: bool) -> Row | None:
    """The place of the row shown, and the rest of Row."""
    is_here, is_there = (place is not None and index.statuses[place] != DELETED for place in (mine, pinned))
    if is_here and is_there:
        same = index.contents[mine] == index.contents[pinned]
        return mine, Became.SAME if same else Became.CHANGED, int(index.numbers[pinned])
    if is_here:
        return mine, _came(pinned) if forwards else Became.REMOVED, 0
    if is_there:
        return pinned, Became.REMOVED if forwards else _came(mine), 0
    return None if mine is None else (mine, Became.SAME, 0)


def _came(before: int | None) -> Became:
    return Became.ADDED if before is None else Became.RESTORED


def _rows_at(index: VersionIndex, moment: int) -> dict[int, int]:
    return {int(index.users[place]): place for place in np.flatnonzero(index.alive(moment)).tolist()}


def _rows(comparison: Compared) -> list[Row]:
    everybody = range(len(comparison.rows))
    columns = (
        comparison.rows.numbers(everybody).tolist(),
        map(Became, comparison.became(everybody).tolist()),
        comparison.others(everybody).tolist(),
    )
    return list(zip(*columns, strict=True))


def _counts(rows: list[Row]) -> DifferenceCounts:
    of = Counter(became for _, became, _ in rows)
    return DifferenceCounts(of[Became.ADDED] + of[Became.RESTORED], of[Became.CHANGED], of[Became.REMOVED])


def test_every_two_moments_of_lives_that_cross() -> None:
    sections = [section for count in range(4) for section in combinations(STATUSES, count)]
    with compared_in(LIVES) as (_, _, index):
        assert index.now == len(LIVES)
        for other, section, column in product(range(index.now + 1), sections, ("name", "title")):
            passing, order = index.with_status(*section), index.orders[column].tolist()
            comparing = Comparing(index, column, passing=passing, pinned=other)
            comparing.prepare()
            for shown in range(index.now + 1):
                expected = looked_up(index, shown, other, passing, order)
                assert _rows(comparing.at(shown, only_differences=False)) == expected


@settings(max_examples=at_most(60))
@given(CROSSING, st.data())
def test_a_comparison_is_what_looking_up_each_user_finds(history: History, data: st.DataObject) -> None:
    with compared_in(history) as (_, _, index):
        moments = st.integers(0, index.now)
        other, column = data.draw(moments), data.draw(st.sampled_from(["name", "title"]))
        found = data.draw(st.none() | st.lists(st.booleans(), min_size=len(index.numbers), max_size=len(index.numbers)))
        section, descending = data.draw(SECTIONS), data.draw(st.booleans())
        passing = index.with_status(*section)
        if found is not None:
            passing &= np.array(found, dtype=np.bool_)
        comparing = Comparing(index, column, passing=passing, pinned=other)
        if data.draw(st.booleans()):
            comparing.prepare()
        order = index.orders[column].tolist()
        for shown in data.draw(st.lists(moments, min_size=1, max_size=4)):
            expected = looked_up(index, shown, other, passing, order[::-1] if descending else order)
            comparison = comparing.at(shown, only_differences=False, descending=descending)
            assert _rows(comparison) == expected
            only = comparing.at(shown, only_differences=True, descending=descending)
            assert _rows(only) == [row for row in expected if row[1] != Became.SAME]
            assert comparison.counts == only.counts == _counts(expected)


@settings(max_examples=at_most(60))
@given(CROSSING, st.data())
def test_what_the_table_shows_is_told_as_diff_tells_it(history: History, data: st.DataObject) -> None:
    with compared_in(history) as (_, side, index):
        moments = st.integers(0, index.now)
        shown, other = data.draw(moments), data.draw(moments)
        before, after = sorted((shown, other))
        comparing = Comparing(index, "name", passing=None, pinned=other)
        comparison = comparing.at(shown, only_differences=data.draw(st.booleans()))
        pairs = comparison.differing(shown_is_earlier=shown <= other)
        in_the_table = list(told(side.each, pairs, group_names(index, before, after)))
        expected = list(differences(side.read_model, index, before, after))
        assert sorted(in_the_table, key=_user_id) == sorted(expected, key=_user_id)
        kinds = Counter(difference.kind for difference in expected)
        assert comparison.counts == DifferenceCounts(kinds["added"], kinds["changed"], kinds["removed"])


@settings(max_examples=at_most(40))
@given(CROSSING, st.data())
def test_a_file_of_the_comparison_holds_what_the_command_line_tells(history: History, data: st.DataObject) -> None:
    with compared_in(history) as (path, side, index):
        moments = st.integers(0, index.now)
        shown, other = data.draw(moments), data.draw(moments)
        before, after = sorted((shown, other))
        comparing = Comparing(index, "title", passing=None, pinned=other)
        pairs = comparing.at(shown, only_differences=False, descending=data.draw(st.booleans())).differing(
            shown_is_earlier=shown <= other
        )
        in_the_table = list(told(side.each, pairs, group_names(index, before, after)))
        places = (f"#{index.steps.first_position[moment - 1] if moment else 0}" for moment in (before, after))
        asked = whowas("diff", path, *places, "--json").objects
        rows = [
            (one["kind"], one["id"], one["external_id"] or "", one["name"], field, old or "", new or "")
            for one in asked
            for field, (old, new) in (one["changes"] or {"": (None, None)}).items()
        ]
        written = csv.reader(io.StringIO("".join(csv_lines(in_the_table)), newline=""))
        assert sorted(tuple(row) for row in written) == sorted([HEADERS, *rows])
        page = "".join(html_lines(Heading("", "", 0, 0, 0), in_the_table))
        cells = ("\n".join((escape(label(row[4])), escape(row[5]), escape(row[6]))) for row in rows)
        assert sorted(re.sub(r"</td><td[^>]*>", "\n", row) for row in re.findall(_ROW, page)) == sorted(cells)


def _user_id(difference: ComparedUser) -> str:
    return difference.user.id


@given(CROSSING)
@settings(max_examples=at_most(30))
def test_a_moment_compared_with_itself_is_the_table_without_differences(history: History) -> None:
    with compared_in(history) as (_, _, index):
        comparing = Comparing(index, "name", passing=None, pinned=index.now)
        here = comparing.at(index.now, only_differences=False)
        order = index.orders["name"]
        present = index.alive(index.now) & index.with_status("active", "suspended")
        assert here.rows.all_numbers().tolist() == index.numbers[order[present[order]]].tolist()
        assert set(here.became(range(len(here.rows))).tolist()) <= {Became.SAME}
        assert len(comparing.at(index.now, only_differences=True).rows) == 0


@settings(max_examples=at_most(15))
@given(CROSSING, st.data())
def test_the_rows_of_every_moment_are_those_of_a_mask_in_every_order_and_search(
    history: History, data: st.DataObject
) -> None:
    size = data.draw(st.sampled_from([2, 4]))
    with compared_in(history) as (_, side, index), patch.object(ranks, "BLOCK", size):
        found, section = side.matching(data.draw(st.sampled_from(["", "clerk", "a"]))), data.draw(SECTIONS)
        passing = index.with_status(*section) if found is None else found & index.with_status(*section)
        for column, descending in product(("name", "title"), (False, True)):
            asked, order = ranked(index, column, passing), index.orders[column]
            asked.prepare()
            for moment in range(index.now + 1):
                mask = (index.alive(moment) & passing)[order]
                expected = index.numbers[order][mask].tolist()[:: -1 if descending else 1]
                shown = asked.at(moment, descending=descending)
                assert [*shown.numbers(range(len(shown))).tolist()] == expected
                assert [shown.row_of(number) for number in expected] == [*range(len(expected))]
                for row, number in enumerate(expected):
                    assert shown.numbers(range(row, row + 1)).tolist() == [number]
