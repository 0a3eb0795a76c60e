"""Who ever had which name, email or other key, at any moment: from one reading of the log, and from the import itself.

Which of them had it at a certain moment is for the caller to look at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from whowas.command_bus.unit_of_work import Change
from whowas.domain.comparison_keys import email_key, external_id_key
from whowas.domain.events import DirectoryEvent, Forgotten, UserCreated, UserErased, UserUpdated
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.domain.progress import Progress
from whowas.domain.streams import UserStream
from whowas.domain.unique import Unique
from whowas.domain.users import User, evolve
from whowas.interchange.importing.people.keys import UNIQUE, field_id_of, hashed, key_of_user
from whowas.store.event_log import EventLog
from whowas.store.recorded_event import RecordedEvent

REPORT_EVERY = 500

Holders = dict[str, dict[int, tuple[str, ...]]]


class EverHeld:
    """Users by the keys that they ever had. The log is read when somebody first asks, within its write transaction.

    ``keys`` are those by which users can be asked for besides UNIQUE: ``name``, or custom fields behind
    ATTRIBUTE_PREFIX.
    """

    def __init__(self, change: Change, log: EventLog, keys: Sequence[str], progress: Progress) -> None:
        self._change = change
        self._log = log
        self._keys = (*UNIQUE, *keys)
        self._progress = progress
        self._holders: Holders | None = None
        self._ids: dict[str, None] = {}

    def holders(self, key: str, number: int) -> Collection[str]:
        """Return the ids of the users whose key was ever ``hashed`` to that number."""
        return self._known()[key].get(number, ())

    def named(self, field: Unique, key: str) -> Collection[str]:
        """Return the ids of the users who ever had an email or external id, given as its comparison form."""
        return self.holders(field, hashed(key))

    def ids(self) -> Collection[str]:
        """Return the ids of everybody who was ever created and not erased."""
        self._known()
        return self._ids

    def follow(self, user_id: str) -> None:
        """Take in what became of a user in this change."""
        if self._holders is not None:
            for _, user in states(self._change.stream(user_id)):
                if user is not None:
                    self._add(self._holders, user)

    def _known(self) -> Holders:
        if self._holders is None:
            reading = _Reading(self._keys)
            holders: Holders = {key: {} for key in self._keys}
            for count, recorded in enumerate(self._log.read(), start=1):
                user = reading.take(recorded)
                if user is not None:
                    self._add(holders, user)
                if count % REPORT_EVERY == 0:
                    self._progress(count, 0)
            self._ids = {user_id: None for user_id in self._ids if user_id in reading.users}
            self._holders = holders
            touched = (new.stream for new in self._change.events_after(0) if not isinstance(new.event, DirectoryEvent))
            for user_id in dict.fromkeys((*reading.mixed, *touched)):
                self.follow(user_id)
        return self._holders

    def _add(self, holders: Holders, user: User) -> None:
        self._ids[user.id] = None
        for key in self._keys:
            number = hashed(_key_held(user, key))
            if number and user.id not in (known := holders[key].get(number, ())):
                holders[key][number] = (*known, user.id)


class HeldNow(EverHeld):
    """Users by the emails and external ids that they have now: for a first look, which the log is too long to read for.

    They are known once they were asked for by ``named``; nobody is found by another key.
    """

    def __init__(self, change: Change, log: EventLog, progress: Progress) -> None:
        super().__init__(change, log, (), progress)
        self._found: dict[tuple[str, int], tuple[str, ...]] = {}

    def holders(self, key: str, number: int) -> Collection[str]:
        """Return the ids of the users whose key was found to be ``hashed`` to that number."""
        return self._found.get((key, number), ())

    def named(self, field: Unique, key: str) -> Collection[str]:
        """Return the ids of the users who have an email or external id now, given as its comparison form."""
        reservations = self._change.reservations
        owners = reservations.owners_of_email if field == "email" else reservations.owners_of_external_id
        found = self._found[field, hashed(key)] = tuple(sorted(owners(key)))
        return found

    def follow(self, user_id: str) -> None:
        """Take in nothing: what this change gives is asked for as it is by then."""


class _Reading:
    """What is held while the log is read: as much of each of the ``users`` as is asked for.

    ``mixed`` are the ids of those whose events are not stored in the order of their moments.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self.users: dict[str, User] = {}
        self.mixed: set[str] = set()
        self._last: dict[str, int] = {}
        self._attributes = {field_id_of(key) for key in keys if key.startswith(ATTRIBUTE_PREFIX)}

    def take(self, recorded: RecordedEvent) -> User | None:
        """Return the user after an event that may have altered a key, None where it has not."""
        event, user_id = recorded.event, recorded.stream
        if isinstance(event, DirectoryEvent):
            return None
        if recorded.occurred_at < self._last.get(user_id, 0):
            self.mixed.add(user_id)
        self._last[user_id] = recorded.occurred_at
        if isinstance(event, Forgotten | UserErased):
            self.users.pop(user_id, None)
            return None
        if not isinstance(event, UserCreated | UserUpdated):
            return None
        user = evolve(self.users.get(user_id), event)
        if user is None:
            return None
        self.users[user_id] = user = self._trimmed(user)
        return user

    def _trimmed(self, user: User) -> User:
        attributes = {name: user.attributes[name] for name in self._attributes if name in user.attributes}
        names = user.first_name, user.last_name, user.email
        return User(user.id, user.version, "active", *names, external_id=user.external_id, attributes=attributes)


def states(stream: UserStream) -> Iterator[tuple[int, User | None]]:
    """Yield what each of a user's events made of them, and when (UTC µs), in timeline order."""
    user = None
    for when_us, _, event in stream.events:
        user = evolve(user, event)
        yield when_us, user


def _key_held(user: User, key: str) -> str:
    """Return the comparison form of a user's key, also of one that nobody could have today."""
    match key:
        case "email":
            return email_key(user.email) if user.email else ""
        case "external_id":
            return external_id_key(user.external_id) if user.external_id else ""
        case _:
            return key_of_user(user, key)
