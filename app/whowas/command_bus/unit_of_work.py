"""One change while it is being decided: a unit of work over the event log."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import uuid_utils

from whowas.command_bus.streams import StreamCache, Streams
from whowas.command_bus.uniqueness import ContestedValue, Reservations
from whowas.domain.commands import (
    Command,
    CreateGroup,
    CreateUser,
    DirectoryCommand,
    EraseUser,
    MomentCommand,
    UserCommand,
)
from whowas.domain.decide import Known, decide
from whowas.domain.directory import Directory
from whowas.domain.errors import ConflictError, RefusedError
from whowas.domain.events import DirectoryEvent, Event, UserCreated, UserErased
from whowas.domain.progress import Progress, unwatched, watched
from whowas.domain.streams import DirectoryStream, UserStream
from whowas.domain.unique import taken
from whowas.domain.users import User
from whowas.store.decided import Decided
from whowas.store.gc_pauses import let_go
from whowas.store.recorded_event import NewEvent
from whowas.store.stream_reader import StreamReader

CLOCKS_APART = 60_000_000
"""How far ahead of this machine's clock ``occurred_at`` may be, in microseconds, because clocks of machines differ."""


@dataclass(slots=True)
class _Together:
    """A block whose unique values are judged at its end: where it began, and everybody whom it moved as they were."""

    first: int
    directory: DirectoryStream | None
    before: dict[str, UserStream] = field(default_factory=dict)


def _nobody(_value: str) -> Collection[str]:
    """Say that nobody holds a unique value, where that is judged later."""
    return ()


def _never(_contested: ContestedValue) -> bool:
    """Accept nothing."""
    return False


