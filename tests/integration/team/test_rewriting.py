"""What a superuser rewrites, past every trigger, the next window that connects notices, and names the change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.integration.team.places import Place, directory, user
from whowas.command_bus.bus import Bus
from whowas.domain.commands import UpdateUser
from whowas.domain.errors import StoreError
from whowas.store.chain import linked
from whowas.store.follower.shared_directory import SharedDirectory
from whowas.store.server.errors import AnotherHistoryError
from whowas.team.checking import Finding, check
from whowas.team.creating import create

PAST_TRIGGERS = "SET session_replication_role = replica"
COLUMNS = (
    "position, event_id, stream, version, type, schema, recorded_at, occurred_at, actor, change_id, command_id, "
    "causation"
)


@pytest.fixture
def shared(place: Place, tmp_path: Path) -> Place:
    """A place with a directory of which this computer has a follower."""
    create(directory(tmp_path / "staff.whowas"), place.address, tmp_path / "staff.whowas-team")
    with window(place) as opened:
        bus = Bus(opened.writes, clock=opened.clock, actor=opened.account)
        for title in ("Clerk", "Head", "Boss"):
            bus.dispatch(UpdateUser(user(0), {"title": title}))
        opened.follow()
        assert opened.log.head().position == 8
    return place


def window(place: Place) -> closing[SharedDirectory]:
    return closing(SharedDirectory.open(place.address))


@pytest.fixture
def might(shared: Place) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A superuser's connection, past every trigger."""
    with shared.superuser() as connection:
        connection.execute(PAST_TRIGGERS)
        yield connection


def test_an_altered_event_is_noticed_where_it_is(shared: Place, might: psycopg.Connection[tuple[object, ...]]) -> None:
    might.execute("UPDATE whowas.event SET actor = 'somebody else', chain = sha256(chain) WHERE position = 7")
    might.execute("UPDATE whowas.event SET chain = sha256(chain) WHERE position = 8")
    might.execute("UPDATE whowas.head SET chain = (SELECT chain FROM whowas.event WHERE position = 8)")

    with pytest.raises(AnotherHistoryError, match="from change 7 on") as refused, window(shared):
        pass
    assert refused.value.position == 7


@pytest.mark.parametrize("altered", [1, 5, 8])
def test_a_history_rewritten_consistently_is_noticed_too(
    shared: Place, might: psycopg.Connection[tuple[object, ...]], altered: int
) -> None:
    might.execute("UPDATE whowas.event SET actor = 'somebody else' WHERE position = %s", (altered,))
    rows = might.execute(f"SELECT {COLUMNS}, digest FROM whowas.event ORDER BY position").fetchall()  # type: ignore[arg-type]
    chain = bytes(32)
    for *columns, digest in rows:
        chain = linked(chain, tuple(columns), bytes(digest))  # type: ignore[arg-type]
        might.execute("UPDATE whowas.event SET chain = %s WHERE position = %s", (chain, columns[0]))
    might.execute("UPDATE whowas.head SET chain = %s", (chain,))

    with pytest.raises(AnotherHistoryError) as refused, window(shared):
        pass

    assert refused.value.position == altered


def test_a_payload_that_was_put_in_another_s_place_is_noticed_by_who_follows_anew(
    shared: Place, might: psycopg.Connection[tuple[object, ...]], home: Path
) -> None:
    might.execute(
        "UPDATE whowas.payload SET body = (SELECT body FROM whowas.payload WHERE position = 6) WHERE position = 7"
    )
    with shared.log() as server:
        assert Finding("wrong", "On the server what event 7 holds was altered or is missing.") in check(server)
    with window(shared) as opened:  # which has that event already, as it was
        assert opened.log.verify() is None

    (home / ".local" / "state" / "whowas" / "followers").rename(home / "elsewhere")
    with pytest.raises(StoreError, match="7"), window(shared):
        pass


def test_events_that_were_cut_off_and_others_put_in_their_place_are_another_history(
    shared: Place, might: psycopg.Connection[tuple[object, ...]]
) -> None:
    might.execute("DELETE FROM whowas.payload WHERE position > 6")
    might.execute("DELETE FROM whowas.event WHERE position > 6")
    might.execute("UPDATE whowas.head SET position = 6, chain = (SELECT chain FROM whowas.event WHERE position = 6)")
    might.execute(
        "INSERT INTO whowas.event SELECT 7, event_id, stream, version + 10, type, schema, recorded_at, occurred_at, "
        "'edda', change_id, NULL, causation, digest, sha256(chain) FROM whowas.event WHERE position = 6"
    )
    might.execute("UPDATE whowas.head SET position = 7, chain = (SELECT chain FROM whowas.event WHERE position = 7)")

    with pytest.raises(AnotherHistoryError) as refused, window(shared):
        pass
    assert refused.value.position == 7


@pytest.mark.parametrize("is_behind", [True, False])
@pytest.mark.parametrize(
    "altered", ["chain = sha256(chain)", "position = position + 3", "position = position + 1, chain = sha256(chain)"]
)
def test_a_log_that_does_not_end_where_it_says_is_noticed(
    shared: Place, might: psycopg.Connection[tuple[object, ...]], home: Path, altered: str, *, is_behind: bool
) -> None:
    if is_behind:
        (home / ".local" / "state" / "whowas" / "followers").rename(home / "elsewhere")
    might.execute(f"UPDATE whowas.head SET {altered}")  # type: ignore[arg-type]

    with pytest.raises(StoreError, match="The history on the server is damaged at position"), window(shared):
        pass


def test_last_events_that_are_missing_are_noticed_by_who_never_saw_them(
    shared: Place, might: psycopg.Connection[tuple[object, ...]], home: Path
) -> None:
    (home / ".local" / "state" / "whowas" / "followers").rename(home / "elsewhere")
    might.execute("DELETE FROM whowas.payload WHERE position > 6")
    might.execute("DELETE FROM whowas.event WHERE position > 6")

    with pytest.raises(StoreError, match="damaged at position"), window(shared):
        pass
