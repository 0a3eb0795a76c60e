"""A comparison shows what ``diff`` tells, for any two moments of any history, in any order and through any filter."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.test_live_and_past import COMMANDS
from whowas.bus import Bus
from whowas.domain.commands import Command
from whowas.domain.errors import RefusedError
from whowas.projections.compared import Became, Compared, compared
from whowas.projections.comparison import differences
from whowas.projections.read_side import ReadSide
from whowas.projections.version_index import VersionIndex
from whowas.store.event_log import EventLog

KINDS = {"added": Became.ADDED, "changed": Became.CHANGED, "removed": Became.REMOVED}
HISTORIES = st.lists(st.tuples(COMMANDS, st.integers(0, 3)), max_size=25)


def recorded(folder: Path, history: list[tuple[Command, int]]) -> tuple[EventLog, ReadSide, VersionIndex]:
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


@settings(max_examples=60)
@given(HISTORIES, st.data())
def test_every_difference_is_shown_once_and_nothing_else(
    history: list[tuple[Command, int]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, side, index = recorded(Path(folder), history)
        moments = st.integers(0, index.now)
        shown, other = data.draw(moments), data.draw(moments)
        comparison = compared(
            index,
            index.orders["name"],
            passing=None,
            shown=shown,
            other=other,
            only_differences=data.draw(st.booleans()),
        )
        expected = {
            difference.user.id: KINDS[difference.kind]
            for difference in differences(side.read_model, index, min(shown, other), max(shown, other))
        }
        assert {user: kind for user, kind in _told(side, comparison).items() if kind != Became.SAME} == expected
        counted = {kind: count for kind, count in comparison.counts.items() if kind != Became.SAME}
        assert counted == {kind: list(expected.values()).count(kind) for kind in KINDS.values()}
        side.close()
        log.close()


def _told(side: ReadSide, comparison: Compared) -> dict[str, Became]:
    users = {row.number: row.user.id for row in side.rows(comparison.numbers.tolist())}
    columns = (array.tolist() for array in (comparison.numbers, comparison.became, comparison.others))
    told: dict[str, Became] = {}
    for number, became, other in zip(*columns, strict=True):
        assert users[number] not in told, "every user once"
        told[users[number]] = Became(became)
        if became == Became.CHANGED:
            assert side.rows([other])[0].user.id == users[number]
    return told


@given(HISTORIES)
@settings(max_examples=30)
def test_a_moment_compared_with_itself_is_the_table_without_differences(history: list[tuple[Command, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, side, index = recorded(Path(folder), history)
        order = index.orders["name"]
        here = compared(index, order, passing=None, shown=index.now, other=index.now, only_differences=False)
        present = index.alive(index.now) & index.with_status("active", "suspended")
        assert here.numbers.tolist() == index.numbers[order[present[order]]].tolist()
        assert set(here.became.tolist()) <= {Became.SAME}
        only = compared(index, order, passing=None, shown=index.now, other=index.now, only_differences=True)
        assert len(only.numbers) == 0
        side.close()
        log.close()
