"""Reservations of unique values (emails, external ids, those of unique custom fields) while a change is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from whowas.command_bus.key_owners import KeyOwners
from whowas.domain.comparison_keys import email_key, external_id_key
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.domain.unique import (
    SPACES,
    HeldValue,
    Unique,
    UniqueFields,
    held_values,
    keys_in,
    reserved,
    reserved_email,
    reserved_external_id,
    taken,
    unique_fields,
)
from whowas.domain.users import User
from whowas.store.decided import Owners
from whowas.store.gc_pauses import let_go
from whowas.store.stream_reader import StreamReader


class ContestedValue(NamedTuple):
    """A unique value that a user came to hold while the users called ``others`` (by id) hold it too.

    ``field`` is "email", "external_id", or the id of a custom field behind ATTRIBUTE_PREFIX; that field's name is then
    ``called``, and ``by_deleted`` says whether all others are deleted.
    """

    user_id: str
    field: str
    value: str
    others: frozenset[str]
    called: str = ""
    by_deleted: bool = False

    def refusal(self) -> RefusedError:
        """Return the refusal of it."""
        return taken(self.field, self.value, self.called, by_deleted=self.by_deleted)


class KeyMove(NamedTuple):
    """The keys that a user gives up and takes in a name space."""

    user_id: str
    space: Unique
    released: frozenset[str]
    claimed: frozenset[str]


class Reservations:
    """The owners of emails (of users not deleted) and external ids (of all users), after the change so far.

    Unique custom fields have their keys among those, see ``domain.unique``. A key has one owner as a rule. It has
    several while a block of commands is judged by its result only, and in files that hold what counted as different
    when it was written.
    """

    def __init__(
        self, reader: StreamReader, user: Callable[[str], User | None], directory: Callable[[], Directory]
    ) -> None:
        """``user`` returns somebody, and ``directory`` the directory itself, after the change so far."""
        self._reader = reader
        self._user = user
        self._directory = directory
        self._emails = KeyOwners(reader.owners_of_email)
        self._external_ids = KeyOwners(reader.owners_of_external_id)

    def owners_of_email(self, email: str) -> frozenset[str]:
        """Return the ids of the users who hold that email, given as it is written or as its comparison key."""
        if self._reader.former_keys is None:
            return self._emails.of(email_key(email))
        return self._owners("email", self._emails, email, email_key(email))

    def owners_of_external_id(self, external_id: str) -> frozenset[str]:
        """Return the ids of the users with that external id, given as it is written or as its comparison key."""
        if self._reader.former_keys is None:
            return self._external_ids.of(external_id_key(external_id))
        return self._owners("external_id", self._external_ids, external_id, external_id_key(external_id))

    def owner_of_email(self, email: str) -> str | None:
        """Return the id of a user who holds that email, the first one of several, or None."""
        return min(self.owners_of_email(email), default=None)

    def owner_of_external_id(self, external_id: str) -> str | None:
        """Return the id of a user with that external id, the first one of several, or None."""
        return min(self.owners_of_external_id(external_id), default=None)

    def check(self, before: User | None, after: User | None) -> None:
        """Raise RefusedError if the user's present email, or a custom field, came to have what another user has.

        Of the email, needed only after a backdated command, which was decided on the user as of its own time.
        """
        for contested in self.contested(before, after):
            if contested.field != "external_id":
                raise contested.refusal()

    def contested(self, before: User | None, after: User | None) -> Iterator[ContestedValue]:
        """Yield what a user holds ``after`` that others hold too, and that was not theirs ``before``."""
        if after is None:
            return
        if after.attributes:
            yield from self._contested_in_fields(before, after)
        owners: tuple[tuple[Unique, KeyOwners], ...] = (("email", self._emails), ("external_id", self._external_ids))
        for name, owned in owners:
            key, value = reserved(name, after), after.text(name)
            if key is None or value is None or key == reserved(name, before):
                continue
            others = self._owners(name, owned, value, key) - {after.id}
            if others:
                yield ContestedValue(after.id, name, value, others)

    def move(self, before: User | None, after: User | None) -> None:
        """Release and claim values as a user goes from one state to the next."""
        moved = before or after
        if moved is None:
            return
        has_fields = moved.attributes or (after is not None and after.attributes)
        # Asked for the directory, this does not stand where somebody makes a field unique meanwhile.
        if has_fields and not _stays(before, after) and (fields := unique_fields(self._directory())):
            self._move_all(moved.id, before, after, fields)
            return
        if before is None or after is None or before.email != after.email or before.status != after.status:
            self._meet("email", before, after)
            self._emails.move(moved.id, reserved_email(before), reserved_email(after))
        if before is None or after is None or before.external_id != after.external_id:
            self._meet("external_id", before, after)
            self._external_ids.move(moved.id, reserved_external_id(before), reserved_external_id(after))

    def described(self, before: UniqueFields, after: UniqueFields, users: Iterable[User]) -> list[KeyMove]:
        """Return what is released and claimed where other fields are unique than before, by ``users`` who hold it."""
        if after and (former_keys := self._reader.former_keys) is not None:
            former_keys.renew()  # files of old have one owner for a key, and programs of then know no such keys
        moves: list[KeyMove] = []
        for user in users:
            for space in SPACES:
                held, holds = keys_in(space, user, before), keys_in(space, user, after)
                if held != holds:
                    moves.append(KeyMove(user.id, space, held - holds, holds - held))
        return moves

    def shared_by(self, moves: Iterable[KeyMove]) -> Iterator[tuple[str, frozenset[str]]]:
        """Yield the keys that several users would have after ``moves``, and their ids."""
        claims: dict[tuple[Unique, str], list[str]] = {}
        given_up: set[tuple[str, str]] = set()
        for user_id, space, released, claimed in moves:
            given_up.update((key, user_id) for key in released)
            for key in claimed:
                claims.setdefault((space, key), []).append(user_id)
        for (space, key), users in claims.items():
            others = [owner for owner in self._owned(space).of(key) if (key, owner) not in given_up]
            owners = frozenset((*users, *others))
            if len(owners) > 1:
                yield key, owners

    def carry_out(self, moves: Iterable[KeyMove]) -> None:
        """Release and claim that."""
        for user_id, space, released, claimed in moves:
            for key in released:
                self._owned(space).move(user_id, key, None)
            for key in claimed:
                self._owned(space).move(user_id, None, key)

    def held_in(self, fields: UniqueFields, key: str, owners: Iterable[str]) -> HeldValue | None:
        """Return how the first of these users who has that key in a custom field has it, None if nobody has."""
        found = (held for owner in sorted(owners) for held in _in_fields(self._user(owner), fields))
        return next((held for held in found if held.key == key), None)

    def _contested_in_fields(self, before: User | None, after: User) -> Iterator[ContestedValue]:
        if before is not None and before.attributes is after.attributes and before.status == after.status:
            return
        if not (fields := unique_fields(self._directory())):
            return
        known = {held.field: held.key for held in held_values(before, fields)}
        for held in _in_fields(after, fields):
            if held.key == known.get(held.field):
                continue
            others = self._owned(held.space).of(held.key) - {after.id}
            if others:
                called = self._directory().fields[held.field.removeprefix(ATTRIBUTE_PREFIX)]
                found = [self._user(other) for other in others]
                by_deleted = all(user is not None and user.status == "deleted" for user in found)
                yield ContestedValue(after.id, held.field, held.value, others, called, by_deleted)

    def _move_all(self, user_id: str, before: User | None, after: User | None, fields: UniqueFields) -> None:
        for space in SPACES:
            held, holds = keys_in(space, before, fields), keys_in(space, after, fields)
            self.carry_out([KeyMove(user_id, space, held - holds, holds - held)])

    def _owned(self, space: Unique) -> KeyOwners:
        return self._emails if space == "email" else self._external_ids

    def _meet(self, field: Unique, before: User | None, after: User | None) -> None:
        for user in (before, after):
            if (former_keys := self._reader.former_keys) is None:  # what the first of the two holds may have renewed it
                return
            if user is not None and (text := user.text(field)) is not None:
                former_keys.meet(field, text)

    def _owners(self, field: Unique, owned: KeyOwners, text: str, key: str) -> frozenset[str]:
        if self._reader.former_keys is not None:
            self._reader.former_keys.meet(field, text)
        owners = owned.of(key)
        if self._reader.former_keys is not None and any(reserved(field, self._user(owner)) != key for owner in owners):
            self._reader.former_keys.renew()
            owners = owned.of(key)
        return owners

    @property
    def have_moved(self) -> bool:
        """Whether anybody gave up or took anything."""
        emails, external_ids = self._emails, self._external_ids
        return bool(emails.claimed or emails.released or external_ids.claimed or external_ids.released)

    def are_shared(self) -> bool:
        """Say whether somebody came to hold what others hold too."""
        return self._emails.are_shared() or self._external_ids.are_shared()

    def let_go(self) -> None:
        """Free what is kept of the owners, in pieces; nothing can be asked any more."""
        emails, external_ids = self._emails, self._external_ids
        if self.have_moved:
            let_go(emails.claimed, emails.released, external_ids.claimed, external_ids.released)

    def moves(self) -> tuple[Owners, Owners, Owners, Owners]:
        """Return the (comparison key, user id) pairs of emails released and claimed, then those of external ids."""
        if not self.have_moved:  # as by most edits
            return (), (), (), ()
        emails, external_ids = self._emails, self._external_ids
        return list(emails.released), emails.held(), list(external_ids.released), external_ids.held()


def _stays(before: User | None, after: User | None) -> bool:
    """Say whether a user keeps all that may be unique."""
    return (
        before is not None
        and after is not None
        and before.attributes is after.attributes
        and before.status == after.status
        and before.email == after.email
        and before.external_id == after.external_id
    )


def _in_fields(user: User | None, fields: UniqueFields) -> Iterator[HeldValue]:
    return (held for held in held_values(user, fields) if held.field.startswith(ATTRIBUTE_PREFIX))
