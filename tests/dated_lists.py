"""Monthly lists of the users of an office, made from a random history: what a folder of old exports looks like."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

TITLES = ("External ID", "First name", "Last name", "E-Mail", "Phone", "Department", "Status", "Groups", "Room")
_FIRST = ("Ada", "Bo", "Cy", "Dana", "Eve", "Finn", "Gita", "Hal", "Ines", "Jon", "Kit", "Lene", "Mo", "Nils", "Ola")
_BEGINNINGS = ("Ask", "Brem", "Cor", "Dal", "Fer", "Grun", "Hal", "Lan", "Mar", "Ost", "Quis", "Ros", "Tul", "Vos")
_ENDINGS = (
    "born",
    "dau",
    "elund",
    "feld",
    "gard",
    "holm",
    "ington",
    "ler",
    "low",
    "man",
    "rant",
    "stad",
    "ton",
    "wick",
)
_LAST = tuple(beginning + middle + end for beginning in _BEGINNINGS for middle in ("", "a", "en") for end in _ENDINGS)
_DEPARTMENTS = ("Records", "Legal", "Comms", "Systems", "Front office", "")
_GROUPS = ("Badge holders", "Budget", "First aid", "Night shift", "Choir")
_ROOMS = ("101", "102", "B 7", "", "Annex")
_MONTHS = ("January", "Februar", "mars", "abril", "Mai", "juni", "Jul", "Aug", "septembre", "Okt", "Nov", "dezembro")


@dataclass(frozen=True)
class Person:
    """One row of a list; "" is a blank cell."""

    external_id: str
    first_name: str
    last_name: str
    email: str
    phone: str = ""
    department: str = ""
    status: str = "active"
    groups: frozenset[str] = frozenset()
    room: str = ""

    def cells(self) -> dict[str, str]:
        """Return the cells of the row by their titles."""
        values = (self.external_id, self.first_name, self.last_name, self.email, self.phone, self.department)
        return dict(zip(TITLES, (*values, self.status, "; ".join(sorted(self.groups)), self.room), strict=True))

    def over(self, before: Person | None) -> Person:
        """Return who they are after this row, where blank cells leave alone what was there before."""
        if before is None:
            return self
        kept = {name: getattr(self, name) or getattr(before, name) for name in self.__dataclass_fields__}
        return Person(**kept)


People = dict[str, Person]
"""Persons by their external ids."""


@dataclass
class RandomOffice:
    """An office of about as many ``users``, to whom each month something happens.

    ``blanks`` says that values go as well as come; else a list leaves blank only what nobody has said yet.
    """

    seed: int
    users: int
    blanks: bool
    people: People = field(default_factory=dict)
    left: People = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._names: set[tuple[str, str]] = set()
        self._ids = 0
        self._emails = 0
        for _ in range(self.users):
            self._join()

    def month(self) -> People:
        """Let a month go by, and return who is there at its end."""
        self._names = {(person.first_name, person.last_name) for person in self.people.values()}
        # Of small offices too somebody leaves and comes back now and then.
        for happening, share in (
            *((self._leave, 0.015), (self._join, 0.01), (self._come_back, 0.005)),
            *((self._rename, 0.01), (self._hand_on, 0.005), (self._swap, 0.003), (self._suspend, 0.01)),
            *((self._move, 0.03), (self._regroup, 0.02)),
        ):
            wanted = share * self.users
            for _ in range(int(wanted) + (self._random.random() < max(wanted % 1, 0.3))):
                happening()
        return dict(self.people)

    def _join(self) -> None:
        self._ids += 1
        first, last = self._random.choice(_FIRST), self._random.choice(_LAST)
        email = self._random.choice(list(self.left.values())).email if self.left else ""
        if email and not self._has(email) and self._random.random() < 0.3:
            # The new secretary has the old one's address, and another name: else they would perhaps be the same.
            last = f"{last}-{self._ids}"
        else:
            email = self._new_email()
        self._put(self._anything(Person(f"E{self._ids}", first, last, email)))

    def _leave(self) -> None:
        if len(self.people) > self.users * 0.8:
            person = self._anybody()
            self.left[person.external_id] = self.people.pop(person.external_id)

    def _come_back(self) -> None:
        if not self.left:
            return
        person = self.left.pop(self._random.choice(list(self.left)))
        if self._has(person.email) or not person.email:
            person = replace(person, email=self._new_email())
        self._put(self._anything(person) if self._random.random() < 0.5 else person)

    def _rename(self) -> None:
        """Give somebody another name, and not that of somebody else, who may get another one in the same month.

        Then it would look as if their ids had been exchanged.
        """
        person = self._anybody()
        last = self._random.choice(_LAST)
        if (person.first_name, last) not in self._names:
            self._put(replace(person, last_name=last, email=self._new_email()))

    def _hand_on(self) -> None:
        """Hand somebody's address on to somebody else."""
        one, other = self._anybody(), self._anybody()
        if one.external_id != other.external_id:
            self._put(replace(other, email=one.email))
            self._put(replace(one, email="" if self.blanks and self._random.random() < 0.5 else self._new_email()))

    def _swap(self) -> None:
        """Hand addresses round among two or three."""
        some = [self._anybody() for _ in range(self._random.choice((2, 3)))]
        if len({person.external_id for person in some}) == len(some):
            for person, giver in zip(some, [*some[1:], some[0]], strict=True):
                self._put(replace(person, email=giver.email or ("" if self.blanks else self._new_email())))

    def _suspend(self) -> None:
        person = self._anybody()
        self._put(replace(person, status="suspended" if person.status == "active" else "active"))

    def _move(self) -> None:
        self._put(self._anything(self._anybody()))

    def _regroup(self) -> None:
        person = self._anybody()
        group = self._random.choice(_GROUPS)
        groups = person.groups ^ {group}
        self._put(replace(person, groups=groups if groups or self.blanks else person.groups))

    def _anything(self, person: Person) -> Person:
        said = {
            "department": self._random.choice(_DEPARTMENTS),
            "room": self._random.choice(_ROOMS),
            "phone": self._random.choice(("", f"+44 20 {self._random.randrange(10**6):06}")),
        }
        return replace(person, **{name: value for name, value in said.items() if value or self.blanks})

    def _anybody(self) -> Person:
        return self._random.choice(list(self.people.values()))

    def _put(self, person: Person) -> None:
        self.people[person.external_id] = person

    def _has(self, email: str) -> bool:
        return any(person.email == email for person in self.people.values())

    def _new_email(self) -> str:
        self._emails += 1
        return f"p{self._emails}@example.org"


