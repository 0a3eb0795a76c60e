"""Following: after any history, in any pieces, the follower is the file that it follows, and is never half of it."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.test_live_and_past import COMMANDS
from tests.unit.store.follower.followed_file import FollowedFile, owners
from whowas.command_bus.bus import Bus
from whowas.domain.commands import Command, EraseUser
from whowas.domain.errors import RefusedError
from whowas.store.event_log import EventLog
from whowas.store.follower.follower import Follower

CHANGES = st.lists(
    st.tuples(
        st.lists(COMMANDS, min_size=1, max_size=4), st.integers(0, 3), st.sampled_from(["follow", "erase", "", ""])
    ),
    min_size=1,
    max_size=12,
)
"""Changes, each of some commands, how far it is backdated, and what comes after it."""


@given(changes=CHANGES, rows_a_page=st.integers(1, 7), hides_passwords=st.booleans())
def test_a_follower_becomes_the_file_it_follows(
    changes: list[tuple[list[Command], int, str]], rows_a_page: int, hides_passwords: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, followed = Path(folder) / "server.whowas", Path(folder) / "follower.whowas"
        with closing(EventLog.create(path)) as log:
            follower = Follower(followed, log.directory_id, hides_passwords=hides_passwords)
            server = FollowedFile(log, rows_a_page, hides_passwords=hides_passwords)
            with closing(follower.log):
                now = 1_700_000_000_000_000
                bus = Bus(log, clock=lambda: now, actor="ines")
                for commands, ago, then in changes:
                    now += 1_000_000
                    dispatch(bus, commands, now - ago * 2_500_000 if ago else None)
                    if then == "erase":
                        dispatch(bus, [EraseUser(commands[0].user_id)] if hasattr(commands[0], "user_id") else [], None)
                    elif then == "follow":
                        follower.follow(server)
                        check(follower, log)
                follower.follow(server)
                check(follower, log)
                assert not follower.follow(server)
                # Of who was erased after they were followed, nothing is left here either.
                assert {row[0][0] for row in follower.log.rows() if row[3] is None} >= {
                    row[0][0] for row in log.rows() if row[3] is None
                }
            assert owners(followed) == owners(path)


def dispatch(bus: Bus, commands: list[Command], occurred_at: int | None) -> None:
    try:
        with bus.change() as change:
            for command in commands:
                change.dispatch(command, occurred_at=occurred_at)
    except RefusedError:
        return


def check(follower: Follower, log: EventLog) -> None:
    assert follower.log.head() == log.head()
    assert follower.log.verify() is None
