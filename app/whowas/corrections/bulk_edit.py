"""Carrying out one edit on many users as one change: all of them, or, where a rule says no for one, nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, get_args

from whowas.command_bus.bus import Bus
from whowas.command_bus.unit_of_work import Change
from whowas.domain.bulk_edit import Edit
from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress, begin_phase, unwatched, watched
from whowas.domain.unique import Unique
from whowas.domain.users import User

NOTHING_CHANGED = "Nothing was changed."
_UNIQUE: frozenset[str] = frozenset(get_args(Unique))
_REPORTED_EVERY = 200
"""So many users are edited between two looks at whether somebody cancels."""


class BulkOutcome(NamedTuple):
    """How many users of a selection were changed, and how many it had; the others were as they were to be.

    ``change_id`` is that of the change, "" where nobody was changed.
    """

    changed: int
    users: int
    change_id: str


def carry_out(
    bus: Bus,
    users: Callable[[], Iterable[User]],
    count: int,
    begin: Callable[[Change], Edit],
    progress: Progress = unwatched,
) -> BulkOutcome:
    """Edit the ``count`` users that ``users`` yields as they were seen, as one change.

    ``begin`` makes the edit, and first dispatches what it needs, such as a new group. Both are called again where
    others were faster. What is to become of somebody is decided on how they are now. Raises RefusedError that names
    one for whom a rule says no, who was erased, or whom somebody else changed so that the edit comes to something else
    than was seen; then nothing is written. CancelledError and StoreError as the bus.
    """

    def decide(change: Change) -> int:
        begin_phase(progress, None)  # as it may have been saved in vain, others being quicker

        def seen() -> Iterator[User]:
            return watched(users(), count, progress, _REPORTED_EVERY)

        try:
            return _edited(change, seen(), begin(change))
        except RefusedError as error:
            if error.field not in _UNIQUE:
                raise
        # It may be that such a value passes from one of them to another: then what all of them come to counts.
        change.abandon()
        edit = begin(change)
        with change.together():
            changed = _edited(change, seen(), edit)
            _require_unique(change, progress)
        return changed

    changed, receipt = bus.carry_out(decide, progress=progress)
    return BulkOutcome(changed, count, receipt.changed)


def _edited(change: Change, users: Iterable[User], edit: Edit) -> int:
    """Dispatch the commands for each user; return for how many there was something to do."""
    changed = 0
    for seen in users:
        now, before = change.user(seen.id) or seen, change.events
        commands = edit(now)
        if now.version != seen.version and commands != edit(seen):
            raise _refused(now, RefusedError("", f"{shortened(now.name)} was changed by somebody else meanwhile."))
        try:
            change.dispatch(*commands)
        except RefusedError as error:
            raise _refused(now, error) from error
        changed += change.events > before
    return changed


def _require_unique(change: Change, progress: Progress) -> None:
    for contested in change.contested(progress):
        user = change.user(contested.user_id)
        assert user is not None, "who holds a value is there"
        raise _refused(user, contested.refusal())


def _refused(user: User, error: RefusedError) -> RefusedError:
    """Return a refusal that says who it is about and that nothing came of the edit."""
    name, sentence = shortened(user.name), str(error)
    who = "" if sentence.startswith((f"{name} is ", f"{name} was ")) else f"{name}: "
    return RefusedError(error.field, f"{who}{sentence} {NOTHING_CHANGED}")