def monthly_lists(seed: int, lists: int, users: int, *, blanks: bool) -> Iterator[tuple[date, People]]:
    """Yield a list for the first day of each month from 2019 on."""
    office = RandomOffice(seed, users, blanks)
    for number in range(lists):
        yield date(2019 + number // 12, number % 12 + 1, 1), office.month()


def write_lists(folder: Path, lists: list[tuple[date, People]], seed: int) -> list[Path]:
    """Write lists as CSV, their rows and columns in any order and their dates in any form, and return their paths.

    The paths are in any order too.
    """
    chance = random.Random(seed)
    paths = []
    for day, people in lists:
        path = folder / f"{_any_form(day, chance)}.csv"
        rows = [person.cells() for person in people.values()]
        chance.shuffle(rows)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, chance.sample(TITLES, len(TITLES)))
            writer.writeheader()
            writer.writerows(rows)
        paths.append(path)
    chance.shuffle(paths)
    return paths


def _any_form(day: date, chance: random.Random) -> str:
    forms = [f"{day:%Y-%m}", f"users_{day:%Y%m%d}", f"{day:%Y_%m}", f"staff {_MONTHS[day.month - 1]} {day.year}"]
    if day.month % 3 == 1:
        forms.append(f"{day.year} Q{(day.month + 2) // 3}")
    return chance.choice(forms)
