"""Checking the whole history of an open directory, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

from whowas.desktop.session.open_directory import OpenDirectory
from whowas.domain.errors import StoreError
from whowas.domain.progress import Progress
from whowas.projections.sides.read_side import DamagedReadSideError
from whowas.store.chain import Damage, Head
from whowas.store.event_log import EventLog

WHAT_IS_CHECKED = (
    "every change and its content, by the hash chain through all of them",
    "the versions of each user, one after the other",
    "who holds which email and external id",
    "the tables, indexes and triggers of the file, and every page of it",
)
"""What ``EventLog.verify`` looks at, as people read it."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found, and of what: so many changes, the first and the last of which occurred then (UTC microseconds).

    ``head`` is the end of what was checked, or of the last whole change before the damage; None where that cannot be
    read, or there is none.
    """

    damage: Damage | None
    damaged_change: int | None
    """Its number, as they were recorded; None where it is no one change, or not known."""
    head: Head | None
    changes: int
    first: int | None
    last: int | None
    hidden: int = 0
    """How many password hashes the server of a shared directory hides, so that they could not be looked at."""


def verified(directory: OpenDirectory, progress: Progress) -> Verification:
    """Check everything, as part of a job. Raises CancelledError or StoreError."""
    log, index = directory.log, directory.today.index
    try:
        head = log.head()
    except StoreError:
        head = None  # the check says where the damage is
    # What is recorded from here on is checked too, but not said to be.
    damage = log.verify(progress=progress)
    if damage is not None and damage.position is not None and (head is None or head.position >= damage.position):
        head = _sound_head(log, damage.position)
    change = None if damage is None else _damaged_change(directory, damage)
    if index is None or not index.now:
        return Verification(damage, change, head, 0, None, None)
    occurred_at = index.steps.occurred_at
    hidden = 0 if damage is not None else log.hidden_passwords()
    return Verification(damage, change, head, index.now, int(occurred_at[0]), int(occurred_at[-1]), hidden)


def _sound_head(log: EventLog, damaged: int) -> Head | None:
    try:
        sound = log.end_of_change_before(damaged)
        chain = log.chain_at(sound)
    except StoreError:
        return None
    return Head(sound, chain) if sound and chain is not None else None


def _damaged_change(directory: OpenDirectory, damage: Damage) -> int | None:
    index = directory.today.index
    if damage.position is None or index is None:
        return None
    sound = directory.log.end_of_change_before(damage.position)
    try:
        is_followed = sound <= directory.today.position
    except DamagedReadSideError:
        return None
    return index.steps.recorded_through(sound) + 1 if is_followed else None
