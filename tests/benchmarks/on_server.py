"""Writing to a directory on a server, beside writing the very same rows to the same tables and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg import sql
from psycopg.adapt import PyFormat

from tests.benchmarks.bulk import microseconds_now
from tests.benchmarks.figures import Bound, Figure, speed
from tests.benchmarks.measuring import Stopwatch, interleaved
from tests.benchmarks.people import create_commands
from tests.conftest import isolated_home
from tests.postgres import Cluster, running_cluster
from tests.shared_directories import ADMIN, OnServer, installed
from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.store.decided import Decided
from whowas.store.follower.shared_directory import SharedDirectory

_TABLES = {
    "event": (
        *("position", "event_id", "stream", "version", "type", "schema", "recorded_at", "occurred_at", "actor"),
        *("change_id", "command_id", "causation", "digest", "chain"),
    ),
    "payload": ("position", "is_secret", "salt", "body"),
    "email_owner": ("email", "user_id"),
    "external_id_owner": ("external_id", "user_id"),
}

Rows = dict[str, list[tuple[Any, ...]]]


def team_append_vs_insert(folder: Path, *, users: int = 1_000, commits: int = 25, rounds: int = 30) -> Figure:
    """Dispatch edits one by one, against single transactions that insert the very rows those edits wrote."""
    people, random = create_commands(users), Random(2)
    with _server(folder) as cluster, _opened(installed(cluster)) as (directory, bus), _bare(cluster) as (peers, peer):
        with bus.change() as change:
            for person in people:
                change.dispatch(person)
        _copy(peer, peers, _rows(peer, directory.address.schema, 0))
        insert_event, insert_payload = (_insert(peers.schema, table) for table in ("event", "payload"))

        def ours(number: int, stopwatch: Stopwatch) -> None:
            edits = [_edit(random.choice(people), number, place) for place in range(commits)]
            with stopwatch.running():
                for edit in edits:
                    bus.dispatch(edit)

        def bare(number: int, stopwatch: Stopwatch) -> None:
            del number
            last = peer.execute(sql.SQL("SELECT max(position) FROM {}").format(_table(peers.schema, "event")))
            ((position,),) = last.fetchall()
            rows = _rows(peer, directory.address.schema, position)
            with stopwatch.running():
                for event, payload in zip(rows["event"], rows["payload"], strict=True):
                    with peer.transaction():
                        peer.execute(insert_event, event)
                        peer.execute(insert_payload, payload)

        duel = interleaved(ours, bare, rounds)
    note = (
        f"{rounds} x {commits} durable UpdateUser dispatches on a server's directory of {users:,}, with the follower, "
        "÷ bare transactions of an insert into each table"
    )
    return speed("team_append_vs_insert", duel, note, Bound(least=0.5))


def team_bulk_vs_copy(folder: Path, *, users: int = 100_000, rounds: int = 5) -> Figure:
    """Append the creation of many users as one change, against COPY of the rows that this change becomes."""
    with _server(folder) as cluster, _bare(cluster) as (_, peer):
        creations = _decided(cluster, users)
        rows: Rows = {}

        def ours(number: int, stopwatch: Stopwatch) -> None:
            del number
            made = installed(cluster)
            with made.log() as log, stopwatch.running():
                log.append_whole(creations)
            rows.update(_rows(peer, made.schema, 0))
            _drop(peer, made)

        def bare(number: int, stopwatch: Stopwatch) -> None:
            del number
            made = installed(cluster)
            with stopwatch.running():
                _copy(peer, made, rows)
            _drop(peer, made)

        duel = interleaved(ours, bare, rounds)
    note = (
        f"{users:,} creations as one change, decided before, until the server's answer ÷ bare COPY of the same rows "
        "(deciding is in bulk_vs_sqlite, following in team_catch_up_vs_select)"
    )
    return speed("team_bulk_vs_copy", duel, note, Bound(least=0.25))


def _decided(cluster: Cluster, users: int) -> Decided:
    """Return the change that creates people in an empty directory, whichever that is."""
    with closing(SharedDirectory.open(installed(cluster).address())) as directory, directory.log.reading() as reading:
        change = Change(reading, ADMIN, microseconds_now())
        for command in create_commands(users):
            change.dispatch(command)
        return change.decided(None, whole=True)


@contextmanager
def _server(folder: Path) -> Iterator[Cluster]:
    """Run a server that loses nothing, as people's do, with what is kept of its directories in ``folder``."""
    with patch.dict(os.environ, isolated_home(folder)), running_cluster(durable=True) as cluster:
        yield cluster


@contextmanager
def _opened(made: OnServer) -> Iterator[tuple[SharedDirectory, Bus]]:
    """Open a directory as a window does."""
    with closing(SharedDirectory.open(made.address())) as directory:
        yield directory, Bus(directory.writes, clock=microseconds_now, actor=ADMIN)


@contextmanager
def _bare(cluster: Cluster) -> Iterator[tuple[OnServer, psycopg.Connection[Any]]]:
    """Make the tables of a directory, and connect as who may write to them; that is no part of Whowas."""
    made = installed(cluster)
    with cluster.superuser(made.database) as connection:
        connection.prepare_threshold = 0
        yield made, connection


def _table(schema: str, name: str) -> sql.Identifier:
    return sql.Identifier(schema, name)


def _columns(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _rows(connection: psycopg.Connection[Any], schema: str, after: int) -> Rows:
    """Return all rows of a directory's tables, of the log only those after a position."""
    found: Rows = {}
    for name, columns in _TABLES.items():
        query = sql.SQL("SELECT {} FROM {}").format(_columns(columns), _table(schema, name))
        if columns[0] == "position":
            query += sql.SQL(" WHERE position > {} ORDER BY position").format(after)
        found[name] = connection.execute(query, binary=True).fetchall()
    return found


def _copy(connection: psycopg.Connection[Any], made: OnServer, rows: Rows) -> None:
    """Write all rows in one transaction."""
    with connection.transaction(), connection.cursor() as cursor:
        for name, columns in _TABLES.items():
            statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)")
            with cursor.copy(statement.format(_table(made.schema, name), _columns(columns))) as copy:
                copy.set_types([_TYPES.get(column, "bytea") for column in columns])
                for row in rows[name]:
                    copy.write_row(row)


_TYPES = {
    **dict.fromkeys(("position", "version", "schema", "recorded_at", "occurred_at"), "int8"),
    **dict.fromkeys(("type", "actor", "causation", "email", "external_id"), "text"),
    "is_secret": "bool",
}


def _insert(schema: str, table: str) -> sql.Composed:
    """Return the statement that inserts a row; the driver prepares it, as it is used often."""
    columns = _TABLES[table]
    places = sql.SQL(", ").join([sql.Placeholder(format=PyFormat.BINARY)] * len(columns))
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(_table(schema, table), _columns(columns), places)


def _drop(connection: psycopg.Connection[Any], made: OnServer) -> None:
    connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(made.schema)))
    connection.execute("CHECKPOINT")


def _edit(person: CreateUser, number: int, place: int) -> UpdateUser:
    return UpdateUser(person.user_id, {"title": f"Title {number}.{place}", "department": f"Department {place}"})