class Change:
    """Decides commands one after the other, each on the log and the events so far; writes all their events at once.

    It lives inside one write transaction, so what it reads cannot change under it; or, for a what-if, on an imagined
    log, and is then never written.
    """

    def __init__(self, reader: StreamReader, actor: str, now: int, cache: StreamCache | None = None) -> None:
        self.id = str(uuid_utils.uuid7())
        self.actor = actor
        self.recorded_at = max(now, reader.last_recorded_at)
        self.head_position = reader.head.position
        """The last position of the log on which this is decided."""
        self.reservations = Reservations(reader, self.user)
        self._reader = reader
        self._events: list[NewEvent] = []
        self._caused = 0
        self._streams = Streams(reader, cache)
        self._together: _Together | None = None
        self.as_recorded = False
        """Whether the values of the commands are from the log itself, and so are taken to the letter, see ``Known``."""

    @property
    def events(self) -> int:
        """How many events the commands so far have caused."""
        return len(self._events) or self._caused

    def directory(self) -> Directory:
        """Return the directory's own state after the commands so far."""
        return self._streams.of_directory().directory

    def directory_stream(self) -> DirectoryStream:
        """Return the directory's own stream after the commands so far."""
        return self._streams.of_directory()

    def user(self, user_id: str) -> User | None:
        """Return the user after the commands so far, or None."""
        return self._streams.of_user(user_id).user

    def stream(self, user_id: str) -> UserStream:
        """Return the user's whole stream after the commands so far."""
        return self._streams.of_user(user_id)

    def dispatch(
        self,
        *commands: Command,
        actor: str | None = None,
        command_id: str | None = None,
        expected_version: int | None = None,
        occurred_at: int | None = None,
    ) -> None:
        """Decide ``commands`` together: either all of them join the change, or none does.

        ``command_id`` identifies all of them together; ``expected_version`` is that of the first user among them;
        ``occurred_at`` (UTC µs) backdates them; it may be ahead of this machine's clock by CLOCKS_APART at most.
        Raises RefusedError or ConflictError and leaves the change as it was before the call.
        """
        actor = actor or self.actor
        if occurred_at is not None and occurred_at > self.recorded_at + CLOCKS_APART:
            raise RefusedError("occurred_at", "The moment lies in the future: nothing can have occurred then yet.")
        first, directory = len(self._events), self._streams.directory
        moves: list[tuple[str, UserStream, UserStream]] = []
        try:
            for command in commands:
                if isinstance(command, DirectoryCommand):
                    self._decide_own(command, actor, command_id, occurred_at)
                else:
                    before = self._streams.of_user(command.user_id)
                    if expected_version is not None and before.version != expected_version:
                        raise ConflictError(command.user_id, expected_version, before.version)
                    after = self._decide(command, before, actor, command_id, occurred_at)
                    moves.append((command.user_id, before, after))
                    self._move(command.user_id, before, after)
                    expected_version = None
                if len(self._events) > first:
                    command_id = None
        except BaseException:
            del self._events[first:]
            self._streams.directory = directory
            for user_id, before, after in reversed(moves):
                self._move(user_id, after, before)
            raise

    def replay(self, event: Event, *, user_id: str, actor: str, occurred_at: int) -> None:
        """Go on with an event that another log recorded: it was decided there, and is not decided again.

        ``user_id`` is unused for events of the directory itself. Whether unique values are so is for the caller to
        look at. Raises RefusedError where the event cannot follow what is known of its user.
        """
        if isinstance(event, DirectoryEvent):
            self._streams.directory = own = self._streams.of_directory().then(occurred_at, event)
            own_id = self._reader.directory_id
            self._events.append(
                NewEvent(own_id, own.directory.version, event, occurred_at, actor, None, is_backdated=True)
            )
            return
        before = self._streams.of_user(user_id)
        begins = isinstance(event, UserCreated)
        if begins != (before.version == 0) or (before.events and occurred_at < before.events[0][0]):
            raise RefusedError("id", "It is of a user who was never created, or was created before.")
        after = before.then(occurred_at, event)
        self._events.append(NewEvent(user_id, after.version, event, occurred_at, actor, None, is_backdated=True))
        self._streams.hold(event)
        self._move(user_id, before, after)

    @contextmanager
    def together(
        self, accepted: Callable[[ContestedValue], bool] = _never, progress: Progress = unwatched
    ) -> Iterator[None]:
        """Judge unique values by what all commands dispatched inside the block come to, not by each of them.

        So emails and external ids may pass from one user to another within it, also in a circle. Raises RefusedError at
        the end of the block, as ``dispatch`` does, where somebody came to hold what another user holds too and that is
        not ``accepted``; ``contested`` tells before that of whom. Whatever the block raises, the change is then as it
        was before the block. A block within another one is judged with that.
        """
        outer, block = self._together, _Together(len(self._events), self._streams.directory)
        self._together = block
        try:
            yield
            if outer is None:
                for contested in self.contested(progress):
                    if not accepted(contested):
                        raise taken(contested.field, contested.value)
            else:
                outer.before = {**block.before, **outer.before}
        except BaseException:
            del self._events[block.first :]
            self._streams.directory = block.directory
            for user_id, before in block.before.items():
                self._put(user_id, self._streams.users[user_id], before)
            raise
        finally:
            self._together = outer
            let_go(block.before)

    def contested(self, progress: Progress = unwatched) -> list[ContestedValue]:
        """Return what users came to hold within the block ``together`` so far while other users hold it too.

        Of two who took the same value there, each is told. Raises CancelledError.
        """
        befores = {} if self._together is None else self._together.before
        return [
            contested
            for user_id, before in watched(befores.items(), len(befores), progress)
            for contested in self.reservations.contested(before.user, self._streams.users[user_id].user)
        ]

    def events_after(self, count: int) -> Sequence[NewEvent]:
        """Return the events that the commands so far have caused, without the first ``count`` of them."""
        return self._events[count:]

    def done_before(self, command_id: str) -> tuple[str, int, int] | None:
        """Return (change id, first position, last position) of a command that was carried out before, or None."""
        return self._reader.change_of_command(command_id)

    def group_named(self, name: str) -> str:
        """Return the id of the group called ``name``, creating the group if needed. Raises RefusedError."""
        known = self.directory().group_named(name)
        if known is not None:
            return known
        group_id = str(uuid_utils.uuid7())
        self.dispatch(CreateGroup(group_id, name))
        return group_id

    def users_of_source(self, source: str) -> set[str]:
        """Return the ids of all whom earlier imports of a list of that source made, changed or met unchanged.

        Of this change nothing is among them, nor of an import that was undone. Some may be deleted or erased by now.
        """
        return self._reader.users_of_source(source)

    def abandon(self) -> None:
        """Discard everything decided so far, so that nothing is written; not to be called in a block ``together``."""
        assert self._together is None, "the block would go on from a state that is gone"
        let_go(self._events)
        self._streams.forget()
        self.reservations.let_go()
        self.reservations = Reservations(self._reader, self.user)

    def decided(self, causation: str | None, *, whole: bool) -> Decided:
        """Return what is to be appended. If ``whole``, it counts as decided on all that the log holds.

        So does a change by which somebody comes to share a unique value with others.
        """
        released_emails, claimed_emails, released_external_ids, claimed_external_ids = self.reservations.moves()
        return Decided(
            change_id=self.id,
            causation=causation,
            recorded_at=self.recorded_at,
            events=self._events,
            head=self._reader.head,
            read=self._streams.read,
            whole=whole or self.reservations.are_shared(),
            released_emails=released_emails,
            claimed_emails=claimed_emails,
            released_external_ids=released_external_ids,
            claimed_external_ids=claimed_external_ids,
            erased=tuple(new.stream for new in self._events if isinstance(new.event, UserErased)),
        )

    def cache(self) -> StreamCache:
        """Return the streams that the next change need not read again, once this one is committed."""
        return self._streams.cache()

    def let_go(self) -> None:
        """Free what is over, in pieces, as it may be much: the garbage collector would stop all threads for it.

        ``events`` still counts what was written. To be called at the end, whether or not the change was written.
        """
        self._caused = len(self._events)
        let_go(self._events)
        self.reservations.let_go()

    def _decide(
        self, command: UserCommand, stream: UserStream, actor: str, command_id: str | None, occurred_at: int | None
    ) -> UserStream:
        if occurred_at is not None and isinstance(command, EraseUser):
            raise RefusedError("occurred_at", "Erasing cannot be backdated: who is erased was never there.")
        when_us = max(self.recorded_at, stream.last_occurred_at) if occurred_at is None else occurred_at
        present = stream.user
        # An id is taken for all time, even before its user was created.
        seen = present if isinstance(command, CreateUser) else stream.as_of(when_us)
        for event in decide(command, self._known(seen, erased=stream.erased)):
            stream = stream.then(when_us, event)
            self._events.append(
                NewEvent(command.user_id, stream.version, event, when_us, actor, command_id, occurred_at is not None)
            )
            self._streams.hold(event)
            command_id = None
        if occurred_at is not None and self._together is None:
            self.reservations.check(present, stream.user)
        return stream

    def _move(self, user_id: str, before: UserStream, after: UserStream) -> None:
        if self._together is not None:
            self._together.before.setdefault(user_id, before)
        self._put(user_id, before, after)

    def _put(self, user_id: str, before: UserStream, after: UserStream) -> None:
        self._streams.users[user_id] = after
        self.reservations.move(before.user, after.user)

    def _decide_own(
        self, command: DirectoryCommand, actor: str, command_id: str | None, occurred_at: int | None
    ) -> None:
        if occurred_at is not None and isinstance(command, MomentCommand):
            # A name is given now, whatever moment it names.
            raise RefusedError("occurred_at", "The name of a moment cannot be backdated.")
        own, own_id = self._streams.of_directory(), self._reader.directory_id
        when_us = max(self.recorded_at, own.last_occurred_at) if occurred_at is None else occurred_at
        for event in decide(command, self._known(None)):
            own = own.then(when_us, event)
            is_backdated = occurred_at is not None
            self._events.append(
                NewEvent(own_id, own.directory.version, event, when_us, actor, command_id, is_backdated)
            )
            command_id = None
        self._streams.directory = own

    def _known(self, user: User | None, *, erased: bool = False) -> Known:
        if self._together is not None:
            return Known(user, self.directory, _nobody, _nobody, erased, self.as_recorded)
        emails, external_ids = self.reservations.owners_of_email, self.reservations.owners_of_external_id
        return Known(user, self.directory, emails, external_ids, erased, self.as_recorded)
