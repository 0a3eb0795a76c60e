"""Two processes write to one file at once: no lost update, no gap, and a reader sees it all."""

from __future__ import annotations

import time
from pathlib import Path

from tests.integration.store.test_crash import USER, check, directory, start
from tests.integration.writer import present
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

__all__ = ["directory"]

SECONDS = 10


def test_two_writers_lose_nothing_and_a_reader_follows(directory: Path, tmp_path: Path) -> None:
    writers = [start("race", directory, USER, str(SECONDS), str(seed)) for seed in (1, 2)]
    log = EventLog.open(directory)
    reader = ReadSide(log, tmp_path / "reader")
    seen = 0
    deadline = time.monotonic() + SECONDS + 60
    while any(writer.poll() is None for writer in writers) and time.monotonic() < deadline:
        seen = max(seen, reader.catch_up().now)
        time.sleep(0.1)
    done = [int(writer.communicate()[0]) for writer in writers]
    assert all(count > 0 for count in done), "both got their turns"
    index = reader.catch_up()
    user = present(log, USER)
    assert int(user.notes or 0) == sum(done), "every increment that was answered is counted once"
    positions = [recorded.position for recorded in log.read()]
    assert positions == list(range(1, len(positions) + 1))
    (row,) = reader.rows([index.row_of(reader.user_number(USER) or 0, index.now) or 0])
    assert row.user == user
    assert 0 < seen <= index.now
    reader.close()
    log.close()
    check(directory, tmp_path / "cache").close()
