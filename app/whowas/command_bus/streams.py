"""The streams that a change is decided on: what was read of the log, and where the commands have brought it since."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter

from whowas.domain.events import DirectoryEvent, Event
from whowas.domain.fields import is_id
from whowas.domain.streams import DirectoryStream, UserStream, fold
from whowas.domain.users import User
from whowas.domain.weight import weight
from whowas.store.chain import Head
from whowas.store.gc_pauses import let_go
from whowas.store.stream_reader import StreamReader

STREAMS_KEPT = 10_000
"""How many user streams are cached from one change to the next, at a few kilobytes each; beyond it all are dropped."""

BYTES_KEPT = 64_000_000
"""How much memory the texts of the cached streams may take; beyond it all are dropped too."""

_NO_STREAM = UserStream()


@dataclass(slots=True)
class StreamCache:
    """The streams that a change has folded; valid as long as the log still ends at ``head``."""

    head: Head
    users: dict[str, UserStream] = field(default_factory=dict)
    directory: DirectoryStream | None = None
    held_bytes: int = 0


class Streams:
    """The streams of users and of the directory itself, each read when it is first asked for.

    ``read`` maps all that were asked for to the versions that the log has of them; so it holds also what was decided
    on and taken back. ``directory`` is the directory's own stream, None as long as it is not known.
    """

    def __init__(self, reader: StreamReader, cache: StreamCache | None = None) -> None:
        if cache is None or cache.head != reader.head:
            cache = StreamCache(reader.head)
        self.users = cache.users
        """The streams of the users who are known, after the commands so far."""
        self.directory = cache.directory
        self.read: dict[str, int] = {}
        self._reader = reader
        self._held_bytes = cache.held_bytes
        self._held: list[Event] = []
        self.hold = self._held.append
        """Takes note of an event of a user that is in memory from now on."""

    def of_user(self, user_id: str) -> UserStream:
        """Return the whole stream of a user after the commands so far."""
        stream = self.users.get(user_id)
        if stream is None:
            if not is_id(user_id):  # what is no id is nobody's, and never will be
                return _NO_STREAM
            stream = _NO_STREAM
            for occurred_at, event in self._reader.stream_events(user_id):
                if not isinstance(event, DirectoryEvent):
                    stream = stream.then(occurred_at, event)
                    self.hold(event)
            self.users[user_id] = stream
            self.read[user_id] = stream.version
        elif user_id not in self.read:
            self.read[user_id] = stream.version
        return stream

    def of_directory(self) -> DirectoryStream:
        """Return the directory's own stream after the commands so far."""
        if self.directory is None:
            own = DirectoryStream()
            for occurred_at, event in self._reader.stream_events(self._reader.directory_id):
                if isinstance(event, DirectoryEvent):
                    own = own.then(occurred_at, event)
            self.directory = own
        self.read.setdefault(self._reader.directory_id, self.directory.directory.version)
        return self.directory

    def users_with(self, field_ids: Collection[str]) -> Iterator[User]:
        """Yield all users after the commands so far, deleted ones too, who have a value in one of some custom fields.

        They may be many, so whoever is not known yet is not kept: what is decided on that is decided on all there is.
        Raises CancelledError.
        """
        known = [stream.user for stream in self.users.values()]
        for user in chain(known, self._unknown_with(field_ids)):
            if user is not None and not user.attributes.keys().isdisjoint(field_ids):
                yield user

    def _unknown_with(self, field_ids: Collection[str]) -> Iterator[User | None]:
        met = set(self.users)
        for field_id in field_ids:
            for user_id in self._reader.users_holding(field_id):
                if user_id not in met:
                    met.add(user_id)
                    yield self._glimpse(user_id)

    def _glimpse(self, user_id: str) -> User | None:
        events = [known for known in self._reader.stream_events(user_id) if not isinstance(known[1], DirectoryEvent)]
        return fold(None, (event for _, event in sorted(events, key=itemgetter(0))))  # type: ignore[misc]

    def forget(self) -> None:
        """Drop all streams, so that they are read anew; to be used where what was decided is not to be."""
        let_go(self.users, self._held)
        self._held_bytes = 0
        self.directory = None

    def cache(self) -> StreamCache:
        """Return the streams that need not be read again while the log ends where it does now."""
        if len(self.users) <= STREAMS_KEPT:
            for event in self._held:
                self._held_bytes += weight(event)
        if len(self.users) > STREAMS_KEPT or self._held_bytes > BYTES_KEPT:
            self._held_bytes = 0
            let_go(self.users)
        let_go(self._held)
        return StreamCache(self._reader.head, self.users, self.directory, self._held_bytes)
