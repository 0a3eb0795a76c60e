"""Quick answers from tables that turn out to be damaged: none just now, the right ones once they are made again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import apsw
import pytest

from tests.desktop.manual_jobs import ManualJobRunner
from tests.desktop.session.test_session import ADA, BEN, changed
from whowas.command_bus.bus import Bus
from whowas.desktop.kit.dates import microseconds_now
from whowas.desktop.session.session import Session
from whowas.domain.commands import CreateUser, EraseUser
from whowas.domain.progress import Progress, unwatched
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.sides.cache_sentences import DAMAGED_AGAIN
from whowas.projections.sides.read_side import ReadSide
from whowas.projections.tables.projector import Projector
from whowas.projections.tables.read_model import ReadModel
from whowas.store.event_log import EventLog

QUESTIONS: dict[str, Callable[[Session], object]] = {
    "rows": lambda session: session.reads.rows([1]),
    "knows": lambda session: session.reads.knows("0199a3c4-0000-7000-8000-00000000dead"),
    "user_row": lambda session: session.reads.user_row(ADA, 1),
    "history": lambda session: session.reads.history(ADA),
    "change_line": lambda session: session.reads.change_line(1),
    "import_marks": lambda session: session.reads.import_marks(),
    "ask": lambda session: session.reads.ask(lambda read_model: list(read_model.select("SELECT user_id FROM user"))),
}


class Damage:
    """Makes what reads the tables fail until they are made again, or always; counts how often they were."""

    def __init__(self, patch: pytest.MonkeyPatch, *, lasting: bool) -> None:
        self.rebuilt = 0
        self.there = True
        rebuild, connection = ReadSide.rebuild, ReadModel.connection

        def connected(read_model: ReadModel) -> apsw.Connection:
            if self.there:
                raise apsw.exception_for(apsw.SQLITE_IOERR_DATA)
            return connection(read_model)

        def rebuilt(side: ReadSide, progress: Progress = unwatched) -> VersionIndex:
            self.rebuilt += 1
            self.there = False
            try:
                return rebuild(side, progress)
            finally:
                self.there = lasting

        patch.setattr(ReadModel, "connection", connected)
        patch.setattr(ReadSide, "rebuild", rebuilt)


@contextmanager
def looking(session: Session) -> Iterator[tuple[list[int], list[str]]]:
    """Collect the indexes that are shown and the sentences that are said."""
    shown: list[int] = []
    said: list[str] = []
    session.shown.refreshed.connect(lambda: shown.append(session.shown.index.now))
    session.shown.failed.connect(said.append)
    yield shown, said


@pytest.mark.parametrize("name", QUESTIONS)
def test_whoever_notices_damage_has_the_tables_made_again_once(
    session: Session, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    right = QUESTIONS[name](session)
    with looking(session) as (shown, said):
        damage = Damage(monkeypatch, lasting=False)
        for _ in range(3):
            QUESTIONS[name](session)
        runner.drain()
        assert (damage.rebuilt, shown, said) == (1, [1], []), "everybody looks again, and nobody is told"
        assert QUESTIONS[name](session) == right


def test_a_disk_that_damages_them_again_is_told_once_and_not_fought(
    session: Session, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    with looking(session) as (_, said):
        damage = Damage(monkeypatch, lasting=True)
        recovered: list[bool] = []
        session.shown.recovered.connect(lambda: recovered.append(True))
        for _ in range(4):
            assert session.reads.rows([1]) == []
            runner.drain()
            session.file.look()
            runner.drain()
    assert (damage.rebuilt, said, recovered) == (1, [DAMAGED_AGAIN], [])


def test_rows_of_a_long_work_go_on_where_the_damage_was(
    session: Session, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        changed(session, runner, CreateUser(f"{ADA[:-1]}{number + 5}", {"first_name": f"User {number}"}))
    each = ReadSide.each
    broken: list[bool] = []

    def broken_once(side: ReadSide, numbers: Any) -> Iterator[Any]:
        from whowas.projections.sides.read_side import DamagedReadSideError

        for count, row in enumerate(each(side, numbers)):
            if count == 2 and not broken:
                broken.append(True)
                raise DamagedReadSideError
            yield row

    monkeypatch.setattr(ReadSide, "each", broken_once)
    users = session.queries.users([1, 2, 3, 4])
    names = [user.name for user in users()]
    assert (names, broken) == ([f"User {number}" for number in range(4)], [True])
    assert [user.name for user in users()] == names, "whatever is done for them may be done again"


def test_no_row_stands_for_another_user_while_an_erasure_is_taken_in(session: Session, runner: ManualJobRunner) -> None:
    """The tables give other numbers to everybody else from then on."""
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    changed(session, runner, CreateUser(BEN, {"first_name": "Ben"}))
    with closing(EventLog.open(session.path)) as log:
        Bus(log, clock=microseconds_now, actor="olu").dispatch(EraseUser(ADA))
    side, met = session.shown.side, []
    began = Projector.catch_up

    def asked(numbers: list[int]) -> list[str]:
        return [row.user.name for row in session.reads.rows(numbers)]

    def while_made_again(projector: Projector, progress: Progress) -> None:
        began(projector, progress)
        met.append(asked([1, 2]))

    assert asked([1, 2]) == ["Ada", "Ben"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Projector, "catch_up", while_made_again)
        side.catch_up()
    assert met == [[]]
    assert asked([1, 2]) == [], "what is shown is still that of before"
    session.file.wake()
    runner.drain()
    assert asked([1, 2]) == ["Ben"]


def test_sorting_damaged_tables_shows_them_made_again(
    session: Session, runner: ManualJobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed(session, runner, CreateUser(ADA, {"first_name": "Ada"}))
    damage = Damage(monkeypatch, lasting=False)
    sorted_by: list[bool] = []
    session.queries.sort_by(
        "email",
        done=lambda _: sorted_by.append("email" in session.shown.index.orders),
        failed=session.shown.report,
        reported=lambda _done, _total: None,
    )
    runner.drain()
    assert (damage.rebuilt, sorted_by) == (1, [True])
