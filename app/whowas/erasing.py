"""Erasing a person: nothing that was known of them stays, in the file or in anything the program keeps beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from whowas.bus import Bus
from whowas.domain.commands import EraseUser
from whowas.domain.errors import StoreError
from whowas.domain.events import DirectoryEvent
from whowas.domain.fields import is_id
from whowas.domain.users import User, evolve
from whowas.projections.read_folders import forget_others
from whowas.store.backup import migrate
from whowas.store.event_log import EventLog
from whowas.store.recorded import RecordedEvent

SHORTEST_NAME = 4
"""What is shorter is found in too many texts that mean something else."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done: so many ``events`` of the user hold nothing any more.

    ``named_at`` are the positions of events of others that hold a name, email or external id of theirs: nobody but
    people can tell what those mean. ``left`` says in sentences what could not be swept; it is empty where all was.
    """

    events: int
    named_at: tuple[int, ...]
    left: tuple[str, ...]

    def told(self) -> list[str]:
        """Return what people have to know about it, in sentences."""
        return [*self.left, *([_naming(self.named_at)] if self.named_at else [])]


def erase(bus: Bus, log: EventLog, user_id: str, *, cache: Path, drafts: Path, reports: Iterable[Path]) -> Erasure:
    """Erase a user from the log, which is migrated where needed; read sides have to catch up after it.

    ``cache`` is the folder of read sides, ``drafts`` the file of the directory's drafts; ``reports`` of what went wrong
    go too, as nobody knows what they hold. What is left over by an interruption is swept when the log is opened next.
    Raises RefusedError or StoreError; then nobody was erased.
    """
    life = log.stream(user_id) if is_id(user_id) else []
    names = _names(life)
    if names:
        migrate(log)
    bus.dispatch(EraseUser(user_id))
    left = [
        f"Traces may be left until this directory is opened again. {sentence}"
        for sentence in (
            _tried(log.sweep),
            _tried(lambda: forget_others(log, cache)),
            _tried(lambda: _forget_draft(drafts, user_id)),
            *(_tried(report.unlink) for report in reports),
        )
        if sentence
    ]
    named_at = log.positions_with(name for name in names if len(name) >= SHORTEST_NAME)
    return Erasure(len(life), tuple(named_at), tuple(left))


def _tried(work: Callable[[], None]) -> str | None:
    """Do what may fail once the erasure stands; return why it did."""
    try:
        work()
    except (StoreError, OSError) as error:
        return str(error)
    return None


def _names(life: Iterable[RecordedEvent]) -> set[str]:
    """Return everything a user was ever called by; nothing of one who was erased."""
    user: User | None = None
    names: set[str] = set()
    for recorded in life:
        if not isinstance(recorded.event, DirectoryEvent):
            user = evolve(user, recorded.event)
        if user is not None:
            names |= {name for name in (user.name, user.email, user.external_id) if name}
    return names


def _forget_draft(file: Path, user_id: str) -> None:
    """Take the draft for a user out of a file of drafts, which are kept by the ids of their users."""
    if not file.exists():
        return
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=dict[str, msgspec.Raw])
    except msgspec.DecodeError:
        file.unlink()  # nobody can read it, but it may hold anything
        return
    if kept.pop(user_id, None) is None:
        return
    unfinished = file.with_suffix(".new")
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as rest:
        rest.write(msgspec.json.encode(kept))
    unfinished.replace(file)


def _naming(positions: tuple[int, ...]) -> str:
    count = len(positions)
    which = f"the one at position {positions[0]:,}" if count == 1 else f"the first at position {positions[0]:,}"
    return f"{count:,} other event{' still names' if count == 1 else 's still name'} this person, {which}."
