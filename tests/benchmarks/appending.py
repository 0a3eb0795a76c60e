"""Saving one edit after the other, each durable before the next."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmarks import bare_sqlite
from tests.benchmarks.figures import Bound, Figure, speed
from tests.benchmarks.measuring import Stopwatch, interleaved
from tests.benchmarks.people import create_commands
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.domain.comparison_keys import email_key
from whowas.store.event_log import EventLog
from whowas.store.file import schema

EMAIL_EVERY = 4
"""Every fourth edit is one of an email, which moves in the table of owners too."""


def append_vs_sqlite(folder: Path, *, users: int = 1_000, commits: int = 25, rounds: int = 60) -> Figure:
    """Dispatch edits one by one, against single transactions that insert the very rows those edits wrote."""
    people = create_commands(users)
    ours_path, peer_path = folder / "ours.whowas", folder / "peer.whowas"
    _make(ours_path, people)
    with closing(sqlite3.connect(ours_path)) as source, closing(sqlite3.connect(peer_path)) as copy:
        source.backup(copy)
    random = Random(2)
    log = EventLog.open(ours_path)
    bus = Bus(log, clock=lambda: time.time_ns() // 1000, actor="bench")
    emails = {person.user_id: str(person.fields["email"]) for person in people}

    with bare_sqlite.connected(peer_path) as connection:

        def ours(number: int, stopwatch: Stopwatch) -> None:
            edits = [_edit(random.choice(people), number, place) for place in range(commits)]
            with stopwatch.running():
                for edit in edits:
                    bus.dispatch(edit)
            round_of_edits[:] = edits

        def peer(number: int, stopwatch: Stopwatch) -> None:
            rows = _rows_since(ours_path, connection)
            moves = [_move(edit, emails) for edit in round_of_edits]
            with stopwatch.running():
                for (event, payload), (released, claimed) in zip(rows, moves, strict=True):
                    connection.execute("BEGIN IMMEDIATE")
                    connection.execute(schema.INSERT_EVENT, event)
                    connection.execute(schema.INSERT_PAYLOAD, payload)
                    if claimed:
                        connection.execute(bare_sqlite.DELETE_EMAIL, (released,))
                        connection.execute(bare_sqlite.INSERT_EMAIL, (claimed, event[2]))
                    connection.execute("COMMIT")

        round_of_edits: list[UpdateUser] = []
        duel = interleaved(ours, peer, rounds)
    log.close()
    note = (
        f"{rounds} x {commits} durable UpdateUser dispatches in a directory of {users:,} ÷ bare inserts of their rows"
    )
    return speed("append_vs_sqlite", duel, note, Bound(least=0.7))


def _make(path: Path, people: list[CreateUser]) -> None:
    log = EventLog.create(path)
    with Bus(log, clock=lambda: time.time_ns() // 1000, actor="bench").change() as change:
        for person in people:
            change.dispatch(person)
    log.close()


def _edit(person: CreateUser, number: int, place: int) -> UpdateUser:
    if place % EMAIL_EVERY == 0:
        return UpdateUser(person.user_id, {"email": f"{number}.{place}@example.org"})
    return UpdateUser(person.user_id, {"title": f"Title {number}.{place}", "department": f"Department {place}"})


def _rows_since(path: Path, peer: sqlite3.Connection) -> list[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """Return the (event, payload) rows of our file that the peer's does not have yet."""
    (last,) = peer.execute("SELECT max(position) FROM event").fetchone()
    with bare_sqlite.connected(path) as connection:
        events = connection.execute("SELECT * FROM event WHERE position > ? ORDER BY position", (last,)).fetchall()
        payloads = connection.execute("SELECT * FROM payload WHERE position > ? ORDER BY position", (last,)).fetchall()
    return list(zip(events, payloads, strict=True))


def _move(edit: UpdateUser, emails: dict[str, str]) -> tuple[str, str] | tuple[None, None]:
    """Return the comparison keys that ``edit`` released and claimed; ``emails`` follow."""
    email = edit.changes.get("email")
    if email is None:
        return None, None
    released = emails[edit.user_id]
    emails[edit.user_id] = email
    return email_key(released), email_key(email)
