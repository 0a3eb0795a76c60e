"""Erasing a person: nothing that was known of them stays, in the file or in anything the program keeps beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from whowas.command_bus.bus import Bus
from whowas.domain.commands import EraseUser
from whowas.domain.errors import StoreError
from whowas.domain.events import DirectoryEvent
from whowas.domain.fields import is_id, listed
from whowas.domain.users import User, evolve
from whowas.projections.sides.folders import forget_first_screen, forget_if_behind, forget_others
from whowas.safekeeping.backing_up import copy_before_upgrade, delete_owed, renew_after_erasure
from whowas.safekeeping.damage_told import why_read_only
from whowas.safekeeping.sweeper import sweep_around, sweep_register
from whowas.store.event_log import EventLog
from whowas.store.file.foreign_log import logs_set_aside
from whowas.store.migration import migrate
from whowas.store.recorded_event import RecordedEvent
from whowas.system.unfinished import write_whole

SHORTEST_NAME = 4
"""What is shorter is found in too many texts that mean something else."""

TRACES_LEFT = "Traces may be left until this directory is opened again."


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was done: ``events`` is how many events of the user hold nothing any more.

    ``named_at`` are the positions of events of others that hold a name, email or external id of theirs: nobody but
    people can tell what those mean. ``left`` says in sentences what could not be swept; it is empty where all was.
    ``backups`` is a sentence about the backups that held them, or empty where there were none.
    """

    events: int
    named_at: tuple[int, ...]
    left: tuple[str, ...]
    backups: str

    def told(self) -> list[str]:
        """Return what people have to know about it, in sentences."""
        return [
            *self.left,
            *([self.backups] if self.backups else []),
            *([_naming(self.named_at)] if self.named_at else []),
        ]


def erase(
    bus: Bus,
    log: EventLog,
    user_id: str,
    *,
    cache: Path,
    drafts: Path,
    reports: Iterable[Path],
    catch_up: Callable[[], object] | None = None,
) -> Erasure:
    """Erase a user from the log, which is migrated where needed, and from its read sides.

    ``catch_up`` brings up the one that is open; where there is none, what is in the cache is thrown away.
    ``cache`` is the folder of read sides, ``drafts`` the file of the directory's drafts; ``reports`` of what went wrong
    go too, as nobody knows what they hold. What an interruption leaves is for ``finish``, when the log is opened next.
    Raises RefusedError or StoreError, which is a ReadOnlyError where the directory is damaged; then nobody was erased.
    """
    stream = log.stream(user_id) if is_id(user_id) else []
    names = _names(stream)
    if names and not log.read_only and _is_sound(log):
        migrate(log, copy_before_upgrade)
    bus.dispatch(EraseUser(user_id))
    in_the_way, renewal = _sweep(log, cache, drafts, reports, catch_up)
    left = [f"{TRACES_LEFT} {sentence}" for sentence in in_the_way]
    named_at: list[int] = []
    try:
        left += [
            f"“{aside.name}” holds changes of a file that was here before, maybe of this person too: delete it."
            for aside in logs_set_aside(log.path)
        ]
        named_at = log.positions_with(name for name in names if len(name) >= SHORTEST_NAME)
    except (StoreError, OSError) as error:
        left.append(f"Who else names this person could not be found out. {error}")
    return Erasure(len(stream), tuple(named_at), tuple(left), renewal)


def finish(log: EventLog, *, cache: Path, drafts: Path, reports: Iterable[Path]) -> None:
    """Take away what interrupted erasures left, see ``erase``; what cannot be taken now waits for the next time."""
    if log.read_only:
        return
    if log.unswept:
        _sweep(log, cache, drafts, reports)
    _tried(lambda: delete_owed(log.directory_id))


