"""A change as of a moment of the past: what is decided on it occurs then, and is judged by how everything was then.

As of a moment after which the log knows nothing, that is how everything is now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from whowas.command_bus.uniqueness import ContestedValue
from whowas.command_bus.unit_of_work import Change
from whowas.domain.commands import Command, CreateGroup, DirectoryCommand, JoinGroup
from whowas.domain.comparison_keys import email_key, external_id_key
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.events import DirectoryEvent, GroupCreated, GroupDeleted, GroupRenamed
from whowas.domain.fields import name_key, shortened
from whowas.domain.progress import Progress, unwatched
from whowas.domain.streams import DirectoryStream, UserStream
from whowas.domain.unique import Unique, reserved, taken
from whowas.domain.users import User
from whowas.interchange.importing.people.ever_held import EverHeld, states
from whowas.interchange.importing.people.keys import UNIQUE
from whowas.interchange.importing.people.later_changes import Later, day, require_no_later
from whowas.interchange.one_change import Owning


class LatestMoment:
    """A change as of a ``moment`` (UTC µs) after which the log knows nothing."""

    reservations: Owning

    def __init__(self, change: Change, moment: int, ever: EverHeld) -> None:
        self.moment = moment
        self.ever = ever
        self.reservations = change.reservations
        self._change = change

    @property
    def events(self) -> int:
        """How many events the whole change has caused so far."""
        return self._change.events

    @property
    def head_position(self) -> int:
        """How many events there are, those of this change among them."""
        return self._change.head_position + self._change.events

    def directory(self) -> Directory:
        """Return the directory's own state as of the moment."""
        return self._change.directory()

    def user(self, user_id: str) -> User | None:
        """Return the user as of the moment, or None."""
        return self._change.user(user_id)

    def users_of_source(self, source: str) -> set[str]:
        """Return the ids of all whom earlier imports of a list of that source made, changed or met unchanged."""
        return self._change.users_of_source(source)

    def dispatch(self, *commands: Command) -> None:
        """Decide commands together, so that they occur at the moment. Raises RefusedError."""
        before = self.events
        self._change.dispatch(*commands, occurred_at=self.moment)
        self._follow(before)

    def together(self, *, progress: Progress = unwatched) -> AbstractContextManager[None]:
        """Judge unique values by what all commands dispatched inside the block come to."""
        return self._change.together(progress=progress)

    def contested(self, progress: Progress = unwatched) -> list[ContestedValue]:
        """Return what users came to hold within the block ``together`` so far while other users hold it too."""
        return self._change.contested(progress)

    def begins_later(self, user_id: str) -> int | None:
        """Return from when on (UTC µs) the directory knows a user, where that is after the moment."""
        events = self._change.stream(user_id).events
        return events[0][0] if events and events[0][0] > self.moment else None

    def user_now(self, user_id: str) -> User | None:
        """Return the user after everything that is known, or None."""
        return self._change.user(user_id)

    def last_altered(self, user_id: str) -> int:
        """Return when (UTC µs) something last became of a user until the moment, 0 for nobody."""
        return max(
            (when_us for when_us, _, _ in self._change.stream(user_id).events if when_us <= self.moment), default=0
        )

    def _follow(self, before: int) -> None:
        for new in self._change.events_after(before):
            if not isinstance(new.event, DirectoryEvent):
                self.ever.follow(new.stream)


