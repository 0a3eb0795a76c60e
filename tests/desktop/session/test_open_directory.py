"""Opening a directory: refused in a sentence, or its read side made again."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.altered_files import alter
from tests.desktop.conftest import fail
from tests.desktop.manual_jobs import ManualJobRunner
from tests.desktop.session.test_session import ADA, changed
from whowas.command_bus.bus import Bus
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.session.session import Session
from whowas.domain.commands import CreateUser
from whowas.domain.errors import WhowasError
from whowas.store.event_log import EventLog


def test_a_file_that_is_no_directory_is_refused_in_a_sentence(
    qtbot: QtBot, runner: ManualJobRunner, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("not a database, but long enough to have a header " * 10)
    told: list[WhowasError] = []
    session = Session(runner, tmp_path / "cache", "ines")
    session.open(
        tmp_path / "notes.txt",
        create=False,
        done=lambda: pytest.fail("this is no directory"),
        failed=told.append,
    )
    runner.drain()
    assert [str(error) for error in told] == ["“notes.txt” is not a Whowas directory."]


ENDLESS = (
    "CREATE VIEW event_type AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT 'UserCreated' AS type, 1 AS schema FROM n"
)


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (
            ("DROP TABLE event_type", ENDLESS),
            "in a directory of schema 3 there is no",
        ),
        (("UPDATE event SET occurred_at = 1 << 62",), "The event at position 1 is damaged: its moment lies outside"),
        (("UPDATE event SET stream = zeroblob(16)",), "The event at position 1 is damaged: it creates somebody else"),
        (("DELETE FROM directory",), "its id, is missing"),
    ],
)
def test_a_directory_made_by_hand_is_refused_in_a_sentence(
    statements: tuple[str, ...], sentence: str, runner: ManualJobRunner, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "made.whowas"
    log = EventLog.create(path)
    Bus(log, clock=microseconds_now, actor="ines").dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    log.close()
    alter(path, *statements)
    told: list[WhowasError] = []
    session = Session(runner, tmp_path / "cache", "ines")
    session.open(path, create=False, done=lambda: pytest.fail("it is damaged"), failed=told.append)
    runner.drain()
    assert len(told) == 1
    assert sentence in str(told[0])


def test_a_damaged_read_side_is_made_anew(session: Session, runner: ManualJobRunner, tmp_path: Path) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    session.close()
    runner.drain()
    (read_db,) = (tmp_path / "cache").glob("*/read.db")
    read_db.write_bytes(b"not a database any more" * 100)
    again = Session(runner, tmp_path / "cache", "ines")
    again.open(tmp_path / "staff.whowas", create=False, done=lambda: None, failed=fail)
    runner.drain()
    row = again.reads.user_row(ADA, 1)
    assert row is not None
    assert row.user.first_name == "Ada"
    again.close()
    runner.drain()
    session.open(tmp_path / "staff.whowas", create=False, done=lambda: None, failed=fail)
    runner.drain()
