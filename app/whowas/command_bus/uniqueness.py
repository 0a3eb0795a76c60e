"""Reservations of unique values (emails and external ids) while a change is being decided."""

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
    """The owners of emails (of users not deleted) and external ids (of all users), after the change so far."""

    def __init__(self, reader: StreamReader) -> None:
        self._emails = _Moves(reader.owner_of_email)
        self._external_ids = _Moves(reader.owner_of_external_id)

    def owner_of_email(self, email: str) -> str | None:
        """Return the id of the user who holds that email, ignoring case, or None."""
        return self._emails.owner(email_key(email))

    def owner_of_external_id(self, external_id: str) -> str | None:
        """Return the id of the user with that external id, or None."""
        return self._external_ids.owner(external_id)

    def check(self, before: User | None, after: User | None) -> None:
        """Raise RefusedError if the user's present email belongs to another user.

        Needed only after a backdated command, which was decided on the user as of its own time.
        """
        key = reserved_email(after)
        if key is None or after is None or key == reserved_email(before):
            return
        if self._emails.owner(key) is not None:
            raise RefusedError("email", f"Another user has the email {after.email} already.")

    def move(self, before: User | None, after: User | None) -> None:
        """Release and claim values as a user goes from one state to the next."""
        user = after or before
        if user is None:
            return
        if before is None or after is None or before.email != after.email or before.status != after.status:
            self._emails.move(user.id, reserved_email(before), reserved_email(after))
        self._external_ids.move(user.id, before.external_id if before else None, after.external_id if after else None)

    def write(self, transaction: Transaction) -> None:
        """Write the changed reservations to the owner tables, within the transaction."""
        if self._emails.owners:
            transaction.move_emails(self._emails.released, self._emails.held())
        if self._external_ids.owners:
            transaction.move_external_ids(self._external_ids.released, self._external_ids.held())


@dataclass(slots=True)
class _Moves:
    """How the owners of one kind of value change; ``owner_before`` returns who held a key before the change."""

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
