"""The benchmarks run, and their peers do the same work: the same rows, the same users."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.benchmarks import bare_sqlite
from tests.benchmarks.appending import append_vs_sqlite
from tests.benchmarks.as_of import asof_vs_eventsourcing
from tests.benchmarks.bulk import bulk_vs_sqlite, dispatch_all
from tests.benchmarks.figures import Bound
from tests.benchmarks.histories import make_history
from tests.benchmarks.measuring import Stopwatch
from tests.benchmarks.peer import bulk_vs_eventsourcing, replay_vs_eventsourcing, replayed
from tests.benchmarks.peer_application import People
from tests.benchmarks.people import create_commands, fields_of
from tests.benchmarks.reading import reading
from whowas.domain.events import (
    GroupJoined,
    GroupLeft,
    UserCreated,
    UserDeleted,
    UserRestored,
    UserSuspended,
    UserUpdated,
)
from whowas.store.event_log import EventLog

USERS = 30


def test_bare_sqlite_appends_the_very_rows_of_our_edits(tmp_path: Path) -> None:
    append_vs_sqlite(tmp_path, users=USERS, commits=5, rounds=4)
    ours = bare_sqlite.rows_of(tmp_path / "ours.whowas")
    assert bare_sqlite.rows_of(tmp_path / "peer.whowas") == ours
    assert len(ours.events) == USERS + 5 * 4


def test_bare_sqlite_writes_the_very_rows_of_our_change(tmp_path: Path) -> None:
    dispatch_all(tmp_path / "ours.whowas", create_commands(USERS), Stopwatch())
    rows = bare_sqlite.rows_of(tmp_path / "ours.whowas")
    EventLog.create(tmp_path / "peer.whowas").close()
    with bare_sqlite.connected(tmp_path / "peer.whowas") as connection:
        bare_sqlite.write(connection, rows)
    assert bare_sqlite.rows_of(tmp_path / "peer.whowas") == rows
    assert [len(rows.events), len(rows.emails), len(rows.external_ids)] == [USERS] * 3


def test_the_library_holds_the_same_users(tmp_path: Path) -> None:
    dispatch_all(tmp_path / "ours.whowas", create_commands(USERS), Stopwatch())
    log = EventLog.open(tmp_path / "ours.whowas")
    ours = list(replayed(log).values())
    log.close()
    application = People(tmp_path / "peer.db")
    application.create(list(fields_of(USERS)))
    aggregates = list(application.replayed().values())
    theirs = [found for found in aggregates if hasattr(found, "first_name")]
    application.close()
    names = next(fields_of(1))
    assert [{name: user.text(name) for name in names} for user in ours] == list(fields_of(USERS))
    assert [{name: getattr(user, name) for name in names} for user in theirs] == list(fields_of(USERS))
    assert len(aggregates) == 3 * USERS


def test_every_figure_is_measured(tmp_path: Path) -> None:
    for name in "abcde":
        (tmp_path / name).mkdir()
    figures = [
        bulk_vs_sqlite(tmp_path / "a", users=USERS, rounds=2),
        bulk_vs_eventsourcing(tmp_path / "b", users=USERS, rounds=2),
        replay_vs_eventsourcing(tmp_path / "c", users=USERS, rounds=2),
        *reading(tmp_path / "d", users=200, steps=2, rounds=2),
        *asof_vs_eventsourcing(tmp_path / "e", users=USERS, changes=3 * USERS, moments=4, saved_at_once=10),
    ]
    assert all(figure.value > 0 and len(figure.rounds) >= 2 for figure in figures)


def test_a_history_has_something_of_everything(tmp_path: Path) -> None:
    make_history(tmp_path / "history.whowas", 20, 2_000)
    log = EventLog.open(tmp_path / "history.whowas")
    kinds = Counter(type(recorded.event) for recorded in log.read())
    log.close()
    assert {UserCreated, UserUpdated, UserSuspended, UserDeleted, UserRestored, GroupJoined, GroupLeft} <= kinds.keys()
    assert kinds.total() > 1_980


def test_a_missed_bound_is_told() -> None:
    assert Bound(least=0.6).keeps(0.6)
    assert not Bound(least=0.6).keeps(0.59)
    assert not Bound(most=2.0).keeps(2.01)
