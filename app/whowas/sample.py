"""A made-up organisation with years of history, the same for the same seed."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from whowas.bus import Bus
from whowas.change import Change
from whowas.domain.causation import ImportOf
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DefineField,
    DeleteUser,
    JoinGroup,
    LeaveGroup,
    ReactivateUser,
    RestoreUser,
    SuspendUser,
    UpdateUser,
    UserCommand,
)
from whowas.domain.folding import folded
from whowas.domain.progress import Progress, unwatched
from whowas.store.event_log import EventLog

YEAR = 365 * 24 * 3600 * 1_000_000
"""A year, in microseconds."""

YEARS = 12
LAST_SAVES = 40
"""So many of the last changes are single saves, each of its own; the years before are a few bulk changes."""

REPORT_EVERY = 500

FIRST_NAMES = [
    "Ada",
    "Amara",
    "Amy",
    "Ben",
    "Bilal",
    "Chiara",
    "Chloé",
    "Daniel",
    "Dilnoza",
    "Elif",
    "Émile",
    "Farid",
    "Freya",
    "Grace",
    "Hana",
    "Hiro",
    "Ines",
    "Ingrid",
    "Jonas",
    "José",
    "Katya",
    "Kwame",
    "Leila",
    "Liam",
    "Łukasz",
    "Maria",
    "Mei",
    "Mikael",
    "Nadia",
    "Noor",
    "Olga",
    "Oluwaseun",
    "Priya",
    "Rafael",
    "Ruth",
    "Sanjay",
    "Siobhán",
    "Søren",
    "Tomás",
    "Thuy",
    "Uma",
    "Vera",
    "Viktor",
    "Wanjiru",
    "Xiomara",
    "Yara",
    "Yusuf",
    "Zoe",
]
LAST_NAMES = [
    "Adeyemi",
    "Andersson",
    "Bianchi",
    "Byrne",
    "Cantwell",
    "Chen",
    "Dąbrowski",
    "Duarte",
    "Eriksen",
    "Fernández",
    "Fischer",
    "García",
    "Haddad",
    "Hughes",
    "Ibrahim",
    "Ivanova",
    "Jansen",
    "Kaya",
    "Kim",
    "Klobuchar",
    "Kowalski",
    "Lindqvist",
    "López",
    "Mbeki",
    "Mehta",
    "Müller",
    "Nakamura",
    "Ng",
    "Novák",
    "Okafor",
    "Osei",
    "Petrov",
    "Quispe",
    "Rahman",
    "Rossi",
    "Ruiz",
    "Saito",
    "Sokolova",
    "Tanaka",
    "Tran",
    "Usman",
    "Vargas",
    "Weber",
    "Williams",
    "Yılmaz",
    "Zola",
]
TITLES = [
    "Analyst",
    "Archivist",
    "Clerk",
    "Counsel",
    "Director",
    "Editor",
    "Engineer",
    "Fellow",
    "Intern",
    "Press",
    "Scheduler",
    "Translator",
]
GROUPS = ("Budget", "Comms", "Front office", "Legal", "Records", "Systems")
ACTORS = ("Farid Haddad", "Ines Duarte", "Ruth Osei")
NOTES = ("Covers the Tuesday desk.", "Works from home on Fridays.", "Speaks Portuguese and French.", "On leave in May.")
START_DATE = "Start date"


def make_sample(
    path: Path, *, people: int = 240, changes: int = 3_000, seed: int = 1, progress: Progress = unwatched
) -> None:
    """Create a directory of ``people`` and ``changes`` further changes, spread over the last twelve years.

    Raises StoreError when something is in the way; CancelledError leaves no file.
    """
    log = EventLog.create(path)
    try:
        bus = Bus(log, clock=_now, actor=ACTORS[0])
        _History(random.Random(seed), people, changes).play(bus, progress)  # noqa: S311 - made-up people, no secrets
    except BaseException:
        log.close()
        path.unlink()
        raise
    log.close()


def _now() -> int:
    return time.time_ns() // 1000


class _History:
    """Dice and a rough memory of who is there, so that hardly any command is refused or changes nothing."""

    def __init__(self, dice: random.Random, people: int, changes: int) -> None:
        self._dice = dice
        self._changes = changes
        self._ids = [self._id() for _ in range(people)]
        self._groups = {name: self._id() for name in GROUPS}
        self._member: dict[str, str] = {}
        self._status = dict.fromkeys(self._ids, "")
        self._began = 0

    def play(self, bus: Bus, progress: Progress) -> None:
        """Carry out the whole history."""
        now = _now()
        self._began = now - YEARS * YEAR
        steps = sorted(self._moments(now))
        single = min(LAST_SAVES, self._changes)
        bulk, last = steps[: len(steps) - single], steps[len(steps) - single :]
        with bus.change(causation=ImportOf("staff before Whowas.csv")) as change:
            first = [CreateGroup(group_id, name) for name, group_id in self._groups.items()]
            change.dispatch(DefineField(START_DATE), *first, occurred_at=self._began)
            for count, (moment, user_id) in enumerate(bulk):
                if count % REPORT_EVERY == 0:
                    progress(count, len(steps))
                self._step(change, moment, user_id)
        for moment, user_id in last:
            with bus.change(actor=self._dice.choice(ACTORS)) as change:
                self._step(change, moment, user_id)

    def _moments(self, now: int) -> Iterator[tuple[int, str]]:
        """Yield (moment, user id): a user's first is the creation, every other an edit."""
        for place, user_id in enumerate(self._ids):
            begun = 0 if place < len(self._ids) // 3 else self._dice.random() ** 0.7
            yield self._began + int(begun * (YEARS - 1) * YEAR) + self._dice.randrange(YEAR // 100), user_id
        for _ in range(self._changes if self._ids else 0):
            moment = self._began + YEAR // 50 + int(self._dice.random() * (YEARS * YEAR - YEAR // 50 - 3_600_000_000))
            yield min(moment, now), self._dice.choice(self._ids)

    def _step(self, change: Change, moment: int, user_id: str) -> None:
        actor = self._dice.choice(ACTORS)
        commands: list[Command] = list(self._commands(user_id, moment))
        change.dispatch(*commands, actor=actor, occurred_at=moment)

    def _commands(self, user_id: str, moment: int) -> Iterator[UserCommand]:
        dice = self._dice
        match self._status[user_id]:
            case "":
                self._status[user_id] = "active"
                yield from self._creation(user_id, moment)
            case "deleted":
                self._status[user_id] = "active"
                yield RestoreUser(user_id)
            case "suspended":
                self._status[user_id] = "active"
                yield ReactivateUser(user_id)
            case _ if dice.random() < 0.05:
                self._status[user_id] = "suspended"
                yield SuspendUser(user_id)
            case _ if dice.random() < 0.03:
                self._status[user_id] = "deleted"
                yield DeleteUser(user_id)
            case _ if dice.random() < 0.15:
                yield from self._move(user_id)
            case _:
                yield UpdateUser(user_id, self._edit())

    def _creation(self, user_id: str, moment: int) -> Iterator[UserCommand]:
        dice = self._dice
        first, last, group = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES), dice.choice(GROUPS)
        number = self._ids.index(user_id) if len(self._ids) < 5_000 else int(user_id[:8], 16)
        fields = {
            "first_name": first,
            "last_name": last,
            "email": f"{folded(first)}.{folded(last)}.{number}@example.org".replace("ł", "l").replace("ı", "i"),
            "phone": self._phone(),
            "title": dice.choice(TITLES),
            "department": group,
        }
        if dice.random() < 0.1:
            fields["notes"] = dice.choice(NOTES)
        started = time.strftime("%Y-%m-%d", time.gmtime(moment // 1_000_000))
        yield CreateUser(user_id, fields, {START_DATE: started})
        yield JoinGroup(user_id, self._groups[group])
        self._member[user_id] = group

    def _move(self, user_id: str) -> Iterator[UserCommand]:
        group = self._dice.choice([name for name in GROUPS if name != self._member[user_id]])
        yield LeaveGroup(user_id, self._groups[self._member[user_id]])
        yield JoinGroup(user_id, self._groups[group])
        yield UpdateUser(user_id, {"department": group})
        self._member[user_id] = group

    def _edit(self) -> dict[str, str | None]:
        match self._dice.randrange(4):
            case 0:
                return {"phone": self._phone()}
            case 1:
                return {"notes": self._dice.choice(NOTES)}
            case _:
                return {"title": self._dice.choice(TITLES), "phone": self._phone()}

    def _phone(self) -> str:
        return f"({self._dice.randrange(200, 300)}) 225-{self._dice.randrange(10_000):04}"

    def _id(self) -> str:
        return str(UUID(int=self._dice.getrandbits(128), version=4))
