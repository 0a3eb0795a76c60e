"""Who holds what must be unique, while a change is being decided."""

from __future__ import annotations

from whowas.domain.errors import RefusedError
from whowas.domain.fields import email_key
from whowas.domain.users import User
from whowas.store.transaction import Transaction


class Claims:
    """Emails (of users not deleted) and external ids (of all users) with their owners, after the change so far."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._emails: dict[str, str | None] = {}
        self._external_ids: dict[str, str | None] = {}

    def owner_of_email(self, email: str) -> str | None:
        """Return the id of the user who holds that email, in whatever case it is written."""
        return self._owner_of_key(email_key(email))

    def owner_of_external_id(self, external_id: str) -> str | None:
        """Return the id of the user with that external id."""
        if external_id in self._external_ids:
            return self._external_ids[external_id]
        return self._transaction.owner_of_external_id(external_id)

    def check(self, before: User | None, after: User | None) -> None:
        """Raise RefusedError if the user's present email belongs to another.

        Only a backdated command gets here with such a user: its decision saw the user of its own moment.
        """
        key = _email_of(after)
        if key is not None and after is not None and key != _email_of(before) and self._owner_of_key(key) is not None:
            raise RefusedError("email", f"Another user has the email {after.email} already.")

    def move(self, before: User | None, after: User | None) -> None:
        """Let claims follow a user from one state to the next."""
        _move(self._emails, after, _email_of(before), _email_of(after))
        _move(
            self._external_ids,
            after,
            before.external_id if before else None,
            after.external_id if after else None,
        )

    def write(self) -> None:
        """Put the claims into the database, within the transaction."""
        self._transaction.move_emails(list(self._emails), _held(self._emails))
        self._transaction.move_external_ids(list(self._external_ids), _held(self._external_ids))

    def _owner_of_key(self, key: str) -> str | None:
        return self._emails[key] if key in self._emails else self._transaction.owner_of_email(key)


def _email_of(user: User | None) -> str | None:
    if user is None or user.email is None or user.status == "deleted":
        return None
    return email_key(user.email)


def _move(owners: dict[str, str | None], user: User | None, held: str | None, holds: str | None) -> None:
    if held != holds:
        if held is not None:
            owners[held] = None
        if holds is not None and user is not None:
            owners[holds] = user.id


def _held(owners: dict[str, str | None]) -> list[tuple[str, str]]:
    return [(key, owner) for key, owner in owners.items() if owner is not None]
