"""Unique custom fields in any history: no two have one value, and who has which is known wherever the log is kept."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.store.follower.followed_file import FollowedFile, owners
from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.corrections.what_if.rerun import imagine
from whowas.domain.commands import (
    Command,
    CreateUser,
    DefineField,
    DeleteField,
    DeleteUser,
    DescribeField,
    EraseUser,
    RestoreField,
    RestoreUser,
    UpdateUser,
)
from whowas.domain.errors import RefusedError
from whowas.domain.unique import held_values, unique_fields
from whowas.store.event_log import EventLog
from whowas.store.follower.follower import Follower
from whowas.store.log_prefix import copy_renewed

ADA, BEN, CLEO = (f"0199a3c4-0000-7000-8000-{number:012}" for number in range(3))
SECOND = 1_000_000
USERS = st.sampled_from([ADA, BEN, CLEO])
IDS = st.sampled_from(["badge", "work"])
MAILS = st.sampled_from(["a@x.org", "B@x.org", "b@x.org", None])
VALUES = st.fixed_dictionaries(
    {}, optional={"badge": st.sampled_from(["1", "1.0", "2", "two", None]), "work": MAILS}
).filter(bool)
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(UpdateUser, USERS, st.just({}), VALUES),
    st.builds(UpdateUser, USERS, st.just({}), VALUES),
    st.builds(UpdateUser, USERS, st.fixed_dictionaries({"email": MAILS})),
    st.builds(CreateUser, USERS, st.just({"first_name": "Ada"}), VALUES),
    st.builds(DeleteUser, USERS),
    st.builds(RestoreUser, USERS),
    st.builds(EraseUser, USERS),
    st.builds(DescribeField, IDS, unique=st.booleans()),
    st.builds(DescribeField, st.just("badge"), type=st.sampled_from(["text", "number"])),
    st.builds(DescribeField, st.just("work"), type=st.sampled_from(["text", "email"])),
    st.builds(DeleteField, IDS),
    st.builds(RestoreField, IDS),
)
CHANGES = st.lists(
    st.tuples(st.lists(st.lists(COMMANDS, min_size=1, max_size=3), min_size=1, max_size=4), st.integers(0, 3)),
    min_size=1,
    max_size=12,
)
"""Changes, each of some commands that go together, and how far they are backdated."""
BEGINNING: tuple[Command, ...] = (
    DefineField("Badge", "badge"),
    DefineField("Work email", "work"),
    *(CreateUser(user_id, {"first_name": "Ada"}) for user_id in (ADA, BEN)),
)


@given(changes=CHANGES, rows_a_page=st.integers(1, 7))
def test_no_two_have_one_value_and_who_has_it_is_known_everywhere(
    changes: list[tuple[list[list[Command]], int]], rows_a_page: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(EventLog.create(Path(folder) / "log.whowas")) as log:
        follower = Follower(Path(folder) / "follower.whowas", log.directory_id, hides_passwords=False)
        with closing(follower.log):
            now = 1_700_000_000_000_000
            bus = Bus(log, clock=lambda: now, actor="ines")
            for command in BEGINNING:
                bus.dispatch(command)
            for commands, ago in changes:
                now += SECOND
                with bus.change() as change:
                    take(change, commands, now - ago * SECOND * 5 // 2 if ago else None)
                assert log.verify() is None
                if ago % 2:
                    follow(follower, log, rows_a_page)
            follow(follower, log, rows_a_page)
            assert owners(follower.log.path) == owners(log.path)
        require_unique(bus)
        copy = Path(folder) / "copy.whowas"
        copy_renewed(log, copy)
        assert owners(copy) == owners(log.path)
        for change_id in dict.fromkeys(recorded.change_id for recorded in log.read(len(BEGINNING))):
            with suppress(RefusedError):  # nobody knows what erasing somebody left
                imagine(log, [change_id])


def take(change: Change, commands: list[list[Command]], occurred_at: int | None) -> None:
    for together in commands:
        with suppress(RefusedError):
            change.dispatch(*together, occurred_at=occurred_at)


def follow(follower: Follower, log: EventLog, rows_a_page: int) -> None:
    follower.follow(FollowedFile(log, rows_a_page))
    assert follower.log.verify() is None


def require_unique(bus: Bus) -> None:
    with bus.change() as change:
        fields = unique_fields(change.directory())
        held = [
            {(each.space, each.key) for each in held_values(change.user(user_id), fields)}
            for user_id in (ADA, BEN, CLEO)
        ]
    assert [*Counter(key for keys in held for key in keys).values()] == [1] * len(set().union(*held))