def _sweep(
    log: EventLog, cache: Path, drafts: Path, reports: Iterable[Path], catch_up: Callable[[], object] | None = None
) -> tuple[list[str], str]:
    """Take away what is left of everybody erased; return what is in the way, and a sentence about backups.

    The mark that they are to be swept goes last, so that whatever is left is swept when the file is opened next. A read
    side that is open catches up just before that, as until then its rows are shown.
    """
    from whowas.store.follower.forgetting import delete_kept_beside  # opening a directory takes no follower

    abandoned = [*sweep_register(), *sweep_around(log, cache, drafts, patience_s=0)]
    told: list[str] = []
    tried = [
        *(str(error) for error in abandoned),
        _tried(lambda: told.append(renew_after_erasure(log))),
        _tried(lambda: told.append(_beside_told(delete_kept_beside(log)))),
        _tried(lambda: forget_others(log, cache)),
        _tried(lambda: forget_first_screen(log, cache)),
        _tried(lambda: _forget_drafts(drafts, log.erased_users())),
        *(_tried(partial(report.unlink, missing_ok=True)) for report in reports),
        _tried(log.sweep),
        catch_up and _tried(catch_up),
        _tried(lambda: forget_if_behind(log, cache, len(log.erased_users()))),
    ]
    failed = [sentence for sentence in tried if sentence]
    if not failed and (unmarked := _tried(log.mark_swept)):
        failed = [unmarked]
    return failed, " ".join(filter(None, told))


def _tried(work: Callable[[], object]) -> str | None:
    """Do what may fail once the erasure stands; return why it did."""
    try:
        work()
    except (StoreError, OSError) as error:
        return str(error)
    return None


def _is_sound(log: EventLog) -> bool:
    """Let nothing be written to a directory that is damaged: its backups may be all that is sound, so none could go."""
    damage = log.verify()
    if damage is not None:
        log.refuse_writing(why_read_only(damage), damage=damage)
    return damage is None


def _names(stream: Iterable[RecordedEvent]) -> set[str]:
    """Return everything a user was ever called by; nothing of one who was erased."""
    user: User | None = None
    names: set[str] = set()
    for recorded in stream:
        if not isinstance(recorded.event, DirectoryEvent):
            user = evolve(user, recorded.event)
        if user is not None:
            names |= {name for name in (user.name, user.email, user.external_id) if name}
    return names


def _forget_drafts(named: Path, user_ids: Iterable[str]) -> None:
    """Take the drafts for users out of all files of drafts of a directory: each copy of it has one of its own."""
    erased = set(user_ids)
    for file in {named, *named.parent.glob(f"{named.stem}.*{named.suffix}")}:
        if file.exists():
            _forget_drafts_in(file, erased)


def _forget_drafts_in(file: Path, erased: set[str]) -> None:
    """Take the drafts for users out of a file; see ``draft_store``, which in 0.1.0 wrote only what now is "drafts"."""
    try:
        kept = msgspec.json.decode(file.read_bytes())
        drafts = kept["drafts"] if "file" in kept else kept
        elsewhere = kept["elsewhere"] if "file" in kept else []
        rest = {user_id: draft for user_id, draft in drafts.items() if user_id not in erased}
        rest_elsewhere = [(user_id, draft) for user_id, draft in elsewhere if user_id not in erased]
        several = kept["several"] if "file" in kept and "several" in kept else {}
        rest_several = {key: left for key, draft in several.items() if (left := _without(draft, erased)) is not None}
    except (msgspec.DecodeError, LookupError, TypeError, ValueError, AttributeError):
        file.unlink()  # nobody can read it, but it may hold anything
        return
    if len(rest) == len(drafts) and len(rest_elsewhere) == len(elsewhere) and rest_several == several:
        return
    ours = {"drafts": rest, "elsewhere": rest_elsewhere, **({"several": rest_several} if several else {})}
    write_whole(file, msgspec.json.encode({"file": kept["file"], **ours} if "file" in kept else rest))


def _without(draft: dict[str, Any], erased: set[str]) -> dict[str, Any] | None:
    """Return a draft for several users without those who were erased, None where fewer than two are left."""
    ids = [user_id for user_id in draft.get("ids", []) if user_id not in erased]
    if len(ids) == len(draft.get("ids", [])):
        return draft
    return {**draft, "ids": ids, "count": len(ids)} if len(ids) > 1 else None


def _beside_told(deleted: list[Path]) -> str:
    """Return what is to be said of files that were kept beside a follower, such as changes that its server lost."""
    names = listed(f"“{path.name}”" for path in deleted) if deleted else ""
    return f"{names} held this user and {'was' if len(deleted) == 1 else 'were'} deleted." if deleted else ""


def _naming(positions: tuple[int, ...]) -> str:
    count = len(positions)
    which = f"the one at position {positions[0]:,}" if count == 1 else f"the first at position {positions[0]:,}"
    return f"{count:,} other event{' still names' if count == 1 else 's still name'} this person, {which}."
