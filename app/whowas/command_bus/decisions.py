"""What a change has decided so far: its events, and where they have brought streams and unique values."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from whowas.command_bus.streams import StreamCache, Streams
from whowas.command_bus.uniqueness import KeyMove, Reservations
from whowas.domain.backdating import require_effect
from whowas.domain.commands import CreateUser, DescribeField, DirectoryCommand, EraseUser, MomentCommand, UserCommand
from whowas.domain.decide import Known, decide
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent, Event, UserCreated
from whowas.domain.fields import ATTRIBUTE_PREFIX
from whowas.domain.streams import DirectoryStream, UserStream
from whowas.domain.unique import SHARED_TOLD, SharedValue, not_unique, unique_fields
from whowas.domain.users import User
from whowas.store.gc_pauses import let_go
from whowas.store.recorded_event import NewEvent
from whowas.store.stream_reader import StreamReader


def _alters_fields(before: User | None, after: User | None) -> bool:
    """Say whether somebody came to hold values in custom fields that they did not hold."""
    if after is None or not after.attributes:
        return False
    return before is None or before.attributes is not after.attributes or before.status != after.status


class Savepoint(NamedTuple):
    """How far decisions had come: so many events, and the directory's own stream after them."""

    events: int
    directory: DirectoryStream | None


_new = tuple.__new__  # named tuples end up here too, after one more call


def _nobody(_value: str) -> Collection[str]:
    """Say that nobody holds a unique value, where that is judged later."""
    return ()


