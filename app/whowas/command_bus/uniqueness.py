"""Who holds what must be unique, while a change is being decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from whowas.domain.errors import RefusedError
from whowas.domain.fields import email_key
from whowas.domain.unique import reserved_email
from whowas.domain.users import User
from whowas.store.stream_reader import StreamReader
from whowas.store.transaction import Transaction


class Reservations:
    """Emails (of users not deleted) and external ids (of all users) with their owners, after the change so far."""

    def __init__(self, reader: StreamReader) -> None:
        self._emails = _Moves(reader.owner_of_email)
        self._external_ids = _Moves(reader.owner_of_external_id)

    def owner_of_email(self, email: str) -> str | None:
        """Return the id of the user who holds that email, in whatever case it is written."""
        return self._emails.owner(email_key(email))

    def owner_of_external_id(self, external_id: str) -> str | None:
        """Return the id of the user with that external id."""
        return self._external_ids.owner(external_id)

    def check(self, before: User | None, after: User | None) -> None:
        """Raise RefusedError if the user's present email belongs to another.

        Only a backdated command gets here with such a user: its decision saw the user of its own moment.
        """
        key = reserved_email(after)
        if key is None or after is None or key == reserved_email(before):
            return
        if self._emails.owner(key) is not None:
            raise RefusedError("email", f"Another user has the email {after.email} already.")

    def move(self, before: User | None, after: User | None) -> None:
        """Let reservations follow a user from one state to the next."""
        user = after or before
        if user is None:
            return
        if before is None or after is None or before.email != after.email or before.status != after.status:
            self._emails.move(user.id, reserved_email(before), reserved_email(after))
        self._external_ids.move(user.id, before.external_id if before else None, after.external_id if after else None)

    def write(self, transaction: Transaction) -> None:
        """Put the reservations into the database, within the transaction."""
        if self._emails.owners:
            transaction.move_emails(self._emails.released, self._emails.held())
        if self._external_ids.owners:
            transaction.move_external_ids(self._external_ids.released, self._external_ids.held())


@dataclass(slots=True)
class _Moves:
    """What became of one kind of claim during a change; ``owner_before`` says who held a key before it."""

    owner_before: Callable[[str], str | None]
    owners: dict[str, str | None] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)

    def owner(self, key: str) -> str | None:
        return self.owners[key] if key in self.owners else self.owner_before(key)

    def move(self, user_id: str, held: str | None, holds: str | None) -> None:
        if held == holds:
            return
        if held is not None:
            self.owners[held] = None
            self.released.add(held)
        if holds is not None:
            self.owners[holds] = user_id

    def held(self) -> list[tuple[str, str]]:
        return [(key, owner) for key, owner in self.owners.items() if owner is not None]
