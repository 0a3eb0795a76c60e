"""The projector goes on from one transaction to the next, also where others came between."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.benchmarks.long_logs import write_long_log
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.errors import CancelledError
from whowas.projections.tables import fold, latest_users, logged_change, projector
from whowas.projections.tables.logged_change import LoggedChange
from whowas.projections.tables.projector import Projector
from whowas.projections.tables.read_model import ReadModel
from whowas.projections.tables.stale import StaleReadModelError
from whowas.store.chain import GENESIS
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent

CHANGES = 400
TABLES = ("SELECT * FROM step", "SELECT * FROM change", "SELECT * FROM version_row", "SELECT * FROM checkpoint")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    write_long_log(tmp_path / "staff.whowas", users=20, changes=CHANGES)
    with closing(EventLog.open(tmp_path / "staff.whowas")) as log:
        yield log


def prepared(path: Path, log: EventLog) -> ReadModel:
    model = ReadModel(path)
    model.prepare(log.directory_id, GENESIS)
    return model


def rows_of(model: ReadModel) -> list[list[tuple[object, ...]]]:
    return [list(model.select(table)) for table in TABLES]


@pytest.mark.parametrize("with_lookup", [0, CHANGES])
@pytest.mark.parametrize("users_held", [0, 7, latest_users.USERS_HELD])
def test_another_program_may_project_in_between(
    log: EventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, users_held: int, with_lookup: int
) -> None:
    with closing(prepared(tmp_path / "alone.db", log)) as model:
        Projector(log, model).catch_up()
        alone = rows_of(model)
    monkeypatch.setattr(projector, "ROWS_A_TRANSACTION", 20)
    monkeypatch.setattr(projector, "EVENTS_WITH_LOOKUP", with_lookup)
    monkeypatch.setattr(latest_users, "USERS_HELD", users_held)
    some = Projector._some
    met: list[int] = []

    def and_another(ours: Projector, changes: Iterator[LoggedChange | RecordedEvent], total: int) -> bool:
        exhausted = some(ours, changes, total)
        if ours is first and not exhausted:
            with closing(ReadModel(tmp_path / "both.db")) as other:
                checkpoint = other.checkpoint()
                assert checkpoint is not None
                met.append(checkpoint.position)
                Projector(log, other, through=min(checkpoint.position + 35, CHANGES)).catch_up()
        return exhausted

    monkeypatch.setattr(Projector, "_some", and_another)
    with closing(prepared(tmp_path / "both.db", log)) as model:
        first = Projector(log, model)
        first.catch_up()
        assert rows_of(model) == alone
    assert len(met) > 5


def test_a_change_of_one_event_is_folded_as_any_other(
    log: EventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows of a whole history are the same whether its changes take the short way or the one of large changes."""
    with closing(prepared(tmp_path / "short.db", log)) as model:
        Projector(log, model).catch_up()
        short = rows_of(model)
    monkeypatch.setattr(fold, "_ALONE", {})
    with closing(prepared(tmp_path / "long.db", log)) as model:
        Projector(log, model).catch_up()
        assert rows_of(model) == short


def test_after_much_was_made_from_nothing_a_users_rows_are_found(
    log: EventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector, "EVENTS_WITH_LOOKUP", 0)
    monkeypatch.setattr(projector, "ROWS_A_TRANSACTION", 20)

    def given_up(done: int, total: int) -> None:
        raise CancelledError

    monkeypatch.setattr(logged_change, "EVENTS_BETWEEN_REPORTS", 50)
    with closing(prepared(tmp_path / "read.db", log)) as model:
        with pytest.raises(CancelledError):
            Projector(log, model).catch_up(given_up)
        assert not found_by_user(model)
        Projector(log, model).catch_up()
        assert found_by_user(model)
    with closing(prepared(tmp_path / "at once.db", log)) as model:
        Projector(log, model).catch_up()
        assert found_by_user(model)


def found_by_user(model: ReadModel) -> bool:
    ((*_, plan),) = model.select("EXPLAIN QUERY PLAN SELECT number FROM version_row WHERE user = 1")
    return "version_row_user" in str(plan)


class Repeating:
    """A log in which the last change has the id of the first."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def __getattr__(self, name: str) -> object:
        return getattr(self._log, name)

    def read(self, after: int = 0, through: int | None = None) -> Generator[RecordedEvent]:
        first = next(self._log.read())
        for recorded in self._log.read(after, through):
            yield recorded._replace(change_id=first.change_id) if recorded.position == CHANGES else recorded


def test_a_change_that_was_recorded_twice_is_named(log: EventLog, tmp_path: Path) -> None:
    with closing(prepared(tmp_path / "read.db", log)) as model, pytest.raises(StaleReadModelError) as raised:
        Projector(Repeating(log), model).catch_up()  # type: ignore[arg-type]
    assert raised.value.position == CHANGES


def test_rows_have_the_same_numbers_whoever_makes_them_again(tmp_path: Path) -> None:
    """Also those of many who are changed as of a date, of whom no order is given; arrays go by the numbers."""
    ids = [f"0199a3c4-0000-7000-8000-{number:012}" for number in range(9)]
    with closing(EventLog.create(tmp_path / "staff.whowas")) as log:
        bus = Bus(log, clock=lambda: 1_700_000_000_000_000, actor="ines")
        with bus.change() as change:
            change.dispatch(
                *(CreateUser(user_id, {"first_name": "Dean"}) for user_id in ids), occurred_at=1_600_000_000_000_000
            )
        for at in (1_690_000_000_000_000, 1_650_000_000_000_000):
            with bus.change() as change:
                change.dispatch(
                    *(UpdateUser(user_id, {"first_name": f"{at}"}) for user_id in ids[::-1]), occurred_at=at
                )
        with closing(prepared(tmp_path / "read.db", log)) as model:
            Projector(log, model).catch_up()
            again = "SELECT user_id FROM version_row JOIN user ON user.number = user WHERE begins = 2 ORDER BY {}"
            by_number, by_id = (list(model.select(again.format(order))) for order in ("version_row.number", "user_id"))
    assert len(by_id) == len(ids)
    assert by_number == by_id
