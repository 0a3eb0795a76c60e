"""The same users with the ``eventsourcing`` library, written the way its documentation does."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

PAGE = 10_000
"""Events read at once; the default of 10 makes the library six times as slow, the most it can gain is had by 1,000."""


class Person(Aggregate):
    """A user."""

    @event("Created")
    def __init__(
        self,
        first_name: str | None,
        last_name: str | None,
        email: str | None,
        phone: str | None,
        title: str | None,
        department: str | None,
        notes: str | None,
        external_id: str | None,
    ) -> None:
        self.first_name = first_name
        self.last_name = last_name
        self.email = email
        self.phone = phone
        self.title = title
        self.department = department
        self.notes = notes
        self.external_id = external_id

    @event("Retitled")
    def retitle(self, title: str) -> None:
        self.title = title


class Claim(Aggregate):
    """Says whose a unique value is: its id follows from the value, so that a second claim is refused as a conflict."""

    @event("Created")
    def __init__(self, kind: str, value: str, owner: UUID) -> None:
        self.kind = kind
        self.value = value
        self.owner = owner

    @staticmethod
    def create_id(kind: str, value: str) -> UUID:
        return uuid5(NAMESPACE_URL, f"/{kind}/{value}")


class People(Application[UUID]):
    """The library's application with its SQLite module: write-ahead log, ``synchronous=FULL``, as ours."""

    log_section_size = PAGE

    def __init__(self, path: Path) -> None:
        super().__init__(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})

    def create_unchecked(self, people: list[dict[str, str | None]]) -> None:
        """Create all users and save them in one transaction, whoever else has their emails."""
        self.save(*[Person(**fields) for fields in people])

    def create(self, people: list[dict[str, str | None]]) -> None:
        """Create all users and save them in one transaction, refused if an email or external id is taken."""
        aggregates: list[Aggregate] = []
        for fields in people:
            person = Person(**fields)
            aggregates.append(person)
            unique = ((kind, fields[kind]) for kind in ("email", "external_id"))
            aggregates.extend(Claim(kind=kind, value=value.lower(), owner=person.id) for kind, value in unique if value)
        self.save(*aggregates)

    def create_and_edit(
        self, people: list[dict[str, str | None]], edits: list[tuple[int, str]], saved_at_once: int
    ) -> None:
        """Create all users, then give users new titles, in that order; nobody twice among those saved at once."""
        persons = [Person(**fields) for fields in people]
        self.save(*persons)
        for start in range(0, len(edits), saved_at_once):
            edited = []
            for number, title in edits[start : start + saved_at_once]:
                persons[number].retitle(title)
                edited.append(persons[number])
            self.save(*edited)

    def replayed(self, through: int | None = None) -> dict[UUID, Person | None]:
        """Read the log, up to the notification ``through`` or all of it, and fold it."""
        users: dict[UUID, Person | None] = {}
        start = 1
        while notifications := self.notification_log.select(start, PAGE, stop=through):
            for notification in notifications:
                happened: Any = self.mapper.to_domain_event(notification)
                users[happened.originator_id] = happened.mutate(users.get(happened.originator_id))
            start = notifications[-1].id + 1
        return users
