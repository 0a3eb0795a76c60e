"""Verifying a file that is so damaged that SQLite can hardly read it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.altered_files import alter
from tests.command_line import whowas
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser
from whowas.store.event_log import EventLog


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A directory of two thousand events, with nothing left in its write-ahead log."""
    path = tmp_path / "staff.whowas"
    log = EventLog.create(path)
    with Bus(log, clock=lambda: 1, actor="ines").change() as change:
        for number in range(2_000):
            change.dispatch(CreateUser(f"01890000-0000-7000-8000-{number:012x}", {"first_name": "Ada"}))
    log.close()
    return path


def test_a_spoilt_page_is_damage_at_the_first_event_that_cannot_be_read(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        (chain,) = connection.execute("SELECT chain FROM event WHERE position = 1000").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    page = content.index(chain) // size * size
    content[page : page + size] = b"\xee" * size
    file.write_bytes(content)

    answer = whowas("verify", file)

    assert (answer.code, answer.out) == (1, "")
    position = int(answer.err.removeprefix("Damaged at position ").partition(":")[0])
    assert 900 < position <= 1_000
    assert answer.err.endswith("cannot be read from here on.\n")


def test_text_that_is_none_is_damage(file: Path) -> None:
    alter(file, "UPDATE event SET actor = CAST(x'ff' AS TEXT) WHERE position = 7")

    answer = whowas("verify", file)

    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("Damaged at position 7: ")
