"""Users to measure with: the same for every side, and in every run."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import uuid_utils

from whowas.domain.commands import CreateUser

_FIRST = ("Ada", "Bao", "Chloé", "Dmitri", "Eilidh", "Farah", "Grace", "Hugo", "Ines", "Jörg", "Kofi", "Lena")
_LAST = ("Almeida", "Brontë", "Curie", "Dvořák", "Eriksen", "Fischer", "García", "Hopper", "Ito", "Jansen", "Kumar")
_TITLES = ("Assistant", "Bursar", "Clerk", "Director", "Engineer", "Fellow", "Head of year", "Librarian", "Teacher")
_DEPARTMENTS = ("Accounts", "Admissions", "English", "Estates", "Human resources", "IT", "Mathematics", "Science")


def fields_of(count: int, seed: int = 1) -> Iterator[dict[str, str | None]]:
    """Yield the fields of ``count`` different people; about one in five has notes."""
    random = Random(seed)
    for number in range(count):
        first, last = random.choice(_FIRST), random.choice(_LAST)
        yield {
            "first_name": first,
            "last_name": last,
            "email": f"{first[0]}.{last}.{random.getrandbits(24):06x}{number}@example.org".lower(),
            "phone": f"+44 20 7946 {random.randrange(10_000):04}",
            "title": random.choice(_TITLES),
            "department": random.choice(_DEPARTMENTS),
            "notes": f"Came with the class of {random.randrange(1990, 2026)}." if random.random() < 0.2 else None,
            "external_id": f"EMP-{number:07}",
        }


def create_commands(count: int, seed: int = 1) -> list[CreateUser]:
    """Return the commands that create those people, each under a new id."""
    return [CreateUser(str(uuid_utils.uuid7()), fields) for fields in fields_of(count, seed)]
