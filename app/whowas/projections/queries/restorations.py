"""What restoring a moment would do to each user, read where it is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, overload

import numpy as np

from whowas.domain.custom_fields import left_alone
from whowas.domain.errors import RefusedError
from whowas.domain.fields import ATTRIBUTE_PREFIX, label
from whowas.domain.progress import Progress
from whowas.domain.sentences import FieldChange, field_changes, group_names
from whowas.domain.unique import HeldValue, Unique, held_values, keys_in, reserved, unique_fields
from whowas.domain.users import User
from whowas.projections.index.version_index import Mask, VersionIndex
from whowas.projections.queries.restore_candidates import Differing
from whowas.projections.tables.arrays import Int32, Int64
from whowas.projections.tables.parameters import marks
from whowas.projections.tables.read_model import ReadModel

ROWS_AT_ONCE = 250

_PASSWORDS = "SELECT number, password FROM version_row WHERE password IS NOT NULL AND number IN ({})"


class Owners(Protocol):
    """Who has what only one user may have, now; see ``EventLog``."""

    def owners_of_email(self, key: str) -> Sequence[str]: ...
    def owners_of_external_id(self, key: str) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """A value of then that does not come back, because somebody called ``owner`` has it now and keeps it.

    ``field`` is "email", "external_id", or the id of a unique custom field behind ATTRIBUTE_PREFIX; ``called`` is what
    people call it.
    """

    field: str
    value: str
    owner: str
    called: str


@dataclass(frozen=True, slots=True)
class Restoration:
    """What restoring would do to one user: ``now`` becomes ``then``, which differs from it by ``changes``.

    Who was not there yet is deleted: ``then`` is the user as now, deleted. ``then`` goes without what is ``taken``.
    """

    now: User
    then: User
    changes: tuple[FieldChange, ...]
    taken: tuple[Taken, ...] = ()


class Restorations(Sequence[Restoration]):
    """The users who would be brought back; nobody can join or leave but groups that are ``there``.

    Values in custom fields that are deleted now stay as they are, as they do not show. ``names`` is that of
    ``Directory``. Asked for one that cannot be read any more, it raises RefusedError.
    """

    def __init__(
        self,
        read_model: ReadModel,
        index: VersionIndex,
        found: Differing,
        names: Mapping[str, str],
        there: frozenset[str],
        owners: Owners | None,
        *,
        passwords: bool,
    ) -> None:
        self._read_model = read_model
        self._index = index
        self._found = found
        self._names = names
        self._there = there
        self._owners = owners
        self._passwords = passwords
        self._unique = unique_fields(index.latest_directory())

    @property
    def numbers(self) -> Int32:
        """The users' numbers, ascending."""
        return self._found.users

    def settle(self, progress: Progress) -> int:
        """Leave out who does not differ in what counts; return how many had another password. Raises CancelledError."""
        found = self._found
        other = self._other_passwords(progress)
        maybe = found.maybe | bool(self._index.latest_directory().deleted_fields)
        doubtful = np.flatnonzero(maybe if self._passwords else maybe | other)
        kept = np.ones(len(found.users), dtype=np.bool_)
        for start in range(0, len(doubtful), ROWS_AT_ONCE):
            progress(start, len(doubtful))
            indices = doubtful[start : start + ROWS_AT_ONCE]
            kept[indices] = [bool(one.changes) for one in self._read(indices)]
        self._found = found.kept(kept)
        return int(np.count_nonzero(other))

    def __len__(self) -> int:
        return len(self._found.users)

    @overload
    def __getitem__(self, index: int) -> Restoration: ...
    @overload
    def __getitem__(self, index: slice) -> list[Restoration]: ...
    def __getitem__(self, index: int | slice) -> Restoration | list[Restoration]:
        if isinstance(index, slice):
            return self._read(np.arange(len(self))[index])
        return self._read(np.arange(len(self))[index : index + 1 or None])[0]

    def __iter__(self) -> Iterator[Restoration]:
        for start in range(0, len(self), ROWS_AT_ONCE):
            yield from self[start : start + ROWS_AT_ONCE]

    def _read(self, indices: Int64) -> list[Restoration]:
        return [self._restoration(now, then) for now, then in self._states(indices)]

    def _states(self, indices: Int64) -> list[tuple[User, User]]:
        """Return how users are and would be if nobody else had what was theirs."""
        pairs = [(int(self._found.now[index]), int(self._found.then[index])) for index in indices]
        rows = self._users([number for pair in pairs for number in pair if number])
        return [(rows[now], self._brought_back(rows[now], rows[then] if then else None)) for now, then in pairs]

    def _brought_back(self, now: User, then: User | None) -> User:
        if then is None:
            return now._replace(status="deleted")
        groups = (then.groups & self._there) | (now.groups - self._there)
        then = then._replace(groups=groups, password=then.password if self._passwords else now.password)
        directory = self._index.latest_directory()
        if directory.deleted_fields:
            then = then._replace(attributes=left_alone(then.attributes, now.attributes, directory.fields))
        return then

    def _restoration(self, now: User, then: User) -> Restoration:
        taken = tuple(self._taken(now, then))
        for one in taken:
            # An email is nobody's while its user is deleted; coming back, they would hold it.
            keeps = now.value(one.field) if reserved(one.field, now, self._unique) else None
            if one.field.startswith(ATTRIBUTE_PREFIX):
                attributes = {**then.attributes, one.field.removeprefix(ATTRIBUTE_PREFIX): keeps}
                then = then._replace(attributes={key: text for key, text in attributes.items() if text is not None})
            elif one.field == "external_id":
                then = then._replace(external_id=keeps)
            else:
                then = then._replace(email=keeps)
        changes = field_changes(now, then, self._names)
        if now.groups != then.groups and all(change.field != "groups" for change in changes):
            # A group that ended and another one that was made since under its name.
            groups = ", ".join(group_names(then.groups, self._names))
            changes.append(FieldChange("groups", groups, groups))
        return Restoration(now, then, tuple(changes), taken)

    def _taken(self, now: User, then: User) -> Iterator[Taken]:
        for held in held_values(then, self._unique):
            owner = self._who_keeps(held, now)
            if owner is not None:
                fields = self._index.latest_directory().fields
                called = fields.get(held.field.removeprefix(ATTRIBUTE_PREFIX)) or label(held.field)
                yield Taken(held.field, held.value, owner, called)

    def _who_keeps(self, held: HeldValue, now: User) -> str | None:
        """Return the name of who has the value that comes back, and does not give it up for another or for good.

        Values may pass along a row of users, of whom the last decides; in a circle everybody moves on.
        """
        if self._owners is None or held.key in keys_in(held.space, now, self._unique):
            return None
        holder: User | None = None
        asked, passing = {now.id}, [held.key]
        while passing:
            value = passing.pop()
            for owner in self._owners_of(held.space, value):
                if owner in asked:
                    continue
                asked.add(owner)
                user, would_be = self._both(owner)
                holder = holder or user
                wanted = keys_in(held.space, would_be, self._unique)
                if would_be is None or value in wanted:
                    return holder.name
                passing += wanted - keys_in(held.space, user, self._unique)
        return None

    def _owners_of(self, space: Unique, key: str) -> Sequence[str]:
        assert self._owners is not None
        return self._owners.owners_of_email(key) if space == "email" else self._owners.owners_of_external_id(key)

    def _both(self, user_id: str) -> tuple[User, User | None]:
        """Return how a user is, and how they would be if they are among those who are brought back."""
        number = self._read_model.user_number(user_id)
        index = int(np.searchsorted(self._found.users, number)) if number is not None else 0
        if index < len(self) and self._found.users[index] == number:
            return self._states(np.array([index]))[0]
        row = None if number is None else self._index.row_of(number, self._index.now)
        rows = self._users([] if row is None else [row])
        if row is None:
            raise _gone()
        return rows[row], None

    def _users(self, numbers: Sequence[int]) -> dict[int, User]:
        rows = {row.number: row.user for row in self._read_model.rows(numbers)}
        if any(number not in rows for number in numbers):
            raise _gone()
        return rows

    def _other_passwords(self, progress: Progress) -> Mask:
        """Return the mask of those who had another password, or none, or have none now."""
        found = self._found
        other = np.zeros(len(found.users), dtype=np.bool_)
        for start in range(0, len(other), ROWS_AT_ONCE):
            progress(start, len(other))
            part = slice(start, start + ROWS_AT_ONCE)
            now, then = found.now[part].tolist(), found.then[part].tolist()
            asked = [*now, *then]
            passwords = dict(self._read_model.select(_PASSWORDS.format(marks(asked)), asked))
            if passwords:
                other[part] = [
                    bool(last) and passwords.get(first) != passwords.get(last)
                    for first, last in zip(now, then, strict=True)
                ]
        return other


def _gone() -> RefusedError:
    return RefusedError("", "What is shown has to be made again. Please look once more.")
