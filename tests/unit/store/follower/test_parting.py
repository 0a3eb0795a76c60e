"""Where a server's history parts from the one that was seen: lost changes are told from a past that was rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.store.follower.followed_file import FollowedFile
from whowas.command_bus.bus import Bus
from whowas.domain.commands import CreateUser, UpdateUser
from whowas.store.chain import ChainedRow, linked
from whowas.store.event_log import EventLog
from whowas.store.follower.follower import Follower
from whowas.store.follower.lost_changes import LostChangesError
from whowas.store.server.errors import AnotherHistoryError

ADA = "01890000-0000-7000-8000-00000000000a"
SECOND = 1_000_000


class Histories:
    """A server, the standby that lagged behind it, and a follower of the first."""

    def __init__(self, folder: Path) -> None:
        with closing(EventLog.create(folder / "server.whowas")) as server:
            append(server, CreateUser(ADA, {"first_name": "Ada"}), 1)
            append(server, UpdateUser(ADA, {"title": "Clerk"}), 2)
            server.copy_into(folder / "standby.whowas")
            append(server, UpdateUser(ADA, {"title": "Cook"}), 3)
            append(server, UpdateUser(ADA, {"title": "Head"}), 4)
            self.follower = Follower(folder / "follower.whowas", server.directory_id, hides_passwords=False)
            self.follower.follow(FollowedFile(server))
        self.standby = EventLog.open(folder / "standby.whowas")


class Rewritten(FollowedFile):
    """A server on which somebody altered what happened, from ``begin`` on, and linked all of it anew."""

    def __init__(self, log: EventLog, begin: int, altered: dict[str, object], *, is_linked: bool = True) -> None:
        super().__init__(log)
        self._rows = rewritten(list(log.rows()), begin, altered, is_linked=is_linked)

    def chain_at(self, position: int) -> bytes | None:
        return self._rows[position - 1][2] if position else super().chain_at(0)

    def pages(self, after: int, through: int | None = None) -> Iterator[list[ChainedRow]]:
        yield self._rows[after:through]


def rewritten(rows: list[ChainedRow], begin: int, altered: dict[str, object], *, is_linked: bool) -> list[ChainedRow]:
    names = ("position", "event_id", "stream", "version", "type", "schema", "recorded_at", "occurred_at", "actor")
    made = rows[: begin - 1]
    chain = made[-1][2] if made else bytes(32)
    for columns, digest, _, salt, body in rows[begin - 1 :]:
        new = list(columns)
        for name, value in altered.items():
            index = names.index(name)
            new[index] = value(new[index]) if callable(value) else value
        chain = linked(chain, tuple(new), digest) if is_linked else bytes(reversed(chain))  # type: ignore[arg-type]
        made.append((tuple(new), digest, chain, salt, body))  # type: ignore[arg-type]
    return made


def append(log: EventLog, command: CreateUser | UpdateUser, second: int) -> None:
    Bus(log, clock=lambda: second * SECOND, actor="ada").dispatch(command)


@pytest.fixture
def histories(tmp_path: Path) -> Iterator[Histories]:
    made = Histories(tmp_path)
    with closing(made.standby), closing(made.follower.log):
        yield made


@pytest.mark.parametrize("others", [1, 2, 5])
def test_a_standby_that_went_on_has_lost_what_it_had_not_got(histories: Histories, others: int) -> None:
    for number in range(others):
        append(histories.standby, UpdateUser(ADA, {"phone": f"{number}"}), 5 + number)
    for _ in range(2):
        with pytest.raises(LostChangesError) as lost:
            histories.follower.follow(FollowedFile(histories.standby))
        assert (lost.value.through, lost.value.went_on) == (2, True)
        assert str(lost.value) == (
            "The server no longer has 2 events that this computer saw, after position 2. "
            "Others were saved in their place."
        )


def test_a_standby_to_which_nobody_saved_has_only_lost_them(histories: Histories) -> None:
    with pytest.raises(LostChangesError, match=r"after position 2\.$") as lost:
        histories.follower.follow(FollowedFile(histories.standby))
    assert not lost.value.went_on


def test_others_that_were_recorded_before_what_is_lost_may_come_of_a_rewriting_and_that_is_said(
    histories: Histories,
) -> None:
    append(histories.standby, UpdateUser(ADA, {"phone": "1"}), 3)
    with pytest.raises(LostChangesError, match="or somebody rewrote the history there") as lost:
        histories.follower.witness(FollowedFile(histories.standby))
    assert lost.value.through == 2


@pytest.mark.parametrize("begin", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "altered", [{"actor": "somebody else"}, {"occurred_at": 7}, {"recorded_at": lambda when: when + 9 * SECOND}]
)
def test_events_that_were_seen_otherwise_are_another_history(
    histories: Histories, begin: int, altered: dict[str, object], tmp_path: Path
) -> None:
    with (
        closing(EventLog.open(tmp_path / "server.whowas")) as server,
        pytest.raises(AnotherHistoryError) as another,
    ):
        histories.follower.witness(Rewritten(server, begin, altered))
    assert another.value.position == begin


def test_others_that_do_not_follow_from_what_was_before_are_another_history(histories: Histories) -> None:
    append(histories.standby, UpdateUser(ADA, {"phone": "1"}), 5)
    with pytest.raises(AnotherHistoryError):
        histories.follower.witness(Rewritten(histories.standby, 3, {}, is_linked=False))


def test_a_history_that_has_nothing_of_the_one_seen_is_another(histories: Histories, tmp_path: Path) -> None:
    with closing(EventLog.create(tmp_path / "other.whowas")) as other:
        append(other, CreateUser(ADA, {"first_name": "Ada"}), 9)
        with pytest.raises(AnotherHistoryError) as another:
            histories.follower.witness(FollowedFile(other))
    assert another.value.position == 1
