"""The session: commands in, snapshots out, and other writers noticed."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Collection
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.altered_files import alter
from tests.desktop.conftest import fail
from tests.desktop.manual_jobs import ManualJobRunner
from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.desktop.session.jobs import SerialJobRunner
from whowas.desktop.session.session import Session, microseconds_now
from whowas.domain.commands import CreateUser, SuspendUser, UpdateUser
from whowas.domain.errors import CancelledError, WhowasError
from whowas.domain.progress import Progress, unwatched
from whowas.projections.index.version_index import Mask, VersionIndex
from whowas.projections.sides.as_known import as_known
from whowas.projections.sides.read_side import DamagedReadSideError, ReadSide
from whowas.projections.tables.read_model import ReadModel
from whowas.store.event_log import EventLog

ADA = "0199a3c4-0000-7000-8000-000000000001"
BEN = "0199a3c4-0000-7000-8000-000000000002"


def create(user_id: str, email: str, change: Change) -> None:
    change.dispatch(CreateUser(user_id, {"first_name": email[0].upper(), "email": email}))


def changed(session: Session, runner: ManualJobRunner, command: object) -> list[str]:
    """Dispatch one command and return the sentences of what was refused."""
    refused: list[str] = []
    session.change(
        lambda change: change.dispatch(command),  # type: ignore[arg-type]
        done=lambda: None,
        failed=lambda error: refused.append(str(error)),
    )
    runner.drain()
    return refused


def test_a_change_refreshes_the_index_and_the_undo_sentence(
    session: Session, runner: ManualJobRunner, qtbot: QtBot
) -> None:
    session.change(partial(create, ADA, "ada@example.org"), done=lambda: None, failed=fail)
    assert session.index.now == 0, "nothing happens before the job runs"
    with qtbot.waitSignal(session.refreshed):
        runner.drain()
    assert session.index.now == 1
    assert session.undo_sentence == "A: Created"
    row = session.user_row(ADA, session.index.now)
    assert row is not None
    assert row.user.email == "ada@example.org"
    assert session.user_row(ADA, 0) is None


def test_a_refused_change_reports_and_leaves_everything(session: Session, runner: ManualJobRunner) -> None:
    changed(session, runner, CreateUser(ADA, {"email": "ada@example.org"}))
    index = session.index
    assert changed(session, runner, CreateUser(BEN, {"email": "ADA@example.org"})) == [
        "Another user has the email ADA@example.org already."
    ]
    assert session.index is index


def test_undo_and_redo_walk_back_and_forth(session: Session, runner: ManualJobRunner) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada", "title": "Intern"}))
    changed(session, runner, UpdateUser(ADA, {"title": "Clerk"}))
    changed(session, runner, SuspendUser(ADA))

    def shown() -> tuple[str, str | None]:
        row = session.user_row(ADA, session.index.now)
        assert row is not None
        return row.user.status, row.user.title

    seen = [shown()]
    for _ in range(3):
        session.undo(done=lambda _: None, failed=fail)
        runner.drain()
        seen.append(shown())
    assert seen == [("suspended", "Clerk"), ("active", "Clerk"), ("active", "Intern"), ("deleted", "Intern")]
    assert session.undo_sentence is None
    for expected in reversed(seen[:-1]):
        session.redo(done=lambda _: None, failed=fail)
        runner.drain()
        assert shown() == expected
    assert session.redo_sentence is None


def ready(session: Session, runner: ManualJobRunner, qtbot: QtBot) -> None:
    """Open, and wait until the session has looked what could be undone."""
    runner.drain()
    told: list[bool] = []
    session.refreshed.connect(lambda: told.append(True))

    def looked() -> bool:
        runner.drain()
        return bool(told)

    qtbot.waitUntil(looked)


def test_the_undo_list_outlives_the_session(
    session: Session, runner: ManualJobRunner, tmp_path: Path, qtbot: QtBot
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    assert not session.undo_is_from_before
    again = Session(runner, tmp_path / "cache", "ines")
    again.open(session.path, create=False, done=lambda: None, failed=fail)
    ready(again, runner, qtbot)
    assert again.undo_sentence == "Ada: Created"
    assert again.undo_is_from_before
    somebody = Session(runner, tmp_path / "cache", "farid")
    somebody.open(session.path, create=False, done=lambda: None, failed=fail)
    ready(somebody, runner, qtbot)
    assert somebody.undo_sentence is None, "undo is of one's own changes"
    for opened in (again, somebody):
        opened.close()
        runner.drain()


def test_another_writer_is_noticed_by_the_poll(session: Session, runner: ManualJobRunner, qtbot: QtBot) -> None:
    log = EventLog.open(session.path)
    Bus(log, clock=microseconds_now, actor="farid").dispatch(CreateUser(ADA, {"first_name": "Ada"}))
    log.close()

    def noticed() -> bool:
        runner.drain()
        return session.index.now == 1

    qtbot.waitUntil(noticed, timeout=10_000)


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
            "in a directory of schema 2 there is no",
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
    row = again.user_row(ADA, 1)
    assert row is not None
    assert row.user.first_name == "Ada"
    again.close()
    runner.drain()
    session.open(tmp_path / "staff.whowas", create=False, done=lambda: None, failed=fail)
    runner.drain()


def test_the_undo_sentence_is_found_where_the_tables_turn_out_damaged_meanwhile(
    session: Session, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    found = ReadSide.change_titles

    def failing_once(side: ReadSide, index: VersionIndex, change_ids: Collection[str]) -> dict[str, str]:
        asked.append(index.now)
        if len(asked) == 1:
            raise DamagedReadSideError
        return found(side, index, change_ids)

    monkeypatch.setattr(ReadSide, "change_titles", failing_once)
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    assert session.undo_sentence == "Ada: Created"
    assert session.user_row(ADA, session.index.now) is not None


def test_what_was_known_is_put_away_where_the_directory_was_closed_meanwhile(
    session: Session, runner: ManualJobRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    laid: list[int] = []

    def as_known_seen(log: EventLog, position: int) -> AbstractContextManager[ReadSide]:
        laid.append(position)
        return as_known(log, position)

    monkeypatch.setattr("whowas.desktop.session.other_sides.as_known", as_known_seen)
    failures: list[WhowasError] = []
    session.know(microseconds_now(), done=lambda _: pytest.fail("nobody looks any more"), failed=failures.append)
    session.close()
    runner.drain()
    assert laid, "another read side was folded"
    assert [type(error) for error in failures] == [CancelledError]
    assert not session.knowing
    assert not list(tmp_path.glob("whowas-*"))


def test_what_was_searched_for_on_another_read_side_is_not_for_this_one(
    session: Session, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    then = microseconds_now()
    changed(session, runner, CreateUser(BEN, {"first_name": "Ben"}))
    session.know(then, done=lambda _: None, failed=fail)
    runner.drain()
    matching = ReadSide.matching

    def interrupted(side: ReadSide, text: str) -> Mask | None:
        found = matching(side, text)
        session.know_all()
        return found

    monkeypatch.setattr(ReadSide, "matching", interrupted)
    session.search("ada", lambda _found, _index: pytest.fail("nobody asked this one"))
    runner.drain()
    assert (session.knowing, session.index.now) == (False, 2)


def test_imagining_tells_how_far_it_is_and_is_taken_back(session: Session, runner: ManualJobRunner) -> None:
    for name in ("Ada", "Bea"):
        changed(session, runner, CreateUser(ADA if name == "Ada" else BEN, {"first_name": name}))
    change_id = session.change_of(1)
    assert change_id is not None
    told: list[tuple[int, int]] = []
    session.imagine(
        [change_id], "Ada", done=lambda _: None, failed=fail, reported=lambda done, total: told.append((done, total))
    )
    runner.drain()
    assert (session.imagining, session.index.now, session.user_row(ADA, 1)) == (True, 1, None)
    assert told
    assert told == sorted(told)
    assert {total for _, total in told} == {4}
    assert gc.get_freeze_count() > 0
    session.know_all()
    runner.drain()
    assert (session.instead, session.index.now, gc.get_freeze_count()) == (None, 2, 0)


def test_a_job_asks_one_read_side_whichever_is_shown_meanwhile(
    session: Session, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    then = microseconds_now()
    changed(session, runner, CreateUser(BEN, {"first_name": "Ben"}))
    session.know(then, done=lambda _: None, failed=fail)
    runner.drain()
    assert (session.knowing, session.index.now) == (True, 1)
    catch_up = ReadSide.catch_up

    def interrupted(side: ReadSide, progress: Progress = unwatched) -> VersionIndex:
        index = catch_up(side, progress)
        session.know_all()
        return index

    monkeypatch.setattr(ReadSide, "catch_up", interrupted)
    found: list[tuple[int, int]] = []

    def rows(read_model: ReadModel, index: VersionIndex) -> None:
        ((count,),) = read_model.select("SELECT count(*) FROM version_row", ())
        found.append((int(count), len(index.numbers)))

    session.find(rows, lambda _: pytest.fail("it is not of what is shown by now"))
    runner.drain()
    assert found == [(1, 1)]
    assert (session.knowing, session.index.now) == (False, 2)


def test_who_quits_while_a_directory_is_opened_leaves_nothing_open(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    serial = SerialJobRunner()
    opened = Session(serial, tmp_path / "cache", "ines")
    opened.open(session.path, create=False, done=lambda: pytest.fail("nobody is there any more"), failed=fail)
    opened.close()
    serial.close()  # what is open after that, ``nothing_left_running`` finds
