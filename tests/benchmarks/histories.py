"""Directories with a long past, made the same way in every run."""

from __future__ import annotations

from pathlib import Path
from random import Random
from uuid import UUID

from tests.benchmarks.bulk import microseconds_now
from tests.benchmarks.people import create_commands
from whowas.command_bus.bus import Bus
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    ReactivateUser,
    RestoreUser,
    SuspendUser,
    UpdateUser,
    UserCommand,
)
from whowas.domain.users import Status
from whowas.projections.sides.read_side import ReadSide
from whowas.store.event_log import EventLog

YEAR = 365 * 86_400_000_000
START = 1_400_000_000_000_000


GROUPS = 12


def make_history(path: Path, users: int, changes: int) -> None:
    """Write a log of so many changes, each at a moment of its own.

    The first create groups and users; then people get other titles, departments and phones, join groups and leave
    them, and one in sixteen changes suspends, deletes or brings back somebody.
    """
    people = create_commands(users)
    lives = _Lives(people)
    log = EventLog.create(path)
    pause = 10 * YEAR // changes
    beginnings: list[Command] = [CreateGroup(group_id, name) for group_id, name in lives.groups.items()]
    beginnings += people
    with Bus(log, clock=microseconds_now, actor="bench").change() as change:
        for number in range(changes):
            command = beginnings[number] if number < len(beginnings) else lives.next()
            change.dispatch(command, occurred_at=START + number * pause)
    log.close()


class _Lives:
    """What happens to people, such that no command is refused."""

    def __init__(self, people: list[CreateUser]) -> None:
        self._random = Random(5)
        self.groups = {str(UUID(int=number + 1)): f"Group {number + 1}" for number in range(GROUPS)}
        self._ids = [person.user_id for person in people]
        self._statuses: list[Status] = ["active"] * len(people)
        self._groups: list[set[str]] = [set() for _ in people]
        self._numbers = 0

    def next(self) -> UserCommand:
        """Return what happens next."""
        random = self._random
        person = random.randrange(len(self._ids))
        user_id, status = self._ids[person], self._statuses[person]
        if status == "suspended":
            self._statuses[person] = "active"
            return ReactivateUser(user_id)
        if status == "deleted":
            self._statuses[person] = "active"
            return RestoreUser(user_id)
        match random.randrange(16):
            case 0 if random.random() < 0.5:
                self._statuses[person] = "suspended"
                return SuspendUser(user_id)
            case 0:
                self._statuses[person] = "deleted"
                return DeleteUser(user_id)
            case 1 | 2 | 3:
                group_id = random.choice(list(self.groups))
                joined = group_id not in self._groups[person]
                self._groups[person] ^= {group_id}
                return JoinGroup(user_id, group_id) if joined else LeaveGroup(user_id, group_id)
        self._numbers += 1
        field = random.choice(("title", "department", "phone"))
        return UpdateUser(user_id, {field: f"{field} {self._numbers % 2_003}"})


def prepare(path: Path, cache: Path) -> None:
    """Bring the read side of the directory at ``path`` up, as a window does that is then closed."""
    log = EventLog.open(path)
    side = ReadSide(log, cache)
    side.catch_up()
    side.index_texts()
    side.keep_index()
    side.close()
    log.close()
