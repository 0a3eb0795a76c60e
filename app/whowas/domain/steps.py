"""Where steps begin: the events of one change that occurred together, by one actor, none of them twice to one thing."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, assert_never

from whowas.domain.events import (
    Event,
    FieldDefined,
    FieldDeleted,
    FieldDescribed,
    FieldRenamed,
    FieldRestored,
    FieldsOrdered,
    Forgotten,
    GroupColoured,
    GroupCreated,
    GroupDeleted,
    GroupJoined,
    GroupLeft,
    GroupRenamed,
    GroupsOrdered,
    ListImported,
    MomentDeleted,
    MomentNamed,
    MomentRenamed,
    PasswordCleared,
    PasswordSet,
    UserCreated,
    UserDeleted,
    UserErased,
    UserReactivated,
    UserRestored,
    UserSuspended,
    UserUpdated,
)
from whowas.domain.fields import ATTRIBUTE_PREFIX

Things = frozenset[str]
"""What can be altered of a user: keys of LABELS, ``attributes.<name>``, ``groups.<id>`` and those below."""

GROUP_PREFIX: Final = "groups."
_NOTHING: Final[Things] = frozenset()
_BEGINNING: Final[Things] = frozenset({"beginning"})
_STATUS: Final[Things] = frozenset({"status"})
_PASSWORD: Final[Things] = frozenset({"password"})
_END: Final = _BEGINNING | _STATUS
"""Who begins or comes back, and is deleted, has two lines in any history; who does so and is suspended has one."""

_OF_FORGOTTEN: Final = {
    "UserCreated": _BEGINNING,
    "UserDeleted": _END,
    "UserErased": _END,
    "UserRestored": _BEGINNING,
    "UserSuspended": _STATUS,
    "UserReactivated": _STATUS,
    "PasswordSet": _PASSWORD,
    "PasswordCleared": _PASSWORD,
}


def altered_by(event: Event) -> Things:
    """Return what ``event`` alters of its user; of an event that was forgotten, as much as its type says.

    What happens to the directory itself alters nothing of a user.
    """
    match event:
        # Asked of every event of every log: to unpack these in the patterns takes as long as all the rest.
        case UserUpdated():
            return _fields(_NOTHING, tuple(event.changes), tuple(event.attributes))
        case UserCreated():
            return _fields(_BEGINNING, tuple(event.fields), tuple(event.attributes))
        case UserRestored():
            return _BEGINNING
        case GroupJoined() | GroupLeft():
            return _group(event.group_id)
        case UserSuspended() | UserReactivated():
            return _STATUS
        case UserDeleted() | UserErased():
            return _END
        case PasswordSet() | PasswordCleared():
            return _PASSWORD
        case Forgotten(name):
            return _OF_FORGOTTEN.get(name, _NOTHING)
        case FieldDefined() | FieldRenamed() | FieldDeleted() | FieldRestored() | FieldDescribed() | FieldsOrdered():
            return _NOTHING
        case GroupCreated() | GroupRenamed() | GroupDeleted() | GroupColoured() | GroupsOrdered():
            return _NOTHING
        case MomentNamed() | MomentRenamed() | MomentDeleted() | ListImported():
            return _NOTHING
        case _:
            assert_never(event)


# Kept, because a step of a hundred thousand users mostly alters the same of all of them.


@lru_cache(maxsize=1024)
def _fields(others: Things, texts: tuple[str, ...], attributes: tuple[str, ...]) -> Things:
    return others.union(texts, (ATTRIBUTE_PREFIX + name for name in attributes))


@lru_cache(maxsize=1024)
def _group(group_id: str) -> Things:
    return frozenset({GROUP_PREFIX + group_id})


@lru_cache(maxsize=1024)
def _both(one: Things, other: Things) -> Things:
    return one | other


class StepSplitter:
    """Says of the events of one change, given in timeline order, with which of them a step begins."""

    def __init__(self) -> None:
        self._occurred_at: int | None = None
        self._actor = ""
        self._first: tuple[str, Event] | None = None
        """The first event of the step and its stream, until there is another: most steps have no more."""
        self._altered: dict[str, Things] = {}

    def begins(self, occurred_at: int, actor: str, stream: str, event: Event) -> bool:
        """Say whether ``event``, which comes next, begins a step."""
        if occurred_at == self._occurred_at and actor == self._actor:
            if self._first is not None:
                begun, first = self._first
                self._altered, self._first = {begun: altered_by(first)}, None
            altered, before = altered_by(event), self._altered.get(stream)
            if before is None:
                self._altered[stream] = altered
                return False
            if before.isdisjoint(altered):
                self._altered[stream] = _both(before, altered)
                return False
        self._occurred_at, self._actor = occurred_at, actor
        self._first = stream, event
        return True
