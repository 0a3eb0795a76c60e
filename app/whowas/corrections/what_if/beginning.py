"""The log up to the first change taken out, on which what was recorded after it is decided again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter

from whowas.domain.directory import Directory
from whowas.domain.events import DirectoryEvent, Event, UserEvent
from whowas.domain.streams import DirectoryStream, fold
from whowas.domain.unique import NO_FIELDS, UniqueFields, held_values, unique_fields
from whowas.domain.users import User
from whowas.store.chain import GENESIS, Head
from whowas.store.former_keys import FormerKeys
from whowas.store.gc_pauses import let_go
from whowas.store.recorded_event import RecordedEvent


def user_events(events: Iterable[tuple[int, Event]]) -> list[tuple[int, UserEvent]]:
    """Return a user's events, given as they were recorded, in timeline order."""
    found = [(occurred_at, event) for occurred_at, event in events if not isinstance(event, DirectoryEvent)]
    return sorted(found, key=itemgetter(0))


def own_stream(events: Iterable[tuple[int, Event]]) -> DirectoryStream:
    """Return the stream of the directory itself, from its events as they were recorded."""
    stream = DirectoryStream()
    for occurred_at, event in events:
        if isinstance(event, DirectoryEvent):
            stream = stream.then(occurred_at, event)
    return stream


class Beginning:
    """Events as they were recorded, in memory; a ``StreamReader`` once it is settled."""

    def __init__(self, directory_id: str) -> None:
        self.directory_id = directory_id
        self.head = Head(0, GENESIS)
        self.last_recorded_at = 0
        self.former_keys: FormerKeys | None = None
        self.users: dict[str, User] = {}
        self.directory = Directory()
        self._streams: dict[str, list[tuple[int, Event]]] = {}
        self._emails: dict[str, tuple[str, ...]] = {}
        self._unique: UniqueFields = NO_FIELDS
        self._external_ids: dict[str, tuple[str, ...]] = {}

    def take(self, recorded: RecordedEvent) -> None:
        """Let the beginning go on to the next event of the log."""
        self._streams.setdefault(recorded.stream, []).append((recorded.occurred_at, recorded.event))

    def settle(self) -> None:
        """Find out what everybody is, and who holds what, where the beginning ends; nothing is taken after this."""
        self.directory = own_stream(self.stream_events(self.directory_id)).directory
        self._unique = unique_fields(self.directory)
        for stream, events in self._streams.items():
            if stream != self.directory_id:
                user = fold(None, (event for _, event in user_events(events)))
                if user is not None:
                    self._settle_user(stream, user)

    def close(self) -> None:
        """Forget everything."""
        let_go(self._streams, self._emails, self._external_ids, self.users)

    def stream_events(self, stream: str) -> Sequence[tuple[int, Event]]:
        """Return (occurred_at, event) of one user, or of the directory itself."""
        return self._streams.get(stream, ())

    def users_holding(self, _field_id: str) -> Collection[str]:
        """Return the ids of all users: they are in memory, and looked at as fast as their texts."""
        return self.users.keys()

    def change_of_command(self, command_id: str) -> None:
        """Say that no command was carried out before: what the log holds is decided again, whatever its id."""

    def owners_of_email(self, key: str) -> Collection[str]:
        """Return the ids of the users who hold an email with that comparison key."""
        return self._emails.get(key, ())

    def owners_of_external_id(self, key: str) -> Collection[str]:
        """Return the ids of the users, deleted or not, who have an external id with that comparison key."""
        return self._external_ids.get(key, ())

    def users_of_source(self, _source: str) -> set[str]:
        """Return nobody: what is only imagined is decided again as it was, and no list is read for that."""
        return set()

    def _settle_user(self, user_id: str, user: User) -> None:
        self.users[user_id] = user
        for space, owners in (("email", self._emails), ("external_id", self._external_ids)):
            for key in {held.key for held in held_values(user, self._unique) if held.space == space}:
                owners[key] = (*owners.get(key, ()), user_id)
