"""Any history of commands, some of them backdated, as a directory that can be written on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from hypothesis import strategies as st

from tests.properties.test_live_and_past import COMMANDS
from whowas.command_bus.bus import Bus
from whowas.domain.commands import Command
from whowas.domain.errors import RefusedError
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

HISTORIES = st.lists(st.tuples(COMMANDS, st.integers(0, 3)), max_size=25)
"""Commands, each with how far it is backdated, in steps of two and a half seconds."""


@contextmanager
def taken_in(history: list[tuple[Command, int]]) -> Iterator[tuple[EventLog, ReadSide, VersionIndex]]:
    """Carry a history out, without what the rules refuse."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(EventLog.create(Path(folder) / "d.whowas")) as log,
        closing(ReadSide(log, Path(folder) / "cache")) as side,
    ):
        now = 1_700_000_000_000_000
        bus = Bus(log, clock=lambda: now, actor="ines")
        for command, ago in history:
            now += 1_000_000
            try:
                bus.dispatch(command, occurred_at=now - ago * 2_500_000 if ago else None)
            except RefusedError:
                continue
        yield log, side, side.catch_up()