class EarlierMoment(LatestMoment):
    """A change as of a moment after which the log knows more: nothing is decided that contradicts that.

    Custom fields that are defined later, and groups that are made later, can be used, as by everything that is
    backdated: the read side knows them by name before they were made. Groups that are gone by now cannot.
    """

    def __init__(self, change: Change, moment: int, ever: EverHeld) -> None:
        super().__init__(change, moment, ever)
        self.reservations = _OwnersThen(self)
        self._users: dict[str, tuple[UserStream, User | None]] = {}
        self._own: tuple[DirectoryStream, Directory] | None = None
        self._block: dict[str, User | None] | None = None

    def directory(self) -> Directory:
        """Return the directory's own state as of the moment, with the custom fields and groups that are made later."""
        stream = self._change.directory_stream()
        if self._own is None or self._own[0] is not stream:
            then = stream.as_of(self.moment)
            later = [event for when_us, _, event in stream.events if when_us > self.moment]
            made = {event.group_id: event.name for event in reversed(later) if isinstance(event, GroupCreated)}
            known = {*then.groups, *then.deleted_groups}
            made = {each: name for each, name in made.items() if each in stream.directory.groups.keys() - known}
            now = stream.directory
            then = replace(then, fields=now.fields, deleted_fields=now.deleted_fields, groups={**then.groups, **made})
            self._own = stream, then
        return self._own[1]

    def user(self, user_id: str) -> User | None:
        """Return the user as of the moment, or None."""
        stream = self._change.stream(user_id)
        known = self._users.get(user_id)
        if known is None or known[0] is not stream:
            known = self._users[user_id] = stream, stream.as_of(self.moment) if stream.events else None
        return known[1]

    def dispatch(self, *commands: Command) -> None:
        """Decide commands together, so that they occur at the moment. Raises RefusedError.

        It is refused too where it contradicts what the log knows from later.
        """
        with self.together():
            assert self._block is not None, "within the block"
            for command in commands:
                self._require_group(command)
                if not isinstance(command, DirectoryCommand) and command.user_id not in self._block:
                    self._block[command.user_id] = self.user(command.user_id)
            before = self.events
            self._change.dispatch(*commands, occurred_at=self.moment)
            groups = self._group_names()
            for new in self._change.events_after(before):
                if not isinstance(new.event, DirectoryEvent):
                    require_no_later(new.event, self._later(new.stream), groups)
            self._follow(before)

    @contextmanager
    def together(self, *, progress: Progress = unwatched) -> Iterator[None]:
        """Judge unique values, at the moment and later, by what all commands inside the block come to."""
        outer = self._block
        block: dict[str, User | None] = {}
        self._block = block
        try:
            with self._change.together(progress=progress):
                yield
                if outer is None:
                    self._require_unique(block)
                else:
                    outer.update({**block, **outer})
        finally:
            self._block = outer

    def contested(self, progress: Progress = unwatched) -> list[ContestedValue]:
        """Return what users came to hold within the block ``together`` so far while other users hold it too."""
        then = [
            ContestedValue(user_id, field, value, others)
            for user_id, field, key, value in self._claims(self._block or {})
            if (others := self.owners(field, key) - {user_id})
        ]
        return then or self._change.contested(progress)

    def owners(self, field: Unique, key: str) -> frozenset[str]:
        """Return the ids of the users who hold a value, by its comparison key, as of the moment."""
        held = self.ever.named(field, key)
        return frozenset(user_id for user_id in held if reserved(field, self.user(user_id)) == key)

    def _claims(self, befores: Mapping[str, User | None]) -> Iterator[tuple[str, Unique, str, str]]:
        """Yield what users came to hold as of the moment: user, field, comparison key and value."""
        for user_id, before in befores.items():
            after = self.user(user_id)
            for field in UNIQUE:
                key = reserved(field, after)
                if after is not None and key is not None and key != reserved(field, before):
                    yield user_id, field, key, after.text(field) or ""

    def _require_unique(self, befores: Mapping[str, User | None]) -> None:
        for user_id, field, key, value in self._claims(befores):
            if self.owners(field, key) - {user_id}:
                raise taken(field, value)
            until = next((when_us for when_us, own in self._states_later(user_id) if reserved(field, own) != key), None)
            for other in self.ever.named(field, key):
                if other == user_id:
                    continue
                for when_us, user in self._states_later(other):
                    if user is not None and reserved(field, user) == key and (until is None or when_us < until):
                        reason = f"{shortened(value)} belongs to {shortened(user.name)} from {day(when_us)} on"
                        raise RefusedError(field, f"{reason}, and this list is older.")

    def _states_later(self, user_id: str) -> Iterator[tuple[int, User | None]]:
        return ((when_us, user) for when_us, user in states(self._change.stream(user_id)) if when_us > self.moment)

    def _later(self, user_id: str) -> Later:
        events = self._change.stream(user_id).events
        return [(when_us, event) for when_us, _, event in events if when_us > self.moment]

    def _require_group(self, command: Command) -> None:
        """Raise RefusedError where a group is to be made or joined of which the directory knows otherwise later."""
        if isinstance(command, CreateGroup):
            key = name_key(command.name)
            for when_us, _, event in self._change.directory_stream().events:
                named = isinstance(event, GroupCreated | GroupRenamed) and name_key(event.name) == key
                if named and when_us > self.moment:
                    reason = f"There is a group “{shortened(command.name)}” from {day(when_us)} on"
                    raise RefusedError("groups", f"{reason}, and this list is older.")
        elif isinstance(command, JoinGroup) and command.group_id not in self._change.directory().groups:
            name = shortened(self._group_names().get(command.group_id, ""))
            for when_us, _, event in reversed(self._change.directory_stream().events):
                if event == GroupDeleted(command.group_id) and when_us > self.moment:
                    raise RefusedError("groups", f"The group “{name}” was deleted on {day(when_us)} already.")

    def _group_names(self) -> Mapping[str, str]:
        now, then = self._change.directory(), self.directory()
        return {**now.deleted_groups, **now.names, **then.names}


class _OwnersThen:
    """Who has what only one user may have, as of a moment."""

    def __init__(self, change: EarlierMoment) -> None:
        self._change = change

    def owners_of_email(self, email: str) -> frozenset[str]:
        """Return the ids of the users who held that email then, given as it is written or as its comparison key."""
        return self._change.owners("email", email_key(email))

    def owners_of_external_id(self, external_id: str) -> frozenset[str]:
        """Return the ids of the users with that external id then, given as written or as its comparison key."""
        return self._change.owners("external_id", external_id_key(external_id))

    def owner_of_email(self, email: str) -> str | None:
        """Return the id of a user who held that email then, the first one of several, or None."""
        return min(self.owners_of_email(email), default=None)