class Decisions:
    """Decides one command after the other, each on the log and on the events so far.

    What raises RefusedError has decided nothing; what was decided is taken back by moving users back, then by
    ``go_back``. ``recorded_at`` is in UTC microseconds.
    """

    def __init__(self, reader: StreamReader, recorded_at: int, cache: StreamCache | None, *, as_recorded: bool) -> None:
        self.recorded_at = recorded_at
        self.events: list[NewEvent] = []
        self.streams = Streams(reader, cache)
        self.reservations = Reservations(reader, self.user, self.directory)
        self.needs_all = False
        """Whether it was decided on what all users hold, who may have come since or hold something else."""
        self.as_recorded = as_recorded
        """Whether the values of the commands are from the log itself, and so are taken to the letter, see ``Known``."""
        self.befores: dict[str, UserStream] | None = None
        """While unique values are judged later: everybody moved since that began, as they were before it."""
        self._reader = reader

    def user(self, user_id: str) -> User | None:
        """Return the user after the commands so far, or None."""
        return self.streams.of_user(user_id).user

    def directory(self) -> Directory:
        """Return the directory's own state after the commands so far."""
        return self.streams.of_directory().directory

    def decide(
        self, command: UserCommand, stream: UserStream, actor: str, command_id: str | None, occurred_at: int | None
    ) -> UserStream:
        """Decide a command on a user's stream, and return the stream after it. Raises RefusedError."""
        present = seen = stream.user
        if occurred_at is None:
            when_us = max(self.recorded_at, stream.last_occurred_at)
        elif isinstance(command, EraseUser):
            raise RefusedError("occurred_at", "Erasing cannot be backdated: who is erased was never there.")
        else:
            when_us = occurred_at
            if not isinstance(command, CreateUser):  # an id is taken for all time, even before its user was created
                seen = stream.as_of(when_us)
        for event in decide(command, self._known(seen, erased=present is None and stream.erased)):
            stream = stream.then(when_us, event)
            new = (command.user_id, len(stream.events), event, when_us, actor, command_id, occurred_at is not None)
            self.events.append(_new(NewEvent, new))
            self.streams.hold(event)
            command_id = None
        if self.befores is None and (occurred_at is not None or _alters_fields(present, stream.user)):
            self.reservations.check(present, stream.user)
        return stream

    def decide_own(
        self, command: DirectoryCommand, actor: str, command_id: str | None, occurred_at: int | None
    ) -> None:
        """Decide a command on the directory's own stream. Raises RefusedError."""
        if occurred_at is not None and isinstance(command, MomentCommand):
            # A name is given now, whatever moment it names.
            raise RefusedError("occurred_at", "The name of a moment cannot be backdated.")
        own, own_id = self.streams.of_directory(), self._reader.directory_id
        when_us = max(self.recorded_at, own.last_occurred_at) if occurred_at is None else occurred_at
        for event in decide(command, self._known(None)):
            if occurred_at is not None and not self.as_recorded:
                require_effect(own, when_us, event)
            own = own.then(when_us, event)
            is_backdated = occurred_at is not None
            self.events.append(NewEvent(own_id, own.directory.version, event, when_us, actor, command_id, is_backdated))
            command_id = None
        if own.directory.definitions and (moves := self._described(self.directory(), own.directory)):
            self._require_unshared(moves, own.directory, "unique" if isinstance(command, DescribeField) else "name")
            self.reservations.carry_out(moves)
        self.streams.directory = own

    def replay(self, event: Event, user_id: str, actor: str, occurred_at: int) -> None:
        """See ``Change.replay``."""
        if isinstance(event, DirectoryEvent):
            known = self.directory()
            self.streams.directory = own = self.streams.of_directory().then(occurred_at, event)
            if own.directory.definitions:
                self.reservations.carry_out(self._described(known, own.directory))
            own_id = self._reader.directory_id
            self.events.append(
                NewEvent(own_id, own.directory.version, event, occurred_at, actor, None, is_backdated=True)
            )
            return
        before = self.streams.of_user(user_id)
        begins = isinstance(event, UserCreated)
        if begins != (before.version == 0) or (before.events and occurred_at < before.events[0][0]):
            raise RefusedError("id", "It is of a user who was never created, or was created before.")
        after = before.then(occurred_at, event)
        self.events.append(NewEvent(user_id, after.version, event, occurred_at, actor, None, is_backdated=True))
        self.streams.hold(event)
        self.move(user_id, before, after)

    def move(self, user_id: str, before: UserStream, after: UserStream) -> None:
        """Let a user be as after a command, and release and claim what is unique."""
        if self.befores is not None:
            self.befores.setdefault(user_id, before)
        self.streams.users[user_id] = after
        self.reservations.move(before.user, after.user)

    def put(self, user_id: str, before: UserStream, after: UserStream) -> None:
        """Do the same for what is no command's doing, such as taking one back."""
        self.streams.users[user_id] = after
        self.reservations.move(before.user, after.user)

    def savepoint(self) -> Savepoint:
        """Return how far it has come."""
        return _new(Savepoint, (len(self.events), self.streams.directory))

    def go_back(self, savepoint: Savepoint) -> None:
        """Forget the events since a savepoint, and what they did to the directory itself, once users are back."""
        del self.events[savepoint.events :]
        left, self.streams.directory = self.streams.directory, savepoint.directory
        if left is not None and left is not savepoint.directory and left.directory.definitions:
            self.reservations.carry_out(self._described(left.directory, self.directory()))

    def forget(self) -> None:
        """Discard all of it: from here on everything is read anew."""
        self.let_go()
        self.streams.forget()
        self.reservations = Reservations(self._reader, self.user, self.directory)

    def let_go(self) -> None:
        """Free events and unique values, in pieces."""
        let_go(self.events)
        self.reservations.let_go()

    def _described(self, before: Directory, after: Directory) -> Sequence[KeyMove]:
        """Return what users release and claim where other fields are unique by then. Raises CancelledError."""
        were, are = unique_fields(before), unique_fields(after)
        if were == are:
            return ()
        self.needs_all = True
        altered = {field_id for field_id in {*were, *are} if were.get(field_id) != are.get(field_id)}
        return self.reservations.described(were, are, self.streams.users_with(altered))

    def _require_unshared(self, moves: Sequence[KeyMove], directory: Directory, at_fault: str) -> None:
        """Raise RefusedError where several users would have the same in a field that comes to be unique."""
        shared = sorted(self.reservations.shared_by(moves))
        told: list[SharedValue] = []
        name = ""
        for key, owners in shared[:SHARED_TOLD]:
            held = self.reservations.held_in(unique_fields(directory), key, owners)
            if held is not None:
                users = [self.user(owner) for owner in sorted(owners)[:SHARED_TOLD]]
                told.append(SharedValue(held.value, [user for user in users if user is not None], len(owners)))
                name = name or directory.fields[held.field.removeprefix(ATTRIBUTE_PREFIX)]
        if shared:
            raise not_unique(at_fault, name, told, len(shared))

    def _known(self, user: User | None, *, erased: bool = False) -> Known:
        if self.befores is not None:
            return Known(user, self.directory, _nobody, _nobody, erased, self.as_recorded)
        emails, external_ids = self.reservations.owners_of_email, self.reservations.owners_of_external_id
        return _new(Known, (user, self.directory, emails, external_ids, erased, self.as_recorded))
