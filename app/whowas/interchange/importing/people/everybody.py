"""Everybody in the directory, by name and by custom fields, from the log: right whatever the read side says.

It is read within the write transaction of the import, before anything is decided, and only where an import needs it:
reading a log of a million events takes seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from whowas.domain.events import DirectoryEvent
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.domain.progress import Progress, watched
from whowas.domain.users import User, evolve
from whowas.interchange.importing.people.as_of import LatestMoment
from whowas.interchange.importing.people.keys import field_id_of, hashed, key_of_user
from whowas.interchange.one_change import OneChange
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent

REPORT_EVERY = 500


class Everybody(Protocol):
    """Who is there, who has which name, or which value of a custom field that is a key; deleted users do not count."""

    def owners(self, key: str, number: int) -> tuple[str, ...]:
        """Return the ids of the users whose key, in its comparison form, is ``hashed`` to that number."""

    def present(self, group_id: str | None = None) -> set[str]:
        """Return the ids of all users who are not deleted, or of those of them who are in a group."""

    def deleted(self) -> Iterator[User]:
        """Yield all users who are deleted, with all that is known of them."""


class EverybodyThen:
    """Everybody as of the moment of a list."""

    def __init__(self, change: LatestMoment, progress: Progress) -> None:
        self._change = change
        self._progress = progress

    def itself(self) -> Everybody:
        """Return this, to who asks for it only when it is needed."""
        return self

    def owners(self, key: str, number: int) -> tuple[str, ...]:
        """Return the ids of the users whose key, in its comparison form, is ``hashed`` to that number."""
        return tuple(
            user.id
            for user in map(self._change.user, self._change.ever.holders(key, number))
            if user is not None and user.status != "deleted" and hashed(key_of_user(user, key)) == number
        )

    def present(self, group_id: str | None = None) -> set[str]:
        """Return the ids of all users who are not deleted, or of those of them who are in a group."""
        return {
            user.id
            for user in self._all()
            if user.status != "deleted" and (group_id is None or group_id in user.groups)
        }

    def deleted(self) -> Iterator[User]:
        """Yield all users who are deleted, with all that is known of them."""
        return (user for user in self._all() if user.status == "deleted")

    def _all(self) -> Iterator[User]:
        for user_id in watched(self._change.ever.ids(), 0, self._progress):
            user = self._change.user(user_id)
            if user is not None:
                yield user


class EverybodyNow:
    """Everybody as of now.

    ``keys`` are those by which users can be asked for: ``name``, or custom fields behind ATTRIBUTE_PREFIX.
    """

    def __init__(self, change: OneChange, log: EventLog, keys: Sequence[str], progress: Progress) -> None:
        self._change = change
        self._attributes = {field_id_of(key) for key in keys if key.startswith(ATTRIBUTE_PREFIX)}
        self._users: dict[str, User] = {}
        self._last: dict[str, int] = {}
        self._mixed: set[str] = set()
        for count, recorded in enumerate(log.read(), start=1):
            self._take(recorded)
            if count % REPORT_EVERY == 0:
                progress(count, 0)
        self._last.clear()
        self._ids: dict[str, dict[int, tuple[str, ...]]] = {key: {} for key in keys}
        for count, user in enumerate(self._present(), start=1):
            for key, known in self._ids.items():
                if number := hashed(key_of_user(user, key)):
                    known[number] = (*known.get(number, ()), user.id)
            if count % REPORT_EVERY == 0:
                progress(count, 0)

    def owners(self, key: str, number: int) -> tuple[str, ...]:
        """Return the ids of the users whose key, in its comparison form, is ``hashed`` to that number."""
        return self._ids[key].get(number, ())

    def present(self, group_id: str | None = None) -> set[str]:
        """Return the ids of all users who are not deleted, or of those of them who are in a group."""
        return {user.id for user in self._present() if group_id is None or group_id in user.groups}

    def deleted(self) -> Iterator[User]:
        """Yield all users who are deleted, with all that is known of them."""
        for user_id, known in self._users.items():
            if known.status == "deleted" or user_id in self._mixed:
                user = self._change.user(user_id)
                if user is not None and user.status == "deleted":
                    yield user

    def _present(self) -> Iterator[User]:
        for user_id, known in self._users.items():
            user = self._change.user(user_id) if user_id in self._mixed else known
            if user is not None and user.status != "deleted":
                yield user

    def _take(self, recorded: RecordedEvent) -> None:
        event, user_id = recorded.event, recorded.stream
        if isinstance(event, DirectoryEvent):
            return
        if recorded.occurred_at < self._last.get(user_id, 0):
            self._mixed.add(user_id)  # their events are not stored in the order of their moments
        self._last[user_id] = recorded.occurred_at
        user = evolve(self._users.get(user_id), event)
        if user is None:
            self._users.pop(user_id, None)
        else:
            self._users[user_id] = self._trimmed(user)

    def _trimmed(self, user: User) -> User:
        """Return as much of the user as is asked for, so that little of everybody is held."""
        attributes = {name: user.attributes[name] for name in self._attributes if name in user.attributes}
        return User(
            user.id,
            user.version,
            user.status,
            user.first_name,
            user.last_name,
            groups=user.groups,
            attributes=attributes or _NONE,
        )


_NONE: dict[str, str] = {}
