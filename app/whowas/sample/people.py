"""Made-up people: who they are, and the commands of their careers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from whowas.domain.commands import (
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
from whowas.sample.words import (
    DEPARTMENTS,
    FIRST_NAMES,
    LAST_NAMES,
    NOTES,
    ROOM,
    SPECIAL_GROUPS,
    START_DATE,
    TITLES,
    mailbox,
)


@dataclass(slots=True)
class Person:
    """What must be known of a person so that no command about them is refused."""

    id: str
    first_name: str = ""
    last_name: str = ""
    department: str = ""
    status: Status = "active"
    special_groups: set[str] = field(default_factory=set)


class Careers:
    """Decides by dice what happens to people. ``groups`` maps names to ids."""

    def __init__(self, dice: random.Random, groups: Mapping[str, str]) -> None:
        self._dice = dice
        self._groups = groups
        self._mailboxes: Counter[str] = Counter()

    def beginning(self, person: Person, moment: int) -> Iterator[UserCommand]:
        """Yield the commands that create ``person`` at ``moment`` (UTC microseconds)."""
        dice = self._dice
        person.first_name, person.last_name = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
        person.department = dice.choice(DEPARTMENTS)
        fields = {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": self._email(person),
            "phone": self._phone(),
            "title": dice.choice(TITLES),
            "department": person.department,
        }
        if dice.random() < 0.1:
            fields["notes"] = dice.choice(NOTES)
        attributes = {START_DATE: datetime.fromtimestamp(moment / 1_000_000, UTC).date().isoformat()}
        if dice.random() < 0.5:
            attributes[ROOM] = self._room()
        yield CreateUser(person.id, fields, attributes)
        yield JoinGroup(person.id, self._groups[person.department])

    def next(self, person: Person) -> Iterator[UserCommand]:
        """Yield the commands of what happens to ``person`` next; there is always something."""
        chance = self._dice.random()
        match person.status:
            case "deleted":
                person.status = "active"
                yield RestoreUser(person.id)
            case "suspended":
                person.status = "active"
                yield ReactivateUser(person.id)
            case "active" if chance < 0.05:
                person.status = "suspended"
                yield SuspendUser(person.id)
            case "active" if chance < 0.08:
                person.status = "deleted"
                yield DeleteUser(person.id)
            case "active" if chance < 0.2:
                yield from self._move(person)
            case "active" if chance < 0.35:
                yield self._special_group(person)
            case "active" if chance < 0.4:
                person.last_name = self._another(LAST_NAMES, person.last_name)
                yield UpdateUser(person.id, {"last_name": person.last_name, "email": self._email(person)})
            case "active":
                yield self._edit(person)

    def _move(self, person: Person) -> Iterator[UserCommand]:
        yield LeaveGroup(person.id, self._groups[person.department])
        person.department = self._another(DEPARTMENTS, person.department)
        yield JoinGroup(person.id, self._groups[person.department])
        yield UpdateUser(person.id, {"department": person.department}, {ROOM: self._room()})

    def _special_group(self, person: Person) -> UserCommand:
        name = self._dice.choice(SPECIAL_GROUPS)
        if name in person.special_groups:
            person.special_groups.remove(name)
            return LeaveGroup(person.id, self._groups[name])
        person.special_groups.add(name)
        return JoinGroup(person.id, self._groups[name])

    def _edit(self, person: Person) -> UserCommand:
        phone = self._phone()
        match self._dice.randrange(4):
            case 0:
                return UpdateUser(person.id, {"phone": phone})
            case 1:
                return UpdateUser(person.id, {"notes": self._dice.choice(NOTES), "phone": phone})
            case _:
                return UpdateUser(person.id, {"title": self._dice.choice(TITLES), "phone": phone})

    def _email(self, person: Person) -> str:
        name = mailbox(person.first_name, person.last_name)
        self._mailboxes[name] += 1
        number = self._mailboxes[name]
        return f"{name}@example.org" if number == 1 else f"{name}{number}@example.org"

    def _phone(self) -> str:
        return f"({self._dice.randrange(200, 300)}) 225-{self._dice.randrange(10_000):04}"

    def _room(self) -> str:
        return f"{self._dice.choice('ABC')} {self._dice.randrange(100, 500)}"

    def _another(self, choices: tuple[str, ...], than: str) -> str:
        return self._dice.choice([choice for choice in choices if choice != than])
