"""Salvaging: exactly the changes before the damage, with the same heads, whatever the history and the damage."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.altered_files import alter
from tests.examples import at_most
from tests.properties.test_live_and_past import COMMANDS
from whowas.command_bus.bus import Bus
from whowas.domain.commands import Command, CreateGroup
from whowas.domain.errors import RefusedError, StoreError
from whowas.domain.unique import reserved_email
from whowas.domain.users import User
from whowas.projections.queries.history import HistoryEntry, history
from whowas.projections.sides.read_side import ReadSide
from whowas.safekeeping.salvage import Salvaged, salvage
from whowas.store.event_log import EventLog

OTHERS = "0199a3c4-0000-7000-8000-00000000fffe"
NOW = 1_800_000_000_000_000
HISTORIES = st.lists(st.lists(COMMANDS, min_size=1, max_size=3), min_size=1, max_size=10)
"""Changes, each of some commands."""

KNOWN_CHANGE = (
    "UPDATE payload SET body = CAST(body || ' ' AS BLOB) WHERE position = {n}",
    "UPDATE payload SET salt = zeroblob(16) WHERE position = {n}",
    "UPDATE event SET actor = 'mallory' WHERE position = {n}",
    "UPDATE event SET change_id = zeroblob(16) WHERE position = {n}",
    "UPDATE event SET chain = zeroblob(32) WHERE position = {n}",
    "DELETE FROM payload WHERE position = {n}",
)
"""Damage that leaves no doubt of which change the event is."""
LOST = "DELETE FROM event WHERE position = {n}"


@contextmanager
def taken_in(changes: list[list[Command]]) -> Iterator[tuple[Path, list[int]]]:
    """Carry the changes out; yield the file, and the position of the last event of each change."""
    ends: list[int] = []
    changes = [[CreateGroup(OTHERS, "Others")], *changes]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "d.whowas"
        with closing(EventLog.create(path)) as log:
            now = 1_700_000_000_000_000
            bus = Bus(log, clock=lambda: now, actor="ines")
            for commands in changes:
                now += 1_000_000
                try:
                    with bus.change() as change:
                        for command in commands:
                            change.dispatch(command)
                except RefusedError:
                    continue
                if log.head().position > (ends or [0])[-1]:
                    ends.append(log.head().position)
            if log.unswept:
                log.sweep()
        yield path, ends


def told_by(path: Path, through: int | None = None) -> tuple[list[User], list[HistoryEntry]]:
    """All users of a directory with their states, and its history, up to a position."""
    with (
        tempfile.TemporaryDirectory() as cache,
        closing(EventLog.open(path)) as log,
        closing(ReadSide(log, Path(cache))) as side,
    ):
        if through is not None:
            log.refuse_writing("It is damaged.", through=through)
        index = side.catch_up()
        rows = [row.user for row in side.each(index.numbers.tolist()) if row is not None]
        return sorted(rows, key=lambda user: (user.id, user.version)), list(history(side.read_model, index))


def owners(path: Path) -> tuple[list[tuple[str, bytes]], list[tuple[str, bytes]]]:
    with closing(sqlite3.connect(path)) as connection:
        return (
            connection.execute("SELECT email, user_id FROM email_owner ORDER BY 1").fetchall(),
            connection.execute("SELECT external_id, user_id FROM external_id_owner ORDER BY 1").fetchall(),
        )


def owned(path: Path) -> list[tuple[str, bytes]]:
    """The emails of a directory's present users, by the read side."""
    with (
        tempfile.TemporaryDirectory() as cache,
        closing(EventLog.open(path)) as log,
        closing(ReadSide(log, Path(cache))) as side,
    ):
        index = side.catch_up()
        users = [row.user for row in side.each(index.numbers.tolist()) if row is not None]
    latest = {user.id: user for user in sorted(users, key=lambda user: user.version)}
    found = [
        (key, bytes.fromhex(user.id.replace("-", ""))) for user in latest.values() if (key := reserved_email(user))
    ]
    return sorted(found)


def salvaged(path: Path) -> Salvaged | None:
    """Salvage beside the file, which stays as it is; None where nothing of it could be saved."""
    before, beside = path.read_bytes(), sorted(path.parent.iterdir())
    target = path.with_name("salvaged.whowas")
    try:
        found = salvage(path, target, "ines", NOW)
    except StoreError:
        found = None
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == sorted([*beside, *([target] if found else [])])
    return found


@settings(max_examples=at_most(25))
@given(HISTORIES, st.data())
def test_what_is_before_the_damage_is_taken_and_no_half_change(
    changes: list[list[Command]], data: st.DataObject
) -> None:
    with taken_in(changes) as (path, ends):
        damaged = data.draw(st.integers(1, ends[-1]))
        how = data.draw(st.sampled_from([*KNOWN_CHANGE, LOST]))
        sound = path.with_name("sound.whowas")
        shutil.copy(path, sound)
        alter(path, how.format(n=damaged))
        with closing(EventLog.open(path)) as log:
            found = log.verify()
        if found is None or found.position is None:
            return  # the payload was gone already, with its user, or it was the last event
        whole = max((end for end in ends if end < found.position), default=0)
        outcome = salvaged(path)
        if outcome is None:
            assert whole == 0 or how == LOST
            return
        assert outcome.taken == whole or (how == LOST and outcome.taken in ends and outcome.taken < whole)
        with closing(EventLog.open(outcome.target)) as log, closing(EventLog.open(sound)) as original:
            assert log.verify() is None
            assert log.directory_id == original.directory_id
            assert log.chain_at(outcome.taken) == original.chain_at(outcome.taken)
            assert log.head().position == outcome.taken + outcome.erased_again
        if not outcome.erased_again:
            assert told_by(outcome.target) == told_by(sound, outcome.taken)
        assert owners(outcome.target)[0] == owned(outcome.target)


@settings(max_examples=at_most(8))
@given(HISTORIES)
def test_a_sound_directory_is_taken_whole(changes: list[list[Command]]) -> None:
    with taken_in(changes) as (path, ends):
        outcome = salvaged(path)
        assert outcome is not None
        assert outcome.damage is None
        assert outcome.taken == ends[-1]
        assert told_by(outcome.target) == told_by(path)
        assert owners(outcome.target) == owners(path)
        with closing(EventLog.open(outcome.target)) as log, closing(EventLog.open(path)) as original:
            assert log.head() == original.head()


@settings(max_examples=at_most(8))
@given(HISTORIES, st.data())
def test_opened_read_only_shows_what_salvaging_takes(changes: list[list[Command]], data: st.DataObject) -> None:
    with taken_in(changes) as (path, ends):
        alter(path, f"UPDATE payload SET body = x'7b' WHERE position = {data.draw(st.integers(1, ends[-1]))}")
        outcome = salvaged(path)
        if outcome is None or outcome.damage is None or outcome.erased_again:
            return
        with closing(EventLog.open(path)) as log:
            assert outcome.damage.position is not None
            assert log.end_of_change_before(outcome.damage.position) == outcome.taken
        assert told_by(path, outcome.taken) == told_by(outcome.target)
