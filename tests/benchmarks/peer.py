"""Creating very many users and replaying their log, beside the ``eventsourcing`` library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import uuid_utils

from tests.benchmarks.bulk import dispatch_all
from tests.benchmarks.figures import Bound, Figure, speed
from tests.benchmarks.measuring import Duel, Stopwatch, interleaved
from tests.benchmarks.peer_application import People
from tests.benchmarks.people import create_commands, fields_of
from whowas.domain.commands import CreateUser
from whowas.domain.users import User, evolve
from whowas.store.event_log import EventLog
from whowas.store.gc_pauses import gc_paused


def bulk_vs_eventsourcing(folder: Path, *, users: int = 20_000, rounds: int = 7) -> Figure:
    """Create users in one change, against one ``save()`` that keeps emails and external ids unique, as ours does.

    The library's documentation does that with aggregates whose ids follow from the unique values.
    """
    duel = _creating(folder, users, rounds, People.create)
    note = f"{users:,} users with unique emails and external ids as one change ÷ one save() that keeps them unique too"
    return speed("bulk_vs_eventsourcing", duel, note, Bound(least=2))


def bulk_vs_eventsourcing_unchecked(folder: Path, *, users: int = 20_000, rounds: int = 5) -> Figure:
    """Create users in one change, against one ``save()`` that lets two users have the same email."""
    duel = _creating(folder, users, rounds, People.create_unchecked)
    note = f"{users:,} users as one change ÷ one save() that keeps nothing unique, which is less work"
    return speed("bulk_vs_eventsourcing_unchecked", duel, note)


def _creating(
    folder: Path, users: int, rounds: int, create: Callable[[People, list[dict[str, str | None]]], None]
) -> Duel:
    people = list(fields_of(users))

    def ours(number: int, stopwatch: Stopwatch) -> None:
        path = folder / "ours.whowas"
        dispatch_all(path, (CreateUser(str(uuid_utils.uuid7()), fields) for fields in people), stopwatch)
        path.unlink()

    def peer(number: int, stopwatch: Stopwatch) -> None:
        path = folder / "peer.db"
        application = People(path)
        with stopwatch.running():
            create(application, people)
        application.close()
        path.unlink()

    return interleaved(ours, peer, rounds)


def replay_vs_eventsourcing(folder: Path, *, users: int = 20_000, rounds: int = 7) -> Figure:
    """Read, decode and fold the whole log of those users."""
    path = folder / "ours.whowas"
    dispatch_all(path, create_commands(users), Stopwatch())
    log = EventLog.open(path)
    application = People(folder / "peer.db")
    application.create_unchecked(list(fields_of(users)))

    def ours(number: int, stopwatch: Stopwatch) -> None:
        with stopwatch.running():
            people = replayed(log)
        assert len(people) == users

    def peer(number: int, stopwatch: Stopwatch) -> None:
        with stopwatch.running():
            people = application.replayed()
        assert len(people) == users

    duel = interleaved(ours, peer, rounds)
    log.close()
    application.close()
    note = f"the log of {users:,} created users read, decoded and folded ÷ the same through its notification log"
    return speed("replay_vs_eventsourcing", duel, note, Bound(least=2.5))


def replayed(log: EventLog) -> dict[str, User | None]:
    """Return every user, folded from the whole log."""
    users: dict[str, User | None] = {}
    directory, state_of = log.directory_id, users.get
    with gc_paused():  # as the projector does
        for recorded in log.read():
            stream = recorded.stream
            event: Any = recorded.event
            if stream != directory:
                users[stream] = evolve(state_of(stream), event)
    return users
