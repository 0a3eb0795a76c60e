"""One change while it is being decided: a unit of work over the event log."""

from __future__ import annotations

from collections.abc import Iterable

import uuid_utils

from whowas.claims import Claims
from whowas.domain.commands import Command, CreateGroup, DefineField, DirectoryCommand
from whowas.domain.decisions import Known, decide
from whowas.domain.directory import Directory
from whowas.domain.errors import ConflictError
from whowas.domain.events import DirectoryEvent, Event
from whowas.domain.fields import is_id
from whowas.domain.streams import DirectoryStream, UserStream
from whowas.domain.users import User
from whowas.store.recorded import NewEvent
from whowas.store.transaction import Transaction


class Change:
    """Decides commands one after the other against the log and each other; writes all their events at once.

    Lives inside one write transaction, so what it reads cannot change under it.
    """

    def __init__(self, transaction: Transaction, actor: str, now: int) -> None:
        self.id = str(uuid_utils.uuid7())
        self.actor = actor
        self.recorded_at = max(now, transaction.last_recorded_at)
        self.claims = Claims(transaction)
        self._transaction = transaction
        self._events: list[NewEvent] = []
        self._users: dict[str, UserStream] = {}
        self._directory: DirectoryStream | None = None

    @property
    def events(self) -> int:
        """How many events the commands so far have caused."""
        return len(self._events)

    @property
    def head_position(self) -> int:
        """The last position of the log, this change included once it is written."""
        return self._transaction.head.position

    def directory(self) -> Directory:
        """Return the directory's own state after the commands so far."""
        return self._own().directory

    def user(self, user_id: str) -> User | None:
        """Return the user after the commands so far, or None."""
        return self._stream(user_id).user

    def stream(self, user_id: str) -> UserStream:
        """Return the user's whole life after the commands so far; do not alter it."""
        return self._stream(user_id)

    def dispatch(
        self,
        *commands: Command,
        actor: str | None = None,
        command_id: str | None = None,
        expected_version: int | None = None,
        occurred_at: int | None = None,
    ) -> None:
        """Decide ``commands`` together: either all of them join the change, or none does.

        Raises RefusedError or ConflictError and leaves the change as it was before the call.
        """
        first = len(self._events)
        before: dict[str, UserStream] = {}
        directory = None if self._directory is None else self._directory.copy()
        try:
            for command in commands:
                if not isinstance(command, DirectoryCommand):
                    stream = self._stream(command.user_id)
                    if command.user_id not in before:
                        before[command.user_id] = stream.copy()
                    if expected_version is not None and stream.version != expected_version:
                        raise ConflictError(command.user_id, expected_version, stream.version)
                self._decide(command, actor or self.actor, command_id, occurred_at)
                command_id = expected_version = None
            if occurred_at is not None:
                for user_id, stream in before.items():
                    self.claims.check(stream.user, self._users[user_id].user)
        except BaseException:
            del self._events[first:]
            self._users.update(before)
            self._directory = directory
            raise
        for user_id, stream in before.items():
            self.claims.move(stream.user, self._users[user_id].user)

    def done_before(self, command_id: str) -> tuple[str, int, int] | None:
        """Return (change id, first position, last position) of a command carried out before, or None."""
        return self._transaction.change_of_command(command_id)

    def group_named(self, name: str, *, actor: str | None = None, occurred_at: int | None = None) -> str:
        """Return the id of the group called ``name``, creating it when there is none. Raises RefusedError."""
        known = self.directory().group_named(name)
        if known is not None:
            return known
        group_id = str(uuid_utils.uuid7())
        self.dispatch(CreateGroup(group_id, name), actor=actor, occurred_at=occurred_at)
        return group_id

    def define_fields(self, names: Iterable[str], *, actor: str | None = None, occurred_at: int | None = None) -> None:
        """Define the custom fields among ``names`` that the directory does not have yet. Raises RefusedError."""
        for name in names:
            if name not in self.directory().fields:
                self.dispatch(DefineField(name), actor=actor, occurred_at=occurred_at)

    def abandon(self) -> None:
        """Forget everything decided so far; nothing of it will be written."""
        self._events.clear()
        self._users.clear()
        self._directory = None
        self.claims = Claims(self._transaction)

    def write(self, causation: str | None) -> None:
        """Append the events and move the claims. Called once, by the bus."""
        if self._events:
            self._transaction.append(self._events, change_id=self.id, causation=causation, recorded_at=self.recorded_at)
            self.claims.write()

    def _decide(self, command: Command, actor: str, command_id: str | None, occurred_at: int | None) -> None:
        if isinstance(command, DirectoryCommand):
            stream_id, user = self._transaction.directory_id, None
            moment = max(self.recorded_at, self._own().last_occurred_at) if occurred_at is None else occurred_at
        else:
            stream_id, stream = command.user_id, self._stream(command.user_id)
            moment = max(self.recorded_at, stream.last_occurred_at) if occurred_at is None else occurred_at
            user = stream.as_of(moment)
        known = Known(user, self.directory, self.claims.owner_of_email, self.claims.owner_of_external_id)
        for event in decide(command, known):
            version = self._add(stream_id, moment, event)
            self._events.append(NewEvent(stream_id, version, event, moment, actor, command_id))
            command_id = None

    def _add(self, stream_id: str, moment: int, event: Event) -> int:
        if isinstance(event, DirectoryEvent):
            own = self._own()
            own.add(moment, event)
            return own.directory.version
        stream = self._stream(stream_id)
        stream.add(moment, event)
        return stream.version

    def _stream(self, user_id: str) -> UserStream:
        stream = self._users.get(user_id)
        if stream is None:
            stream = UserStream()
            if is_id(user_id):
                for recorded in self._transaction.stream(user_id):
                    if not isinstance(recorded.event, DirectoryEvent):
                        stream.add(recorded.occurred_at, recorded.event)
            self._users[user_id] = stream
        return stream

    def _own(self) -> DirectoryStream:
        if self._directory is None:
            self._directory = DirectoryStream()
            for recorded in self._transaction.stream(self._transaction.directory_id):
                if isinstance(recorded.event, DirectoryEvent):
                    self._directory.add(recorded.occurred_at, recorded.event)
        return self._directory
