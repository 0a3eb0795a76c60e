"""Many write to one directory at once: nothing is lost, nothing written twice, and no position is left out."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import uuid_utils

from tests.decisions import decided
from tests.shared_directories import ADMIN, OnServer
from tests.unit.store.test_directory_log import new
from whowas.store.chain import Head, first_damage
from whowas.store.decided import Moved
from whowas.store.recorded_event import from_blob
from whowas.store.server.server_log import ServerLog

WRITERS = 8
CHANGES = 500
OFTEN = 10
"""Every so many changes are to the same few users, whom the others edit too."""

CONTESTED = [f"01890000-0000-7000-8000-00000000000{last}" for last in range(3)]


def _version(log: ServerLog, stream: str) -> int:
    query = "SELECT coalesce(max(version), 0) FROM {schema}.event WHERE stream = %s"
    ((version,),) = log.ask(query, bytes.fromhex(stream.replace("-", "")))
    return int(version)


def _write(on_server: OnServer, seed: int) -> tuple[list[tuple[int, str]], int]:
    """Append changes, each until it stands; return (position, change id) of each, and how often one had moved."""
    dice, done, moved = random.Random(seed), [], 0
    with on_server.log() as log:
        for number in range(CHANGES):
            contested = number % OFTEN == 0
            stream = dice.choice(CONTESTED) if contested else str(uuid_utils.uuid7())
            change_id = str(uuid_utils.uuid7())
            while True:
                version = _version(log, stream) if contested else 0
                # What is decided on is not where the log ends, but for the streams that were read that is no matter.
                change = decided(Head(0, bytes(32)), new(stream, version + 1, actor=ADMIN), change_id=change_id)
                answer = log.append(change)
                if not isinstance(answer, Moved):
                    break
                moved += 1
            done.append((answer.first_position, change_id))
            if number % 50 == 0:
                again = log.append(change)
                assert not isinstance(again, Moved)
                assert (again.first_position, again.repeated) == (answer.first_position, True)
    return done, moved


def test_no_gap_none_lost_none_doubled(on_server: OnServer) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        results = list(pool.map(lambda seed: _write(on_server, seed), range(WRITERS)))
    written = sorted(chain.from_iterable(done for done, _ in results))
    with on_server.log() as log:
        rows = list(chain.from_iterable(log.pages(0)))
    assert [position for position, _ in written] == list(range(1, WRITERS * CHANGES + 1))
    assert [from_blob(row[0][9]) for row in rows] == [change_id for _, change_id in written]
    assert first_damage(rows) is None
    recorded = [row[0][6] for row in rows]
    assert recorded == sorted(recorded)
    versions = Counter(row[0][2] for row in rows)
    assert sum(versions.values()) == WRITERS * CHANGES
    assert sum(moved for _, moved in results) > 0, "they never met"
