"""One change while it is being decided: a unit of work over the event log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Self

import uuid_utils

from whowas.command_bus.decisions import Decisions
from whowas.command_bus.streams import StreamCache
from whowas.command_bus.uniqueness import ContestedValue, Reservations
from whowas.domain.commands import Command, CreateGroup, DirectoryCommand
from whowas.domain.directory import Directory
from whowas.domain.errors import CancelledError, ConflictError, RefusedError
from whowas.domain.events import Event, UserErased
from whowas.domain.progress import Progress, unwatched, watched
from whowas.domain.streams import DirectoryStream, UserStream
from whowas.domain.users import User
from whowas.store.decided import Decided
from whowas.store.gc_pauses import let_go
from whowas.store.recorded_event import NewEvent
from whowas.store.stream_reader import StreamReader

CLOCKS_APART = 60_000_000
"""How far ahead of this machine's clock ``occurred_at`` may be, in microseconds, because clocks of machines differ."""


def _never(_contested: ContestedValue) -> bool:
    """Accept nothing."""
    return False


class Change:
    """Decides commands one after the other, each on the log and the events so far; writes all their events at once.

    It lives inside one write transaction, so what it reads cannot change under it; or, for a what-if, on an imagined
    log, and is then never written.
    """

    def __init__(
        self,
        reader: StreamReader,
        actor: str,
        now: int,
        cache: StreamCache | None = None,
        *,
        as_recorded: bool = False,
    ) -> None:
        """``as_recorded`` takes the values of all commands to the letter, as the method of that name does."""
        self.id = str(uuid_utils.uuid7())
        self.actor = actor
        self.recorded_at = max(now, reader.last_recorded_at)
        self.head_position = reader.head.position
        """The last position of the log on which this is decided."""
        self._reader = reader
        self._decisions = Decisions(reader, self.recorded_at, cache, as_recorded=as_recorded)
        self._caused = 0

    def __enter__(self) -> Self:
        """Use it in a block: an exception of it abandons the change, its end frees what is over."""
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if kind is None:
            self.let_go()
        else:
            self.abandon()

    @property
    def events(self) -> int:
        """How many events the commands so far have caused."""
        return len(self._decisions.events) or self._caused

    @property
    def reservations(self) -> Reservations:
        """Who owns which email and external id after the commands so far."""
        return self._decisions.reservations

    @contextmanager
    def as_recorded(self) -> Iterator[None]:
        """Take the values of the commands of the block to the letter, as they are from the log itself."""
        self._decisions.as_recorded = True
        try:
            yield
        finally:
            self._decisions.as_recorded = False

    def directory(self) -> Directory:
        """Return the directory's own state after the commands so far."""
        return self._decisions.directory()

    def directory_stream(self) -> DirectoryStream:
        """Return the directory's own stream after the commands so far."""
        return self._decisions.streams.of_directory()

    def user(self, user_id: str) -> User | None:
        """Return the user after the commands so far, or None."""
        return self._decisions.user(user_id)

    def stream(self, user_id: str) -> UserStream:
        """Return the user's whole stream after the commands so far."""
        return self._decisions.streams.of_user(user_id)

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
        decisions = self._decisions
        events, savepoint = decisions.events, decisions.savepoint()
        moves: list[tuple[str, UserStream, UserStream]] = []
        try:
            for command in commands:
                if isinstance(command, DirectoryCommand):
                    decisions.decide_own(command, actor, command_id, occurred_at)
                else:
                    before = decisions.streams.of_user(command.user_id)
                    if expected_version is not None and before.version != expected_version:
                        raise ConflictError(command.user_id, expected_version, before.version)
                    after = decisions.decide(command, before, actor, command_id, occurred_at)
                    moves.append((command.user_id, before, after))
                    decisions.move(command.user_id, before, after)
                    expected_version = None
                if len(events) > savepoint.events:
                    command_id = None
        except BaseException:
            for user_id, before, after in reversed(moves):
                decisions.move(user_id, after, before)
            decisions.go_back(savepoint)
            raise

    def replay(self, event: Event, *, user_id: str, actor: str, occurred_at: int) -> None:
        """Go on with an event that another log recorded: it was decided there, and is not decided again.

        ``user_id`` is unused for events of the directory itself. Whether unique values are so is for the caller to
        look at. Raises RefusedError where the event cannot follow what is known of its user.
        """
        self._decisions.replay(event, user_id, actor, occurred_at)

    @contextmanager
    def together(
        self, accepted: Callable[[ContestedValue], bool] = _never, progress: Progress = unwatched
    ) -> Iterator[None]:
        """Judge unique values by what all commands dispatched inside the block come to, not by each of them.

        So emails and external ids may pass from one user to another within it, also in a circle. Raises RefusedError at
        the end of the block, as ``dispatch`` does, where somebody came to hold what another user holds too and that is
        not ``accepted``; ``contested`` tells before that of whom. Whatever the block raises, the change is then as it
        was before the block, unless it was cancelled: that ends the whole change, which is to be abandoned. A block
        within another one is judged with that.
        """
        decisions = self._decisions
        outer, savepoint = decisions.befores, decisions.savepoint()
        befores: dict[str, UserStream] = {}
        decisions.befores = befores
        try:
            yield
            if outer is None:
                for contested in self.contested(progress):
                    if not accepted(contested):
                        raise contested.refusal()
            else:
                for user_id, before in befores.items():
                    outer.setdefault(user_id, before)
        except CancelledError:
            raise  # putting everybody back takes long, and whoever cancels waits for it
        except BaseException:
            for user_id, before in befores.items():
                decisions.put(user_id, decisions.streams.users[user_id], before)
            decisions.go_back(savepoint)
            raise
        finally:
            decisions.befores = outer
            let_go(befores)

    def contested(self, progress: Progress = unwatched) -> list[ContestedValue]:
        """Return what users came to hold within the block ``together`` so far while other users hold it too.

        Of two who took the same value there, each is told. Raises CancelledError.
        """
        befores = self._decisions.befores or {}
        return [
            contested
            for user_id, before in watched(befores.items(), len(befores), progress)
            for contested in self.reservations.contested(before.user, self._decisions.streams.users[user_id].user)
        ]

    def events_after(self, count: int) -> Sequence[NewEvent]:
        """Return the events that the commands so far have caused, without the first ``count`` of them."""
        return self._decisions.events[count:]

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
        assert self._decisions.befores is None, "the block would go on from a state that is gone"
        self._decisions.forget()

    def decided(self, causation: str | None, *, whole: bool) -> Decided:
        """Return what is to be appended. If ``whole``, it counts as decided on all that the log holds.

        So does a change by which somebody comes to share a unique value with others.
        """
        events = self._decisions.events
        released_emails, claimed_emails, released_external_ids, claimed_external_ids = self.reservations.moves()
        return Decided(
            change_id=self.id,
            causation=causation,
            recorded_at=self.recorded_at,
            events=events,
            head=self._reader.head,
            read=self._decisions.streams.read,
            whole=whole
            or self._decisions.needs_all
            or (self.reservations.have_moved and self.reservations.are_shared()),
            released_emails=released_emails,
            claimed_emails=claimed_emails,
            released_external_ids=released_external_ids,
            claimed_external_ids=claimed_external_ids,
            erased=tuple([new.stream for new in events if isinstance(new.event, UserErased)]),
        )

    def cache(self) -> StreamCache:
        """Return the streams that the next change need not read again, once this one is committed."""
        return self._decisions.streams.cache()

    def let_go(self) -> None:
        """Free what is over, in pieces, as it may be much: the garbage collector would stop all threads for it.

        ``events`` still counts what was written. To be called at the end, whether or not the change was written.
        """
        self._caused = len(self._decisions.events)
        self._decisions.let_go()
