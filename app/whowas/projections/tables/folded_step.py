"""The step that is being folded: what is counted of its events."""

from __future__ import annotations

from whowas.domain.events import Event, Forgotten, UserCreated, UserDeleted, UserErased, UserRestored
from whowas.projections.tables.waiting_rows import Counts
from whowas.store.recorded_event import RecordedEvent

_CREATED = frozenset({UserCreated, UserRestored})
_REMOVED = frozenset({UserDeleted, UserErased})
_TYPES = {kind.__name__: kind for kind in _CREATED | _REMOVED}


class FoldedStep:
    """A step that begins with ``first``, one of the change whose steps are being folded."""

    __slots__ = ("_created", "_erasures", "_events", "_gone", "_gone_users", "_removed", "first")

    def __init__(self, first: RecordedEvent) -> None:
        self.first = first
        self._events = self._created = self._removed = self._gone = self._erasures = 0
        self._gone_users: set[str] = set()

    def count(self, event: Event) -> None:
        """Count an event; of one whose user was erased since, only its type is known."""
        kind = _TYPES.get(event.name) if isinstance(event, Forgotten) else type(event)
        self._events += 1
        if kind in _CREATED:
            self._created += 1
        elif kind in _REMOVED:
            self._removed += 1
            self._erasures += kind is UserErased

    def count_gone(self, user_id: str) -> None:
        """Count an event of a user who was erased by it or later."""
        self._gone += 1
        self._gone_users.add(user_id)

    @property
    def counts(self) -> Counts:
        """What was counted."""
        changed = self._events - self._created - self._removed
        return self._created, changed, self._removed, self._gone, len(self._gone_users), self._erasures
